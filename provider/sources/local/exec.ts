// IO side: the exec source. It runs the user's own secret tool (sops, op, gopass, ...) and takes its standard output.

import { stat } from "node:fs/promises";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { SecretSyncError, type Problem } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import { isWithheld } from "../../withheld-variables.js";
import { runCommand, type CommandOutcome } from "./command.js";
import { checkDotenvOptions, type DocumentRequest, maxBytes, readDocument } from "../documents/document.js";
import type { ReadSource, SourceOptions } from "../source.js";
import { listPrinted } from "./printed-texts.js";
import { maskStrongly } from "./strong-mask.js";

const defaultTimeoutSeconds = 30;
/** How much of a command's standard error a message shows. */
const shownLines = 5;
const shownCharacters = 2048;
/** Searching more standard output than this for what the standard error repeats would take too long. */
const searchedStdout = 16 * 1024;

/**
 * Runs a command without a shell and parses what it prints.
 *
 * Every secret of its environment must be known: a preview with an unknown one does not call this.
 */
export const readExec: ReadSource<"exec"> = async (source, options) => {
  const { command, format = "json", separator, dialect, expand, stderr = "show" } = source;
  const { timeoutSeconds = defaultTimeoutSeconds } = source;
  const origin = `exec source ${JSON.stringify(command[0])}`;
  const directory = path.resolve(options.directory, source.cwd ?? ".");
  const how = { format, separator, dialect, expand };
  checkDotenvOptions({ ...how, origin });
  await checkDirectory(directory, origin);
  const own = revealEnvironment(options.secrets, origin);
  const environment = { ...inherit(options.environment), ...own };
  const outcome = await runCommand({ command, directory, environment, timeoutSeconds, maxBytes });
  if (outcome.ending === "exited" && outcome.detail === "0") {
    return readDocument({ bytes: outcome.stdout, ...how, origin: `the output of ${origin}` });
  }
  const known = [...Object.values(own), ...listInherited(options.environment)].map(redact);
  const heard = stderr === "hide" ? "" : await quoteStderr(outcome, { known, how });
  throw new SecretSyncError(describeEnding(outcome, { origin, timeoutSeconds, heard }));
};

/** A command gets the environment of the user's shell, but no tokens of Pulumi or of the destinations. */
function inherit(environment: SourceOptions["environment"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || isWithheld(name) ? [] : [[name, value]],
    ),
  );
}

function revealEnvironment(secrets: SourceOptions["secrets"], origin: string): Record<string, string> {
  return Object.fromEntries(
    [...secrets].map(([name, value]) => {
      if (value === undefined) throw new Error(`${origin} was started before its \`env\` is known (${name})`);
      return [name, value.reveal()];
    }),
  );
}

async function checkDirectory(directory: string, origin: string): Promise<void> {
  // Node reports a missing directory as a missing command.
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new SecretSyncError({
    code: "source.unreadable",
    message: `${origin}: ${directory} is not an accessible directory; correct \`cwd\``,
  });
}

interface FailureInput {
  readonly origin: string;
  readonly timeoutSeconds: number;
  /** The masked end of the standard error, with its introduction. */
  readonly heard: string;
}

function describeEnding(outcome: CommandOutcome, { origin, timeoutSeconds, heard }: FailureInput): Problem {
  const failed = (reason: string): Problem => ({
    code: "source.command_failed",
    message: `${origin} ${reason}${heard}`,
  });
  switch (outcome.ending) {
    case "exited":
      return failed(`ended with exit code ${outcome.detail}; run it by hand to see why`);
    case "killed":
      return failed(`was ended by ${outcome.detail}; run it by hand to see why`);
    case "timeout":
      return {
        code: "source.timeout",
        message: `${origin} did not end within ${timeoutSeconds} seconds; raise \`timeoutSeconds\`, or check that it does not wait for input${heard}`,
      };
    case "held":
      return {
        code: "source.timeout",
        message: `${origin} ended (${outcome.detail}), but a process that it started still held its output after ${timeoutSeconds} seconds; start that process before pulumi, or redirect its standard output and standard error${heard}`,
      };
    case "too-large":
      return {
        code: "source.output_too_large",
        message: `${origin} printed more than ${maxBytes / 1024 / 1024} MiB; print only secrets`,
      };
    case "not-started":
      if (outcome.detail !== "ENOENT") return failed(`could not be started (${outcome.detail}); check the program`);
      return {
        code: "source.command_not_found",
        message: `${origin} was not found; install it, put it on PATH, or give its full path in \`command\``,
      };
  }
}

/** A tool may repeat anything in this process's environment when it complains. Short texts occur in every message. */
function listInherited(environment: SourceOptions["environment"]): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && (value.length >= 8 || isCredential(name)) ? [value] : [],
  );
}

function isCredential(name: string): boolean {
  return /TOKEN|SECRET|PASS|KEY|CREDENTIAL|AUTH/i.test(name) && !/_(FILE|PATH|DIR|SOCK)$/i.test(name);
}

/**
 * The last lines of the standard error without anything that is, or may be, a secret: the known ones, what the standard output parses to,
 * every word of the standard output, and what looks like one. The whole text is masked before it is cut: half a secret is not recognised.
 */
async function quoteStderr(
  { stdout, stderr }: CommandOutcome,
  { known, how }: { known: readonly Redacted[]; how: Omit<DocumentRequest, "bytes" | "origin"> },
): Promise<string> {
  const plain = stripVTControlCharacters(stderr);
  if (plain.trim() === "") return "";
  if (stdout.length > searchedStdout)
    return " (its standard error is not shown: it also printed much on standard output)";
  // Faults of some keys do not make the others known to everybody.
  const parsed = await readDocument({ ...how, bytes: stdout, origin: "" }).catch(() => undefined);
  const printed = listPrinted(stdout.toString()).map(redact);
  const masked = maskStrongly(plain, [...known, ...(parsed?.values.values() ?? []), ...printed]);
  const lines = masked.split(/[\p{Cc}\u2028\u2029]+/u).map((line) => line.trim());
  const told = lines.filter((line) => line !== "");
  const quoted = told.slice(-shownLines).join(" | ");
  const isCut = told.length > shownLines || quoted.length > shownCharacters;
  const end = isCut ? `…${quoted.slice(-shownCharacters)}` : quoted;
  return `; it said: ${end}`;
}
