// A name beside an id: the id leads, and the name is checked, as people write it for those who read the program.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { openStack, puts, sync, valuesAt } from "./stack.js";

async function scene() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const values = { A: stack.secret("a") };
  return { stack, appId, values, by: (destination: Properties) => [sync("web", values, { destination })] };
}

test("an app by id and by its own name is written to, and leaving either of them out moves nothing", async () => {
  const { stack, appId, values, by } = await scene();
  expect((await stack.up(by({ appId, appName: "shop" }))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual(values);
  for (const destination of [{ appId }, { appName: "shop" }, { appId, appName: "shop" }]) {
    const preview = await stack.preview(by(destination));
    expect([preview.problems, preview.steps.map(({ op }) => op).filter((op) => op === "replace")]).toEqual(["", []]);
    expect(puts(await stack.up(by(destination)))).toBe(0);
  }
});

test("an app of another name than the one beside its id is refused before anything is written, and both names are said", async () => {
  const { stack, appId, by } = await scene();
  stack.cloud.createApp({ name: "store", services: [{ name: "web" }] });
  const said = `destination.wrong_name: app ${appId} is called "shop", not "store"; set appName: "shop", leave it out, or correct appId`;
  expect((await stack.preview(by({ appId, appName: "store" }))).problems.trim()).toBe(said);
  const run = await stack.up(by({ appId, appName: "store" }));
  expect(run.problems).toContain(said);
  expect(puts(run)).toBe(0);
});

test("an app renamed since is told in the next preview, while a refresh and a destroy go on by id", async () => {
  const { stack, appId, by } = await scene();
  await stack.up(by({ appId, appName: "shop" }));
  stack.cloud.editConsole(appId, (spec) => void (spec.name = "store"));
  stack.cloud.settle(appId);
  expect((await stack.preview(by({ appId, appName: "shop" }))).problems).toContain('is called "store", not "shop"');
  expect((await stack.refresh()).problems).toBe("");
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({});
});

test("a name beside an id that is not known yet waits for the app", async () => {
  const { stack, by } = await scene();
  expect((await stack.preview(by({ appId: unknownValue, appName: "not-there-yet" }))).problems).toBe("");
});
