// Days on which a key could be lost without anybody noticing, each found once by a reviewer.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { openStack, puts, said, sync, urnOf, valuesAt } from "./stack.js";

async function openShop() {
  const stack = await openStack();
  const envs = [{ key: "FOREIGN", value: "f" }];
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }, { name: "api" }] });
  return { stack, appId, keys: () => Object.keys(valuesAt(stack, appId)).sort() };
}

const overwriting = { initialSyncBehavior: "overwrite-destination" };

test("a prune leaves the keys of a disabled sync alone", async () => {
  const { stack, appId, keys } = await openShop();
  const own = { B1: stack.secret("b1") };
  await stack.up([sync("b", own, { destination: { appId } })]);
  const sweeping = sync("a", { A: stack.secret("a") }, { destination: { appId }, syncOptions: overwriting });
  const run = await stack.up([sync("b", own, { destination: { appId }, isEnabled: false }), sweeping]);
  expect(run.problems).toBe("");
  expect(keys()).toEqual(["A", "B1"]);
});

test("a prune leaves the retained keys of another sync alone", async () => {
  const { stack, appId, keys } = await openShop();
  const rest = { destination: { appId }, syncOptions: { disableSecretDeletion: true } };
  const [b1, b2] = [stack.secret("b1"), stack.secret("b2")];
  await stack.up([sync("b", { B1: b1, B2: b2 }, rest)]);
  await stack.up([sync("b", { B1: b1 }, rest)]);
  const sweeping = sync("a", { A: stack.secret("a") }, { destination: { appId }, syncOptions: overwriting });
  expect((await stack.up([sync("b", { B1: b1 }, rest), sweeping])).problems).toBe("");
  expect(keys()).toEqual(["A", "B1", "B2"]);
});

test("state of a newer version is refused, not forgotten", async () => {
  const { stack, appId, keys } = await openShop();
  const program = [sync("b", { B1: stack.secret("b1") }, { destination: { appId } })];
  await stack.up(program);
  const urn = urnOf("secret-sync", "b");
  const kept = stack.resource("b");
  const record = JSON.stringify({ ...(JSON.parse(String(kept.outputs["record"])) as Properties), format: 3 });
  stack.state.set(urn, { ...kept, outputs: { ...kept.outputs, record } });
  for (const run of [await stack.preview(program), await stack.refresh(), await stack.destroy()]) {
    expect(run.problems).toContain("state.newer");
  }
  expect(keys()).toEqual(["B1", "FOREIGN"]);
});

test("a key schema that changed while the sync was disabled renames, and removes nothing by surprise", async () => {
  const { stack, appId } = await openShop();
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const program = (isEnabled: boolean, keySchema: string) => [
    sync("b", values, { destination: { appId }, isEnabled, syncOptions: { keySchema } }),
  ];
  await stack.up(program(true, "X_{{secretKey}}"));
  await stack.up(program(false, "Y_{{secretKey}}"));
  expect((await stack.preview(program(true, "Y_{{secretKey}}"))).problems).toBe("");
});

test("after entries were put back the preview names the key that up will write", async () => {
  const { stack, appId } = await openShop();
  const destination = { appId, deployment: { onFailure: "restore" } };
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  await stack.up([sync("b", values, { destination })]);
  const next = [sync("b", { ...values, A: stack.secret("next") }, { destination })];
  stack.cloud.failNextDeployment(appId, { step: "deploy" });
  expect((await stack.up(next)).problems).toContain("deployment.failed");
  expect(said(await stack.preview(next))).toMatch(/~ app\/A: new value/);
});

test("a first run whose entries were put back still overwrites the destination the next time, and no later run does", async () => {
  const { stack, appId, keys } = await openShop();
  const destination = { appId, deployment: { onFailure: "restore" } };
  const program = [sync("b", { B: stack.secret("b") }, { destination, syncOptions: overwriting })];
  stack.cloud.failNextDeployment(appId, { step: "deploy" });
  expect((await stack.up(program)).problems).toContain("deployment.failed");
  expect(keys()).toEqual(["FOREIGN"]);
  expect((await stack.up(program)).problems).toBe("");
  expect(keys()).toEqual(["B"]);
  stack.cloud.editConsole(appId, (spec) => void spec.envs?.push({ key: "LATER", value: "x", scope: "RUN_TIME" }));
  expect((await stack.up(program)).problems).toBe("");
  expect(keys()).toEqual(["B", "LATER"]);
});

test.each([422, 429, 503])("a merge that ends in %d keeps what was written in state", async (status) => {
  const { stack, appId } = await openShop();
  const add = () =>
    stack.cloud.editConsole(appId, (spec) => void spec.envs?.push({ key: "THEIRS", value: "t", scope: "RUN_TIME" }));
  stack.cloud.onRequest({ method: "PUT" }, () => void add());
  stack.cloud.faults.add({
    match: { method: "PUT", nth: 2, times: Infinity },
    status,
    ...(status === 429 ? { retryAfter: 5000 } : {}),
  });
  const run = await stack.up([sync("b", { A: stack.secret("a") }, { destination: { appId } })]);
  expect(run.problems).toMatch(/write\.unmerged: .* compare the specs of the two deployments/);
  expect(stack.outputs("b")["managedKeys"]).toEqual(["A"]);
});

test("a lost write is not taken for done because a person touched one of its keys", async () => {
  const { stack, appId } = await openShop();
  const program = (values: Record<string, string>) => [sync("b", values, { destination: { appId } })];
  await stack.up(program({ A: stack.secret("a"), B: stack.secret("b") }));
  const next = { A: stack.secret("a2"), B: stack.secret("b2") };
  const edit = () =>
    stack.cloud.editConsole(appId, (spec) => {
      for (const env of spec.envs ?? []) if (env.key === "A") env.value = "by-hand";
    });
  stack.cloud.onRequest({ method: "PUT" }, () => void edit());
  stack.cloud.faults.add({ match: { method: "PUT" }, resetBefore: true });
  await stack.up(program(next));
  const again = await stack.up(program(next));
  expect(again.problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ FOREIGN: "f", ...next });
});

test("destroy says which keys it forgets when the app cannot be seen", async () => {
  const { stack, appId } = await openShop();
  await stack.up([sync("b", { A: stack.secret("a") }, { destination: { appId } })]);
  const body = { id: "not_found", message: "not found" };
  stack.cloud.faults.add({ match: { path: /./, times: Infinity }, status: 404, body });
  expect(said(await stack.destroy())).toMatch(/1 key of this sync forgotten, not removed/);
});

test("an adoption that never arrived leaves the original alone when the sync goes", async () => {
  const { stack, appId, keys } = await openShop();
  const adopting = { destination: { appId }, syncOptions: { adoptExisting: ["FOREIGN"] } };
  stack.cloud.faults.add({ match: { method: "PUT", times: Infinity }, resetBefore: true });
  const run = await stack.up([sync("b", { FOREIGN: stack.secret("ours") }, adopting)]);
  expect(run.problems).toContain("write.unconfirmed");
  stack.cloud.faults.clear();
  expect((await stack.destroy()).problems).toBe("");
  expect(keys()).toEqual(["FOREIGN"]);
  expect(valuesAt(stack, appId)["FOREIGN"]).toBe("f");
});

test("a pinned app is told in the preview when drift is the only reason to write", async () => {
  const { stack, appId } = await openShop();
  const program = [sync("b", { A: stack.secret("a") }, { destination: { appId } })];
  await stack.up(program);
  stack.cloud.editConsole(appId, (spec) => {
    for (const env of spec.envs ?? []) if (env.key === "A") env.value = "by-hand";
  });
  stack.cloud.settle(appId);
  stack.cloud.pin(appId);
  const preview = await stack.preview(program);
  expect(preview.problems).toContain("destination.pinned");
  expect(puts(preview)).toBe(0);
});
