// When an earlier look at an app may answer, and when the platform is asked again.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AppPlatformApi } from "../../provider/destinations/digitalocean/api.js";
import { createAdapter } from "../../provider/destinations/digitalocean/index.js";
import { createAppReader } from "../../provider/destinations/digitalocean/live/reader.js";
import type { App } from "../../provider/destinations/digitalocean/wire.js";
import { redact } from "../../provider/redacted.js";
import { appPlatformDestination } from "../../schema/index.js";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { createJumpingClock, type JumpingClock } from "../http/simulated-clock.js";

let ocean: DigitalOceanEmulator;
let clock: JumpingClock;
let adapter: ReturnType<typeof createAdapter>;
let seen: number;

beforeEach(async () => {
  clock = createJumpingClock();
  ocean = await startDigitalOcean({ clock: () => clock.now() });
  seen = 0;
  adapter = createAdapter({ clock, random: () => 0.5, mask: () => [] });
});

afterEach(() => ocean.close());

const createApp = (name: string) => ocean.createApp({ name, services: [{ name: "web", instance_count: 1 }] }).id;

function open(app: { appId: string } | { appName: string }) {
  const destination = appPlatformDestination.parse({ type: "digital-ocean-app-platform", ...app });
  const fields = new Map([["apiToken", redact(ocean.token)]]);
  return adapter.open(destination, { app: "digital-ocean", fields, baseUrl: ocean.url });
}

/** What was asked since the last call of this function. */
function asked(): string[] {
  const since = ocean.requests.slice(seen);
  seen = ocean.requests.length;
  return since.map(({ method, template }) => `${method} ${template}`);
}

describe("an earlier look", () => {
  test("answers a preview for 30 seconds", async () => {
    const shop = open({ appId: createApp("shop") });
    await shop.observe({ fresh: false });
    asked();
    await clock.sleep(30_000);
    await shop.observe({ fresh: false });
    expect(asked()).toEqual([]);
    await clock.sleep(1);
    await shop.observe({ fresh: false });
    expect(asked()).toEqual(["GET /v2/apps/{id}"]);
  });

  test("never answers before a write", async () => {
    const shop = open({ appId: createApp("shop") });
    await shop.observe({ fresh: false });
    asked();
    await shop.observe({ fresh: true });
    expect(asked()).toEqual(["GET /v2/apps/{id}"]);
  });

  test("does not answer when another resource has changed the app since", async () => {
    const shop = open({ appId: createApp("shop") });
    await shop.observe({ fresh: false });
    await clock.sleep(1_000);
    asked();
    await shop.observe({ fresh: false, notBefore: clock.now() });
    expect(asked()).toEqual(["GET /v2/apps/{id}"]);
  });

  test("answers for what was changed at its very moment, because it was asked for after that", async () => {
    const shop = open({ appId: createApp("shop") });
    await shop.observe({ fresh: false });
    asked();
    await shop.observe({ fresh: false, notBefore: clock.now() });
    expect(asked()).toEqual([]);
  });

  test("gives way to a later one of the same moment", async () => {
    const appId = createApp("shop");
    const shop = open({ appId });
    await shop.observe({ fresh: true });
    ocean.editConsole(appId, (spec) => void (spec["name"] = "store"));
    await shop.observe({ fresh: true });
    asked();
    expect(await shop.observe({ fresh: false })).toMatchObject({ targetName: "store" });
    expect(asked()).toEqual([]);
  });

  test("that failed answers nothing: the next question is asked", async () => {
    const shop = open({ appId: createApp("shop") });
    ocean.faults.add({ match: { method: "GET" }, status: 403 });
    await expect(shop.observe({ fresh: false })).rejects.toThrow("http.");
    asked();
    await expect(shop.observe({ fresh: false })).resolves.toMatchObject({ targetName: "shop" });
    expect(asked()).toEqual(["GET /v2/apps/{id}"]);
  });
});

describe("many apps", () => {
  test("are answered by one list, and one app by itself", async () => {
    const syncs = ["aa", "bb", "cc", "dd"].map((name) => open({ appId: createApp(name) }));
    const names = [];
    for (const sync of syncs) names.push((await sync.observe({ fresh: false })).targetName);
    expect(names).toEqual(["aa", "bb", "cc", "dd"]);
    expect(asked()).toEqual(["GET /v2/apps/{id}", "GET /v2/apps"]);
  });

  test("of which one was made after the list: that one is asked by its id", async () => {
    for (const name of ["aa", "bb"]) await open({ appId: createApp(name) }).observe({ fresh: false });
    const late = open({ appId: createApp("late") });
    asked();
    await expect(late.observe({ fresh: false })).resolves.toMatchObject({ targetName: "late" });
    expect(asked()).toEqual(["GET /v2/apps/{id}"]);
    // It is not taken for missing first, which would be asked twice.
    expect(clock.sleeps).toEqual([]);
  });

  test("are listed again for a name that the list does not hold", async () => {
    createApp("aa");
    await open({ appName: "aa" }).observe({ fresh: false });
    createApp("late");
    asked();
    await expect(open({ appName: "late" }).observe({ fresh: false })).resolves.toMatchObject({ targetName: "late" });
    expect(asked()).toEqual(["GET /v2/apps"]);
  });

  test("cost a name one list and no look of its own", async () => {
    createApp("aa");
    await open({ appName: "aa" }).observe({ fresh: false });
    expect(asked()).toEqual(["GET /v2/apps"]);
  });

  test("of which one cannot be read hide none of the others, and only a name that is not found fails", async () => {
    const ids = ["aa", "bb", "odd"].map(createApp);
    ocean.faults.add({
      match: { method: "GET", path: /^\/v2\/apps$/, times: Infinity },
      edit: (body) => {
        for (const app of body["apps"] as Record<string, unknown>[]) if (app["id"] === ids[2]) delete app["spec"];
      },
    });
    const look = (app: { appId: string } | { appName: string }) => open(app).observe({ fresh: false });
    for (const appId of ids) await expect(look({ appId })).resolves.toMatchObject({ targetId: appId });
    await expect(look({ appName: "bb" })).resolves.toMatchObject({ targetId: ids[1] });
    await expect(look({ appName: "odd" })).rejects.toThrow("is not a complete list of apps (at apps.2)");
  });

  test("whose list is none are asked for one by one by their ids", async () => {
    ocean.faults.add({
      match: { method: "GET", path: /^\/v2\/apps$/, times: Infinity },
      status: 200,
      body: { apps: 7 },
    });
    for (const appId of ["aa", "bb"].map(createApp))
      await expect(open({ appId }).observe({ fresh: false })).resolves.toMatchObject({ targetId: appId });
    await expect(open({ appName: "aa" }).observe({ fresh: false })).rejects.toThrow("http.malformed");
  });

  test("whose list failed are listed again by the next question", async () => {
    createApp("aa");
    ocean.faults.add({ match: { method: "GET", path: /^\/v2\/apps$/ }, status: 403 });
    await expect(open({ appName: "aa" }).observe({ fresh: false })).rejects.toThrow("http.");
    asked();
    await expect(open({ appName: "aa" }).observe({ fresh: false })).resolves.toMatchObject({ targetName: "aa" });
    expect(asked()[0]).toBe("GET /v2/apps");
  });

  test("are not answered by a list from before another resource's change", async () => {
    const [first, second] = ["aa", "bb"].map((name) => open({ appId: createApp(name) }));
    await first?.observe({ fresh: false });
    await second?.observe({ fresh: false });
    await clock.sleep(1_000);
    asked();
    await second?.observe({ fresh: false, notBefore: clock.now() });
    expect(asked()).toEqual(["GET /v2/apps/{id}"]);
  });
});

describe("a list that is answered late", () => {
  const named = (id: string, name: string): App => ({ id, spec: { name } });

  /** A reader that knows app `a`, and waits for the list that the question for app `b` asks for. */
  async function openLate() {
    const now: Record<string, App> = { a: named("a", "first") };
    let answer: (apps: App[]) => void = () => undefined;
    const unasked = () => expect.fail("nobody should ask for this");
    const reader = createAppReader(
      {
        ...(Object.fromEntries(
          ["putApp", "getDeployment"].map((name) => [name, unasked]),
        ) as unknown as AppPlatformApi),
        getApp: async (id) => now[id],
        listApps: () =>
          new Promise((resolve) => {
            answer = (apps) => resolve({ apps });
          }),
      },
      clock,
    );
    await reader.byId("a", { fresh: true });
    const waiting = reader.byId("b", { fresh: false });
    const answerLate = async () => {
      answer([named("a", "first"), named("b", "other")]);
      return waiting;
    };
    return { now, reader, answerLate };
  }

  test("does not replace what was asked for later", async () => {
    const { now, reader, answerLate } = await openLate();
    await clock.sleep(1_000);
    now["a"] = named("a", "second");
    await reader.byId("a", { fresh: true });
    expect((await answerLate())?.spec["name"]).toBe("other");
    expect((await reader.byId("a", { fresh: false }))?.spec["name"]).toBe("second");
  });

  test("says nothing after a write that began meanwhile", async () => {
    const { now, reader, answerLate } = await openLate();
    reader.forget("a");
    now["a"] = named("a", "written");
    await answerLate();
    expect((await reader.byId("a", { fresh: false }))?.spec["name"]).toBe("written");
  });
});

test("a write makes every earlier look worthless", async () => {
  const [one, other, third] = ["aa", "bb", "cc"].map((name) => open({ appId: createApp(name) }));
  for (const sync of [other, third]) await sync?.observe({ fresh: false });
  const before = await one?.observe({ fresh: true });
  const edit = {
    action: "set",
    slot: "app",
    key: "A",
    attributes: { type: "GENERAL", scope: "RUN_TIME" },
    label: "GENERAL RUN_TIME",
  } as const;
  if (before) await one?.write(before, [{ ...edit, value: redact("plain") }]);
  asked();
  const after = await one?.observe({ fresh: false });
  expect(after && one?.read(after, "salt").map(({ key }) => key)).toEqual(["A"]);
});
