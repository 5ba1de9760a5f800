// The environment of a command travels beside its recorded description. A program may give it up; `ignoreChanges` may not take it away.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { host, type ResourceOptions } from "./host.js";
import { openStack, type Program, sync, valuesAt } from "./stack.js";

const script = 'console.log(JSON.stringify({ A: process.env.TOKEN ?? "without" }))';
const exec = (env?: Properties) => ({ type: "exec", command: [process.execPath, "-e", script], ...(env && { env }) });

async function openShop() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const declare = (source: Properties, options: ResourceOptions = {}): Program => {
    const declared = sync("web", {}, { destination: { appId } });
    return [{ ...declared, args: { ...declared.args, source: [source] }, options }];
  };
  expect((await stack.up(declare(exec({ TOKEN: "one" })))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ A: "one" });
  return { stack, appId, declare };
}

test("a program that gives the environment up has the command started without it", async () => {
  const { stack, appId, declare } = await openShop();
  for (const kind of ["preview", "up"] as const) expect((await stack[kind](declare(exec()))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ A: "without" });
});

test("`ignoreChanges` takes the environment from no command: it stays, or the sync is refused", async () => {
  const { stack, appId, declare } = await openShop();
  for (const kind of ["preview", "up"] as const) {
    const { problems } = await stack[kind](declare(exec({ TOKEN: "one" }), { ignoreChanges: ["source"] }));
    if (host.name === "dynamic") expect(problems).toBe("");
    else expect(problems).toMatch(/^source\.ignored: source: ignoreChanges keeps the recorded source/);
  }
  expect(valuesAt(stack, appId)).toEqual({ A: "one" });
});
