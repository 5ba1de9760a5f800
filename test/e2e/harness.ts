// The real Pulumi CLI, a program in a temporary folder, a local backend, and the App Platform emulator.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect } from "vitest";
import { cliEnvironment, ensurePulumi } from "../../tools/pulumi-cli/index.mjs";
import {
  type DigitalOceanEmulator,
  type DigitalOceanOptions,
  startDigitalOcean,
} from "../emulators/digitalocean/index.js";
import { serveProgram } from "./inline-program.js";
import { serveProvider } from "./inline-provider.js";
import { byKeyService, byPassphrase } from "./key-service.js";

const repository = resolve(__dirname, "../..");

/** What one run of the CLI left. */
export interface Run {
  readonly code: number;
  /** Standard output and standard error, without colours. */
  readonly text: string;
  readonly stdout: string;
}

export interface World {
  readonly cloud: DigitalOceanEmulator;
  readonly directory: string;
  /** Every secret of this world; none may appear anywhere. */
  readonly canaries: Set<string>;
  /** Makes a value that must never be seen, and returns it. */
  secret(name: string): string;
  write(file: string, text: string): Promise<void>;
  /** Replaces the program: the body of a CommonJS module in which `SecretSync`, `Connection` and `pulumi` are at hand. */
  program(body: string): Promise<void>;
  pulumi(...args: string[]): Promise<Run>;
  /** The arguments of `stack init` that say how the stack is encrypted. */
  readonly encryption: readonly string[];
  /** Makes a stack and selects it. */
  openStack(name: string): Promise<void>;
  /** Stands in for `pulumi up --yes --skip-preview`; fails the test when the run fails. */
  up(...args: string[]): Promise<Run>;
  /** The same as most people run it: with the preview, which has a process of the provider for itself. */
  previewAndUp(...args: string[]): Promise<Run>;
  preview(...args: string[]): Promise<Run>;
  environment: Record<string, string>;
  close(): Promise<void>;
}

export interface WorldOptions extends DigitalOceanOptions {
  /** Default `test`; `false` where the test makes its own. */
  readonly stack?: string | false;
  /**
   * What runs the program: a process that the language host starts, or the test itself, in two thirds of the time. A test of what a process
   * prints, of how it fails or of how it is found needs a process, which is the default, and so do two programs that run at once.
   */
  readonly program?: "process" | "inline";
  /**
   * What runs the dynamic provider: a process that the engine starts, or the test itself, in a third of the time. By default the same as
   * the program. A test of what a process leaves, of how it is found or of how it is killed needs a process, and so does a library that
   * reads the environment by itself, as that of AWS does.
   */
  readonly provider?: "process" | "inline";
  /** What opens the stack: the key service, which is quicker, or a passphrase, which is what users have on a backend of files. */
  readonly secrets?: "key service" | "passphrase";
}

/** The CLI lives for a second or two; without these a third of what its start costs is the collection of garbage. */
const seldomCollected = { GOGC: "off", GOMEMLIMIT: "512MiB" };

/** Looked for once: the search starts the CLI. */
let cli: ReturnType<typeof ensurePulumi> | undefined;

/** Opens a world with an empty program and a stack. */
export async function openWorld({
  stack = "test",
  program = "process",
  provider = program,
  secrets = "key service",
  ...options
}: WorldOptions = {}): Promise<World> {
  cli ??= ensurePulumi({ log: () => undefined });
  const directory = await mkdtemp(join(tmpdir(), "secret-sync-world-"));
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 5 }, ...options });
  await linkPackages(directory);
  await writeFile(join(directory, "Pulumi.yaml"), "name: world\nruntime: nodejs\nmain: .\n");
  await writeFile(join(directory, "package.json"), '{ "name": "world", "private": true, "main": "index.js" }\n');
  const canaries = new Set<string>();
  const encryption = secrets === "passphrase" ? byPassphrase : await byKeyService();
  const world: World = {
    cloud,
    directory,
    canaries,
    environment: {
      ...cliEnvironment(await cli),
      PULUMI_HOME: join(directory, ".home"),
      PULUMI_BACKEND_URL: `file://${directory}`,
      ...encryption.environment,
      DIGITALOCEAN_API_URL: cloud.url,
      DIGITALOCEAN_TOKEN: cloud.token,
      NO_COLOR: "1",
      ...seldomCollected,
    },
    secret: (name) => {
      const value = `canary-${name}-${Math.random().toString(36).slice(2, 12)}`;
      canaries.add(value);
      return value;
    },
    write: (file, text) => writeFile(join(directory, file), text),
    program: (body) => writeFile(join(directory, "index.js"), `${preamble}\n${body}\n`),
    ...commandsOf(() => world),
    encryption: encryption.arguments,
    openStack: async (name) => void succeed(await world.pulumi("stack", "init", name, ...encryption.arguments)),
    close: async () => {
      served.close();
      await cloud.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  const served = await serveInline(world, { program, provider });
  await world.program("");
  if (stack !== false) await world.openStack(stack);
  return world;
}

async function serveInline(world: World, { program, provider }: Pick<WorldOptions, "program" | "provider">) {
  const served = [
    ...(program === "inline" ? [await serveProgram(world)] : []),
    ...(provider === "inline" ? [await serveProvider(world)] : []),
  ];
  const close = () => {
    for (const one of served) one.close();
  };
  return { close };
}

type Commands = Pick<World, "pulumi" | "up" | "previewAndUp" | "preview">;

function commandsOf(world: () => World): Commands {
  const pulumi: World["pulumi"] = (...args) => startCli(world(), args).done;
  const previewAndUp: World["up"] = async (...args) => succeed(await pulumi("up", "--yes", ...args));
  return {
    pulumi,
    previewAndUp,
    up: (...args) => previewAndUp("--skip-preview", ...args),
    preview: async (...args) => succeed(await pulumi("preview", ...args)),
  };
}

/** A folder in the world where another program is written and run. */
export async function enterFolder(world: World, name: string): Promise<World> {
  const directory = join(world.directory, name);
  await mkdir(directory);
  await symlink(join(world.directory, "node_modules"), join(directory, "node_modules"), "dir");
  const inside: World = {
    ...world,
    directory,
    environment: { ...world.environment },
    ...commandsOf(() => inside),
  };
  return inside;
}

/** What a program may need. The language host reads the whole of `node_modules` before each run, through links too: of all of ours, 0.1 s. */
async function linkPackages(directory: string): Promise<void> {
  const linked = ["@pulumi/pulumi", "@pulumi/digitalocean", "@pulumi/policy", "@types/node", "typescript"];
  const places = linked.map((name) => [join(repository, "node_modules", name), name] as const);
  const ours = ["package.json", "dist", "schema"].map(
    (name) => [join(repository, name), join("pulumi-secret-sync", name)] as const,
  );
  for (const [target, name] of [...places, ...ours]) {
    const link = join(directory, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(target, link);
  }
}

const preamble = `
"use strict";
const pulumi = require("@pulumi/pulumi");
const { Connection, SecretSync } = require("pulumi-secret-sync");`;

/** Fails the test with all that the CLI has printed. */
export function succeed(run: Run): Run {
  if (run.code !== 0 || /^error:/m.test(run.text)) throw new Error(`the CLI ended with ${run.code}:\n${run.text}`);
  return run;
}

/** A run of the CLI that is still under way. */
export interface RunningCommand {
  readonly pid: number;
  readonly done: Promise<Run>;
  /** What it has printed so far. */
  text(): string;
}

/** Starts the CLI; whatever it prints must hold no canary. */
export function startCli(world: World, args: readonly string[]): RunningCommand {
  return startProgram(world, ["pulumi", ...args, "--non-interactive", "--color", "never"]);
}

/** Starts any program in the world's folder; whatever it prints must hold no canary. */
export function startProgram(
  world: World,
  [program = "", ...args]: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const child = spawn(program, args, {
    cwd: world.directory,
    env: { ...world.environment, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const text = () => Buffer.concat([...stdout, ...stderr]).toString();
  const ended = new Promise<number>((end, fail) => {
    child.on("error", fail);
    child.on("close", (status) => end(status ?? -1));
  });
  const done = ended.then((code): Run => {
    expectNoCanary(world, text());
    return { code, text: text(), stdout: Buffer.concat(stdout).toString() };
  });
  return { pid: child.pid ?? -1, done, text };
}

/** The check of every world: a secret that shows up anywhere fails the test. */
export function expectNoCanary(world: Pick<World, "canaries">, text: string): void {
  for (const canary of world.canaries)
    expect(text.includes(canary), `a secret value appeared in:\n${text}`).toBe(false);
}
