// What one write costs and says: when an answer is proof, when the app is looked at, and when nobody knows.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Edit } from "../../provider/core/entry.js";
import { createAdapter } from "../../provider/destinations/digitalocean/index.js";
import type { Receipt, Target } from "../../provider/destinations/destination.js";
import { redact } from "../../provider/redacted.js";
import { appPlatformDestination } from "../../schema/index.js";
import { type DigitalOceanEmulator, startDigitalOcean, type Variant } from "../emulators/digitalocean/index.js";
import { createJumpingClock, type JumpingClock } from "../http/simulated-clock.js";

let ocean: DigitalOceanEmulator;
let clock: JumpingClock;
let target: Target;
let appId: string;

beforeEach(async () => {
  clock = createJumpingClock();
  ocean = await startDigitalOcean({ clock: () => clock.now() });
  appId = ocean.createApp({ name: "shop", services: [{ name: "web" }], envs: [{ key: "THEIRS", value: "1" }] }).id;
  const adapter = createAdapter({ clock, random: () => 0.5, mask: () => [redact("canary")] });
  const fields = new Map([["apiToken", redact(ocean.token)]]);
  const destination = appPlatformDestination.parse({ type: "digital-ocean-app-platform", appId });
  target = adapter.open(destination, { app: "digital-ocean", fields, baseUrl: ocean.url });
});

afterEach(() => ocean.close());

const set = (key: string, value: string, type = "SECRET"): Edit => ({
  action: "set",
  slot: "app",
  key,
  value: redact(value),
  attributes: { type, scope: "RUN_TIME" },
  label: `${type} RUN_TIME`,
});
const remove = (key: string): Edit => ({ action: "remove", slot: "app", key });

/** Writes on a new look, and tells the calls of the write alone. */
async function write(...edits: Edit[]): Promise<Receipt & { calls: string[] }> {
  const look = await target.observe({ fresh: true });
  const before = ocean.requests.length;
  clock.sleeps.length = 0;
  const receipt = await target.write(look, edits);
  return { ...receipt, calls: callsSince(before) };
}

function callsSince(before: number): string[] {
  return ocean.requests
    .slice(before)
    .map(({ method, template }) => `${method} ${template.replace(/^.*\{\w+\}/, "app")}`);
}

const newest = () => ocean.deployments(appId).at(-1)?.id;
const valueOf = (key: string) => {
  const env = ocean.app(appId).spec.envs?.find((one) => one.key === key);
  return env?.type === "SECRET" ? ocean.decrypt(appId, env.value ?? "") : env?.value;
};
const usual = ["PUT app", "GET app/deployments"];
const lost = { match: { method: "PUT" }, resetAfter: true };
const never = { match: { method: "PUT" }, resetBefore: true };

describe("a write that is answered", () => {
  test("costs one PUT and one list, and names the deployment that it started", async () => {
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, yielded: false, deploymentId: newest(), calls: usual });
    expect(valueOf("A")).toBe("1");
    expect(receipt.problem).toBeUndefined();
  });

  test("costs nothing where it would change nothing", async () => {
    await write(set("A", "1", "GENERAL"));
    ocean.settle(appId);
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
    ocean.variant.resubmittedSecret = "kept";
    await write(set("A", "1"));
    ocean.settle(appId);
    expect(await write(set("A", "1"), set("B", "2"))).toMatchObject({
      changed: true,
      deploymentId: newest(),
      calls: usual,
    });
    ocean.settle(appId);
    const again = await write(set("A", "1"));
    expect(again).toMatchObject({ changed: false, deploymentId: undefined, yielded: false });
    expect(again.calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  test.each<[string, Partial<Variant>]>([
    ["the spec of before", { putAnswer: "old-spec" }],
    ["the app of before", { putAnswer: "old-app" }],
  ])("with %s is looked for once more", async (_what, variant) => {
    Object.assign(ocean.variant, variant);
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app/deployments"]);
    expect(clock.sleeps).toEqual([]);
  });

  test("without a deployment is named by the list, and where that lags by another look", async () => {
    ocean.variant.pendingInPut = "left-out";
    expect(await write(set("A", "1"))).toMatchObject({ deploymentId: newest(), calls: usual });
    ocean.settle(appId);
    ocean.variant.deploymentList = "lags";
    expect(await write(set("A", "2"))).toMatchObject({ deploymentId: newest(), calls: [...usual, "GET app"] });
  });

  test("is none the less where nobody may list deployments", async () => {
    ocean.faults.add({ match: { path: /deployments$/, times: Infinity }, status: 403 });
    expect(await write(set("A", "1"))).toMatchObject({ changed: true, deploymentId: newest(), calls: usual });
  });
});

describe("a write that is refused", () => {
  test("is not sent again, and says what the platform says, by key", async () => {
    ocean.faults.add({
      match: { method: "PUT" },
      status: 400,
      body: { id: "bad_request", message: 'first error in field "envs.1.value": too odd', request_id: "r-1" },
    });
    await expect(write(set("A", "1"))).rejects.toThrow(
      'destination.rejected: App Platform refused the spec and changed nothing: first error in field "app/A.value": too odd (request r-1); change what it names, then run up again',
    );
    expect(ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test.each([
    ["names the key of a message that quotes a value", 'envs.1.value: "canary" is too odd', "app/A: [secret]"],
    ["names none where the message has no path", '"canary" is too odd', "[secret]"],
  ])("%s", async (_what, message, told) => {
    ocean.faults.add({
      match: { method: "PUT" },
      status: 422,
      body: { id: "unprocessable", message, request_id: "r-1" },
    });
    await expect(write(set("A", "canary"))).rejects.toThrow(
      `changed nothing: ${told} (the whole message, because it quotes a value) (unprocessable, request r-1); change`,
    );
  });

  test("says that there is no reason where none is given", async () => {
    ocean.faults.add({ match: { method: "PUT" }, status: 400, body: {} });
    await expect(write(set("A", "1"))).rejects.toThrow(
      /changed nothing: no reason given(?: \(request [^)]+\))?; change/,
    );
  });

  test("for want of a right names it, and more of them for an app with databases", async () => {
    const fault = { match: { method: "PUT", times: 2 }, status: 403, body: { id: "forbidden", message: "no way" } };
    ocean.faults.add(fault);
    await expect(write(set("A", "1"))).rejects.toThrow(
      "connection.forbidden: the token may not update app shop (no way); give it app:update",
    );
    ocean.editConsole(appId, (spec) => (spec["databases"] = [{ name: "db", engine: "PG" }]));
    ocean.settle(appId);
    await expect(write(set("A", "1"))).rejects.toThrow(
      "give it app:update, and for the attached databases database:read and database:view_credentials",
    );
  });

  test("for another reason says that reason", async () => {
    ocean.faults.add({ match: { method: "PUT" }, status: 404, body: { message: "gone" } });
    await expect(write(set("A", "1"))).rejects.toMatchObject({ code: "http.not_found", status: 404 });
  });
});

describe("a write whose answer is lost", () => {
  test("is looked for at once, and its deployment is named by that look", async () => {
    ocean.variant.deploymentList = "lags";
    ocean.faults.add(lost);
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app/deployments"]);
    expect(clock.sleeps).toEqual([]);
  });

  test("is looked for three times within four seconds, and sent once more", async () => {
    ocean.faults.add(never);
    const receipt = await write(set("A", "1"));
    expect(receipt).toMatchObject({ changed: true, deploymentId: newest() });
    expect(receipt.calls).toEqual(["PUT app", "GET app", "GET app", "GET app", ...usual]);
    expect(clock.sleeps).toEqual([1_000, 3_000]);
  });

  test("that arrives late is not sent again", async () => {
    ocean.faults.add(never);
    let looks = 0;
    ocean.onRequest({ method: "GET", path: /\/apps\/[^/]+$/, times: Infinity }, () => {
      looks += 1;
      if (looks === 4)
        ocean.editConsole(appId, (spec) =>
          spec.envs?.push({ key: "A", value: "1", type: "SECRET", scope: "RUN_TIME" }),
        );
    });
    expect((await write(set("A", "1"))).calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
    expect(valueOf("A")).toBe("1");
  });

  const unconfirmed =
    "write.unconfirmed: DigitalOcean did not say whether app shop took the new spec, and reading the app again did not show it; run up again, it compares first and sends only what is missing";

  test("twice is not sent a third time", async () => {
    ocean.faults.add({ ...never, match: { method: "PUT", times: Infinity } });
    await expect(write(set("A", "1"))).rejects.toThrow(unconfirmed);
    expect(ocean.counts()["PUT /v2/apps/{id}"]).toBe(2);
  });

  test.each([403, 404, 500])("is not sent again blindly: looks that end in %d", async (status) => {
    ocean.faults.add(never);
    ocean.onRequest({ method: "PUT" }, () => {
      ocean.faults.add({ match: { method: "GET", times: Infinity }, status });
    });
    await expect(write(set("A", "1"))).rejects.toThrow(unconfirmed);
    expect(ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test("of which a half is there is somebody else's doing, and nothing is sent again", async () => {
    ocean.faults.add(never);
    ocean.onRequest({ method: "PUT" }, () => {
      ocean.editConsole(appId, (spec) => spec.envs?.push({ key: "A", value: "theirs", scope: "RUN_TIME" }));
    });
    await expect(write(set("A", "1"), set("B", "1"))).rejects.toThrow(unconfirmed);
    expect(ocean.counts()["PUT /v2/apps/{id}"]).toBe(1);
  });

  test("of a secret that may look as before is sent once more", async () => {
    ocean.variant.resubmittedSecret = "kept";
    await write(set("A", "1"));
    ocean.settle(appId);
    ocean.resetCounts();
    ocean.faults.add(never);
    expect(await write(set("A", "1"))).toMatchObject({ changed: false });
    expect(ocean.counts()["PUT /v2/apps/{id}"]).toBe(2);
  });
});

describe("a write on an app whose newest deployment it does not show", () => {
  beforeEach(async () => {
    await clock.sleep(1_000);
    ocean.failNextDeployment(appId, { step: "build" });
    ocean.deploy(appId);
    ocean.settle(appId);
  });
  const asked = ["GET app/deployments", "GET app"];

  test("asks for the list, and for the app once more", async () => {
    expect(await write(set("A", "1"))).toMatchObject({ changed: true, yielded: false, calls: [...asked, ...usual] });
  });

  test("goes on where nobody may list deployments", async () => {
    ocean.faults.add({ match: { path: /deployments$/, times: Infinity }, status: 403 });
    expect(await write(set("A", "1"))).toMatchObject({ changed: true, calls: ["GET app/deployments", ...usual] });
  });

  test.each<[string, () => void]>([
    ["has changed", () => ocean.editConsole(appId, (spec) => spec.envs?.push({ key: "B", value: "b" }))],
    ["has another name", () => ocean.editConsole(appId, (spec) => (spec.name = "store"))],
    ["is deployed again", () => ocean.deploy(appId)],
    ["is pinned", () => ocean.pin(appId)],
  ])("writes nothing where the app meanwhile %s: it is planned anew", async (_what, act) => {
    ocean.onRequest({ path: /deployments$/ }, () => {
      ocean.holdDeployments();
      act();
    });
    expect(await write(set("A", "1"))).toMatchObject({ changed: false, yielded: true, calls: asked });
  });

  test("writes nothing where the app meanwhile is gone", async () => {
    ocean.onRequest({ path: /deployments$/ }, () => {
      ocean.faults.add({ match: { path: /\/apps\/[^/]+$/ }, status: 404 });
    });
    expect(await write(set("A", "1"))).toMatchObject({ changed: false, yielded: true, calls: asked });
  });
});
