// A write whose answer is lost: nothing is sent again before a look, and nothing where nobody knows.

import { describe, expect, test } from "vitest";
import { lost, never, oneApp, openWrites, set, unconfirmed, usual } from "./open-write.js";

const { shop, target, write, newest, valueOf } = openWrites();

describe("a write whose answer is lost", () => {
  test("is looked for at once, and its deployment is named by that look", async () => {
    shop.ocean.variant.deploymentList = "lags";
    shop.ocean.faults.add(lost);
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app/deployments"]);
    expect(shop.clock.sleeps).toEqual([]);
  });

  test("is looked for three times within four seconds, and sent once more", async () => {
    shop.ocean.faults.add(never);
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app", "GET app", ...usual]);
    expect(shop.clock.sleeps).toEqual([1_000, 3_000]);
  });

  test("that arrives late is not sent again", async () => {
    shop.ocean.faults.add(never);
    let looks = 0;
    shop.ocean.onRequest({ method: "GET", path: oneApp, times: Infinity }, () => {
      looks += 1;
      if (looks === 4)
        shop.ocean.editConsole(shop.appId, (spec) =>
          spec.envs?.push({ key: "A", value: "1", type: "SECRET", scope: "RUN_TIME" }),
        );
    });
    expect((await write(set("A", "1"))).calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
    expect(valueOf("A")).toBe("1");
  });

  test("twice is not sent a third time", async () => {
    shop.ocean.faults.add({ ...never, match: { method: "PUT", times: Infinity } });
    await expect(write(set("A", "1"))).rejects.toThrow(unconfirmed);
    expect(shop.ocean.counts()["PUT /v2/apps/{id}"]).toBe(2);
  });

  test.each([403, 404, 500])("is not sent again blindly: looks that end in %d", async (status) => {
    shop.ocean.faults.add(never);
    shop.ocean.onRequest({ method: "PUT" }, () => {
      shop.ocean.faults.add({ match: { method: "GET", times: Infinity }, status });
    });
    await expect(write(set("A", "1"))).rejects.toThrow(unconfirmed);
    expect(shop.ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test("of which a half is there is somebody else's doing, and nothing is sent again", async () => {
    shop.ocean.faults.add(never);
    shop.ocean.onRequest({ method: "PUT" }, () => {
      shop.ocean.editConsole(shop.appId, (spec) => spec.envs?.push({ key: "A", value: "theirs", scope: "RUN_TIME" }));
    });
    await expect(write(set("A", "1"), set("B", "1"))).rejects.toThrow(unconfirmed);
    expect(shop.ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test("is not given up for a look that fails", async () => {
    shop.ocean.faults.add(lost);
    shop.ocean.onRequest(
      { method: "PUT" },
      () => void shop.ocean.faults.add({ match: { method: "GET" }, status: 403 }),
    );
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app", "GET app/deployments"]);
  });

  test("is not proved by the half of it that shows, where the other half may look as before", async () => {
    shop.ocean.variant.resubmittedSecret = "kept";
    await write(set("A", "1"));
    shop.ocean.settle(shop.appId);
    shop.ocean.resetCounts();
    shop.ocean.faults.add(lost);
    await expect(write(set("A", "1"), set("B", "2"))).rejects.toThrow(unconfirmed);
    expect(shop.ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test("of a readable value that looks as before is proved by what shows", async () => {
    await write(set("A", "1", "GENERAL"));
    shop.ocean.settle(shop.appId);
    shop.ocean.faults.add(lost);
    expect(await write(set("A", "1", "GENERAL"), set("B", "2"))).toMatchObject({ changed: true });
  });

  test("of a secret that is put back as it stands is proved by what shows", async () => {
    await write(set("A", "1"));
    shop.ocean.settle(shop.appId);
    const prior = target().remember(await target().observe({ fresh: true }), { slot: "app", key: "A" });
    shop.ocean.faults.add(lost);
    const edit = { action: "restore", slot: "app", key: "A", prior } as const;
    expect(await write(edit, set("B", "2"))).toMatchObject({ changed: true, deploymentId: newest() });
  });

  test("of a secret that may look as before is sent once more", async () => {
    shop.ocean.variant.resubmittedSecret = "kept";
    await write(set("A", "1"));
    shop.ocean.settle(shop.appId);
    shop.ocean.resetCounts();
    shop.ocean.faults.add(never);
    expect(await write(set("A", "1"))).toMatchObject({ changed: false });
    expect(shop.ocean.counts()["PUT /v2/apps/{id}"]).toBe(2);
  });
});
