// An app with variables, a file of secrets, and a program whose first run imports from one into the other.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { onEnd } from "../running.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { EnvEntry } from "../emulators/digitalocean/index.js";
import { openStack, type Program, type Run, type Stack, sync } from "./stack.js";

export interface Shop {
  readonly stack: Stack;
  readonly appId: string;
  readonly path: string;
  readonly text: () => Promise<string>;
}

export async function shop(envs: (stack: Stack) => EnvEntry[], content: string): Promise<Shop> {
  const stack = await openStack();
  stack.directory = await mkdtemp(join(tmpdir(), "import-"));
  onEnd(() => rm(stack.directory, { recursive: true, force: true }));
  const path = join(stack.directory, "secrets.env");
  await writeFile(path, content);
  const { id } = stack.cloud.createApp({ name: "shop", envs: envs(stack), services: [{ name: "web" }] });
  return { stack, appId: id, path, text: () => readFile(path, "utf8") };
}

export type Behaviour = "import-prioritize-source" | "import-prioritize-destination";

export function program(appId: string, initialSyncBehavior: Behaviour, given: Properties = {}): Program {
  const syncOptions = { initialSyncBehavior, ...(given["syncOptions"] as Properties | undefined) };
  return [
    sync("web", undefined, {
      destination: { appId, variableType: "GENERAL", ...(given["destination"] as Properties | undefined) },
      source: { type: "file", path: "secrets.env", ...(given["source"] as Properties | undefined) },
      syncOptions,
    }),
  ];
}

export async function ok(run: Promise<Run>): Promise<Run> {
  const done = await run;
  expect(done.problems).toBe("");
  return done;
}

export const general = (key: string, value: string): EnvEntry => ({
  key,
  value,
  type: "GENERAL",
  scope: "RUN_AND_BUILD_TIME",
});
export const sealed = (key: string, value: string): EnvEntry => ({
  key,
  value,
  type: "SECRET",
  scope: "RUN_AND_BUILD_TIME",
});
