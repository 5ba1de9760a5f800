// Pure: what the CLI prints with `--json`, as data: the steps of a preview, and the problems of any run.

import { z } from "zod";
import { readCliWords } from "../cli-words.js";
import { isBookkeeping, isOurs, readName, type Urn } from "./urn.js";
import { isErrorCode } from "../../error-codes.js";
import { type Problem, SecretSyncError } from "../../errors.js";

const state = z.looseObject({
  inputs: z.record(z.string(), z.unknown()).optional(),
  dependencies: z.array(z.string()).optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
});

const step = z.looseObject({ op: z.string(), urn: z.string(), newState: state.nullish() });

const diagnostic = z.looseObject({ urn: z.string().optional(), message: z.string(), severity: z.string() });

const preview = z.looseObject({ steps: z.array(step).nullish(), diagnostics: z.array(diagnostic).nullish() });

/** One step of a preview that the engine plans to take. */
export type Step = z.infer<typeof step>;
type Diagnostic = z.infer<typeof diagnostic>;

/** How a run of the CLI ended. */
export interface CliAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Steps that change nothing. */
const idle = new Set(["same", "read", "read-discard", "discard", "refresh"]);

/**
 * Steps of `pulumi preview --json` that change a resource. The stack itself is bookkeeping.
 *
 * @throws SecretSyncError `stack.failed` for anything else than that document; it is not quoted, nobody knows what it is
 */
export function changingSteps({ stdout }: CliAnswer): Step[] {
  const parsed = preview.safeParse(parseJson(stdout));
  if (!parsed.success) {
    const message = "pulumi preview printed no plan; run pulumi preview --json to see what it prints";
    throw new SecretSyncError({ code: "stack.failed", message });
  }
  return (parsed.data.steps ?? []).filter(({ op, urn }) => !idle.has(op) && !isBookkeeping(urn));
}

const event = z.looseObject({ diagnosticEvent: diagnostic.optional() });

/** `preview` prints one document, `up` one event per line. */
function listDiagnostics(stdout: string): Diagnostic[] {
  const whole = preview.safeParse(parseJson(stdout));
  if (whole.success && whole.data.diagnostics) return whole.data.diagnostics;
  return stdout.split("\n").flatMap((line) => {
    const parsed = event.safeParse(parseJson(line));
    return parsed.success && parsed.data.diagnosticEvent ? [parsed.data.diagnosticEvent] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Said by a backend that keeps its state in files, and by Pulumi Cloud. */
const lockedText = /the stack is currently locked by|Another update is currently in progress/;

/** Why a run of the CLI failed. Messages of other packages' resources are not repeated: nobody knows what is in them. */
export function problemsIn(answer: CliAnswer, command: "preview" | "up"): Problem[] {
  if (lockedText.test(answer.stderr) || lockedText.test(answer.stdout)) {
    const message = "another update of the stack is in progress; watch tries again by itself";
    return [{ code: "stack.locked", message }];
  }
  const errors = listDiagnostics(answer.stdout).filter(({ severity }) => severity === "error");
  const problems = errors.map(({ urn, message }) => readProblem(urn, message, command));
  if (problems.length > 0) return problems;
  const said = readCliWords(/^error: (.+)$/m.exec(`${answer.stderr}\n${answer.stdout}`)?.[1] ?? "", process.env);
  return [{ code: "stack.failed", message: `pulumi ${command} failed: ${said || "no reason given"}` }];
}

/** The engine wraps a message of ours: "... resource 'web' has a problem: source.unreadable: ...". */
const coded = /\b([a-z]+\.[a-z_]+): ([^]*)$/;

function readProblem(urn: Urn | undefined, text: string, command: string): Problem {
  const place = urn === undefined ? "the program" : readName(urn);
  // The lines of one message stay together: what stands alone on a line is the runner's own.
  const words = text.trim().replaceAll(/\s*\n\s*/g, " | ");
  const [said, code, message] = (isOurs(urn) && coded.exec(words)) || [];
  if (code !== undefined && isErrorCode(code)) return { code, message: `${place}: ${message}` };
  // The program may have a newer version of the package, with a code that this one does not know.
  if (said !== undefined) return { code: "stack.failed", message: `${place}: ${said}` };
  return { code: "stack.failed", message: `pulumi ${command} failed at ${place}; run it there to see why` };
}
