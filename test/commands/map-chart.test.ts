// What the map tells of each sync: which source gives which key, where it goes, which targets are one, and what cannot be drawn.

import { describe, expect, test } from "vitest";
import type { ChartSync } from "../../provider/commands/map/chart.js";
import { arrange, layOut } from "../../provider/commands/map/layout.js";
import { chartsOf } from "./charts.js";
import { ciphertext, resourceOf, syncsOf } from "./state.js";

describe("the chart of a sync", () => {
  const two = [
    { type: "file", path: "a.env" },
    { type: "file", path: "b.env" },
  ];
  const bundlesOf = async (inputs: object, outputs: object) => {
    const [one] = await chartsOf(syncsOf(resourceOf("web", { inputs: { ...inputs }, outputs: { ...outputs } })));
    const names = new Map(one?.sources.map(({ id, what }) => [id, what]));
    const bundles = one?.bundles.map(({ keys, sources, slots }) => ({
      keys,
      sources: sources.map((id) => names.get(id)),
      slots,
    }));
    return { bundles, notes: one?.notes };
  };

  test("gives each key the last of the sources that state records for it", async () => {
    const origins = [["A", "B"], ["B"]];
    expect(await bundlesOf({ source: two }, { managedKeys: ["A", "B", "C"], origins })).toEqual({
      bundles: [
        { keys: ["A"], sources: ["a.env"], slots: ["all components"] },
        { keys: ["B"], sources: ["b.env"], slots: ["all components"] },
        { keys: ["C"], sources: [], slots: ["all components"] },
      ],
      notes: [],
    });
  });

  test("names a source that state does not tell by what is known of it, and takes no two of these for one", async () => {
    const [secret, newer] = await chartsOf(
      syncsOf(
        resourceOf("a-secret", { inputs: { source: ciphertext } }),
        resourceOf("b-newer", { inputs: { source: [{ type: "oracle" }, { type: "oracle" }] } }),
      ),
    );
    const told = (one: ChartSync | undefined) => one?.sources.map(({ kind, what }) => `${kind}: ${what}`);
    expect(told(secret)).toEqual(["secret arguments: a source"]);
    expect(told(newer)).toEqual(["of a newer version: a source", "of a newer version: a source"]);
    const ids = [secret, newer].flatMap((one) => one?.sources.map(({ id }) => id) ?? []);
    expect(new Set(ids).size).toBe(3);
    expect(secret?.bundles).toMatchObject([{ keys: ["A", "B"], sources: [ids[0]] }]);
  });

  test("joins all sources to all keys where state does not record it, and says so", async () => {
    expect(await bundlesOf({ source: two }, {})).toEqual({
      bundles: [{ keys: ["A", "B"], sources: ["a.env", "b.env"], slots: ["all components"] }],
      notes: ["which source gives which key is not recorded"],
    });
  });

  const appOf = (name: string) => ({ type: "digital-ocean-app-platform", appName: name });
  const ofSecrets = { type: "digital-ocean-app-platform", appName: ciphertext };
  const siteOf = (siteId: string) => ({ type: "netlify", siteId });
  type Fields = Record<string, unknown>;
  test.each<[string, number, object, Fields, object, Fields]>([
    ["one, by its id, whatever it is called", 1, appOf("shop"), { targetId: "1" }, appOf("store"), { targetId: "1" }],
    [
      "two, with two ids, whatever they are called",
      2,
      appOf("shop"),
      { targetId: "1" },
      appOf("shop"),
      { targetId: "2" },
    ],
    ["one, by its name, before the first run", 1, appOf("shop"), { targetId: "" }, appOf("shop"), { targetId: "" }],
    ["two, by their names, before the first run", 2, appOf("shop"), { targetId: "" }, appOf("store"), { targetId: "" }],
    [
      "two of two platforms, whatever their ids are",
      2,
      appOf("shop"),
      { targetId: "1" },
      siteOf("shop"),
      { targetId: "1" },
    ],
    ["two where nothing is known of either", 2, ofSecrets, { targetId: "" }, ofSecrets, { targetId: "" }],
  ])("takes the targets of two syncs for %s", async (_, count, ...pair) => {
    const [first, itsOutputs, second, otherOutputs] = pair;
    const charted = await chartsOf(
      syncsOf(
        resourceOf("a", { inputs: { destination: first }, outputs: itsOutputs }),
        resourceOf("b", { inputs: { destination: second }, outputs: otherOutputs }),
      ),
    );
    expect(new Set(charted.map(({ target }) => target.id)).size).toBe(count);
  });

  test.each<[string, object, object, string[]]>([
    ["nothing of a source that is the only one", {}, {}, []],
    ["nothing of several sources of no keys", { source: two }, { managedKeys: [] }, []],
    ["nothing of a sync that is disabled", {}, { syncStatus: "disabled", lastSyncMessage: "it is disabled" }, []],
    ["why a sync has failed", {}, { syncStatus: "failed", lastSyncMessage: "the build failed" }, ["the build failed"]],
    ["no empty reason", {}, { syncStatus: "failed", lastSyncMessage: "" }, []],
    [
      "what it cannot read",
      { syncOptions: { mood: 1 } },
      { drift: 7 },
      ["a newer version has written syncOptions, drift"],
    ],
  ])("notes %s", async (_, ...[inputs, outputs, notes]) =>
    expect((await bundlesOf(inputs, outputs)).notes).toEqual(notes),
  );

  test("puts keys where the recorded arguments place them, on App Platform and on Netlify", async () => {
    const variables = { B: { components: ["app", "worker"] } };
    const app = { type: "digital-ocean-app-platform", appName: "shop", components: ["web"], variables };
    expect((await bundlesOf({ destination: app }, {})).bundles?.map(({ keys, slots }) => ({ keys, slots }))).toEqual([
      { keys: ["A"], slots: ["component web"] },
      { keys: ["B"], slots: ["component app", "component worker"] },
    ]);
    const site = { type: "netlify", siteId: "s", isSecret: false, variables: { B: { isSecret: true } } };
    expect((await bundlesOf({ destination: site }, {})).bundles?.map(({ keys, slots }) => ({ keys, slots }))).toEqual([
      { keys: ["A"], slots: ["all contexts"] },
      { keys: ["B"], slots: ["context production", "context deploy-preview", "context branch-deploy"] },
    ]);
  });

  test("shows a sync without keys, and one whose arguments are secret, without guessing", async () => {
    expect((await bundlesOf({}, { managedKeys: [] })).bundles).toEqual([
      { keys: [], sources: ["secrets.env"], slots: [] },
    ]);
    const secret = await bundlesOf({ destination: { type: "orbit" } }, {});
    expect(secret.bundles?.[0]?.slots).toEqual([]);
    expect(secret.notes).toEqual(["state does not tell where in the target the keys go"]);
  });

  test("has no label and no place for keys whose destination is secret", async () => {
    const [charted] = await chartsOf(syncsOf(resourceOf("sync", { inputs: { destination: ciphertext } })));
    expect(charted?.bundles).toMatchObject([{ keys: ["A", "B"], label: "", slots: [] }]);
    const heading = layOut(arrange(charted === undefined ? [] : [charted]), false)
      .boxes.filter(({ kind }) => kind === "bundle")
      .map(({ lines }) => lines.map(({ text }) => text));
    expect(heading).toEqual([["2 keys"]]);
  });

  test("calls a target of which nothing is known a secret one", async () => {
    const [unknown, known] = await chartsOf(
      syncsOf(
        resourceOf("a", { inputs: { destination: ofSecrets }, outputs: { targetId: "", targetUrl: undefined } }),
        resourceOf("b", { inputs: { destination: ofSecrets }, outputs: { targetUrl: undefined } }),
      ),
    );
    expect(unknown?.target.name).toBe("a secret target");
    expect(known?.target.name).toBe("f5b8c1aa-c3e7-4c5f-bac6-f384d70ecd56");
  });
});
