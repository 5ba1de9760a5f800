// An app as the loop sees it: what a look tells, what keeps it from being written to, and what became of its name.

import { describe, expect, test } from "vitest";
import { displayNames } from "../../provider/destinations/digitalocean/display-names.js";
import { redact } from "../../provider/redacted.js";
import { openShop } from "./open-shop.js";

const { shop, open, look, editAnswer, calls, adapt, credentials } = openShop();
const byName = (appName: string) => ({ appId: undefined, appName });

describe("a look", () => {
  test("tells the app's id, name, slots and address", async () => {
    expect(await look()).toMatchObject({
      targetId: shop.appId,
      targetName: "shop",
      targetUrl: `https://shop-${shop.appId.slice(0, 5)}.ondigitalocean.app`,
      slots: ["app", "web"],
      obstacles: [],
      busyWith: undefined,
      notLive: new Set(),
    });
  });

  test.each<[string, unknown, unknown, string | undefined]>([
    ["the live one", "https://live", "https://default", "https://live"],
    ["the default one where none is live", undefined, "https://default", "https://default"],
    ["the default one where the live one is empty", "", "https://default", "https://default"],
    ["the default one where null stands for the live one", null, "https://default", "https://default"],
    ["none where there is none", "", "", undefined],
    ["none where null stands for both", null, null, undefined],
  ])("tells as the address %s", async (_what, ...[live_url, default_ingress, url]) => {
    editAnswer((app) => Object.assign(app, { live_url, default_ingress }));
    expect((await look()).targetUrl).toBe(url);
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an empty object", {}],
    ["an empty id", { id: "" }],
    ["half a deployment", { phase: "BUILDING" }],
    ["a text", "none"],
  ])("takes %s for no deployment", async (_what, none) => {
    editAnswer((app) =>
      Object.assign(app, {
        active_deployment: none,
        in_progress_deployment: none,
        pending_deployment: none,
        pinned_deployment: none,
      }),
    );
    expect(await look()).toMatchObject({ obstacles: [], busyWith: undefined, notLive: new Set() });
  });

  test("asks for the list of deployments where a ciphertext alone tells nothing, and does without where it may not", async () => {
    const sealed = (text: string) => ({ name: "shop", envs: [{ key: "A", value: `EV[1:x:${text}]`, type: "SECRET" }] });
    const editBoth = () =>
      editAnswer((app) => {
        app["spec"] = sealed("stored");
        Object.assign(app["active_deployment"] as object, { spec: sealed("running") });
      });
    editBoth();
    const list = { match: { path: /deployments$/ } };
    shop.ocean.faults.add({ ...list, status: 200, body: { deployments: [{ id: "d", spec: sealed("stored") }] } });
    expect((await look()).notLive).toEqual(new Set(["app/A"]));
    editBoth();
    shop.ocean.faults.add({ ...list, status: 403 });
    expect((await look()).notLive).toEqual(new Set());
    expect(calls()).toEqual([1, 2].flatMap(() => ["GET /v2/apps/{id}", "GET /v2/apps/{app_id}/deployments"]));
  });
});

describe("what keeps an app from being written to", () => {
  test.each<[string, unknown, number]>([
    ["an archived app", { archive: true }, 1],
    ["an app in maintenance that is not archived", { enabled: true, archive: false }, 0],
    ["an app in maintenance", { enabled: true }, 0],
    ["no maintenance", null, 0],
    ["maintenance of another kind", "archive", 0],
    ["a text for a truth", { archive: "true" }, 0],
  ])("is told of %s", async (_what, maintenance, count) => {
    editAnswer((app) => Object.assign(app["spec"] as object, { maintenance }));
    const { obstacles } = await look();
    expect(obstacles.map(({ code }) => code)).toEqual(Array(count).fill("destination.archived"));
  });

  test("is a rollback that pins it, which is told with both ways out", async () => {
    editAnswer((app) => Object.assign(app, { pinned_deployment: { id: "d-1" } }));
    expect((await look()).obstacles).toEqual([
      {
        code: "destination.pinned",
        message:
          `the app is pinned to deployment d-1 by a rollback and takes no new deployment; ` +
          `commit the rollback (POST /v2/apps/${shop.appId}/rollback/commit) or revert it (…/rollback/revert), then run again`,
      },
    ]);
  });

  test.each<[string, object, string | undefined]>([
    ["a deployment in progress", { in_progress_deployment: { id: "i", phase: "BUILDING" } }, "i"],
    [
      "the pending one before the one in progress",
      { pending_deployment: { id: "p" }, in_progress_deployment: { id: "i" } },
      "p",
    ],
    ["one without a phase", { in_progress_deployment: { id: "i", phase: null } }, "i"],
    ["none that has ended", { in_progress_deployment: { id: "i", phase: "ACTIVE" } }, undefined],
    [
      "the one that has not ended",
      { pending_deployment: { id: "p", phase: "CANCELED" }, in_progress_deployment: { id: "i", phase: "DEPLOYING" } },
      "i",
    ],
    ...["UNKNOWN", "PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING"].map(
      (phase): [string, object, string] => [
        `one that is ${phase}`,
        { in_progress_deployment: { id: "i", phase } },
        "i",
      ],
    ),
  ])("for now is %s", async (_what, more, id) => {
    editAnswer((app) => Object.assign(app, more));
    expect((await look()).busyWith).toBe(id);
  });
});

describe("an address that is written down", () => {
  test("is the id, with what becomes of a deployment", () => {
    const type = "digital-ocean-app-platform";
    expect(open(byName("shop")).addressOf("id")).toEqual({ type, appId: "id" });
    const deployment = { wait: false };
    expect(open({ ...byName("shop"), deployment }).addressOf("id")).toEqual({ type, appId: "id", deployment });
  });

  const explain = async (address: object, earlierId: string, otherId?: string) => {
    const snapshot = otherId === undefined ? undefined : { ...(await look()), targetId: otherId };
    return open(address).explainAddress?.(earlierId, snapshot);
  };

  test("by an id says nothing of names, and neither does a name that still leads there or to nothing known", async () => {
    expect(await explain({}, shop.appId, "other")).toBeUndefined();
    expect(await explain({ appId: shop.appId, appName: "shop" }, shop.appId, "other")).toBeUndefined();
    expect(await explain(byName("shop"), shop.appId)).toBeUndefined();
    expect(await explain(byName("shop"), "11111111-2222-4333-8444-555555555555")).toBeUndefined();
  });

  test("by a name tells what became of the app of before", async () => {
    expect(await explain(byName("store"), shop.appId)).toBe(
      `app "store" (id ${shop.appId}) is called "shop" now; set appName: "shop"`,
    );
    const other = 'the name "store" belongs to another app now (id other)';
    expect(await explain(byName("store"), "11111111-2222-4333-8444-555555555555", "other")).toBe(
      `${other}; the app that this sync wrote to (id 11111111-2222-4333-8444-555555555555) is gone`,
    );
    expect(await explain(byName("store"), shop.appId, "other")).toBe(
      `${other}; the app that this sync wrote to (id ${shop.appId}) is called "shop". ` +
        'This run moves the keys: it removes them from "shop" and writes them to the other app; set appName: "shop" to leave them where they are',
    );
  });
});

describe("the values that an app shows", () => {
  test("are those in clear, of what is stored, runs and stood there before, once each", async () => {
    const spec = (value: string) => ({
      envs: [
        { key: "A", value },
        { key: "B", value: "EV[1:x:y]", type: "SECRET" },
        { key: "C", value: "" },
        { key: "D" },
        { key: "E", value: "${db.URL}" },
        { key: "F", value: "x${db.URL}" },
        { key: "G", value: "${db.URL}x" },
        { key: "H", value: "${a}${b}" },
      ],
      services: [{ name: "web", envs: [{ key: "A", value: "web" }] }],
    });
    editAnswer((app) => {
      app["spec"] = spec("stored");
      Object.assign(app["active_deployment"] as object, { spec: spec("running") });
    });
    const snapshot = await look();
    const entry = (prior: unknown) => ({ fingerprint: "f", revision: "r", prior });
    const ledger = { app: { A: entry({ key: "A", value: "prior" }), B: entry(undefined) } };
    const shown = (given: Parameters<ReturnType<typeof open>["listReadable"]>[1]) =>
      [...open().listReadable(snapshot, given)].map((value) => value.reveal()).sort();
    const both = ["${a}${b}", "${db.URL}x", "running", "stored", "web", "x${db.URL}"];
    expect(shown(undefined)).toEqual(both);
    expect(shown(ledger)).toEqual([...both, "prior"].sort());
  });

  test("are those that are stored where nothing else runs, or nobody sees it", async () => {
    const stored = { envs: [{ key: "A", value: "stored" }] };
    for (const running of [stored, null, undefined]) {
      editAnswer((app) => {
        app["spec"] = stored;
        Object.assign(app["active_deployment"] as object, { spec: running });
      });
      const shown = [...open().listReadable(await look(), undefined)].map((value) => value.reveal());
      expect(shown).toEqual(["stored"]);
    }
  });
});

describe("what a look shows of one place", () => {
  const spec = (value: string) => ({
    name: "shop",
    envs: [
      { key: "A", value },
      { key: "S", value: "EV[1:x:y]" },
    ],
  });
  const at = (key: string) => ({ slot: "app", key });

  test("is its value, whether it is this one, and how it looks", async () => {
    editAnswer((app) => (app["spec"] = spec("one")));
    const one = await look();
    editAnswer((app) => (app["spec"] = spec("two")));
    const two = await look();
    for (const [snapshot, value] of [
      [one, "one"],
      [two, "two"],
      [one, "one"],
    ] as const) {
      expect(open().reveal(snapshot, at("A"))?.reveal()).toBe(value);
      expect(open().compare(snapshot, at("A"), redact("one"))).toBe(value === "one");
      expect(open().remember(snapshot, at("A"))).toEqual({ key: "A", value });
    }
    const target = open();
    const values = [one, two, one].map((snapshot) => target.reveal(snapshot, at("A"))?.reveal());
    expect(values).toEqual(["one", "two", "one"]);
    expect(open().reveal(one, at("S"))).toBeUndefined();
    expect(open().remember(one, at("NONE"))).toBeUndefined();
  });

  test("is told under another fingerprint to everybody, and worked out once for each who asks again", async () => {
    const snapshot = await (async () => {
      editAnswer((app) => (app["spec"] = spec("one")));
      return look();
    })();
    const target = open();
    const [mine, theirs] = [target.read(snapshot, "mine"), target.read(snapshot, "theirs")];
    expect(mine.map(({ key }) => key)).toEqual(["A", "S"]);
    expect(theirs[0]?.fingerprint).not.toBe(mine[0]?.fingerprint);
    expect(target.read(snapshot, "theirs")).toBe(theirs);
  });
});

test("an app that can be archived says how it comes back", async () => {
  editAnswer((app) => Object.assign(app["spec"] as object, { maintenance: { archive: true } }));
  const [obstacle] = (await look()).obstacles;
  expect(obstacle?.message).toBe(
    "the app is archived; restore it (maintenance.archive: false), or set isEnabled: false on the sync",
  );
});

test("an endpoint may be written with the version of the API", async () => {
  const destination = { type: "digital-ocean-app-platform", appId: shop.appId } as const;
  const baseUrl = `${shop.ocean.url}/v2`;
  const target = adapt().open(destination, { ...credentials(), baseUrl });
  expect(await target.observe({ fresh: true })).toMatchObject({ targetId: shop.appId });
});

test("an app is shown in people's words", () => {
  const type = "digital-ocean-app-platform";
  expect(displayNames.platform).toBe("App Platform");
  expect(
    [{ appName: "shop", appId: "id" }, { appId: "id" }].map((one) => displayNames.nameOf({ type, ...one })),
  ).toEqual(["shop", "id"]);
  const destination = { type, appName: "shop", components: ["web", "app"] } as const;
  expect(displayNames.slotsOf({ ...destination, components: ["web", "app"] }, "A")).toEqual(["web", "component:app"]);
  expect(displayNames.labelOf({ ...destination, components: ["web", "app"] }, "A")).toBe("SECRET RUN_TIME");
  expect(["app", "web", "component:app"].map((slot) => displayNames.titleOf(slot))).toEqual([
    "all components",
    "component web",
    "component app",
  ]);
});

test("a target says what it can, whose it is and where its keys go", () => {
  const target = open({ components: ["web"], variables: { A: {} } });
  expect(target).toMatchObject({
    type: "digital-ocean-app-platform",
    overrides: ["A"],
    slots: ["web"],
    capabilities: { granularity: "document", writeDeploys: true, platform: "App Platform" },
  });
  expect(target.capabilities.wipeHint).toMatch(/every key is gone at once: .* use ignoreEnvChanges/);
  expect(open().overrides).toEqual([]);
  expect(target.place("B")).toEqual([
    { slot: "web", label: "SECRET RUN_TIME", attributes: { type: "SECRET", scope: "RUN_TIME" } },
  ]);
  expect(open({ variableType: "GENERAL" }).place("B")[0]?.attributes).toEqual({
    type: "GENERAL",
    scope: "RUN_AND_BUILD_TIME",
  });
  expect(open().credentialsId).toBe(open().credentialsId);
});
