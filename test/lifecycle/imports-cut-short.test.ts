// A first import on a bad day: it fails half-way, somebody else writes in between, the source is a blank template.

import { expect, test } from "vitest";
import { general, ok, program, shop } from "./import-shop.js";
import { said, valuesAt } from "./stack.js";

test.each([
  ["goes on", []],
  ["that is disabled then goes on once it is enabled,", [false]],
] as const)(
  "a first run that was undone after its deployment failed %s with what it may take over",
  async (_how, between) => {
    const { stack, appId, text } = await shop((world) => [general("A", world.secret("a"))], "B=2\n");
    const value = stack.cloud.app(appId).spec.envs?.[0]?.value ?? "";
    stack.cloud.settle(appId);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    const destination = { deployment: { onFailure: "restore" }, variableType: "SECRET" };
    const given = program(appId, "import-prioritize-source", { destination });
    expect((await stack.up(given)).problems).toMatch(/retrying may help|restored/);
    expect(valuesAt(stack, appId)).toEqual({ A: value });
    for (const isEnabled of between)
      await ok(stack.up(given.map((one) => ({ ...one, args: { ...one.args, isEnabled } }))));
    await ok(stack.up(given));
    expect(valuesAt(stack, appId)).toEqual({ A: value, B: "2" });
    expect(await text()).toBe(`B=2\nA=${value}\n`);
    expect((await ok(stack.preview(given))).steps).toMatchObject([{ op: "same" }]);
  },
);

test("a value that somebody changes between the write of the source and that of the app is not overwritten", async () => {
  const { stack, appId, text } = await shop(() => [general("A", "old")], "B=2\n");
  const thirdLook = { method: "GET", path: /^\/v2\/apps\/[^/]+$/, nth: 3 };
  stack.cloud.onRequest(thirdLook, () => {
    stack.cloud.editConsole(appId, (spec) => void (spec.envs = [general("A", "newer")]));
  });
  const given = program(appId, "import-prioritize-destination");
  const run = await stack.up(given);
  expect(run.problems).toMatch(/import\.changed: app\/A has changed at the destination since it was imported/);
  expect(valuesAt(stack, appId)).toEqual({ A: "newer" });
  stack.cloud.settle(appId);
  await ok(stack.up(given));
  expect(valuesAt(stack, appId)).toEqual({ A: "newer", B: "2" });
  expect(await text()).toBe("B=2\nA=newer\n");
});

test("a blank in a template is filled in, and does not wipe what stands at the app", async () => {
  const { stack, appId, text } = await shop((world) => [general("A", world.secret("real"))], "A=\n");
  const value = stack.cloud.app(appId).spec.envs?.[0]?.value ?? "";
  const given = program(appId, "import-prioritize-source");
  expect(said(await ok(stack.preview(given)))).toMatch(/\^ A: will replace the value in the file source/);
  await ok(stack.up(given));
  expect(valuesAt(stack, appId)).toEqual({ A: value });
  expect(await text()).toBe(`A=${value}\n`);
});

test("a refresh that may not look says so in the drift, until somebody has looked again", async () => {
  const { stack, appId } = await shop(() => [], "A=1\n");
  const given = program(appId, "import-prioritize-source");
  await ok(stack.up(given));
  const { DIGITALOCEAN_TOKEN: token } = stack.environment;
  stack.environment["DIGITALOCEAN_TOKEN"] = "revoked";
  const refused = await ok(stack.refresh());
  expect(said(refused)).toMatch(/could not be read, so its drift is unknown/);
  expect(stack.outputs("web")["drift"]).toEqual(["not seen: the destination refuses the token (http.unauthorized)"]);
  stack.environment["DIGITALOCEAN_TOKEN"] = token;
  await ok(stack.refresh());
  expect(stack.outputs("web")["drift"]).toEqual([]);
});
