// Which app the arguments mean, by id or by name, and what is said where they mean none.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAdapter } from "../../provider/destinations/digitalocean/index.js";
import { redact } from "../../provider/redacted.js";
import { appPlatformDestination } from "../../schema/index.js";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { createJumpingClock, type JumpingClock } from "../http/simulated-clock.js";

let ocean: DigitalOceanEmulator;
let clock: JumpingClock;
let adapter: ReturnType<typeof createAdapter>;

beforeEach(async () => {
  clock = createJumpingClock();
  ocean = await startDigitalOcean({ clock: () => clock.now() });
  adapter = createAdapter({ clock, random: () => 0.5, mask: () => [] });
});

afterEach(() => ocean.close());

const createApp = (name: string) => ocean.createApp({ name, services: [{ name: "web", instance_count: 1 }] }).id;

function open(app: { appId?: string; appName?: string }) {
  const destination = appPlatformDestination.parse({ type: "digital-ocean-app-platform", ...app });
  const fields = new Map([["apiToken", redact(ocean.token)]]);
  return adapter.open(destination, { app: "digital-ocean", fields, baseUrl: ocean.url });
}

async function removeApp(id: string): Promise<void> {
  const headers = { authorization: `Bearer ${ocean.token}` };
  expect((await fetch(`${ocean.url}/v2/apps/${id}`, { method: "DELETE", headers })).status).toBe(200);
}

const look = (app: { appId?: string; appName?: string }) => open(app).observe({ fresh: false });
const oneApp = { method: "GET", path: /^\/v2\/apps\/[^/]+$/ } as const;
const list = { method: "GET", path: /^\/v2\/apps$/ } as const;
const unknownId = "11111111-2222-4333-8444-555555555555";

describe("an id", () => {
  test("that is not found once is asked for once more, a second later", async () => {
    const appId = createApp("shop");
    ocean.faults.add({ match: oneApp, status: 404 });
    expect(await look({ appId })).toMatchObject({ targetId: appId, targetName: "shop" });
    expect(clock.sleeps).toContain(1_000);
    expect(ocean.counts()["GET /v2/apps/{id}"]).toBe(2);
  });

  test("that is not found once is asked for by itself again, and not in a list that may be as late", async () => {
    await look({ appId: createApp("other") });
    const appId = createApp("shop");
    const before = ocean.requests.length;
    ocean.faults.add({ match: oneApp, status: 404 });
    expect(await open({ appId }).observe({ fresh: true })).toMatchObject({ targetId: appId });
    expect(ocean.requests.slice(before).map(({ template }) => template)).toEqual(["/v2/apps/{id}", "/v2/apps/{id}"]);
  });

  test("that is not found twice is nobody's", async () => {
    createApp("shop");
    await expect(look({ appId: unknownId })).rejects.toMatchObject({
      problems: [
        {
          code: "destination.not_found",
          message: `there is no app with id "${unknownId}" that this token can see; check the app, the token's team and its app:read scope`,
        },
      ],
    });
    expect(ocean.counts()["GET /v2/apps/{id}"]).toBe(2);
  });

  test.each([
    ["is the name of an app", "shop", /; one has that name: write appName: "shop" instead of appId$/],
    ["is nearly one", "shpo", /scope; an id looks like [\da-f-]{36}; did you mean "shop"\?$/],
    ["is neither an id nor a name", "42", /scope; an id looks like [\da-f-]{36}$/],
    ["is an id of another", unknownId, /app:read scope$/],
  ])("that %s is answered with what was probably meant", async (_what, appId, says) => {
    createApp("shop");
    createApp("another-one");
    await expect(look({ appId })).rejects.toThrow(says);
  });

  test("that is not found is told where the other apps cannot be listed, too", async () => {
    ocean.faults.add({ match: list, status: 403 });
    await expect(look({ appId: unknownId })).rejects.toMatchObject({ code: "destination.not_found" });
  });

  test("beside a name that the app does not have is refused, with both", async () => {
    const appId = createApp("shop");
    await expect(look({ appId, appName: "store" })).rejects.toMatchObject({
      problems: [
        {
          code: "destination.wrong_name",
          message: `app ${appId} is called "shop", not "store"; set appName: "shop", leave it out, or correct appId`,
        },
      ],
    });
    expect(await look({ appId, appName: "shop" })).toMatchObject({ targetId: appId });
  });
});

describe("a name", () => {
  test("finds the app that has it, whole", async () => {
    createApp("shop-2");
    const id = createApp("shop");
    expect(await look({ appName: "shop" })).toMatchObject({ targetId: id });
    expect(await open({ appName: "shop" }).resolve()).toBe(id);
  });

  test("of an app that a list does not show yet is looked for again, a second later", async () => {
    createApp("other");
    let id = "";
    ocean.onAnswer({ ...list, nth: 1 }, () => {
      id = createApp("shop");
    });
    const found = await look({ appName: "shop" });
    expect(found.targetId).toBe(id);
  });

  test("that nobody has is told with what was probably meant", async () => {
    createApp("shop");
    await expect(look({ appName: "shpo" })).rejects.toThrow(
      'there is no app named "shpo" that this token can see; check the app, the token\'s team and its app:read scope; did you mean "shop"?',
    );
    expect(clock.sleeps).toEqual([1_000]);
    expect(ocean.counts()["GET /v2/apps"]).toBe(2);
  });

  test("is looked up once: an app that is renamed meanwhile stays the one that was found", async () => {
    const id = createApp("shop");
    const sync = open({ appName: "shop" });
    await sync.observe({ fresh: true });
    ocean.editConsole(id, (spec) => void (spec["name"] = "store"));
    createApp("shop");
    expect(await sync.observe({ fresh: true })).toMatchObject({ targetId: id, targetName: "store" });
    expect(await sync.resolve()).toBe(id);
  });

  test("of an app that was made anew is looked up again: no earlier list counts then", async () => {
    const id = createApp("shop");
    const sync = open({ appName: "shop" });
    await sync.observe({ fresh: true });
    await removeApp(id);
    const made = createApp("shop");
    expect(await sync.observe({ fresh: true })).toMatchObject({ targetId: made });
    expect(clock.sleeps).toEqual([1_000]);
    expect(await sync.resolve()).toBe(made);
  });

  test("of an app that is gone is nobody's, however fresh the list is that showed it", async () => {
    const id = createApp("shop");
    const sync = open({ appName: "shop" });
    await sync.observe({ fresh: true });
    await removeApp(id);
    await expect(sync.observe({ fresh: true })).rejects.toMatchObject({ code: "destination.not_found" });
  });

  test("is looked up once by those who only ask for the id, too", async () => {
    const id = createApp("shop");
    const sync = open({ appName: "shop" });
    expect(await sync.resolve()).toBe(id);
    ocean.editConsole(id, (spec) => void (spec["name"] = "store"));
    await clock.sleep(60_000);
    expect(await sync.resolve()).toBe(id);
  });
});
