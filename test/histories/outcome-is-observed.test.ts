// What became of a write is seen and not assumed: live is what stands in the active deployment, and all else is "stored, not live".

import { describe, expect, test } from "vitest";
import { puts, type Run, said } from "../lifecycle/stack.js";
import { expectQuiet, open, openSynced, release } from "./scene.js";
import type { Order, Shop, Words } from "./shop.js";

/** Ways in which an answer names no deployment (terraform-provider-digitalocean#1477, doctl#1143, superplane#3593). */
const silences = [
  { silence: "absent", pending: undefined },
  { silence: "null", pending: null },
  { silence: "an empty object", pending: {} },
  { silence: "without an id", pending: { id: "" } },
] as const;
const oneApp = /\/v2\/apps\/[\w-]+$/;
const failures = ["ERROR", "ROLLED_BACK"] as const;

const statusOf = ({ stack }: Shop) => stack.outputs("shop")["syncStatus"];

/** Answers of this kind speak of no deployment that is under way. */
function silence(shop: Shop, { pending, method, times }: { pending: unknown; method?: string; times?: number }): void {
  shop.cloud.faults.add({
    match: { path: oneApp, times: times ?? 1, ...(method === undefined ? {} : { method }) },
    edit: (body) => {
      const app = body["app"] as Record<string, unknown>;
      delete app["in_progress_deployment"];
      app["pending_deployment"] = pending;
    },
  });
}

function expectTold(preview: Run, key: string): void {
  expect(preview.problems).toBe("");
  expect(said(preview)).toMatch(new RegExp(`app/${key}\\b.*(?:not in the running deployment|not live)`));
  expect(preview.steps).toMatchObject([{ op: "update" }]);
}

/** The next preview tells the key, the next update brings it there with one write, and the one after that does nothing. */
async function expectHealed(shop: Shop, words: Words, order: Order = {}): Promise<void> {
  for (const key of Object.keys(words)) expectTold(await shop.preview(words, order), key);
  const up = await shop.up(words, order);
  expect(up.problems).toBe("");
  expect(puts(up)).toBe(1);
  shop.pass();
  expect(shop.running()).toEqual(words);
  await expectSettled(shop, words, order);
}

/** Nothing is left to do. What nobody waited for is no reason for an update: a refresh writes down that it went live. */
async function expectSettled(shop: Shop, words: Words, order: Order): Promise<void> {
  const next = await shop.up(words, order);
  expect([next.problems, puts(next)]).toEqual(["", 0]);
  if (order.deployment?.["wait"] === false) {
    expect(next.steps).toMatchObject([{ op: "same" }]);
    await shop.stack.refresh();
  }
  expect(statusOf(shop)).toBe("succeeded");
  expect((await shop.preview(words, order)).steps).toMatchObject([{ op: "same" }]);
}

/** It went live by itself: nothing is told, nothing is written, and it is recorded. */
async function expectFoundLive(shop: Shop, words: Words, order: Order = {}): Promise<void> {
  expect(said(await shop.preview(words, order))).not.toMatch(/app\//);
  await expectSettled(shop, words, order);
}

describe.each(silences)("a PUT whose answer names no deployment ($silence)", ({ pending }) => {
  test.each(failures)("is followed: a failure (%s) is told, recorded and healed", async (end) => {
    const shop = await openSynced();
    silence(shop, { pending, method: "PUT" });
    const run = await shop.up({ KEY: "two" }, { end });
    expect(run.problems).toMatch(/deployment\.failed: /);
    expect(run.problems).toContain(run.started.at(-1));
    expect(statusOf(shop)).toBe("written-not-live");
    expect(shop.stack.outputs("shop")["lastDeploymentId"]).toBe(run.started.at(-1));
    await expectHealed(shop, { KEY: "two" });
  });

  test("is followed until it is live", async () => {
    const shop = await open();
    silence(shop, { pending, method: "PUT" });
    const run = await shop.up({ KEY: "one" });
    expect([run.problems, statusOf(shop)]).toEqual(["", "succeeded"]);
    expect(shop.running()).toEqual({ KEY: "one" });
    await expectQuiet(shop, { KEY: "one" });
  });

  test("is followed in a destroy, and a failure is said", async () => {
    const shop = await openSynced();
    silence(shop, { pending, method: "PUT" });
    const run = await shop.destroy({ end: "ERROR" });
    expect(run.problems).toBe("");
    expect(said(run)).toMatch(/deployment\.failed: /);
    expect(shop.ours()).toEqual({});
  });

  test("is not called live where every look is as silent", async () => {
    const shop = await openSynced();
    silence(shop, { pending, times: Infinity });
    await shop.up({ KEY: "two" });
    // Whoever finds it elsewhere may have followed it.
    if (shop.running()["KEY"] !== "two") expect(statusOf(shop)).not.toBe("succeeded");
    shop.cloud.faults.clear();
    shop.pass();
    const up = await shop.up({ KEY: "two" });
    expect([up.problems, puts(up), statusOf(shop)]).toEqual(["", 0, "succeeded"]);
  });
});

describe("without wait", () => {
  const order: Order = { deployment: { wait: false } };

  test("a run ends well and says nothing of what is not seen yet", async () => {
    const shop = await open();
    const run = await shop.up({ KEY: "one" }, order);
    expect([run.problems, puts(run), statusOf(shop)]).toEqual(["", 1, "written-not-live"]);
    shop.pass();
    expect(shop.running()).toEqual({ KEY: "one" });
    await expectFoundLive(shop, { KEY: "one" }, order);
  });

  test.each([...failures, "CANCELED"] as const)("a deployment that ends later (%s) is told and healed", async (end) => {
    const shop = await openSynced();
    expect((await shop.up({ KEY: "two" }, { ...order, end })).problems).toBe("");
    shop.pass();
    await expectHealed(shop, { KEY: "two" }, order);
  });

  test.each(failures)("a deployment that ends later (%s) is recorded by a refresh", async (end) => {
    const shop = await openSynced();
    await shop.up({ KEY: "two" }, { ...order, end });
    shop.pass();
    expect((await shop.stack.refresh()).problems).toBe("");
    expect(statusOf(shop)).toBe("written-not-live");
    await expectHealed(shop, { KEY: "two" }, order);
  });

  test("a deployment that is still under way is not written again", async () => {
    const shop = await openSynced();
    await shop.up({ KEY: "two" }, order);
    const run = await shop.up({ KEY: "two" }, order);
    expect([run.problems, puts(run)]).toEqual(["", 0]);
    shop.pass();
    expect(shop.running()).toEqual({ KEY: "two" });
  });

  test("a write that starts no deployment because nothing changed is live", async () => {
    const shop = await openSynced();
    const run = await shop.up({ KEY: "one" }, order);
    expect([run.problems, puts(run), statusOf(shop)]).toEqual(["", 0, "succeeded"]);
  });
});

describe("a state that calls live what is not", () => {
  /** As a run recorded it that did not look. */
  async function believe(end: "ERROR" | "ROLLED_BACK"): Promise<Shop> {
    const shop = await openSynced();
    await shop.up({ KEY: "two" }, { end });
    for (const [urn, resource] of shop.stack.state) {
      const outputs = { ...resource.outputs, syncStatus: "succeeded" };
      shop.stack.state.set(urn, { ...resource, outputs, initErrors: [] });
    }
    return shop;
  }

  test.each(failures)("is corrected by a refresh (%s)", async (end) => {
    const shop = await believe(end);
    await shop.stack.refresh();
    expect(statusOf(shop)).toBe("written-not-live");
    await expectHealed(shop, { KEY: "two" });
  });

  test.each(failures)("is seen through by the preview and healed by the update (%s)", async (end) => {
    const shop = await believe(end);
    expect(shop.running()).toEqual({ KEY: "one" });
    await expectHealed(shop, { KEY: "two" });
  });

  test("is left alone while a deployment is under way that brings it", async () => {
    const shop = await believe("ERROR");
    await shop.store(release("v2"), "OPEN_ACTIVE");
    const run = await shop.up({ KEY: "two" });
    expect([run.problems, puts(run)]).toEqual(["", 0]);
    shop.pass();
    expect(shop.running()).toEqual({ KEY: "two" });
  });
});

describe("a deployment that takes longer than the run waits", () => {
  const order: Order = { deployment: { timeoutSeconds: 2 } };

  async function giveUp(end: "ACTIVE" | "ERROR" | "ROLLED_BACK"): Promise<Shop> {
    const shop = await openSynced({ KEY: "one" });
    shop.cloud.holdDeployments();
    const run = await shop.up({ KEY: "two" }, { ...order, end });
    expect(run.problems).toMatch(/deployment\.timeout: /);
    expect(statusOf(shop)).toBe("written-not-live");
    shop.cloud.release();
    shop.pass();
    return shop;
  }

  test.each(failures)("and fails then (%s) is told and healed", async (end) => {
    const shop = await giveUp(end);
    expect(shop.running()).toEqual({ KEY: "one" });
    await expectHealed(shop, { KEY: "two" }, order);
  });

  test("and goes live then is found so: nothing is written, and the run says unchanged", async () => {
    const shop = await giveUp("ACTIVE");
    expect(shop.running()).toEqual({ KEY: "two" });
    await expectFoundLive(shop, { KEY: "two" }, order);
  });
});

describe("a run that was killed after its write", () => {
  /** State is what it was before. */
  async function kill(shop: Shop, words: Words, order: Order): Promise<void> {
    const before = [...shop.stack.state];
    await shop.up(words, order);
    shop.stack.state.clear();
    for (const [urn, resource] of before) shop.stack.state.set(urn, resource);
  }

  test.each(["ACTIVE", "ERROR", "ROLLED_BACK", "CANCELED"] as const)(
    "and whose deployment ended in %s is made up for by the next one",
    async (end) => {
      const shop = await openSynced();
      await kill(shop, { KEY: "two" }, { end });
      expect((await shop.preview({ KEY: "two" })).steps).toMatchObject([{ op: "update" }]);
      const run = await shop.up({ KEY: "two" });
      expect([run.problems, statusOf(shop)]).toEqual(["", "succeeded"]);
      expect(shop.running()).toEqual({ KEY: "two" });
      await expectQuiet(shop, { KEY: "two" });
    },
  );

  test("and whose deployment is still under way is made up for by the next one", async () => {
    const shop = await openSynced();
    await kill(shop, { KEY: "two" }, { deployment: { wait: false } });
    const run = await shop.up({ KEY: "two" });
    expect([run.problems, statusOf(shop)]).toEqual(["", "succeeded"]);
    expect(shop.running()).toEqual({ KEY: "two" });
  });
});
