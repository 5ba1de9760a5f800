// Answers to a PUT that show less than the truth: the app as it was before, or a write that changes nothing.

import { describe, expect, test } from "vitest";
import { openStack, puts, said, sync } from "../lifecycle/stack.js";
import { SWITCHES } from "../emulators/digitalocean/index.js";
import { codesOf } from "./law.js";
import { expectDone, expectQuiet, openSynced, release, theirsAnd, untouched } from "./scene.js";

const outputsOf = ({ stack }: Awaited<ReturnType<typeof openSynced>>) => stack.outputs("shop");

describe.each(SWITCHES.putAnswer.flatMap((putAnswer) => SWITCHES.pendingInPut.map((shown) => ({ putAnswer, shown }))))(
  "an answer that shows the $putAnswer app, and our deployment $shown,",
  ({ putAnswer, shown }) => {
    const options = { emulator: { variant: { putAnswer, pendingInPut: shown } } };

    test.each(["OPEN_ACTIVE", "OPEN_ERROR", "ACTIVE", "ERROR"] as const)(
      "hides nobody who stored a release right before our write (%s)",
      async (ending) => {
        const shop = await openSynced({ KEY: "one" }, options);
        const race = { at: "write", act: () => shop.store(release("v2"), ending) } as const;
        expectDone(shop, await shop.up({ KEY: "two" }, { race }), { writes: 2, ours: { KEY: "two" } });
        expect(shop.facts()).toEqual({ ...untouched, tag: "v2", theirs: theirsAnd("THEIRS_V2") });
        await expectQuiet(shop, { KEY: "two" });
      },
    );

    test("hides nobody whose deployment waits to begin", async () => {
      const shop = await openSynced({ KEY: "one" }, options);
      const act = async () => {
        shop.cloud.holdDeployments("PENDING_BUILD");
        await shop.store(release("v2"), "OPEN_ACTIVE");
        shop.cloud.onAnswer({ method: "PUT" }, () => shop.cloud.release());
      };
      const run = await shop.up({ KEY: "two" }, { race: { at: "write", act } });
      expectDone(shop, run, { writes: 2, ours: { KEY: "two" } });
      expect(shop.facts()).toEqual({ ...untouched, tag: "v2", theirs: theirsAnd("THEIRS_V2") });
      await expectQuiet(shop, { KEY: "two" });
    });

    test("is no reason to follow another deployment than ours", async () => {
      const shop = await openSynced({ KEY: "one" }, options);
      const run = await shop.up({ KEY: "two" }, { end: "ERROR" });
      expect(codesOf(run)).toEqual(["deployment.failed"]);
      expect(outputsOf(shop)).toMatchObject({ lastDeploymentId: run.started.at(-1), syncStatus: "written-not-live" });
    });
  },
);

describe("a platform that keeps the ciphertext of a secret that is sent again", () => {
  const kept = { emulator: { variant: { resubmittedSecret: "kept" } } } as const;

  test.each(["ERROR", "ROLLED_BACK", "CANCELED"] as const)(
    "starts no deployment for a value that did not go live (%s), and the run says so, whenever it is asked",
    async (end) => {
      const shop = await openSynced({ KEY: "one" }, kept);
      await shop.up({ KEY: "two" }, { end });
      for (const again of [1, 2]) {
        const run = await shop.up({ KEY: "two" });
        expect(codesOf(run), `run ${again}`).toEqual(["deployment.stale"]);
        expect(outputsOf(shop)["syncStatus"]).toBe("written-not-live");
        expect(puts(run)).toBeLessThanOrEqual(1);
      }
      await shop.redeploy();
      expectDone(shop, await shop.up({ KEY: "two" }), { writes: 0, ours: { KEY: "two" } });
      expect(shop.running()).toEqual({ KEY: "two" });
      expect(outputsOf(shop)["syncStatus"]).toBe("succeeded");
      await expectQuiet(shop, { KEY: "two" });
    },
  );

  test("brings it live together with a value that does change", async () => {
    const shop = await openSynced({ KEY: "one", OTHER: "one" }, kept);
    await shop.up({ KEY: "two", OTHER: "one" }, { end: "ERROR" });
    expectDone(shop, await shop.up({ KEY: "two", OTHER: "two" }), { writes: 1, ours: { KEY: "two", OTHER: "two" } });
    expect(shop.running()).toEqual({ KEY: "two", OTHER: "two" });
  });

  test("brings it live where a PUT without effect deploys all the same", async () => {
    const variant = { resubmittedSecret: "kept", unchangedPut: "deployed" } as const;
    const shop = await openSynced({ KEY: "one" }, { emulator: { variant } });
    await shop.up({ KEY: "two" }, { end: "ERROR" });
    const run = await shop.up({ KEY: "two" });
    expectDone(shop, run, { writes: 1, ours: { KEY: "two" } });
    expect(said(run)).not.toContain("stale");
    expect(shop.running()).toEqual({ KEY: "two" });
  });

  test("is not mended by the failed deployment, which the platform's own rollback lies in front of", async () => {
    const stack = await openStack({ variant: { resubmittedSecret: "kept", rollbackAfterFailure: true } });
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const values = { KEY: stack.secret("one") };
    const program = () => [sync("shop", values, { destination: { appId } })];
    expect((await stack.up(program())).problems).toBe("");
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    values.KEY = stack.secret("two");
    expect(codesOf(await stack.up(program()))).toEqual(["deployment.failed"]);
    stack.cloud.settle(appId);
    expect(codesOf(await stack.up(program()))).toEqual(["deployment.stale"]);
  });
});
