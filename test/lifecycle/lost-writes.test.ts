// A write that got lost on its way: what was ours before it stays ours.

import { expect, test } from "vitest";
import { openStack, type Program, type Run, said, type Stack, sync, valuesAt } from "./stack.js";

interface Shop {
  readonly stack: Stack;
  readonly appId: string;
  readonly program: (values: object, scope: string, syncOptions?: object) => Program;
}

function openShop(stack: Stack): Shop {
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    envs: [{ key: "FOREIGN", value: "f" }],
    services: [{ name: "web" }],
  });
  const program = (values: object, scope: string, syncOptions = {}) => [
    sync("web", values, { destination: { appId, scope }, syncOptions }),
  ];
  return { stack, appId, program };
}

/** The PUT never arrives, or its answer does not, and no look is possible afterwards. */
async function lose(
  { stack }: Pick<Shop, "stack">,
  program: Program,
  how: "on its way" | "on its way back",
): Promise<Run> {
  const { faults } = stack.cloud;
  const stop = stack.cloud.onRequest({ method: "PUT" }, () => {
    faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
  });
  const match = { method: "PUT", times: Infinity };
  faults.add(how === "on its way" ? { match, resetBefore: true } : { match, resetAfter: true });
  const run = await stack.up(program);
  stop();
  faults.clear();
  expect(run.problems).toContain("write.unconfirmed");
  return run;
}

const ways = ["on its way", "on its way back"] as const;

test.for(ways)("a key whose change of settings is lost %s goes with its sync", async (how) => {
  const shop = openShop(await openStack());
  const { stack, appId, program } = shop;
  await stack.up(program({ A: "1", B: "2" }, "RUN_TIME"));
  await lose(shop, program({ A: "1", B: "2" }, "RUN_AND_BUILD_TIME"), how);
  const end = await stack.destroy();
  expect(end.problems).toBe("");
  expect(said(end)).not.toMatch(/left in place/);
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test.for(ways)("a key whose change of settings is lost %s goes when it leaves the source", async (how) => {
  const shop = openShop(await openStack());
  const { stack, appId, program } = shop;
  await stack.up(program({ A: "1", B: "2" }, "RUN_TIME"));
  await lose(shop, program({ A: "1", B: "2" }, "RUN_AND_BUILD_TIME"), how);
  expect((await stack.up(program({ A: "1" }, "RUN_AND_BUILD_TIME"))).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", A: "1" });
});

test.for([...ways])("a key whose changes are lost twice, the first one %s, goes with its sync", async (how) => {
  const shop = openShop(await openStack());
  const { stack, appId, program } = shop;
  await stack.up(program({ A: "1", B: "2" }, "RUN_TIME"));
  await lose(shop, program({ A: "1", B: "2" }, "RUN_AND_BUILD_TIME"), how);
  await lose(shop, program({ A: "1", B: "2" }, "BUILD_TIME"), "on its way");
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("a key that somebody changes after the loss is left to them", async () => {
  const shop = openShop(await openStack());
  const { stack, appId, program } = shop;
  await stack.up(program({ A: "1", B: "2" }, "RUN_TIME"));
  await lose(shop, program({ A: "1", B: "2" }, "RUN_AND_BUILD_TIME"), "on its way");
  stack.cloud.editConsole(appId, (spec) => {
    for (const env of spec.envs ?? []) if (env.key === "A") Object.assign(env, { value: "theirs", type: "GENERAL" });
  });
  stack.cloud.settle(appId);
  const end = await stack.destroy();
  expect(said(end)).toMatch(/app\/A: .*somebody else has changed it since/);
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", A: "theirs" });
});

test("an adoption that is lost twice leaves the original alone when the sync goes", async () => {
  const shop = openShop(await openStack());
  const { stack, appId, program } = shop;
  const syncOptions = { adoptExisting: ["FOREIGN"], onDestroy: "delete" };
  const wanted = { FOREIGN: stack.secret("ours") };
  for (const scope of ["RUN_TIME", "RUN_AND_BUILD_TIME"])
    await lose(shop, program(wanted, scope, syncOptions), "on its way");
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("a component that is renamed after a loss takes its keys along", async () => {
  const { stack, appId } = openShop(await openStack());
  const program = (component: string, scope: string) => [
    sync("web", { A: "1", B: "2" }, { destination: { appId, components: [component], scope } }),
  ];
  await stack.up(program("web", "RUN_TIME"));
  await lose({ stack }, program("web", "RUN_AND_BUILD_TIME"), "on its way");
  stack.cloud.editConsole(appId, (spec) => {
    for (const service of spec.services ?? []) service.name = "site";
  });
  stack.cloud.settle(appId);
  const run = await stack.up(program("site", "RUN_AND_BUILD_TIME"));
  expect(run.problems).toBe("");
  expect(valuesAt(stack, appId, "site")).toEqual({ A: "1", B: "2" });
});

test.for([
  { way: "on its way", fault: { resetBefore: true }, stands: "new" },
  { way: "on its way back", fault: { resetAfter: true }, stands: "1" },
])("a key whose restoration after a failed deployment is lost $way goes with its sync", async ({ fault, stands }) => {
  const { stack, appId } = openShop(await openStack());
  const { faults } = stack.cloud;
  const program = (value: string, syncOptions = {}): Program => [
    sync("web", { A: value, B: "2" }, { destination: { appId, deployment: { onFailure: "restore" } }, syncOptions }),
  ];
  await stack.up(program("1"));
  stack.cloud.failNextDeployment(appId, { step: "deploy" });
  const stop = stack.cloud.onRequest({ method: "PUT", nth: 2 }, () => {
    faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
  });
  faults.add({ match: { method: "PUT", nth: 2, times: Infinity }, ...fault });
  expect((await stack.up(program("new"))).problems).toContain(
    "it is not known whether the earlier entries were restored",
  );
  stop();
  faults.clear();
  stack.cloud.settle(appId);
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", A: stands, B: "2" });
  const end = await stack.destroy();
  expect([end.problems, valuesAt(stack, appId)]).toEqual(["", { FOREIGN: "f" }]);
  expect(said(end)).not.toMatch(/left in place/);
});

test("a key whose first write is lost on its way is added by the next run, and is no drift", async () => {
  const shop = openShop(await openStack());
  const { stack, appId, program } = shop;
  await lose(shop, program({ A: "1", B: "2" }, "RUN_TIME"), "on its way");
  const refreshed = await stack.refresh();
  expect([refreshed.problems, stack.outputs("web")["drift"]]).toEqual([
    "",
    ["app/A is not confirmed: not there", "app/B is not confirmed: not there"],
  ]);
  const next = program({ A: "1" }, "RUN_TIME");
  const preview = await stack.preview(next);
  expect(said(preview)).toContain(
    "  + app/A (SECRET RUN_TIME)\n  . app/B: has left the source, and its write was never seen at the destination",
  );
  expect(said(preview)).not.toMatch(/drift|gone from/);
  expect(preview.steps).toMatchObject([{ op: "update" }]);
  expect((await stack.up(next)).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", A: "1" });
});
