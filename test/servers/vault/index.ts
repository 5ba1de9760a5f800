// Test side: starts the real Vault core of this folder and prepares it over its own API.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { goBuild } from "../cache.js";
import { findFreePort, type RunningServer, startServer } from "../process.js";

export const rootToken = "root-token";

/** @returns undefined where it cannot be built */
export async function buildVault(): Promise<string | undefined> {
  const source = __dirname;
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "main.go"]) hash.update(readFileSync(`${source}/${file}`));
  return goBuild(source, { name: "vault", version: `1.14.1-${hash.digest("hex").slice(0, 8)}` });
}

export async function startVault(program: string): Promise<RunningServer> {
  const port = await findFreePort();
  return startServer([program, "--listen", `127.0.0.1:${port}`, "--root-token", rootToken], {
    origin: `http://127.0.0.1:${port}`,
    isReady: async (origin) => (await fetch(`${origin}/v1/sys/health`)).status === 200,
  });
}

/** One call with the root token; fails loudly. @returns the answer's JSON */
export async function askVault(
  origin: string,
  call: string,
  body?: unknown,
): Promise<Record<string, Record<string, unknown>>> {
  const [method = "GET", address = ""] = call.split(" ");
  const answer = await fetch(`${origin}/v1/${address}`, {
    method,
    headers: { "x-vault-token": rootToken },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${call}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text === "" ? {} : (JSON.parse(text) as Record<string, Record<string, unknown>>);
}
