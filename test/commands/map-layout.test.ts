// Laws of the map's layout: nothing overlaps, everything is on the canvas, and every key has exactly one way to each of its places.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Box, fontSize, textWidth } from "../../provider/commands/map/box.js";
import type { ChartSync } from "../../provider/commands/map/chart.js";
import { arrange, type Layout, layOut } from "../../provider/commands/map/layout.js";
import { chartsOf } from "./charts.js";
import { manySyncs } from "./many.js";
import { resourceOf, syncsOf } from "./state.js";

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }),
  fc.stringMatching(/^[A-Z_]{1,40}$/),
  fc.string({ unit: fc.constantFrom("A", "_", "界"), minLength: 60, maxLength: 255 }),
);
const few = fc.constantFrom("a", "b", "c", "d", "e");

const chart: fc.Arbitrary<ChartSync> = fc
  .record({
    urn: fc.uuid(),
    name,
    status: fc.oneof(fc.constantFrom("succeeded", "failed", "written-not-live", "disabled"), name),
    lastSyncedAt: fc.option(name, { nil: undefined }),
    drift: fc.array(name, { maxLength: 3 }),
    notes: fc.array(name, { maxLength: 2 }),
    sources: fc.uniqueArray(fc.record({ id: few, kind: name, what: name }), { selector: ({ id }) => id, maxLength: 4 }),
    keys: fc.uniqueArray(name, { maxLength: 24 }),
    slots: fc.array(fc.uniqueArray(few, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    target: fc.record({ id: few, name, platform: name, url: fc.option(name, { nil: undefined }) }),
  })
  .map(({ keys, slots, ...rest }) => ({
    ...rest,
    bundles: slots.map((own, at) => ({
      label: at % 2 === 0 ? "" : "SECRET RUN_TIME",
      keys: keys.filter((_, index) => index % slots.length === at),
      sources: rest.sources.map(({ id }) => id).slice(at),
      slots: own,
    })),
  }));

const charts = fc.uniqueArray(chart, { selector: ({ urn }) => urn, maxLength: 6 });

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const overlap = (a: Area, b: Area) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const within = (inner: Area, outer: Area) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width + 0.01 &&
  inner.y + inner.height <= outer.y + outer.height + 0.01;

const textsOf = (box: Box) =>
  box.lines.map(({ x, y, text }) => ({ x, y: y - fontSize, width: textWidth(text), height: fontSize * 1.25, text }));

/** Everything that is not as it should be. */
function faultsOf({ width, height, boxes, links }: Layout): unknown[] {
  const outer = boxes.filter(({ kind }) => kind !== "bundle" && kind !== "slot");
  const inner = boxes.filter(({ kind }) => kind === "bundle" || kind === "slot");
  const canvas = { x: 0, y: 0, width, height };
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return [
    ...boxes.filter((box) => !within(box, canvas)),
    ...[outer, inner, boxes.flatMap(textsOf)].flatMap((group) => firstOverlap(group) ?? []),
    ...inner.filter((box) => !outer.some((around) => within(box, around))),
    ...boxes.flatMap((box) => textsOf(box).filter((text) => !within(text, box))),
    ...(byId.size === boxes.length ? [] : ["two boxes with one id"]),
    ...links.filter(({ from, to, x1, y1, x2, y2 }) => {
      const [left, right] = [byId.get(from), byId.get(to)];
      if (left === undefined || right === undefined || x1 >= x2) return true;
      if (x1 !== left.x + left.width || x2 !== right.x) return true;
      return y1 <= left.y || y1 >= left.y + left.height || y2 <= right.y || y2 >= right.y + right.height;
    }),
  ];
}

function firstOverlap(areas: readonly Area[]): unknown {
  for (const [at, one] of areas.entries()) {
    const other = areas.slice(at + 1).find((two) => overlap(one, two));
    if (other !== undefined) return [one, other];
  }
}

describe("a layout", () => {
  test("has nothing that overlaps, and nothing outside its canvas or its box", () => {
    fc.assert(
      fc.property(charts, fc.boolean(), (syncs, detail) => {
        expect(faultsOf(layOut(arrange(syncs), detail))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("is tidy for 20 syncs with 50 keys each", async () => {
    const syncs = arrange(await chartsOf(manySyncs()));
    expect(faultsOf(layOut(syncs, false))).toEqual([]);
    for (const sync of syncs) expect(faultsOf(layOut([sync], true))).toEqual([]);
  });

  test("names every key of a sync once, whole, and links it once to each of its places", () => {
    fc.assert(
      fc.property(charts, (syncs) => {
        const painted = arrange(syncs);
        const { boxes, links } = layOut(painted, true);
        expect(painted.map(({ urn }) => urn).sort()).toEqual(syncs.map(({ urn }) => urn).sort());
        for (const sync of painted) {
          for (const [at, bundle] of sync.bundles.entries()) {
            const id = JSON.stringify(["bundle", sync.urn, String(at)]);
            const box = boxes.find((one) => one.id === id);
            const drawn = new Set(box?.lines.flatMap(({ key }) => key ?? []));
            expect([...drawn].sort()).toEqual([...bundle.keys].sort());
            const to = links.filter(({ from }) => from === id).map((link) => link.to);
            const places = bundle.slots.map((slot) => JSON.stringify(["slot", sync.target.id, slot]));
            expect(to.sort()).toEqual(places.length > 0 ? places.sort() : [JSON.stringify(["target", sync.target.id])]);
            const from = links.filter((link) => link.to === id).map((link) => link.from);
            expect(from.sort()).toEqual(bundle.sources.map((source) => JSON.stringify(["source", source])).sort());
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test("crosses no two links at the edge of a box: they end there in the order in which their other ends lie", async () => {
    const edges = (painted: Parameters<typeof layOut>[0], detail: boolean) => {
      const { boxes, links } = layOut(painted, detail);
      const heights = new Map(boxes.map(({ id, y }) => [id, y]));
      const ends = ({ from, to, y1, y2 }: (typeof links)[number]) => [
        { edge: `right of ${from}`, y: y1, other: heights.get(to) ?? NaN },
        { edge: `left of ${to}`, y: y2, other: heights.get(from) ?? NaN },
      ];
      return [...Map.groupBy(links.flatMap(ends), ({ edge }) => edge).values()];
    };
    for (const syncs of [await chartsOf(manySyncs()), ...fc.sample(charts, { numRuns: 60, seed: 7 })])
      for (const ends of edges(arrange(syncs), true)) {
        const others = ends.toSorted((a, b) => a.y - b.y).map(({ other }) => other);
        expect(others).toEqual(others.toSorted((a, b) => a - b));
      }
  });

  test("says in the title of a link from where to where which keys go", async () => {
    const destination = { type: "digital-ocean-app-platform", appName: "shop", components: ["web"] };
    const charted = await chartsOf(syncsOf(resourceOf("sync", { inputs: { destination } })));
    expect(
      layOut(arrange(charted), false)
        .links.map(({ title }) => title)
        .sort(),
    ).toEqual(["sync: file secrets.env → sync\nA, B", "sync: sync → shop / component web\nA, B"]);
    const bare = charted.map((one) => ({ ...one, bundles: [{ keys: [], label: "", sources: [], slots: [] }] }));
    expect(layOut(arrange(bare), false).links.map(({ title }) => title)).toEqual(["sync: sync → shop\nno keys"]);
  });

  test("draws a source and a target once, however many syncs share them", async () => {
    const { boxes } = layOut(arrange(await chartsOf(manySyncs(4, 3))), false);
    const titles = (kind: string) => boxes.filter((box) => box.kind === kind).map(({ lines }) => lines[1]?.text);
    expect(titles("source").sort()).toEqual([
      "8f0c-billing prod /api",
      "kv/web/production",
      "secrets/production.env",
      "sops",
    ]);
    expect(titles("target").sort()).toEqual(["billing-api", "shop", "storefront.example.com"]);
  });

  test("puts a source beside the middle of what it gives to, whichever is read first", async () => {
    const read = (resource: string, path: string) =>
      resourceOf(resource, { inputs: { source: { type: "file", path } } });
    const syncs = syncsOf(read("s1", "a.env"), read("s2", "b.env"), read("s3", "a.env"), read("s4", "a.env"));
    const { boxes } = layOut(arrange(await chartsOf(syncs)), false);
    const sources = boxes.filter(({ kind }) => kind === "source").toSorted((one, other) => one.y - other.y);
    expect(sources.map(({ lines }) => lines[1]?.text)).toEqual(["b.env", "a.env"]);
  });

  test("counts in each place the keys that go there", async () => {
    const variables = { A: { contexts: ["production"] } };
    const destination = { type: "netlify", siteId: "s", contexts: ["production", "dev"], variables };
    const { boxes } = layOut(arrange(await chartsOf(syncsOf(resourceOf("sync", { inputs: { destination } })))), false);
    const shown = (kind: string) =>
      boxes.filter((box) => box.kind === kind).map(({ lines }) => lines.map(({ text }) => text));
    expect(shown("slot")).toEqual([
      ["context production", "2 keys"],
      ["context dev", "1 key"],
    ]);
  });

  test("is bold where a name is, dim beside it, and in the tone of its status", async () => {
    const shown = (await chartsOf(syncsOf(resourceOf("sync", {})))).map((one) => ({
      ...one,
      status: "failed",
      notes: ["a note"],
      drift: ["A"],
      target: { ...one.target, platform: "App Platform", url: "https://shop.example.com" },
      bundles: one.bundles.map((bundle) => ({ ...bundle, label: "SECRET", slots: ["app"] })),
    }));
    const [sync] = arrange(shown);
    const tonesOf = (detail: boolean) =>
      layOut(sync === undefined ? [] : [sync], detail).boxes.map(({ kind, lines }) => [
        kind,
        ...lines.flatMap(({ key, tone, isBold }) => (key === undefined ? `${isBold ? "bold " : ""}${tone}` : [])),
      ]);
    const around = [
      ["source", "dim", "bold ink"],
      ["bundle", "dim", "dim"],
      ["target", "dim", "bold ink", "dim"],
      ["slot", "bold ink", "dim"],
    ];
    expect(tonesOf(true).filter(([kind]) => kind !== "sync")).toEqual(around);
    expect(tonesOf(true)).toContainEqual(["sync", "bold ink", "bold bad", "dim", "dim", "bold warn"]);
    expect(tonesOf(false)).toContainEqual(["sync", "bold ink", "bold bad", "bold warn"]);
  });
});
