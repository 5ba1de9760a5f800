// What somebody else changes at the destination is found in every preview and repaired by the next update.

import { describe, expect, test } from "vitest";
import type { Spec } from "../emulators/digitalocean/index.js";
import { host } from "./host.js";
import { openStack, puts, said, type Program, type Stack, sync, valuesAt } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly program: Program;
  readonly values: Record<string, string>;
}

async function created(): Promise<Scene> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    envs: [{ key: "FOREIGN", value: "theirs" }],
    services: [{ name: "web" }],
  });
  const values = { A: stack.secret("a"), B: stack.secret("b"), C: stack.secret("c") };
  const program = [sync("web", values, { destination: { appId, scope: "RUN_TIME" } })];
  const run = await stack.up(program);
  expect(run.problems).toBe("");
  return { stack, appId, program, values };
}

const isOurs = (key: string) => ["A", "B", "C"].includes(key);

/** Every kind of drift, what the message says of it, and the keys that up will touch. */
const kinds: Array<{ name: string; edit: (spec: Spec) => void; says: RegExp[]; touched: string[] }> = [
  {
    name: "a value changed in the console",
    edit: (spec) => spec.envs?.forEach((env) => env.key === "A" && Object.assign(env, { value: "console" })),
    says: [/1 key of shop/, /~ app\/A: value changed at App Platform; will be written again/],
    touched: ["A"],
  },
  {
    name: "a key that is gone",
    edit: (spec) => (spec.envs = (spec.envs ?? []).filter(({ key }) => key !== "B")),
    says: [/\+ app\/B .*gone from the destination/],
    touched: ["B"],
  },
  {
    name: "another scope",
    edit: (spec) => spec.envs?.forEach((env) => env.key === "C" && Object.assign(env, { scope: "BUILD_TIME" })),
    says: [/~ app\/C: changed at App Platform from SECRET RUN_TIME to SECRET BUILD_TIME/],
    touched: ["C"],
  },
  {
    name: "another type",
    edit: (spec) =>
      spec.envs?.forEach((env) => env.key === "C" && Object.assign(env, { type: "GENERAL", value: "open" })),
    says: [/~ app\/C: changed at App Platform from SECRET RUN_TIME to GENERAL RUN_TIME/],
    touched: ["C"],
  },
  {
    name: "every key gone, which is the state before the create",
    edit: (spec) => (spec.envs = (spec.envs ?? []).filter(({ key }) => !isOurs(key))),
    says: [/3 keys of shop/, /app\/A/, /app\/B/, /app\/C/],
    touched: ["A", "B", "C"],
  },
];

describe.each(kinds)("$name", ({ edit, says, touched }) => {
  const flows: Array<{ name: string; between: (scene: Scene) => Promise<unknown> }> = [
    { name: "right after the create", between: async () => undefined },
    { name: "after an unchanged run", between: ({ stack, program }) => stack.up(program) },
    {
      name: "for the second time, back to exactly the same earlier state",
      between: async ({ stack, appId, program }) => {
        stack.cloud.editConsole(appId, edit);
        stack.cloud.settle(appId);
        expect(puts(await stack.up(program))).toBe(1);
      },
    },
    {
      name: "after a refresh that saw it",
      between: async ({ stack, appId }) => {
        stack.cloud.editConsole(appId, edit);
        stack.cloud.settle(appId);
        const seen = await stack.refresh();
        expect(seen.steps.map(({ op }) => op)).toEqual(["update"]);
        expect(stack.outputs("web")["drift"]).toHaveLength(touched.length);
      },
    },
  ];

  test.each(flows)("is named by the preview and repaired by up $name", async ({ between }) => {
    const scene = await created();
    const { stack, appId, program, values } = scene;
    await between(scene);
    stack.cloud.editConsole(appId, edit);
    stack.cloud.settle(appId);
    const preview = await stack.preview(program);
    expect(preview.steps.map(({ op }) => op)).toEqual(["update"]);
    for (const text of says) expect(said(preview)).toMatch(text);
    expect(
      said(preview)
        .match(/app\/[A-Z]+/g)
        ?.sort(),
    ).toEqual(touched.map((key) => `app/${key}`));
    expect(puts(preview)).toBe(0);

    const before = envs(stack, appId);
    const up = await stack.up(program);
    expect(up.problems).toBe("");
    expect(puts(up)).toBe(1);
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "theirs", ...values });
    const after = envs(stack, appId);
    const changed = Object.keys(after).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
    expect(changed.sort()).toEqual(touched);

    const again = await stack.preview(program);
    expect(again.steps.map(({ op }) => op)).toEqual(["same"]);
    expect(again.messages).toEqual([]);
    expect(puts(await stack.up(program))).toBe(0);
    expect(stack.outputs("web")["drift"]).toEqual([]);
  });
});

test("drift shows what was seen, in the inputs of a host that names no key by itself", async () => {
  const { stack, appId, program } = await created();
  await stack.up(program);
  stack.cloud.editConsole(appId, (spec) => (spec.envs = []));
  stack.cloud.settle(appId);
  const shown = host.name === "plugin" ? ["keys.A", "keys.B", "keys.C"] : ["live"];
  expect((await stack.preview(program)).steps[0]?.shown).toEqual(shown);
});

test("a preview right after a write names no key", async () => {
  const { stack, program } = await created();
  const preview = await stack.preview(program);
  expect(preview.steps).toMatchObject([{ op: "same", shown: [] }]);
  expect(preview.messages).toEqual([]);
});

test("drift and a change of the program are distinguished and written together", async () => {
  const { stack, appId, values } = await created();
  const changed = { ...values, A: stack.secret("rotated") };
  const next = [sync("web", changed, { destination: { appId, scope: "RUN_TIME" } })];
  stack.cloud.editConsole(appId, (spec) =>
    spec.envs?.splice(
      spec.envs.findIndex(({ key }) => key === "B"),
      1,
    ),
  );
  stack.cloud.settle(appId);
  const preview = await stack.preview(next);
  expect(preview.steps[0]?.shown).toContain("keys.A");
  expect(said(preview)).toMatch(
    /^drift: 1 key of shop .*\n {2}\+ app\/B .*\n.*: plan for shop\n {2}~ app\/A: new value \(from the program\)$/,
  );
  expect(puts(await stack.up(next))).toBe(1);
  expect(valuesAt(stack, appId)).toMatchObject(changed);
});

test("an app that is gone leaves state in a refresh, and destroy has nothing left to do", async () => {
  const { stack, appId } = await created();
  const gone = stack.cloud.faults.add({ match: { path: new RegExp(appId), times: Infinity }, status: 404 });
  expect(puts(await stack.destroy())).toBe(0);
  expect(stack.state.size).toBe(0);
  gone.remove();
});

test("a refresh takes a sync out of state whose app is gone", async () => {
  const { stack, appId } = await created();
  stack.cloud.faults.add({ match: { path: new RegExp(appId), times: Infinity }, status: 404 });
  const run = await stack.refresh();
  expect(run.problems).toBe("");
  expect(stack.state.size).toBe(0);
});

function envs({ cloud }: Stack, appId: string): Record<string, unknown> {
  return Object.fromEntries((cloud.app(appId).spec.envs ?? []).map((env) => [env.key, env]));
}
