// The first update after `pulumi import` fails half-way: what it has not written is not the sync's yet. The plugin alone can import.

import { describe, expect, test } from "vitest";
import { host } from "./host.js";
import { openStack, said, sync, valuesAt } from "./stack.js";

async function undone() {
  const stack = await openStack();
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const envs = [{ key: "B", value: "theirs", type: "SECRET" as const, scope: "RUN_TIME" as const }];
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }], envs });
  expect((await stack.import("web", `digital-ocean-app-platform/${appId}`)).problems).toBe("");
  const program = (given: object) => [
    sync("web", given, { destination: { appId, deployment: { onFailure: "restore" } } }),
  ];
  stack.cloud.failNextDeployment(appId, { step: "deploy" });
  expect((await stack.up(program(values))).problems).toContain("the earlier entries were restored");
  stack.cloud.settle(appId);
  expect(valuesAt(stack, appId)).toEqual({ B: "theirs" });
  return { stack, appId, program, values };
}

// Skipped with the dynamic provider, which cannot import.
describe.runIf(host.name === "plugin")("a key that was imported, and whose first write was undone,", () => {
  test("stays as it was when the program gives it up", async () => {
    const { stack, appId, program, values } = await undone();
    const run = await stack.up(program({ A: values.A }));
    expect([run.problems, said(run)]).toEqual(["", expect.not.stringContaining("app/B")]);
    expect(valuesAt(stack, appId)).toEqual({ A: values.A, B: "theirs" });
  });

  test("stays as it was when the sync is destroyed, or disabled and then without it", async () => {
    const { stack, appId, program, values } = await undone();
    const [declared] = program({ A: values.A });
    if (declared === undefined) throw new Error("no program");
    await stack.up([{ ...declared, args: { ...declared.args, isEnabled: false } }]);
    expect((await stack.up([declared])).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ A: values.A, B: "theirs" });
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ B: "theirs" });
  });

  test("is taken over by the next run without being named, and given back", async () => {
    const { stack, appId, program, values } = await undone();
    expect((await stack.up(program(values))).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual(values);
    expect((await stack.up(program(values))).steps.map(({ op }) => op)).toEqual(["same"]);
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ B: "theirs" });
  });
});
