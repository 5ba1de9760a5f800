// IO side: the file source. It reads one file beside the program, whole or not at all.

import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { TextFormat } from "../../schema/index.js";
import { isSecretSyncError, SecretSyncError } from "../errors.js";
import { maxBytes, parseDocument } from "./document.js";
import type { ReadSource } from "./source.js";
import { readSystemCode } from "./system-error.js";

/** Reads a dotenv, JSON or YAML file; a relative path starts at the directory of the program. */
export const readFileSource: ReadSource<"file"> = async (source, { directory }) => {
  const origin = `file source ${JSON.stringify(source.path)}`;
  const format = source.format ?? guessFormat(source.path);
  if (format === undefined) {
    throw new SecretSyncError({
      code: "source.unknown_format",
      message: `${origin} has no name that tells its format; give \`format\`: "dotenv", "json" or "yaml"`,
    });
  }
  const bytes = await readWhole(path.resolve(directory, source.path), origin);
  return parseDocument({ bytes, format, separator: source.separator, origin });
};

/** The format that a file name tells: `.env`, `.env.production` and `app.env` are dotenv, `.env.json` is JSON. */
export function guessFormat(file: string): TextFormat | undefined {
  const name = path.basename(file).toLowerCase();
  if (name.endsWith(".json")) return "json";
  if (/\.ya?ml$/.test(name)) return "yaml";
  if (/^\.env(\.|$)|\.env$/.test(name)) return "dotenv";
  return undefined;
}

async function readWhole(file: string, origin: string): Promise<Uint8Array> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw failReading(origin, `${file} is a directory; name a file in it`);
    // A pipe or a device may never end.
    if (!found.isFile()) throw failReading(origin, `${file} is not a regular file; read it with an exec source`);
    if (found.size > maxBytes) {
      throw new SecretSyncError({
        code: "source.too_large",
        message: `${origin} is larger than ${maxBytes / 1024 / 1024} MiB; name a file that holds only secrets`,
      });
    }
    return await readFile(file);
  } catch (error) {
    if (isSecretSyncError(error)) throw error;
    throw failReading(origin, describeFailure(file, readSystemCode(error)));
  }
}

function describeFailure(file: string, code: string): string {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return `${file} does not exist; create it, or correct \`path\` (relative paths start at the program's directory)`;
    case "EACCES":
    case "EPERM":
      return `${file} may not be read by this user; change its permissions`;
    default:
      return `${file} cannot be read (${code}); check the path and the disk`;
  }
}

function failReading(origin: string, reason: string): SecretSyncError {
  return new SecretSyncError({ code: "source.unreadable", message: `${origin}: ${reason}` });
}
