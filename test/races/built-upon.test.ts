// The answer to our PUT shows the app as it was, and a person changes what we wrote before our next look.

import { describe, expect, test } from "vitest";
import type { Spec, Variant } from "../emulators/digitalocean/index.js";
import { openStack, puts, sync, valuesAt } from "../lifecycle/stack.js";

const foreign = { key: "FOREIGN", value: "f", scope: "RUN_TIME" };
/** How long a phase of a deployment lasts: it is under way when we look, or over, and then the app shows only the newest. */
const paces = { "under way": 15, over: 0 };
type Pace = keyof typeof paces;

const variants: ReadonlyArray<Partial<Variant>> = [
  { putAnswer: "old-app" },
  { putAnswer: "old-spec" },
  { putAnswer: "old-spec", pendingInPut: "left-out" },
  { putAnswer: "old-app", deploymentList: "lags" },
];
const worlds = variants.flatMap((variant) =>
  (["under way", "over"] satisfies Pace[]).map((pace): [Pace, Partial<Variant>] => [pace, variant]),
);

const changes: ReadonlyArray<[string, (spec: Spec) => void, Record<string, string>]> = [
  ["a key that is added", (spec) => void spec.envs?.push({ ...foreign, key: "THEIRS", value: "t" }), { THEIRS: "t" }],
  ["a key that is changed", (spec) => spec.envs?.forEach((env) => change(env, "FOREIGN")), { FOREIGN: "changed" }],
  ["another part of the spec", (spec) => void (spec["region"] = "ams"), {}],
];

function change(env: { key: string; value?: string }, key: string): void {
  if (env.key === key) env.value = "changed";
}

async function befall([pace, variant]: [Pace, Partial<Variant>], act: (spec: Spec) => void) {
  const stack = await openStack({ variant, deployment: { phaseMs: paces[pace] } });
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs: [foreign], services: [{ name: "web" }] });
  const values = { A: stack.secret("a"), B: stack.secret("b"), PLAIN: "plain" };
  const destination = { appId, variables: { PLAIN: { variableType: "GENERAL" } } };
  stack.cloud.onAnswer({ method: "PUT" }, () => void stack.cloud.editConsole(appId, act));
  const run = await stack.up([sync("shop", values, { destination })]);
  return { stack, appId, values, run, program: [sync("shop", values, { destination })] };
}

describe.each(worlds)("with deployments %s when we look, on a platform with %o", (...world) => {
  test.each(changes)("%s stays", async (_what, act, theirs) => {
    const { stack, appId, values, run, program } = await befall(world, act);
    expect(run.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", ...values, ...theirs });
    expect(stack.cloud.app(appId).spec["region"]).toBe(Object.keys(theirs).length === 0 ? "ams" : undefined);
    stack.cloud.settle(appId);
    expect(puts(await stack.up(program))).toBe(0);
  });

  test.each(["A", "PLAIN"])("our key %s is written again when it is changed", async (key) => {
    const { stack, appId, values, run, program } = await befall(world, (spec) =>
      spec.envs?.forEach((env) => change(env, key)),
    );
    expect(run.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", ...values });
    stack.cloud.settle(appId);
    expect(puts(await stack.up(program))).toBe(0);
  });
});

describe.each(worlds)(
  "a person who changes a secret of ours and nothing else, with deployments %s when we look and %o,",
  (pace, variant) => {
    const changeA = (spec: Spec) => spec.envs?.forEach((env) => env.key === "A" && (env.value = "theirs"));
    const open = async () => {
      const stack = await openStack({ variant, deployment: { phaseMs: paces[pace] } });
      const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
      const program = (values: Record<string, string>, deployment?: { wait: boolean }) => [
        sync("shop", values, { destination: { appId, variables: { PLAIN: { variableType: "GENERAL" } }, deployment } }),
      ];
      const meddle = () => stack.cloud.onAnswer({ method: "PUT" }, () => void stack.cloud.editConsole(appId, changeA));
      return { stack, appId, program, meddle };
    };

    test("right after our first write, has made a drift that is repaired", async () => {
      const { stack, appId, program, meddle } = await open();
      const values = { A: stack.secret("a"), B: stack.secret("b") };
      meddle();
      expect((await stack.up(program(values))).problems).toBe("");
      expect(valuesAt(stack, appId)).toEqual(values);
      stack.cloud.settle(appId);
      expect(puts(await stack.up(program(values)))).toBe(0);
      await stack.destroy();
      expect(valuesAt(stack, appId)).toEqual({});
    });

    test("and a readable value, right after our write, has made drifts that are repaired", async () => {
      const { stack, appId, program } = await open();
      const values = { A: stack.secret("a"), PLAIN: "plain" };
      const changeAll = (spec: Spec) => spec.envs?.forEach((env) => void (env.value = `theirs-${env.key}`));
      stack.cloud.onAnswer({ method: "PUT" }, () => void stack.cloud.editConsole(appId, changeAll));
      expect((await stack.up(program(values))).problems).toBe("");
      expect(valuesAt(stack, appId)).toEqual(values);
      stack.cloud.settle(appId);
      expect(puts(await stack.up(program(values)))).toBe(0);
    });

    test.each([[["A"]], [["A", "B"]]])("right after our write of new values of %j, too", async (keys) => {
      const { stack, appId, program, meddle } = await open();
      const earlier = { A: stack.secret("a"), B: stack.secret("b") };
      await stack.up(program(earlier));
      const values = { ...earlier, ...Object.fromEntries(keys.map((key) => [key, stack.secret(`new-${key}`)])) };
      meddle();
      expect((await stack.up(program(values))).problems).toBe("");
      expect(valuesAt(stack, appId)).toEqual(values);
      stack.cloud.settle(appId);
      expect(puts(await stack.up(program(values)))).toBe(0);
    });

    test.each([[["A"]], [["A", "B"]]])("right after our write of new values of %j, in vain, too", async (keys) => {
      const { stack, appId, program } = await open();
      const earlier = { A: stack.secret("a"), B: stack.secret("b") };
      await stack.up(program(earlier));
      const values = { ...earlier, ...Object.fromEntries(keys.map((key) => [key, stack.secret(`new-${key}`)])) };
      stack.cloud.onAnswer({ method: "PUT" }, () => {
        stack.cloud.failNextDeployment(appId, { step: "build" });
        stack.cloud.editConsole(appId, changeA);
      });
      expect((await stack.up(program(values, { wait: false }))).problems).toBe("");
      await stack.up(program(values, { wait: false }));
      expect(valuesAt(stack, appId)).toEqual(values);
    });
  },
);
