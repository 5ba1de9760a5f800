// A stack with syncs whose CLI the test plays: the far side of a run. Each sync reads a file of its own.

import type { Deployment } from "../../../provider/commands/deployment.js";
import type { StackCli } from "../../../provider/commands/pulumi/cli.js";
import type { CliAnswer } from "../../../provider/commands/pulumi/preview.js";
import { openRuns } from "../../../provider/commands/watch/run.js";
import type { RunContext, RunOrder } from "../../../provider/commands/watch/run-context.js";
import { usualRules } from "../../../provider/commands/watch/holds.js";

const type = "pulumi-nodejs:dynamic/secret-sync:SecretSync";
const root = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";
export const connection = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:Connection::ocean";
export const urnOf = (name: string) => `urn:pulumi:prod::shop::${type}::${name}`;

/** One sync; the test changes it between and during the calls. */
export interface PlayedSync {
  recorded: string[];
  wanted: string[];
  /** What a preview finds wrong with it. */
  problem?: string | undefined;
  /** What an update finds wrong with it. */
  failure?: string | undefined;
  /** How many values each key has had, as inputs count them; an update records what it tries, even if it fails. */
  counted?: { recorded: number; wanted: number };
  /** The words of its plan. */
  plan?: string;
  version: number;
  file: string;
  program?: object;
  app?: string;
  lastSyncedAt?: string;
  connected?: boolean;
}

export interface PlayedStack {
  readonly syncs: Record<string, PlayedSync>;
  /** Calls, with the names of the targets. */
  readonly asked: string[];
  /** Milliseconds of the monotonic clock. */
  now: number;
  readonly context: RunContext;
  run(order?: Partial<RunOrder>): ReturnType<ReturnType<typeof openRuns>>;
  readonly end: AbortController;
}

export function sync(over: Partial<PlayedSync> = {}): PlayedSync {
  return { recorded: ["A"], wanted: ["A"], version: 1, file: "1", ...over };
}

export function playStack(syncs: Record<string, PlayedSync>, over: Partial<RunContext> = {}): PlayedStack {
  const end = new AbortController();
  const asked: string[] = [];
  const written = new Map<string, number>();
  const stack: PlayedStack = {
    syncs,
    asked,
    now: 0,
    end,
    run: (order = {}) => runs({ causes: ["interval"], resting: [], ...order }),
    context: {
      cli: playCli(syncs, asked),
      ending: end.signal,
      limit: 600_000,
      rules: usualRules,
      isDryRun: false,
      now: () => stack.now,
      sleep: (ms) => {
        asked.push(`sleep ${ms}`);
        stack.now += ms;
        return Promise.resolve();
      },
      witness: () => ({ now: 1_000_000_000, host: "here", isAlive: () => true }),
      onSyncs: () => Promise.resolve(),
      onUpdate: () => undefined,
      readFiles: (given) =>
        Promise.resolve(new Map(given.map(({ urn, resource }) => [urn, syncs[resource]?.file ?? ""]))),
      writes: { at: (app) => written.get(app), note: (app) => void written.set(app, stack.now) },
      ...over,
    },
  };
  const runs = openRuns(stack.context);
  return stack;
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
const keysOf = (keys: readonly string[], count: unknown = "[secret]") =>
  Object.fromEntries(keys.map((key) => [key, count]));

function playCli(syncs: Record<string, PlayedSync>, asked: string[]): StackCli {
  const known = (urns: readonly string[]) => Object.entries(syncs).filter(([name]) => urns.map(nameOf).includes(name));
  const say = (what: string, ones: Ones) => [what, ...ones.map(([name]) => name)].join(" ");
  return {
    export: () => {
      asked.push("export");
      return Promise.resolve(exportState(syncs));
    },
    preview: ({ targets }) => {
      const ones = known(targets);
      asked.push(say("preview", ones));
      return Promise.resolve(preview(ones));
    },
    up: ({ targets }) => {
      const ones = known(targets);
      asked.push(say("up", ones));
      return Promise.resolve(update(ones));
    },
  };
}

function exportState(syncs: Record<string, PlayedSync>): Deployment {
  const resources = Object.entries(syncs).map(([name, one]) => ({
    urn: urnOf(name),
    type,
    inputs: inputsOf(name, one, "recorded"),
    outputs: {
      syncStatus: "succeeded",
      lastSyncedAt: one.lastSyncedAt,
      lastSyncMessage: `version ${one.version}`,
      version: one.version,
      managedKeys: one.recorded,
      targetId: one.app ?? name,
      drift: [],
    },
    dependencies: one.connected ? [connection] : [],
  }));
  return { deployment: { resources: [{ urn: root, type: "pulumi:pulumi:Stack" }, ...resources] } };
}

function inputsOf(name: string, one: PlayedSync, of: "recorded" | "wanted") {
  const destination = { type: "netlify", siteId: "s" };
  return {
    name,
    source: [{ type: "file", path: `${name}.env` }],
    destination,
    keys: keysOf(one[of], one.counted?.[of]),
    ...one.program,
  };
}

type Ones = ReadonlyArray<readonly [string, PlayedSync]>;

function preview(ones: Ones): CliAnswer {
  const diagnostics: object[] = [];
  const steps: object[] = [];
  for (const [name, one] of ones) {
    if (one.problem !== undefined) {
      const urn = one.problem.startsWith("connection.") ? connection : urnOf(name);
      diagnostics.push({ urn, severity: "error", message: `resource '${name}' has a problem: ${one.problem}` });
      return answer({ steps, diagnostics }, 1);
    }
    if (one.plan === undefined && one.recorded.join() === one.wanted.join()) continue;
    diagnostics.push({
      urn: urnOf(name),
      severity: "info",
      message: one.plan ?? `plan for ${name}: 1 changed\n  ~ app/A: new value\n`,
    });
    const oldState = { inputs: inputsOf(name, one, "recorded") };
    const newState = { inputs: inputsOf(name, one, "wanted") };
    steps.push({ op: "update", urn: urnOf(name), oldState, newState });
  }
  return answer({ steps, diagnostics, changeSummary: { same: 1, update: steps.length } });
}

/** As with `--continue-on-error`: each is done for itself. */
function update(ones: Ones): CliAnswer {
  const steps: string[] = [];
  const errors: string[] = [];
  for (const [name, one] of ones) {
    if (one.counted !== undefined) one.counted.recorded = one.counted.wanted;
    if (one.failure !== undefined) {
      errors.push(`  ${type} (${name}):\n    error: it has a problem: ${one.failure}\n`);
      continue;
    }
    if (one.recorded.join() === one.wanted.join() && one.plan === undefined) continue;
    steps.push(` ~  ${type} ${name} updated (0.29s) [diff: ~keys]`);
    one.recorded = one.wanted;
    one.version += 1;
  }
  const failed = ["Diagnostics:", "  pulumi:pulumi:Stack (shop-prod):\n    error: update failed\n", ...errors];
  const counts = [...(steps.length > 0 ? [`    ~ ${steps.length} updated`] : []), "    1 unchanged"];
  const lines = ["Updating (prod):", ...steps, ...(errors.length > 0 ? failed : []), "Resources:", ...counts];
  return { code: errors.length > 0 ? 1 : 0, stdout: lines.join("\n"), stderr: "" };
}

export function answer(stdout: unknown, code = 0): CliAnswer {
  return { code, stdout: JSON.stringify(stdout), stderr: "" };
}
