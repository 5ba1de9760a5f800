// The deployment that is followed after a write is ours, and "succeeded" is only said of what runs.

import { describe, expect, test } from "vitest";
import { puts } from "../lifecycle/stack.js";
import { codesOf } from "./law.js";
import type { End } from "./platform.js";
import { openSynced, release } from "./scene.js";
import type { Race, Shop, Words } from "./shop.js";

const oneApp = /\/v2\/apps\/[\w-]+$/;
const ends = ["ACTIVE", "ERROR", "ROLLED_BACK", "CANCELED"] as const satisfies readonly End[];

const outputsOf = ({ stack }: Shop) => stack.outputs("shop");

/** What the vendor shows of ours beside a deployment that somebody started between our look and our write, and that goes on. */
interface Showing {
  /** Whether the answer of the PUT names ours as well. */
  readonly isNamed: boolean;
  /** How many looks after the PUT show the other one, too. */
  readonly looks: number;
}

/** Somebody deploys right before our write. @returns the race, and how to learn the id of their deployment */
function deployBefore(shop: Shop, { isNamed, looks }: Showing): { race: Race; theirs: () => string } {
  const { cloud, appId } = shop;
  const theirs = () => cloud.deployments(appId).findLast(({ cause }) => cause === "manual")?.id ?? "";
  const show = (body: Record<string, unknown>, isOursShown: boolean) => {
    const app = body["app"] as Record<string, unknown>;
    const own = app["pending_deployment"] ?? app["in_progress_deployment"];
    app["in_progress_deployment"] = { id: theirs(), phase: "DEPLOYING", spec: app["spec"] };
    if (isOursShown) app["pending_deployment"] = own;
    else delete app["pending_deployment"];
  };
  cloud.faults.add({ match: { method: "PUT", path: oneApp }, edit: (body) => show(body, isNamed) });
  const stop = cloud.onAnswer({ method: "PUT" }, () => {
    stop();
    cloud.faults.add({
      match: { path: new RegExp(`/deployments/${theirs()}$`), times: Infinity },
      edit: (body) => void ((body["deployment"] as Record<string, unknown>)["phase"] = "ACTIVE"),
    });
    const match = { method: "GET", path: oneApp, times: looks };
    if (looks > 0) cloud.faults.add({ match, edit: (body) => show(body, true) });
  });
  return { race: { at: "write", act: () => shop.redeploy("OPEN_ACTIVE") }, theirs };
}

describe.each([
  { what: "which the PUT names beside another one", isNamed: true, looks: 0 },
  { what: "which PUT and look name beside another one", isNamed: true, looks: 1 },
  { what: "which the PUT conceals behind another one", isNamed: false, looks: 0 },
  { what: "which only the next look names", isNamed: false, looks: 1 },
])("our deployment, $what,", (showing) => {
  test.each(["ERROR", "ROLLED_BACK"] as const)("is the one that is followed to its failure (%s)", async (end) => {
    const shop = await openSynced();
    const { race, theirs } = deployBefore(shop, showing);
    const run = await shop.up({ KEY: "two" }, { end, race });
    expect(run.problems).toMatch(/deployment\.failed: /);
    expect(run.problems).toContain(run.started.at(-1));
    expect(run.problems).not.toContain(theirs());
    expect(outputsOf(shop)).toMatchObject({ syncStatus: "written-not-live", lastDeploymentId: run.started.at(-1) });
  });

  test("is the one that is followed until it is live", async () => {
    const shop = await openSynced();
    const { race } = deployBefore(shop, showing);
    const run = await shop.up({ KEY: "two" }, { race });
    expect(run.problems).toBe("");
    expect(outputsOf(shop)).toMatchObject({ syncStatus: "succeeded", lastDeploymentId: run.started.at(-1) });
    expect(shop.running()).toEqual({ KEY: "two" });
    expect(puts(run)).toBe(1);
  });
});

test.each(["ERROR", "ROLLED_BACK", "CANCELED"] as const)(
  "a deployment of somebody else that replaces ours carries our values, and its end (%s) is the end of ours",
  async (ending) => {
    const shop = await openSynced();
    const stop = shop.cloud.onRequest({ method: "GET", path: /\/deployments\/[\w-]+$/ }, async () => {
      stop();
      await shop.store(release("v2"), `OPEN_${ending}`);
    });
    const run = await shop.up({ KEY: "two" });
    expect(codesOf(run)).toEqual([ending === "CANCELED" ? "deployment.cancelled" : "deployment.failed"]);
    expect(outputsOf(shop)["syncStatus"]).toBe("written-not-live");
    expect(puts(await shop.up({ KEY: "two" }))).toBe(1);
    expect(shop.running()).toEqual({ KEY: "two" });
    expect(shop.facts()).toMatchObject({ tag: "v2" });
  },
);

describe("succeeded is only said of what runs", () => {
  const changes: ReadonlyArray<{ change: string; words: Words }> = [
    { change: "a new value", words: { KEY: "two", OTHER: "one" } },
    { change: "a new key", words: { KEY: "one", OTHER: "one", NEW: "one" } },
    { change: "a key less", words: { KEY: "one" } },
    { change: "a key less and a new value", words: { KEY: "two" } },
  ];
  const cases = changes.flatMap((one) => ends.flatMap((end) => [true, false].map((wait) => ({ ...one, end, wait }))));

  test.each(cases)("after $change whose deployment ends in $end (wait: $wait)", async ({ words, end, wait }) => {
    const shop = await openSynced({ KEY: "one", OTHER: "one" });
    const order = { deployment: { wait } };
    for (const moment of [{ end }, {}, {}]) {
      await shop.up(words, { ...order, ...moment });
      if (outputsOf(shop)["syncStatus"] === "succeeded") expect(shop.running()).toEqual(words);
      expect(shop.ours()).toEqual(words);
      shop.pass();
    }
    expect(shop.running()).toMatchObject(words);
  });

  test.each(["ERROR", "ROLLED_BACK", "CANCELED"] as const)(
    "a key that was removed and runs on (%s) is brought down by the next run, or said to run on",
    async (end) => {
      const shop = await openSynced({ RETIRED: "one", KEY: "one" });
      const run = await shop.up({ KEY: "one" }, { end });
      expect(codesOf(run)).toEqual([end === "CANCELED" ? "deployment.cancelled" : "deployment.failed"]);
      expect(outputsOf(shop)["syncStatus"]).toBe("written-not-live");
      await shop.up({ KEY: "one" });
      expect(outputsOf(shop)["syncStatus"] === "succeeded").toBe(shop.running()["RETIRED"] === undefined);
    },
  );
});
