// Command line, IO side: runs the Pulumi CLI for one stack, so that it outlives whatever happens to the runner.

import { fileStatesVariable } from "../../file-states.js";
import { vendorCallsVariable } from "../../vendor-calls.js";
import type { Deployment } from "../deployment.js";
import { exportDeployment, type OpenStack } from "../stack.js";
import type { CliAnswer } from "./preview.js";
import { runProcess } from "./process.js";
import { lookGrace, readEnvironment } from "./question.js";
import type { Urn } from "./urn.js";

export interface LookOrder {
  /** Milliseconds. */
  readonly limit: number;
  /** Ends a look at once. An update has no such signal: it is waited for. */
  readonly ending: AbortSignal;
}

export interface PreviewOrder extends LookOrder {
  /** Empty: the whole program. */
  readonly targets: readonly Urn[];
  /** Left out of a whole program. */
  readonly excluded: readonly Urn[];
}

export interface UpdateOrder {
  readonly targets: readonly Urn[];
  readonly message: string;
  readonly limit: number;
  /** The states of files that the plan was made from, as JSON; a file in another state is not read. */
  readonly files: readonly string[];
}

/** What a run needs of Pulumi. */
export interface StackCli {
  export(order: LookOrder): Promise<Deployment>;
  preview(order: PreviewOrder): Promise<CliAnswer>;
  up(order: UpdateOrder): Promise<CliAnswer>;
}

/** An update that is asked to end finishes its current calls and releases its lock. */
const updateGrace = 60_000;

/**
 * Not by the Automation API, for two reasons beside its size. Its own child shares the terminal's process group, so that a Ctrl-C meant
 * for the runner would cancel an update half-way (the CLI takes the signal as its own); and its `up` then reads every output of the
 * stack, decrypted, which nothing here needs.
 */
export function openCli(opened: OpenStack, callsTo?: string): StackCli {
  const stack = { ...opened, callsTo };
  const list = (flag: string, urns: readonly Urn[]) => urns.flatMap((urn) => [flag, urn]);
  return {
    export: (order) => exportDeployment(stack, order),
    preview: ({ targets, excluded, limit, ending }) => {
      const args = ["preview", "--json", ...list("--target", targets), ...list("--exclude", excluded)];
      return runCli(stack, { args, limit, signal: ending, grace: lookGrace });
    },
    // One failing sync does not keep the others from being written. Not as JSON, and without --event-log, which the Automation API uses:
    // the events of an update contain debug messages of the SDK with every output of every resource in clear, and a log of them would
    // be on disk. What the text does not say is read from state.
    up: ({ targets, message, limit, files }) => {
      const how = ["--skip-preview", "--suppress-outputs", "--continue-on-error", ...takeAllAtOnce(targets.length)];
      const args = ["up", "--yes", ...how, "--message", message];
      const env = { [fileStatesVariable]: mergeStates(files) };
      return runCli(stack, { args: [...args, ...list("--target", targets)], limit, grace: updateGrace, env });
    },
  };
}

interface CommandOrder {
  readonly args: readonly string[];
  readonly limit: number;
  readonly signal?: AbortSignal;
  readonly grace: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Leaves room for what a few syncs depend on. */
const fewestSteps = 16;

/**
 * Every sync of an update has its own step, so that those of an app share a write, and no deployment keeps others waiting. The targets are
 * only syncs and their connections.
 */
function takeAllAtOnce(count: number): string[] {
  const isChosen = process.env["PULUMI_PARALLEL"] !== undefined;
  return isChosen ? [] : ["--parallel", String(Math.max(fewestSteps, count))];
}

function mergeStates(files: readonly string[]): string {
  return JSON.stringify(Object.assign({}, ...files.map((states) => JSON.parse(states) as unknown)));
}

/** A stack, and the file to which its processes write their calls to vendors, if these are counted. */
interface Callable extends OpenStack {
  readonly callsTo: string | undefined;
}

function runCli({ name, directory, callsTo }: Callable, { args, env, ...rest }: CommandOrder): Promise<CliAnswer> {
  return runProcess({
    ...rest,
    command: "pulumi",
    args: [...args, "--stack", name, "--non-interactive", "--color", "never"],
    cwd: directory,
    env: { ...readEnvironment(), [vendorCallsVariable]: callsTo, ...env },
  });
}
