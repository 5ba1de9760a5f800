// Pure: what the CLI prints, as data: the steps of a preview, and the problems of any run.

import { z } from "zod";
import { byUrn } from "../deployment.js";
import { listAsides, listDocumentErrors, listTextErrors, parseJson, type RunError } from "./diagnostics.js";
import { isBookkeeping, readName, type Urn } from "./urn.js";
import { isErrorCode } from "../../error-codes.js";
import { type Problem, SecretSyncError } from "../../errors.js";
import { findProgramProblem } from "./program-failure.js";
import { findLockProblem, type LockWitness } from "./stack-lock.js";

const state = z.looseObject({
  inputs: z.record(z.string(), z.unknown()).optional(),
  dependencies: z.array(z.string()).optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
});

const step = z.looseObject({
  op: z.string(),
  urn: z.string(),
  oldState: state.nullish(),
  newState: state.nullish(),
});

const preview = z.looseObject({
  steps: z.array(step).nullish(),
  /** The number of steps of each kind, including those that are not listed. */
  changeSummary: z.record(z.string(), z.number()).nullish(),
});

/** One step of a preview that the engine plans to take. */
export type Step = z.infer<typeof step>;

/** How a run of the CLI ended. */
export interface CliAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It had to be ended: its time was up, or the runner was asked to stop. */
  readonly cut?: "limit" | "signal" | undefined;
}

/** A problem, and the resource that has it. */
export interface RunProblem extends Problem {
  readonly urn?: Urn;
}

/** Steps that change nothing. */
const idle = new Set(["same", "read", "read-discard", "discard", "refresh"]);

/**
 * Steps of `pulumi preview --json` that change a resource. The stack itself is bookkeeping.
 *
 * @throws SecretSyncError `cli.unreadable` for anything but that document; it is not quoted, because its content is unknown
 */
export function changingSteps({ stdout }: CliAnswer): Step[] {
  const { data } = preview.safeParse(parseJson(stdout));
  const changing = (data?.steps ?? []).filter(({ op }) => changes(op));
  if (data === undefined || !isWhole(data, changing)) {
    const message =
      "pulumi preview printed no plan that this version understands; run pulumi preview --json to see what it prints";
    throw new SecretSyncError({ code: "cli.unreadable", message });
  }
  return changing.filter(({ urn }) => !isBookkeeping(urn)).toSorted(byUrn);
}

function changes(op: string): boolean {
  return !idle.has(op);
}

/** A document that lists nothing, or less than it counts, does not prove that there is nothing to do. */
function isWhole({ steps, changeSummary }: z.infer<typeof preview>, changing: readonly Step[]): boolean {
  if (changeSummary == null) return (steps ?? []).length > 0;
  const isCounted = Object.entries(changeSummary).some(([op, count]) => changes(op) && count > 0);
  return changing.length > 0 || !isCounted;
}

export interface ProblemContext extends LockWitness {
  /** Of an update, which names resources without their URNs. */
  readonly targets?: readonly Urn[];
}

/** Why a run of the CLI failed. Messages of other packages' resources are not repeated: their content is unknown. */
export function problemsIn(answer: CliAnswer, command: "preview" | "up", context: ProblemContext): RunProblem[] {
  const { stdout, stderr, cut } = answer;
  if (cut === "limit") return [tookTooLong(command)];
  const lock = findLockProblem(`${stderr}\n${stdout}`, context);
  if (lock !== undefined) return [lock];
  const errors = command === "up" ? listTextErrors(stdout) : listDocumentErrors(stdout);
  const causes = errors.filter((error) => !isSummary(error));
  const run = { command, aside: command === "up" ? "" : listAsides(stdout) };
  const problems = (causes.length > 0 ? causes : errors)
    .flatMap(splitProblems)
    .map((error) => readProblem({ ...error, urn: error.urn ?? findTarget(error, context) }, run));
  if (problems.length > 0) return problems;
  // A list of errors is indented below its head.
  const said = /^error: (.+(?:\n[ \t]+\S.*)*)/m.exec(`${stderr}\n${stdout}`)?.[1];
  return [findProgramProblem(said ?? stderr, command, run.aside)];
}

/** Several problems of one resource are one message, with a heading that counts them. */
function splitProblems(error: RunError): RunError[] {
  if (!error.isOurs) return [error];
  const [head = "", ...rest] = error.message.split(/\n {2}- /);
  return /\d+ problems:\s*$/.test(head) ? rest.map((message) => ({ ...error, message })) : [error];
}

const stackType = "pulumi:pulumi:Stack";

/** Reported for the stack because something else has failed. */
function isSummary({ type, message }: RunError): boolean {
  return type === stackType && message === "update failed";
}

function findTarget({ resource, isOurs }: RunError, { targets = [] }: ProblemContext): Urn | undefined {
  return isOurs ? targets.find((urn) => readName(urn) === resource) : undefined;
}

function tookTooLong(command: string): Problem {
  const message = `pulumi ${command} did not end in time and was stopped; run it by hand to see what it waits for, or raise --timeout`;
  return { code: "watch.timeout", message };
}

interface FailedRun {
  readonly command: string;
  /** What was printed besides. */
  readonly aside: string;
}

/** The engine wraps a message of ours: "... resource 'web' has a problem: source.unreadable: ...". */
const coded = /\b([a-z]+\.[a-z_]+): ([^]*)$/;

function readProblem(
  { resource, isOurs, message: text, urn, type }: RunError,
  { command, aside }: FailedRun,
): RunProblem {
  if (resource === undefined || type === stackType || (urn !== undefined && isBookkeeping(urn)))
    return findProgramProblem(text, command, aside);
  const owner = urn === undefined ? {} : { urn };
  // The lines of one message are joined: only the runner's own messages get a line.
  const words = text.trim().replaceAll(/\s*\n\s*/g, " | ");
  const [said, code, message] = (isOurs && coded.exec(words)) || [];
  if (code !== undefined && isErrorCode(code)) return { code, message: `${resource}: ${message}`, ...owner };
  // The program may have a newer version of the package, with a code that this one does not know.
  if (said !== undefined) return { code: "stack.failed", message: `${resource}: ${said}`, ...owner };
  return {
    code: "stack.failed",
    message: `pulumi ${command} failed at ${resource}; run it there to see why`,
    ...owner,
  };
}
