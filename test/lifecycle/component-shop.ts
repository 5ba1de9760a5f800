// An app with two services, a sync of three keys to some of them, and what happens to the services at the platform.

import { expect } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { components as listComponents, type EnvEntry, type Spec } from "../emulators/digitalocean/model.js";
import { openStack, puts, said, type Program, type Run, type Stack, sync } from "./stack.js";

export interface Shop {
  readonly stack: Stack;
  readonly appId: string;
  readonly values: Record<string, string>;
  /** The program with these components, or with other parts of the arguments. */
  readonly program: (components: readonly string[], more?: Properties, values?: Properties) => Program;
  /** Somebody edits the spec at the platform, and the deployment of it ends. */
  readonly edit: (change: (spec: Spec) => void) => void;
}

export async function shop(envs: Readonly<Record<string, EnvEntry[]>> = {}, names = ["web", "api"]): Promise<Shop> {
  const stack = await openStack();
  const services = names.map((name) => ({ name, ...(envs[name] ? { envs: envs[name] } : {}) }));
  const { id: appId } = stack.cloud.createApp({ name: "shop", services });
  const values = { A: stack.secret("a"), B: stack.secret("b"), C: stack.secret("c") };
  return {
    stack,
    appId,
    values,
    program: (components, { destination, ...more } = {}, other = values) => [
      sync("web", other, { destination: { appId, components, ...(destination as Properties) }, ...more }),
    ],
    edit: (change) => {
      stack.cloud.editConsole(appId, change);
      stack.cloud.settle(appId);
    },
  };
}

/** Renames services by a table, all at once. */
export const rename = (names: Readonly<Record<string, string>>) => (spec: Spec) => {
  for (const { component } of listComponents(spec)) component.name = names[component.name ?? ""] ?? component.name;
};

export async function ok(run: Promise<Run>): Promise<Run> {
  const done = await run;
  expect(done.problems).toBe("");
  return done;
}

/** A preview and an update that write nothing, and the peace after them. @returns what the preview said. */
export async function followed({ stack }: Shop, program: Program): Promise<string> {
  const preview = await ok(stack.preview(program));
  expect(puts(preview)).toBe(0);
  expect(preview.messages.filter(({ severity }) => severity === "warning")).toEqual([]);
  expect(puts(await ok(stack.up(program)))).toBe(0);
  await settled(stack, program);
  return said(preview);
}

export async function settled(stack: Stack, program: Program): Promise<void> {
  const again = await ok(stack.preview(program));
  expect(again.steps.map(({ op }) => op)).toEqual(program.map(() => "same"));
  expect(again.messages).toEqual([]);
  await ok(stack.refresh());
  expect(stack.outputs("web")["drift"]).toEqual([]);
}
