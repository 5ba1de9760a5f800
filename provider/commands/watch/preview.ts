// Pure: what the CLI prints, as data: the steps of a preview, and the problems of any run.

import { z } from "zod";
import { readCliWords } from "../cli-words.js";
import { listDocumentErrors, listTextErrors, parseJson, type RunError } from "./diagnostics.js";
import { isBookkeeping } from "./urn.js";
import { isErrorCode } from "../../error-codes.js";
import { type Problem, SecretSyncError } from "../../errors.js";

const state = z.looseObject({
  inputs: z.record(z.string(), z.unknown()).optional(),
  dependencies: z.array(z.string()).optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
});

const step = z.looseObject({ op: z.string(), urn: z.string(), newState: state.nullish() });

const preview = z.looseObject({ steps: z.array(step).nullish() });

/** One step of a preview that the engine plans to take. */
export type Step = z.infer<typeof step>;

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

/** Said by a backend that keeps its state in files, and by Pulumi Cloud. */
const lockedText = /the stack is currently locked by|Another update is currently in progress/;

/** Why a run of the CLI failed. Messages of other packages' resources are not repeated: nobody knows what is in them. */
export function problemsIn(answer: CliAnswer, command: "preview" | "up"): Problem[] {
  if (lockedText.test(answer.stderr) || lockedText.test(answer.stdout)) {
    const message = "another update of the stack is in progress; watch tries again by itself";
    return [{ code: "stack.locked", message }];
  }
  const errors = command === "up" ? listTextErrors(answer.stdout) : listDocumentErrors(answer.stdout);
  const problems = errors.map((error) => readProblem(error, command));
  if (problems.length > 0) return problems;
  const said = readCliWords(/^error: (.+)$/m.exec(`${answer.stderr}\n${answer.stdout}`)?.[1] ?? "", process.env);
  return [{ code: "stack.failed", message: `pulumi ${command} failed: ${said || "no reason given"}` }];
}

/** The engine wraps a message of ours: "... resource 'web' has a problem: source.unreadable: ...". */
const coded = /\b([a-z]+\.[a-z_]+): ([^]*)$/;

function readProblem({ resource, isOurs, message: text }: RunError, command: string): Problem {
  const place = resource ?? "the program";
  // The lines of one message stay together: what stands alone on a line is the runner's own.
  const words = text.trim().replaceAll(/\s*\n\s*/g, " | ");
  const [said, code, message] = (isOurs && coded.exec(words)) || [];
  if (code !== undefined && isErrorCode(code)) return { code, message: `${place}: ${message}` };
  // The program may have a newer version of the package, with a code that this one does not know.
  if (said !== undefined) return { code: "stack.failed", message: `${place}: ${said}` };
  return { code: "stack.failed", message: `pulumi ${command} failed at ${place}; run it there to see why` };
}
