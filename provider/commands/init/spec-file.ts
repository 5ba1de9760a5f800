// Command line, IO side: reads a YAML or JSON document as data, every scalar as its text in the file.

import { readFile } from "node:fs/promises";
import { SecretSyncError } from "../../errors.js";
import { decode } from "../../sources/documents/document.js";

export async function readDocument(file: string): Promise<unknown> {
  const bytes = await readFile(file).catch((error: unknown) => {
    const { code } = error as { code?: string };
    throw refuse(file, `cannot be read (${code ?? "unknown"})`);
  });
  const text = decode(bytes, file);
  const { parseDocument } = await import("yaml");
  // Numbers and dates are values of variables like any other text.
  const document = parseDocument(text, { schema: "failsafe", prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  // The parser quotes the line, which may hold a value.
  if (error !== undefined) throw refuse(file, `is not valid YAML (${error.code})`);
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch {
    throw refuse(file, "has aliases that lead nowhere or stand for too much");
  }
}

function refuse(file: string, what: string): SecretSyncError {
  return new SecretSyncError({
    code: "argument.invalid",
    message: `${file} ${what}; give --from spec the app spec as YAML or JSON`,
  });
}
