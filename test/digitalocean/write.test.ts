// What one write costs and says: when an answer is proof, when the app is looked at, and when everything is planned anew.

import { beforeEach, describe, expect, test } from "vitest";
import type { Variant } from "../emulators/digitalocean/index.js";
import { oneApp, openWrites, remove, set, usual } from "./open-write.js";

const { shop, target, write, newest, valueOf } = openWrites();

describe("a write that is answered", () => {
  test("costs one PUT and one list, and names the deployment that it started", async () => {
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, yielded: false, deploymentId: newest(), calls: usual });
    expect(valueOf("A")).toBe("1");
    expect(receipt.problem).toBeUndefined();
    expect(
      target()
        .read(receipt.snapshot, "salt")
        .map(({ key }) => key),
    ).toEqual(["THEIRS", "A"]);
    expect(receipt.snapshot.targetId).toBe(shop.appId);
  });

  test("costs nothing where it would change nothing", async () => {
    await write(set("A", "1", "GENERAL"));
    shop.ocean.settle(shop.appId);
    expect(await write(set("A", "1", "GENERAL"), remove("NONE"))).toMatchObject({
      changed: false,
      yielded: false,
      calls: [],
    });
  });

  test("takes the last of several edits of one place", async () => {
    await write(set("A", "1"), set("B", "1"), remove("A"), set("B", "2"));
    expect([valueOf("A"), valueOf("B")]).toEqual([undefined, "2"]);
  });

  test("is proof where the platform keeps the ciphertext of a secret that is sent again", async () => {
    shop.ocean.variant.resubmittedSecret = "kept";
    await write(set("A", "1"));
    shop.ocean.settle(shop.appId);
    expect(await write(set("A", "1"), set("B", "2"))).toMatchObject({
      changed: true,
      deploymentId: newest(),
      calls: usual,
    });
    shop.ocean.settle(shop.appId);
    const again = await write(set("A", "1"));
    expect(again).toMatchObject({ changed: false, deploymentId: undefined, yielded: false });
    expect(again.calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  test.each<[string, Partial<Variant>]>([
    ["the spec of before", { putAnswer: "old-spec" }],
    ["the app of before", { putAnswer: "old-app" }],
  ])("with %s is looked for once more", async (_what, variant) => {
    Object.assign(shop.ocean.variant, variant);
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app/deployments"]);
    expect(shop.clock.sleeps).toEqual([]);
  });

  test("without a deployment is named by the list, and where that lags by another look", async () => {
    shop.ocean.variant.pendingInPut = "left-out";
    expect(await write(set("A", "1"))).toMatchObject({ deploymentId: newest(), calls: usual });
    shop.ocean.settle(shop.appId);
    shop.ocean.variant.deploymentList = "lags";
    expect(await write(set("A", "2"))).toMatchObject({ deploymentId: newest(), calls: [...usual, "GET app"] });
  });

  test("is none the less where nobody may list deployments", async () => {
    shop.ocean.faults.add({ match: { path: /deployments$/, times: Infinity }, status: 403 });
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest(), calls: usual });
    expect(receipt.problem).toBeUndefined();
  });

  const hide = (times: number) => {
    shop.ocean.variant.putAnswer = "old-app";
    const edit = (body: Record<string, unknown>) => ((body["app"] as { spec: object }).spec = { name: "shop" });
    shop.ocean.onRequest(
      { method: "PUT" },
      () => void shop.ocean.faults.add({ match: { path: oneApp, nth: 2, times }, edit }),
    );
  };

  test("and is not seen at once is looked for again", async () => {
    hide(1);
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app", "GET app/deployments"]);
    expect(shop.clock.sleeps).toEqual([1_000]);
  });

  test("and is never seen is not sent again: the platform has taken it", async () => {
    hide(Infinity);
    await expect(write(set("A", "1"))).rejects.toMatchObject({ code: "write.unconfirmed" });
    expect(shop.ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test("and has replaced somebody's change names their deployment, and says where its own is not listed", async () => {
    shop.ocean.variant.pendingInPut = "left-out";
    let theirs: string | undefined;
    shop.ocean.onRequest({ method: "PUT" }, () => {
      shop.ocean.editConsole(shop.appId, (spec) => spec.envs?.push({ key: "B", value: "b" }));
      theirs = newest();
    });
    shop.ocean.faults.add({ match: { method: "PUT", nth: 2, times: Infinity }, status: 422 });
    const isKnown = (one: unknown) => (one as { id: string } | undefined)?.id === theirs;
    shop.ocean.faults.add({
      match: { method: "GET", path: /\/deployments$/, times: Infinity },
      edit: (body) => void (body["deployments"] = (body["deployments"] as unknown[]).filter(isKnown)),
    });
    shop.ocean.faults.add({
      match: { method: "GET", path: oneApp, nth: 2, times: Infinity },
      edit: ({ app }) => {
        for (const name of ["pending_deployment", "in_progress_deployment"])
          delete (app as Record<string, unknown>)[name];
      },
    });
    const { problem } = await write(set("A", "1"));
    expect(problem?.message).toContain(
      `our write to app shop (no deployment of it is listed) may have replaced what somebody else stored in deployment ${theirs}`,
    );
  });

  test("is followed by its own deployment, where a look shows a newer one of somebody else", async () => {
    shop.ocean.variant.putAnswer = "old-spec";
    let ours: string | undefined;
    shop.ocean.onAnswer({ method: "PUT" }, () => {
      ours = newest();
      shop.ocean.editConsole(shop.appId, (spec) => spec.envs?.push({ key: "B", value: "b" }));
    });
    expect(await write(set("A", "1"))).toMatchObject({ changed: true, deploymentId: ours });
    expect(newest()).not.toBe(ours);
  });
});

describe("a write that is refused", () => {
  test("is not sent again, and says what the platform says, by key", async () => {
    shop.ocean.faults.add({
      match: { method: "PUT" },
      status: 400,
      body: { id: "bad_request", message: 'first error in field "envs.1.value": too odd', request_id: "r-1" },
    });
    await expect(write(set("A", "1"))).rejects.toThrow(
      'destination.rejected: App Platform refused the spec and changed nothing: first error in field "app/A.value": too odd (request r-1); change what it names, then run up again',
    );
    expect(shop.ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test.each([
    ["names the key of a message that quotes a value", 'envs.1.value: "canary" is too odd', "app/A: [secret]"],
    ["names none where the message has no path", '"canary" is too odd', "[secret]"],
  ])("%s", async (_what, message, told) => {
    shop.ocean.faults.add({
      match: { method: "PUT" },
      status: 422,
      body: { id: "unprocessable", message, request_id: "r-1" },
    });
    await expect(write(set("A", "canary"))).rejects.toThrow(
      `changed nothing: ${told} (the whole message, because it quotes a value) (unprocessable, request r-1); change`,
    );
  });

  test("says that there is no reason where none is given", async () => {
    shop.ocean.faults.add({ match: { method: "PUT" }, status: 400, body: {} });
    await expect(write(set("A", "1"))).rejects.toThrow(
      /changed nothing: no reason given(?: \(request [^)]+\))?; change/,
    );
  });

  test("for want of a right names it, and more of them for an app with databases", async () => {
    const fault = { match: { method: "PUT", times: 2 }, status: 403, body: { id: "forbidden", message: "no way" } };
    shop.ocean.faults.add(fault);
    await expect(write(set("A", "1"))).rejects.toThrow(
      "connection.forbidden: the token may not update app shop (no way); give it app:update",
    );
    shop.ocean.editConsole(shop.appId, (spec) => (spec["databases"] = [{ name: "db", engine: "PG" }]));
    shop.ocean.settle(shop.appId);
    await expect(write(set("A", "1"))).rejects.toThrow(
      "give it app:update, and for the attached databases database:read and database:view_credentials",
    );
  });

  test("for another reason says that reason", async () => {
    shop.ocean.faults.add({ match: { method: "PUT" }, status: 404, body: { message: "gone" } });
    await expect(write(set("A", "1"))).rejects.toMatchObject({ code: "http.not_found", status: 404 });
  });
});

describe("a write on an app whose newest deployment it does not show", () => {
  beforeEach(async () => {
    await shop.clock.sleep(1_000);
    shop.ocean.failNextDeployment(shop.appId, { step: "build" });
    shop.ocean.deploy(shop.appId);
    shop.ocean.settle(shop.appId);
  });
  const asked = ["GET app/deployments", "GET app"];

  test("asks for the list, and for the app once more", async () => {
    expect(await write(set("A", "1"))).toMatchObject({ changed: true, yielded: false, calls: [...asked, ...usual] });
  });

  test("goes on where nobody may list deployments", async () => {
    shop.ocean.faults.add({ match: { path: /deployments$/, times: Infinity }, status: 403 });
    expect(await write(set("A", "1"))).toMatchObject({ changed: true, calls: ["GET app/deployments", ...usual] });
  });

  test.each<[string, () => void]>([
    ["has changed", () => shop.ocean.editConsole(shop.appId, (spec) => spec.envs?.push({ key: "B", value: "b" }))],
    ["has another name", () => shop.ocean.editConsole(shop.appId, (spec) => (spec.name = "store"))],
    ["is deployed again", () => shop.ocean.deploy(shop.appId)],
    ["is pinned", () => shop.ocean.pin(shop.appId)],
  ])("writes nothing where the app meanwhile %s: it is planned anew", async (_what, act) => {
    shop.ocean.onRequest({ path: /deployments$/ }, () => {
      shop.ocean.holdDeployments();
      act();
    });
    expect(await write(set("A", "1"))).toMatchObject({ changed: false, yielded: true, calls: asked });
  });

  test("writes nothing where the app meanwhile is gone", async () => {
    shop.ocean.onRequest({ path: /deployments$/ }, () => {
      shop.ocean.faults.add({ match: { path: /\/apps\/[^/]+$/ }, status: 404 });
    });
    expect(await write(set("A", "1"))).toMatchObject({ changed: false, yielded: true, calls: asked });
  });
});
