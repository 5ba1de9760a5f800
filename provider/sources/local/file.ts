// IO side: the file source. It reads and writes one file beside the program, always whole or not at all.

import { access, constants, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { FileSource, TextFormat } from "../../../schema/index.js";
import { isSecretSyncError, SecretSyncError } from "../../errors.js";
import { findExpectedState, formatFileState } from "../../file-states.js";
import { type DocumentRequest, maxBytes, readDocument } from "../documents/document.js";
import { changedSource, refuseSource } from "../refusal.js";
import type { ReadSource, WriteSource } from "../source.js";
import { readSystemCode } from "./system-error.js";
import { readWhole, replaceWhole } from "./whole-file.js";

/** Reads a dotenv, JSON or YAML file; a relative path starts where the program runs. */
export const readFileSource: ReadSource<"file"> = async (source, { directory, environment }) => {
  const { file, ...how } = locate(source, directory);
  const bytes = await readBytes(file, { origin: how.origin, source, directory });
  const expected = findExpectedState(environment, file);
  // After the read, so that what was read is what the runner has looked at, and what its plan was made from.
  if (expected !== undefined && (await readState(file)) !== expected) throw changedSource(source);
  return readDocument({ bytes, ...how });
};

/** A text that changes when the file is written or replaced. */
export function lookAtFile({ path: file }: FileSource, directory: string): Promise<string> {
  return readState(path.resolve(directory, file));
}

function readState(file: string): Promise<string> {
  return stat(file, { bigint: true }).then(formatFileState, () => `missing ${file}`);
}

/**
 * Writes into the file. It is read again right before, and replaced in one step, so that no reader ever sees half of it. What somebody
 * else writes in between stays, and the import is refused.
 */
export const writeFileSource: WriteSource<"file"> = async (source, { directory, edits, rehearse }) => {
  const { file, ...how } = locate(source, directory);
  const { origin, format } = how;
  if (format === "kubernetes") throw refuseSource(origin, "a manifest of Kubernetes is only read");
  const { editDocument } = await import("../documents/document-edits.js");
  const state = await readState(file);
  const bytes = await readBytes(file, { origin, source, directory });
  const text = await editDocument({ bytes, ...how, format, edits });
  await checkWritable(file, origin);
  if (rehearse || Buffer.from(text).equals(bytes)) return;
  const confirm = async () => {
    if ((await readState(file)) !== state) throw changedSource(source);
  };
  try {
    await replaceWhole(file, { text, confirm });
  } catch (error) {
    if (isSecretSyncError(error)) throw error;
    throw failReading(
      origin,
      `${file} could not be written (${readSystemCode(error)}); check the disk, then run again`,
    );
  }
};

/** Where the file is, and how it is read. */
function locate(source: FileSource, directory: string): { file: string } & Omit<DocumentRequest, "bytes"> {
  const origin = describeFile(source);
  const format = source.format ?? guessFormat(source.path);
  if (format === undefined) {
    throw new SecretSyncError({
      code: "source.unknown_format",
      message: `${origin} has a name that does not show its format; set \`format\` to "dotenv", "json", "yaml" or "kubernetes"`,
    });
  }
  const { separator, dialect, expand } = source;
  return { file: path.resolve(directory, source.path), format, separator, dialect, expand, origin, name: source.path };
}

function describeFile(source: FileSource): string {
  return `file source ${JSON.stringify(source.path)}`;
}

/** A new file beside it replaces the file, so its folder has to be writable. */
async function checkWritable(file: string, origin: string): Promise<void> {
  try {
    const real = await realpath(file);
    await access(real, constants.W_OK);
    await access(path.dirname(real), constants.W_OK);
  } catch (error) {
    const reason = readSystemCode(error);
    throw refuseSource(origin, `it cannot be written (${reason}); give this user the right to write it and its folder`);
  }
}

/** Extensions of programs and of other formats that may follow `env`. */
const otherFormats = /\.(?:[cm]?[jt]sx?|py|rb|go|rs|php|sh|bash|zsh|fish|ps1|toml|ini|xml|properties|tf|md|html)$/;

/** dotenv by its name: `.env`, `.env.production`, `.env-prod`, `env.example`, `app.env`, `app.env.local`, `.envrc`, `.dev.vars`. */
const dotenvNames = [
  /^\.env(?:[._-].*)?$/,
  /^env(?:[._-].*)?$/,
  /\.env(?:[._-].*)?$/,
  /^\.(?:envrc|flaskenv)(?:\..*)?$/,
  /^\.[\w-]+\.vars(?:\..*)?$/,
];

/** The format that a file name suggests. */
export function guessFormat(file: string): TextFormat | undefined {
  const name = path.basename(file).toLowerCase();
  if (name.endsWith(".json")) return "json";
  if (/\.ya?ml$/.test(name)) return "yaml";
  if (otherFormats.test(name)) return undefined;
  return dotenvNames.some((pattern) => pattern.test(name)) ? "dotenv" : undefined;
}

interface Place {
  readonly origin: string;
  readonly source: FileSource;
  readonly directory: string;
}

async function readBytes(file: string, place: Place): Promise<Uint8Array> {
  const { origin } = place;
  const read = await readWhole(file, maxBytes).catch((error: unknown) => {
    throw failReading(origin, describeFailure(file, readSystemCode(error), place));
  });
  switch (read) {
    case "directory":
      throw failReading(origin, `${file} is a directory; name a file in it`);
    case "no-file":
      // A pipe or a device may never end.
      throw failReading(origin, `${file} is not a regular file; read it with an exec source`);
    case "too-large":
      throw new SecretSyncError({
        code: "source.too_large",
        message: `${origin} is larger than ${maxBytes / 1024 / 1024} MiB; name a file that holds only secrets`,
      });
    default:
      return read;
  }
}

function describeFailure(file: string, code: string, { source, directory }: Place): string {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return `${file} does not exist; create it, or correct \`path\`${path.isAbsolute(source.path) ? "" : nameStart(directory)}`;
    case "EACCES":
    case "EPERM":
      return `${file} may not be read by this user; change its permissions`;
    default:
      return `${file} cannot be read (${code}); check the path and the disk`;
  }
}

/** The program's folder if the CLI runs it; for an inline program of the Automation API, wherever its driver was started. */
function nameStart(directory: string): string {
  return ` (relative paths start at ${directory})`;
}

function failReading(origin: string, reason: string): SecretSyncError {
  return new SecretSyncError({ code: "source.unreadable", message: `${origin}: ${reason}` });
}
