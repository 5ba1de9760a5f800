// App Platform takes a write and answers with something that nobody can read. What was written stays known as ours.

import { describe, expect, test } from "vitest";
import { openStack, puts, sync, valuesAt } from "./stack.js";

const arrays = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

// [answer, status, body]
const answers: [string, number, string][] = [
  ["a 502 of 5,000 nested lists", 502, arrays(5_000)],
  ["a 502 whose message is nested", 502, `{"message":${arrays(5_000)}}`],
  ["a success of 100,000 nested lists", 200, arrays(100_000)],
  ["a success whose spec is nested", 200, `{"app":{"id":"x","spec":{"name":${arrays(20_000)}}}}`],
  [
    "a success whose steps are nested",
    200,
    `{"app":{"id":"x","spec":{},"pending_deployment":{"id":"d","progress":{"steps":[${'{"steps":['.repeat(5_000)}${"]}".repeat(5_000)}]}}}}`,
  ],
  ["a success that holds no app", 200, '{"app":[]}'],
  ["a success of an array", 200, "[]"],
  ["a success without a body", 200, ""],
];

describe("a PUT that was applied and answered with", () => {
  test.each(answers)("%s is looked for, and its keys are ours", async (_, status, body) => {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", envs: [{ key: "FOREIGN", value: "f" }] });
    const program = (values: Record<string, string>) => [sync("web", values, { destination: { appId } })];
    const answerBadly = () => stack.cloud.faults.add({ match: { method: "PUT" }, status, body, afterApply: true });
    const [a, b] = [stack.secret("a"), stack.secret("b")];

    answerBadly();
    const created = await stack.up(program({ KEY: a }));
    expect(created.problems).toBe("");
    expect(puts(created)).toBe(1);
    expect(stack.outputs("web")).toMatchObject({ managedKeys: ["KEY"], syncStatus: "succeeded" });

    answerBadly();
    const updated = await stack.up(program({ KEY: b }));
    expect(updated.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", KEY: b });
    expect((await stack.up(program({ KEY: b }))).steps.map(({ op }) => op)).toEqual(["same"]);

    answerBadly();
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  });
});

describe("a PUT whose answer is lost, and looks at the app that are answered with", () => {
  const looks: [string, string][] = [
    ["no app", '{"app":{}}'],
    ["a list", "[]"],
    ["100,000 nested lists", arrays(100_000)],
  ];
  const lose = async (body: string, times: number) => {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop" });
    stack.cloud.faults.add({ match: { method: "PUT" }, resetAfter: true });
    stack.cloud.onAnswer({ method: "PUT" }, () => {
      stack.cloud.faults.add({ match: { method: "GET", path: /apps\/[\w-]+$/, times }, status: 200, body });
    });
    const program = [sync("web", { KEY: stack.secret("value") }, { destination: { appId } })];
    return { stack, program, run: await stack.up(program) };
  };

  test.each(looks)("%s once: the next look tells", async (_, body) => {
    const { run } = await lose(body, 1);
    expect(run.problems).toBe("");
    expect(puts(run)).toBe(1);
  });

  test.each(looks)("%s every time: the keys stay ours, and the next run goes on", async (_, body) => {
    const { stack, program, run } = await lose(body, Infinity);
    expect(run.problems).toMatch(/write\.unconfirmed/);
    expect(stack.outputs("web")).toMatchObject({ managedKeys: ["KEY"] });
    stack.cloud.faults.clear();
    expect((await stack.up(program)).problems).toBe("");
  });
});

test("an app that nests too deep to be compared is an answer that cannot be read, and no crash", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  stack.cloud.faults.add({
    match: { method: "GET", times: Infinity },
    status: 200,
    body: `{"app":{"id":"${appId}","spec":{"name":"shop","x":${arrays(20_000)}},"active_deployment":{"id":"d","spec":{"name":"shop","x":${arrays(20_000)}}}}}`,
  });
  const { problems, calls } = await stack.preview([sync("web", { KEY: "value" }, { destination: { appId } })]);
  expect(problems).toMatch(/http\.malformed: .*nested too deep/);
  expect(calls).toEqual({ "GET /v2/apps/{id}": 1 });
});

test("a foreign variable with null for its value, type and scope is one without them, and keeps every byte", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    services: [{ name: "web", envs: [{ key: "F", value: "x" }] }],
  });
  const nothing = { key: "F", value: null, type: null, scope: null };
  type Shown = { spec?: { services?: { envs?: unknown }[]; workers?: unknown } };
  stack.cloud.faults.add({
    match: { method: "GET", path: /\/v2\/apps\//, times: Infinity },
    edit: (body) => {
      const { spec } = (body["app"] ?? {}) as Shown;
      for (const service of spec?.services ?? []) service.envs = [nothing];
      if (spec !== undefined) spec.workers = null;
    },
  });
  const sent: unknown[] = [];
  stack.cloud.onRequest({ method: "PUT" }, ({ body }) => void sent.push((body as { spec: Shown["spec"] }).spec));
  const program = (value: string) => [sync("web", { A: value }, { destination: { appId } })];
  await stack.up(program(stack.secret("a")));
  expect(sent[0]).toMatchObject({ services: [{ envs: [nothing] }], workers: null });
  expect((await stack.preview(program(stack.secret("b")))).problems).not.toContain("internal.unexpected");
});
