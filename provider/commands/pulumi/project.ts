// Command line, IO side: the program of a folder, found as the Pulumi CLI finds it.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { SecretSyncError } from "../../errors.js";

export interface Project {
  readonly name: string;
  /** Where its file is: the given folder, or one above it. */
  readonly folder: string;
  /** A file or a folder in it; the folder itself if the project names none. */
  readonly main: string;
}

/** In the order in which the CLI finds them. */
const files = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"];

/**
 * Undefined if neither the folder nor one above it holds a project.
 *
 * @throws SecretSyncError `program.failed` if its file cannot be read
 */
export async function findProject(folder: string): Promise<Project | undefined> {
  for (const name of files) {
    const file = path.join(folder, name);
    const text = await readIfThere(file);
    if (text !== undefined) return { ...readSettings(file, text), folder };
  }
  const above = path.dirname(folder);
  return above === folder ? undefined : findProject(above);
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: unknown) => {
    const { code = "refused" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadable(file, `cannot be read (${code}); correct that`);
  });
}

const settings = z.object({ name: z.string().min(1), main: z.string().default(".") });

function readSettings(file: string, text: string): z.infer<typeof settings> {
  // Every scalar is a string there, as the CLI takes the name. The file's own text is not quoted: it may hold secrets.
  const [document] = [...parseAllDocuments(text, { schema: "failsafe", uniqueKeys: false })];
  const read = settings.safeParse(document?.errors.length === 0 ? document.toJS() : undefined);
  if (read.success) return read.data;
  throw unreadable(file, "is no YAML with the name of a project; correct it");
}

function unreadable(file: string, why: string): SecretSyncError {
  return new SecretSyncError({ code: "program.failed", message: `${file} ${why}` });
}
