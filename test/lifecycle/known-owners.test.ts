// What a sync knows of the others, whether their turn in the run comes later or is over: state says what they own, or owned before.

import { describe, expect, test } from "vitest";
import { openStack, type Program, puts, said, type Stack, sync, valuesAt } from "./stack.js";

const crowds = [1, 2, undefined];

async function openShop(parallel: number | undefined): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  if (parallel !== undefined) stack.parallel = parallel;
  const envs = [{ key: "FOREIGN", value: "f" }];
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] });
  return { stack, appId };
}

describe.each(crowds)("the first run of overwrite-destination, --parallel %s", (parallel) => {
  const beside = { Y: "1", Z: "2" };

  async function openCrowd() {
    const { stack, appId } = await openShop(parallel);
    const all = (syncOptions: object = {}, rest: object = {}): Program => [
      sync("x", { X: "1" }, { destination: { appId }, syncOptions: { initialSyncBehavior, ...syncOptions }, ...rest }),
      sync("y", beside, { destination: { appId } }),
    ];
    expect((await stack.up(all().slice(1))).problems).toBe("");
    return { stack, appId, all };
  }
  const initialSyncBehavior = "overwrite-destination";

  test("leaves what a sync owns that comes after it, as its preview says", async () => {
    const { stack, appId, all } = await openCrowd();
    const preview = said(await stack.preview(all()));
    expect(preview).toContain("overwrite-destination removes 1 key that this sync did not write:\n  app/FOREIGN");
    const run = await stack.up(all());
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 1, { X: "1", ...beside }]);
  });

  test("that a failed run has begun leaves it, too", async () => {
    const { stack, appId, all } = await openCrowd();
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    expect((await stack.up(all({ deletionLimit: 9 }))).problems).toMatch(/deployment\.failed/);
    expect((await stack.up(all())).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ X: "1", ...beside });
  });

  test("of a sync that was disabled until now leaves it, too", async () => {
    const { stack, appId, all } = await openCrowd();
    expect((await stack.up(all({}, { isEnabled: false }))).problems).toBe("");
    expect(said(await stack.preview(all()))).not.toMatch(/app\/[YZ]: not in the source/);
    const run = await stack.up(all());
    expect([run.problems, puts(run), valuesAt(stack, appId)]).toEqual(["", 1, { X: "1", ...beside }]);
  });
});

describe.each(crowds)("a key that another sync has taken over in an earlier run, --parallel %s", (parallel) => {
  const keep = { disableSecretDeletion: true };

  async function taken() {
    const { stack, appId } = await openShop(parallel);
    const one = (name: string, values: object, syncOptions: object = {}) =>
      sync(name, values, { destination: { appId }, syncOptions: { adoptExisting: ["K"], ...syncOptions } });
    await stack.up([one("giver", { S: "1", K: "k" }, keep), one("taker", { T: "2" })]);
    await stack.up([one("giver", { S: "1" }, keep), one("taker", { T: "2" })]);
    const program = [one("giver", { S: "1" }, keep), one("taker", { T: "2", K: "new" })];
    expect((await stack.up(program)).problems).toBe("");
    return { stack, appId, program };
  }

  test("is no change from outside for the sync that has kept it", async () => {
    const { stack, program } = await taken();
    const run = await stack.up(program);
    expect(said(run)).toBe(
      "app/K: now belongs to another sync of this program; only state changes, and nothing is written",
    );
    expect(run.steps.map(({ op }) => op)).toEqual(["update", "same"]);
    expect(stack.outputs("giver")["managedKeys"]).toEqual(["S"]);
    expect((await stack.up(program)).steps.map(({ op }) => op)).toEqual(["same", "same"]);
  });

  test("is one if somebody has changed it since", async () => {
    const { stack, appId, program } = await taken();
    stack.cloud.editConsole(appId, ({ envs = [] }) => {
      for (const env of envs) if (env.key === "K") env.value = "theirs";
    });
    stack.cloud.settle(appId);
    expect(said(await stack.preview(program))).toContain(
      "app/K: has left the source, but somebody else has changed it",
    );
  });
});

describe.each(crowds)("a key that two syncs may have written, --parallel %s", (parallel) => {
  /** The first write of the giver is lost on its way, or both write the same readable value. */
  async function written(how: "unconfirmed" | "readable") {
    const { stack, appId } = await openShop(parallel);
    const { cloud } = stack;
    const variableType = how === "readable" ? "GENERAL" : "SECRET";
    const one = (name: string, values: object, syncOptions: object = {}) =>
      sync(name, values, {
        destination: { appId, variableType },
        syncOptions: { adoptExisting: ["K"], ...syncOptions },
      });
    const blind = () => void cloud.faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
    const stop = how === "readable" ? () => undefined : cloud.onRequest({ method: "PUT" }, blind);
    if (how === "unconfirmed") cloud.faults.add({ match: { method: "PUT", times: Infinity }, resetAfter: true });
    await stack.up([one("giver", { S: "1", K: "k" })]);
    stop();
    cloud.faults.clear();
    cloud.settle(appId);
    const taker = one("taker", { T: "2", K: how === "readable" ? "k" : "new" });
    const taken = [one("giver", { S: "1" }, { disableSecretDeletion: true }), taker];
    expect((await stack.up(taken)).problems).toBe("");
    return { stack, appId, one, giver: one("giver", { S: "1" }), taker };
  }

  test.each(["unconfirmed", "readable"] as const)("stays with the one that wants it (%s)", async (how) => {
    const { stack, appId, giver, taker } = await written(how);
    expect(said(await stack.preview([giver, taker]))).not.toMatch(/app\/K: has left/);
    const run = await stack.up([giver, taker]);
    expect([run.problems, puts(run), valuesAt(stack, appId)["K"]]).toEqual(["", 0, how === "readable" ? "k" : "new"]);
    expect(stack.outputs("giver")["managedKeys"]).toEqual(["S"]);
  });

  test.each(["unconfirmed", "readable"] as const)("goes if neither wants it any longer (%s)", async (how) => {
    const { stack, appId, one, giver } = await written(how);
    expect((await stack.up([giver, one("taker", { T: "2" })])).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", S: "1", T: "2" });
    expect([stack.outputs("giver")["managedKeys"], stack.outputs("taker")["managedKeys"]]).toEqual([["S"], ["T"]]);
  });
});

test.each([
  { parallel: 1, replace: undefined },
  { parallel: 1, replace: "targeted" },
  { parallel: undefined, replace: undefined },
] as const)("a key of a sync that has just moved away keeps its origin: %j", async ({ parallel, replace }) => {
  const { stack, appId } = await openShop(parallel);
  const envs = [{ key: "FOREIGN", value: "other" }];
  const { id: other } = stack.cloud.createApp({ name: "other", envs, services: [{ name: "web" }] });
  const one = (name: string, at: string, values: object) =>
    sync(name, values, { destination: { appId: at }, syncOptions: { adoptExisting: ["FOREIGN", "K"] } });
  expect((await stack.up([one("a", appId, { FOREIGN: "1", K: "2" })])).problems).toBe("");
  const moved = { ...one("a", other, { FOREIGN: "1", K: "2" }), ...(replace && { options: { replace } }) };
  const run = await stack.up([moved, one("b", appId, { FOREIGN: "3", K: "4" })]);
  expect([run.problems, stack.outputs("b")["adoptedKeys"]]).toEqual(["", ["FOREIGN"]]);
  expect((await stack.destroy()).problems).toBe("");
  expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{ FOREIGN: "f" }, { FOREIGN: "other" }]);
});

test.for([
  { parallel: 1, variableType: "GENERAL" },
  { parallel: 1, variableType: "SECRET" },
  { parallel: 2, variableType: "SECRET" },
])("a key ($variableType) of a sync that has just moved away keeps its origin if state cannot be read", async (how) => {
  const { stack, appId } = await openShop(how.parallel);
  const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
  const one = (name: string, at: string, values: object) => {
    const destination = { appId: at, variableType: how.variableType };
    return sync(name, values, { destination, syncOptions: { adoptExisting: ["FOREIGN", "K"] } });
  };
  stack.isReadable = false;
  await stack.up([one("a", appId, { FOREIGN: "1", K: "2", X: "3" })]);
  const run = await stack.up([one("a", other, { X: "3" }), one("b", appId, { FOREIGN: "new", K: "new" })]);
  expect([run.problems, stack.outputs("b")["adoptedKeys"]]).toEqual(["", ["FOREIGN"]]);
  await stack.destroy();
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f" });
});

describe("a key that stays when its sync leaves the program, and that the other one has given up", () => {
  const stays = '1 key stays at shop, as onDestroy "retain" says: K';

  /** A serial run in which only the taker has its turn: its write has no answer, and the giver still records the key. */
  async function givenUp() {
    const { stack, appId } = await openShop(1);
    const { cloud } = stack;
    const one = (name: string, values: object) =>
      sync(name, values, { destination: { appId }, syncOptions: { adoptExisting: ["K"], onDestroy: "retain" } });
    expect((await stack.up([one("taker", {}), one("giver", { K: "2" })])).problems).toBe("");
    const stop = cloud.onRequest({ method: "PUT" }, () => {
      cloud.faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
    });
    cloud.faults.add({ match: { method: "PUT", times: Infinity }, resetAfter: true });
    expect((await stack.up([one("taker", { K: "3" }), one("giver", {})])).problems).toContain("write.unconfirmed");
    stop();
    cloud.faults.clear();
    cloud.settle(appId);
    return { stack, appId, one };
  }

  test("is named, if the other one takes note in the same run", async () => {
    const { stack, appId, one } = await givenUp();
    const run = await stack.up([one("giver", {})]);
    expect([run.problems, valuesAt(stack, appId)["K"]]).toEqual(["", "3"]);
    expect([stack.outputs("giver")["managedKeys"], said(run)]).toEqual([[], expect.stringContaining(stays)]);
  });

  test.each(crowds)("is named, if the other one goes as well, --parallel %s", async (parallel) => {
    const { stack, appId } = await givenUp();
    stack.parallel = parallel;
    const run = await stack.destroy();
    expect([run.problems, valuesAt(stack, appId)["K"]]).toEqual(["", "3"]);
    expect(said(run).split("\n")).toContain(stays);
  });
});
