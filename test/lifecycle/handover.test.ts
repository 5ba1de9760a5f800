// Keys that go from one sync to another: who owns them when the other one is refused or fails, and what a destroy does then.

import { describe, expect, test } from "vitest";
import { openStack, type Program, said, type Stack, sync, valuesAt } from "./stack.js";

interface Shop {
  readonly stack: Stack;
  readonly appId: string;
  readonly one: (name: string, values: object, adoptExisting?: readonly string[]) => ReturnType<typeof sync>;
}

async function openShop(): Promise<Shop> {
  const stack = await openStack();
  const envs = [{ key: "FOREIGN", value: "f" }];
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] });
  const one = (name: string, values: object, adoptExisting: readonly string[] = []) =>
    sync(name, values, { destination: { appId }, syncOptions: { adoptExisting } });
  return { stack, appId, one };
}

test.for([
  { title: "may not adopt it", taken: { K: "new" }, adopt: [] },
  { title: "may adopt it, and meets somebody else's key", taken: { K: "new", FOREIGN: "new" }, adopt: ["K"] },
])("a key stays with the sync that gives it up while the one that claims it $title", async ({ taken, adopt }) => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { K: "1", X: "2" })]);
  for (const program of [
    [one("a", { X: "2" }), one("b", taken, adopt)],
    [one("b", taken, adopt), one("a", { X: "2" })],
  ]) {
    const run = await stack.up(program);
    expect(run.problems).toMatch(/^conflict\.exists/);
    expect(stack.outputs("a")["managedKeys"]).toEqual(["K", "X"]);
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", K: "1", X: "2" });
    const back = await stack.up([one("a", { K: "1", X: "2" })]);
    expect(back.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", K: "1", X: "2" });
  }
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test.for([
  { what: "may adopt it", options: { adoptExisting: ["K"] }, goes: true },
  { what: "replaces all that it finds", options: { initialSyncBehavior: "overwrite-destination" }, goes: true },
  { what: "may take nothing over", options: { initialSyncBehavior: "merge" }, goes: false },
])("a key that a sync gives up goes in the same run to a new one that $what: $goes", async ({ options, goes }) => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { K: "1", X: "2" })]);
  const taker = sync("b", { K: "new" }, { destination: { appId }, syncOptions: options });
  const run = await stack.up([taker, one("a", { X: "2" })]);
  expect(said(run)).toContain(
    goes
      ? "app/K: now belongs to another sync of this program"
      : 'app/K: has left the source, kept because the sync "b" claims it and cannot take it over',
  );
  expect(stack.outputs("a")["managedKeys"]).toEqual(goes ? ["X"] : ["K", "X"]);
});

test("a key that no sync claims any longer is removed by the sync that kept it", async () => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { K: "1", X: "2" })]);
  const refused = [one("b", { K: "new" }), one("a", { X: "2" })];
  expect(said(await stack.preview(refused))).toContain(
    'app/K: has left the source, kept because the sync "b" claims it and cannot take it over',
  );
  await stack.up(refused);
  const next = await stack.up([one("a", { X: "2" })]);
  expect(next.problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", X: "2" });
});

test("a key stays with its sync while the one that claims it would remove more than it may", async () => {
  const { stack, one } = await openShop();
  const limit = (values: object) => {
    const { args, ...rest } = one("b", values);
    return { ...rest, args: { ...args, syncOptions: { adoptExisting: ["K"], deletionLimit: 0 } } };
  };
  await stack.up([one("a", { K: "1", X: "2" }), limit({ Y: "3" })]);
  const program = [limit({ K: "new" }), one("a", { X: "2" })];
  const preview = await stack.preview(program);
  expect(preview.problems).toMatch(/^deletion\.limit/);
  expect(said(preview)).toContain(
    'app/K: has left the source, kept because the sync "b" claims it and cannot take it over',
  );
});

test.for(["giver", "taker"])("a key that was handed over goes with its new sync, %s first", async (first) => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { K: "1", X: "2" })]);
  const program = [one("a", { X: "2" }), one("b", { K: "new" }, ["K"])];
  expect((await stack.up(first === "giver" ? program : program.toReversed())).problems).toBe("");
  expect(stack.outputs("b")["adoptedKeys"]).toEqual([]);
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("a key that was adopted and handed over is given back as it was found", async () => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { FOREIGN: "1", X: "2" }, ["FOREIGN"])]);
  expect((await stack.up([one("a", { X: "2" }), one("b", { FOREIGN: "new" }, ["FOREIGN"])])).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "new", X: "2" });
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("a key that somebody changed before it was handed over goes back to them", async () => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { K: "1", X: "2" })]);
  stack.cloud.editConsole(appId, (spec) => {
    for (const env of spec.envs ?? []) if (env.key === "K") Object.assign(env, { value: "theirs", type: "GENERAL" });
  });
  stack.cloud.settle(appId);
  expect((await stack.up([one("a", { X: "2" }), one("b", { K: "new" }, ["K"])])).problems).toBe("");
  await stack.destroy();
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", K: "theirs" });
});

test.for([
  { variableType: "GENERAL", scope: "RUN_TIME" },
  { variableType: "SECRET", scope: "RUN_AND_BUILD_TIME" },
])("a key ($variableType $scope) whose takeover is lost on its way goes with its new sync", async (settings) => {
  const { stack, appId } = await openShop();
  const { faults } = stack.cloud;
  const one = (name: string, values: object, more: object) =>
    sync(name, values, { destination: { appId, ...more }, syncOptions: { adoptExisting: ["K"] } });
  await stack.up([one("a", { K: "1", X: "2" }, settings)]);
  const stop = stack.cloud.onRequest({ method: "PUT" }, () => {
    faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
  });
  faults.add({ match: { method: "PUT", times: Infinity }, resetBefore: true });
  const run = await stack.up([one("a", { X: "2" }, settings), one("b", { K: "new" }, {})]);
  expect(run.problems).toContain("write.unconfirmed");
  stop();
  faults.clear();
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("a sync that has kept a key no longer owns it once another one has taken it", async () => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { K: "1", X: "2" })]);
  await stack.up([one("a", { X: "2" }), one("b", { K: "new" })]);
  const program = [one("b", { K: "new" }, ["K"]), one("a", { X: "2" })];
  const run = await stack.up(program);
  expect(run.problems).toBe("");
  expect(said(run)).toContain("app/K: now belongs to another sync of this program");
  expect(stack.outputs("a")["managedKeys"]).toEqual(["X"]);
  expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }, { op: "same" }]);
  await stack.destroy();
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test.for([{ counts: true }, { counts: false }])(
  "a resource that was renamed without an alias keeps the origin of its keys (the program counts its syncs: $counts)",
  async ({ counts }) => {
    const { stack, appId, one } = await openShop();
    const values = { FOREIGN: "1", K: "2" };
    await stack.up([one("a", values, ["FOREIGN"])]);
    Object.assign(stack, { counts });
    const renamed = await stack.up([one("b", values, ["FOREIGN", "K"])]);
    expect(renamed.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual(values);
    expect(stack.outputs("b")["adoptedKeys"]).toEqual(["FOREIGN"]);
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  },
);

test("a sync that takes keys over in a serial run before the other one is planned keeps their origin", async () => {
  const { stack, appId, one } = await openShop();
  stack.parallel = 1;
  await stack.up([one("a", { FOREIGN: "1", K: "2", X: "3", Y: "4" }, ["FOREIGN"]), one("b", { B: "5" })]);
  const program = [one("b", { B: "5", FOREIGN: "1", K: "new" }, ["FOREIGN", "K"]), one("a", { X: "3", Y: "4" })];
  stack.lookUps = 0;
  expect((await stack.up(program)).problems).toBe("");
  expect(stack.lookUps).toBe(1);
  expect(stack.outputs("b")["adoptedKeys"]).toEqual(["FOREIGN"]);
  await stack.destroy();
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("a key that a serial run removes before it knows the sync that claims it keeps its origin", async () => {
  const { stack, appId, one } = await openShop();
  stack.parallel = 1;
  await stack.up([one("a", { FOREIGN: "1", K: "2", X: "3", Y: "4", Z: "5" }, ["FOREIGN"])]);
  const program = [one("a", { X: "3", Y: "4", Z: "5" }), one("b", { FOREIGN: "new", K: "new" })];
  expect((await stack.up(program)).problems).toBe("");
  expect(stack.outputs("b")["adoptedKeys"]).toEqual(["FOREIGN"]);
  expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }, { op: "same" }]);
  await stack.destroy();
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("a sync that takes keys over while the other one is still reading its sources keeps their origin", async () => {
  const { stack, appId, one } = await openShop();
  const slow = { type: "exec", command: ["sh", "-c", "sleep 1; echo '{}'"] };
  const giving = (values: object) => {
    const { args, ...rest } = one("a", values, ["FOREIGN"]);
    return { ...rest, args: { ...args, source: [slow, args["source"]] } };
  };
  const before = [one("b", { B: "1" }), giving({ X: "2", Y: "3", Z: "4", K: "5", FOREIGN: "6" })];
  expect((await stack.up(before)).problems).toBe("");
  const after = [one("b", { B: "1", K: "7", FOREIGN: "8" }, ["K", "FOREIGN"]), giving({ X: "2", Y: "3", Z: "4" })];
  expect((await stack.up(after)).problems).toBe("");
  expect(stack.outputs("b")["adoptedKeys"]).toEqual(["FOREIGN"]);
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

test("another sync's state from a newer version stops no other sync", async () => {
  const { stack, appId, one } = await openShop();
  await stack.up([one("a", { K: "1" }), one("b", { B: "2" })]);
  for (const [urn, kept] of stack.state)
    if (urn.endsWith("::a")) stack.state.set(urn, { ...kept, outputs: { ...kept.outputs, record: '{"format":99}' } });
  await stack.up([one("b", { B: "2", FOREIGN: "1" }, ["FOREIGN"])]);
  expect(stack.outputs("b")["managedKeys"]).toEqual(["B", "FOREIGN"]);
  expect(valuesAt(stack, appId)).toEqual({ B: "2", FOREIGN: "1", K: "1" });
});

describe("a key whose new sync fails", () => {
  const refused = { match: { method: "PUT" }, status: 400, body: { id: "bad", message: "no" } };

  const orders = ["giver", "taker"] as const;
  const sort = (first: (typeof orders)[number], program: Program) =>
    first === "giver" ? program : program.toReversed();

  test.for(orders)(
    "stays with its sync if the other one owns a key of that name elsewhere, %s first",
    async (first) => {
      const { stack, appId, one } = await openShop();
      const at = (destination: object) => sync("b", { K: "b" }, { destination: { appId, ...destination } });
      await stack.up([one("a", { K: "1", X: "2" }), at({ components: ["web"] })]);
      const run = await stack.up(sort(first, [one("a", { X: "2" }), at({})]));
      expect(run.problems).toMatch(/conflict\./);
      expect(stack.outputs("a")["managedKeys"]).toEqual(["K", "X"]);
      await stack.destroy();
      expect([valuesAt(stack, appId), valuesAt(stack, appId, "web")]).toEqual([{ FOREIGN: "f" }, {}]);
    },
  );

  test.for(orders)("stays with its sync when the write is refused, %s first", async (first) => {
    const { stack, appId, one } = await openShop();
    await stack.up([one("a", { K: "1", X: "2" })]);
    stack.cloud.faults.add(refused);
    const run = await stack.up(sort(first, [one("a", { X: "2" }), one("b", { K: "new" }, ["K"])]));
    expect(run.problems).toMatch(/destination\.rejected/);
    expect(stack.outputs("a")["managedKeys"]).toEqual(["K", "X"]);
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  });

  test.for(orders)("is the new one's when a failed deployment brings it back, %s first", async (first) => {
    const { stack, appId, one } = await openShop();
    const rest = { X: "2", Y: "3", Z: "4" };
    await stack.up([one("a", { K: "1", ...rest, FOREIGN: "ours" }, ["FOREIGN"])]);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    const destination = { appId, deployment: { onFailure: "restore" } };
    const syncOptions = { adoptExisting: ["K", "FOREIGN"] };
    const b = sync("b", { K: "new", FOREIGN: "new" }, { destination, syncOptions });
    const program = sort(first, [one("a", rest, ["FOREIGN"]), b]);
    expect((await stack.up(program)).problems).toMatch(/deployment\.failed.*the earlier entries were restored/);
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "ours", K: "1", ...rest });
    expect(stack.outputs("b")).toMatchObject({ managedKeys: ["FOREIGN", "K"], adoptedKeys: ["FOREIGN"] });
    expect((await stack.preview(program)).problems).toBe("");
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  });

  test("stays with its sync when the new one comes after it, and is refused", async () => {
    const { stack, appId, one } = await openShop();
    stack.parallel = 2;
    await stack.up([one("x", { X: "1" }), one("a", { K: "1", Y: "2" })]);
    const program = (more: object) => [
      one("x", { X: "2" }),
      one("a", { Y: "2" }),
      one("b", { K: "new", ...more }, ["K"]),
    ];
    expect((await stack.up(program({ FOREIGN: "no" }))).problems).toMatch(/conflict\.exists: app\/FOREIGN/);
    expect(stack.outputs("a")["managedKeys"]).toEqual(["K", "Y"]);
    expect((await stack.up(program({}))).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", K: "new", X: "2", Y: "2" });
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  });

  test("goes with its sync in a run that continues on errors", async () => {
    const { stack, appId, one } = await openShop();
    await stack.up([one("a", { K: "1", X: "2" })]);
    stack.cloud.faults.add(refused);
    const run = await stack.up([one("b", { K: "1", X: "2" }, ["K", "X"])], { continueOnError: true });
    expect(run.problems).toMatch(/destination\.rejected/);
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  });
});

describe("a key that was already gone when another sync created it", () => {
  const at = (appId: string, name: string) =>
    sync(name, { K: "1" }, { destination: { appId, variableType: "GENERAL", scope: "RUN_TIME" } });

  test("stays when the sync that had it is destroyed", async () => {
    const { stack, appId } = await openShop();
    await stack.up([at(appId, "a")]);
    stack.cloud.editConsole(appId, (spec) => (spec.envs = (spec.envs ?? []).filter(({ key }) => key !== "K")));
    stack.cloud.settle(appId);
    const run = await stack.up([at(appId, "b")]);
    expect([run.problems, said(run)]).toEqual(["", expect.not.stringMatching(/removed/)]);
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", K: "1" });
    await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
  });

  test("stays when the write of the leaving sync was lost", async () => {
    const { stack, appId } = await openShop();
    const { faults } = stack.cloud;
    const stop = stack.cloud.onRequest({ method: "PUT" }, () => {
      faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
    });
    faults.add({ match: { method: "PUT", times: Infinity }, resetBefore: true });
    expect((await stack.up([at(appId, "a")])).problems).toContain("write.unconfirmed");
    stop();
    faults.clear();
    expect((await stack.up([at(appId, "b")])).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", K: "1" });
  });
});
