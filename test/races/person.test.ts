// A person edits the console while we write: between look and write, between write and verification, while it deploys.

import { describe, expect, test } from "vitest";
import type { RequestMatch, Spec } from "../emulators/digitalocean/index.js";
import { openStack, puts, said, type Stack, sync, valuesAt } from "../lifecycle/stack.js";

const foreign = { key: "FOREIGN", value: "f", scope: "RUN_TIME" };

const moments: ReadonlyArray<{ when: string; match: RequestMatch; answered?: true }> = [
  { when: "before the look", match: { method: "GET", path: /apps\/[\w-]+$/ } },
  { when: "between look and write", match: { method: "PUT" } },
  { when: "right after the write", match: { method: "PUT" }, answered: true },
  { when: "while it deploys", match: { method: "GET", path: /deployments\/[\w-]+$/ } },
  { when: "before the verification", match: { method: "GET", path: /apps\/[\w-]+$/, nth: 2 } },
];

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly values: Readonly<Record<string, string>>;
  edits: number;
}

/** An app that a person edits once, at that moment of the run. */
async function befall({ match, answered }: (typeof moments)[number], edit: (spec: Spec) => void, isNew = false) {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs: [foreign], services: [{ name: "web" }] });
  const [a, b, next] = [stack.secret("a"), stack.secret("b"), stack.secret("next")];
  const program = (values: Record<string, string>) => [sync("shop", values, { destination: { appId } })];
  if (!isNew) await stack.up(program({ A: a, B: b }));
  const scene: Scene = { stack, appId, values: { A: next, B: b }, edits: 0 };
  // An update looks once more, in its check.
  const nth =
    match.path?.source.includes("deployments") || match.method === "PUT" || isNew ? match.nth : (match.nth ?? 1) + 1;
  const at = { ...match, ...(nth === undefined ? {} : { nth }) };
  const act = () => {
    scene.edits += 1;
    stack.cloud.editConsole(appId, edit);
  };
  if (answered) stack.cloud.onAnswer(at, act);
  else stack.cloud.onRequest(at, act);
  const run = await stack.up(program({ A: next, B: b }));
  expect(scene.edits).toBe(1);
  return { ...scene, run, program: program({ A: next, B: b }) };
}

function without(key: string) {
  return (spec: Spec) => void (spec.envs = (spec.envs ?? []).filter((env) => env.key !== key));
}

describe.each(moments)("a person $when", (moment) => {
  test.each([true, false])("adds a key, and it stays (new sync: %s)", async (isNew) => {
    const add = (spec: Spec) =>
      void (spec.envs = [...(spec.envs ?? []), { key: "THEIRS", value: "t", scope: "RUN_TIME" }]);
    const { stack, appId, values, run, program } = await befall(moment, add, isNew);
    expect(run.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", THEIRS: "t", ...values });
    expect(puts(await stack.up(program))).toBe(0);
  });

  test("changes or removes a foreign key, and that stays", async () => {
    const change = (spec: Spec) => spec.envs?.forEach((env) => env.key === "FOREIGN" && (env.value = "changed"));
    const changed = await befall(moment, change);
    expect(changed.run.problems).toBe("");
    expect(valuesAt(changed.stack, changed.appId)).toEqual({ FOREIGN: "changed", ...changed.values });
    const removed = await befall(moment, without("FOREIGN"));
    expect(removed.run.problems).toBe("");
    expect(valuesAt(removed.stack, removed.appId)).toEqual(removed.values);
  });

  test("changes something else of the app, and that stays", async () => {
    const { stack, appId, values, run } = await befall(moment, (spec) => void (spec["region"] = "ams"));
    expect(run.problems).toBe("");
    expect(stack.cloud.app(appId).spec["region"]).toBe("ams");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", ...values });
  });

  test.each(["A", "B"])("removes our key %s, and it is back after this run or the next", async (key) => {
    const { stack, appId, values, run, program } = await befall(moment, without(key));
    expect(run.problems).toBe("");
    const next = await stack.up(program);
    expect(next.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", ...values });
    stack.cloud.settle(appId);
    expect(puts(await stack.up(program))).toBe(0);
  });
});

test("a person who creates our new key between look and write keeps it, and we are told", async () => {
  const add = (spec: Spec) =>
    void (spec.envs = [...(spec.envs ?? []), { key: "A", value: "theirs", scope: "RUN_TIME" }]);
  const { stack, appId, run } = await befall({ when: "between look and write", match: { method: "PUT" } }, add, true);
  expect(run.problems).toMatch(/conflict\.exists: app\/A .*adoptExisting/);
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", A: "theirs" });
  expect(stack.state.size).toBe(0);
});

test("a person who takes a key over that we are about to remove keeps it, and it is told", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs: [foreign], services: [{ name: "web" }] });
  const value = stack.secret("a");
  await stack.up([sync("shop", { A: value, B: "b" }, { destination: { appId } })]);
  stack.cloud.onRequest({ method: "PUT" }, () => {
    stack.cloud.editConsole(appId, (spec) => spec.envs?.forEach((env) => env.key === "B" && (env.value = "theirs")));
  });
  const program = [sync("shop", { A: value }, { destination: { appId } })];
  const run = await stack.up(program);
  expect(run.problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", A: value, B: "theirs" });
  expect(puts(await stack.up(program))).toBe(0);
  const end = await stack.destroy();
  expect(end.problems + said(end)).toBe("1 removed: shop\n  - app/A: removed");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", B: "theirs" });
});
