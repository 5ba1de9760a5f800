// A process of their own for modules that run in the process of a test: its arguments, folder, environment, output and end.

import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { compileFunction } from "node:vm";

export interface Start {
  readonly argv: readonly string[];
  readonly directory: string;
  readonly environment: Record<string, string>;
  /** Takes what is written to standard output and, by the console, to standard error. */
  readonly print: (text: string) => void;
}

export interface OwnProcess {
  /** What the modules know as `process`. */
  readonly process: NodeJS.Process;
  onEnd(close: () => void): void;
  /** Also what `process.exit` does. Whoever listens to `exit` is told; timers and requests under way are not stopped. */
  end(): void;
}

export function startOwnProcess({ argv, directory, environment, print }: Start): OwnProcess {
  const events = new EventEmitter();
  const closers: Array<() => void> = [];
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    events.emit("exit", 0);
    for (const close of closers) close();
  };
  const own: Record<PropertyKey, unknown> = {
    argv,
    env: environment,
    cwd: () => directory,
    exit: end,
    exitCode: undefined,
    stdout: { write: print },
    on: events.on.bind(events),
    once: events.once.bind(events),
    off: events.off.bind(events),
  };
  const get = (shared: NodeJS.Process, name: PropertyKey): unknown => {
    if (Object.hasOwn(own, name)) return own[name];
    const value: unknown = Reflect.get(shared, name);
    return typeof value === "function" ? value.bind(shared) : value;
  };
  const set = (_: NodeJS.Process, name: PropertyKey, value: unknown) => {
    own[name] = value;
    return true;
  };
  return { process: new Proxy(process, { get, set }), onEnd: (close) => void closers.push(close), end };
}

export interface OwnModules {
  load(file: string): unknown;
  /** @param file where the text stands, for what it requires */
  evaluate(text: string, file: string): unknown;
}

interface ModulesOptions {
  /** Files that are loaded once for each process; all others are modules of the test's process. */
  readonly isOwn: (file: string) => boolean;
  readonly replaced: Readonly<Record<string, unknown>>;
}

/** What was read of the build and of the SDK, which no test changes. */
const texts = new Map<string, string>();

/** Loads CommonJS modules that see `own` as their process. */
export function openModules(own: NodeJS.Process, { isOwn, replaced }: ModulesOptions): OwnModules {
  const loaded = new Map<string, { exports: unknown }>();
  const write = (text: string) => own.stdout.write(`${text}\n`);
  const shown = { ...console, log: write, error: write };

  function load(file: string): unknown {
    const known = loaded.get(file);
    if (known) return known.exports;
    const text = texts.get(file) ?? readFileSync(file, "utf8");
    texts.set(file, text);
    return evaluate(text, file);
  }

  function evaluate(text: string, file: string): unknown {
    const module = { exports: {} as unknown };
    loaded.set(file, module);
    const shared = createRequire(file);
    const requireOwn = (name: string): unknown => {
      if (Object.hasOwn(replaced, name)) return replaced[name];
      const found = shared.resolve(name);
      return isOwn(found) ? load(found) : shared(name);
    };
    const importOwn = async (name: string): Promise<unknown> => {
      const found = shared.resolve(name);
      return isOwn(found) ? load(found) : import(found.startsWith("/") ? pathToFileURL(found).href : found);
    };
    const given = {
      exports: module.exports,
      require: Object.assign(requireOwn, { resolve: shared.resolve }),
      module,
      __filename: file,
      __dirname: dirname(file),
      process: own,
      console: shown,
      importOwn,
    };
    // Node's own `import()` would find the modules of an earlier start.
    const code = text.replaceAll(/\bimport\(/g, "importOwn(");
    const run = compileFunction(code, Object.keys(given), { filename: file }) as (...values: unknown[]) => void;
    run(...Object.values(given));
    return module.exports;
  }

  return { load, evaluate };
}
