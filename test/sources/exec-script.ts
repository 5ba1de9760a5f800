// Test support: a script in node, run as an exec source would be.

import { tmpdir } from "node:os";
import type { ExecSource } from "../../schema/index.js";
import { redact, type Redacted } from "../../provider/redacted.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { readExec } from "../../provider/sources/local/exec.js";
import type { SourceOptions } from "../../provider/sources/source.js";
import { sourceOptions } from "./canary.js";

export interface Run extends Omit<Partial<ExecSource>, "type" | "env"> {
  env?: Record<string, string | undefined>;
  environment?: SourceOptions["environment"];
}

/** Runs a script in node, as an exec source would be given. */
export async function runScript(
  script: string,
  { env = {}, environment = {}, ...source }: Run = {},
  directory = tmpdir(),
) {
  const secrets = new Map<string, Redacted | undefined>();
  for (const [name, value] of Object.entries(env)) secrets.set(name, value === undefined ? undefined : redact(value));
  const content = await readExec(
    { type: "exec", command: [process.execPath, "-e", script], ...source },
    sourceOptions({ directory, environment, secrets }),
  );
  return takeFrom(content);
}
