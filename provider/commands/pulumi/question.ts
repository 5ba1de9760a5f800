// Command line, IO side: what the Pulumi CLI tells at once about itself and its stacks, as JSON.

import type { z } from "zod";
import { SecretSyncError } from "../../errors.js";
import { parseJson } from "./diagnostics.js";
import { findProgramProblem } from "./program-failure.js";
import { runProcess } from "./process.js";

/** How long somebody waits for an answer. */
export interface Patience {
  /** Ends the CLI. */
  readonly ending?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly limit?: number | undefined;
}

export interface Question<Answer> extends Patience {
  /** What cannot be read if there is no answer, in a message. */
  readonly subject: string;
  /** Where the program is. */
  readonly directory: string;
  readonly args: readonly string[];
  readonly answer: z.ZodType<Answer>;
}

/**
 * Not by the Automation API: it loads the whole SDK, which takes every command half a second, and cannot end the CLI.
 *
 * @throws SecretSyncError `cli.missing`, `watch.timeout`; what `findProgramProblem` makes of the CLI's words, with `stack.unreadable` in place
 * of `stack.failed`
 */
export async function askCli<Answer>(question: Question<Answer>): Promise<Answer> {
  const { subject, directory, args, answer, ending, limit = Infinity } = question;
  const order = { command: "pulumi", args: [...args, "--non-interactive"], cwd: directory, env: readEnvironment() };
  const { code, stdout, stderr, cut } = await runProcess({ ...order, signal: ending, limit, grace: lookGrace });
  ending?.throwIfAborted();
  if (cut === "limit") throw unanswered(subject, args);
  if (code !== 0) throw explain(question, stderr);
  const parsed = answer.safeParse(parseJson(stdout));
  if (parsed.success) return parsed.data;
  // The unexpected output is not quoted: its content is unknown.
  const message = `${subject} cannot be read: pulumi ${nameCommand(args)} printed something unexpected`;
  throw new SecretSyncError({ code: "stack.unreadable", message });
}

/** A look holds nothing that has to be released. */
export const lookGrace = 3_000;

/** What every run of the CLI is given. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A preview as one document, whatever the user has set for other tools.
    PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false",
  };
}

function unanswered(subject: string, args: readonly string[]): SecretSyncError {
  const message = `${subject} cannot be read: pulumi ${args.join(" ")} did not end in time and was stopped; check that the backend answers, or raise --timeout`;
  return new SecretSyncError({ code: "watch.timeout", message });
}

function explain({ subject, args }: Question<unknown>, said: string): SecretSyncError {
  const { code, message } = findProgramProblem(said, nameCommand(args));
  return new SecretSyncError({
    code: code === "stack.failed" ? "stack.unreadable" : code,
    message: `${subject} cannot be read: ${message}`,
  });
}

/** Without its flags. */
function nameCommand(args: readonly string[]): string {
  const [words = ""] = args.join(" ").split(" -");
  return words;
}
