// Pure: turns charts into boxes and links. Three columns, each from top to bottom; links run in the two gaps between, and cross no text.

import { type Box, lineHeight, listLines, nameBox, padding, stack } from "./box.js";
import type { ChartSync } from "./chart.js";
import { connect, type Link, type Wire } from "./links.js";
import { countKeys } from "../../core/render.js";
import { type PaintedSync, placeSyncs } from "./sync-boxes.js";

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
}

const margin = 24;
const gap = 110;
const sourceWidth = 230;
const targetWidth = 250;
/** Room for one row of key names, or for three beside each other. */
const narrow = 380;
const wide = 680;
/** With this many keys in one bundle, the middle column is wide. */
const manyKeys = 9;
const boxGap = 18;

/** From blue to magenta. */
const firstHue = 190;
const hues = 135;

/** Keeps syncs of one target together, otherwise in the order of the state, each with its own colour. */
export function arrange(syncs: readonly ChartSync[]): PaintedSync[] {
  const order = [...new Set(syncs.map(({ target }) => target.id))];
  const sorted = order.flatMap((id) => syncs.filter(({ target }) => target.id === id));
  // Steps of the golden ratio: neighbours never look alike, however many there are. Green and red are reserved for good and bad.
  return sorted.map((sync, at) => ({ ...sync, hue: Math.round(firstHue + hues * ((at * 0.618034) % 1)) }));
}

/** @param detail whether the names of the keys are drawn, or only how many there are */
export function layOut(syncs: readonly PaintedSync[], detail: boolean): Layout {
  const columns = columnsFor(syncs, detail);
  const { boxes: middle, wires } = placeSyncs(syncs, { ...columns.sync, y: margin }, detail);
  const centres = new Map(middle.map((box) => [box.id, box.y + box.height / 2]));
  const sources = settle(sourceColumn(syncs, wires), { column: columns.source, wires, centres });
  const targets = settle(targetColumn(syncs, wires), { column: columns.target, wires, centres });
  const boxes = [...sources, ...middle, ...targets];
  const height = Math.max(margin, ...boxes.map((box) => box.y + box.height)) + margin;
  return { width: columns.target.x + targetWidth + margin, height, boxes, links: connect(boxes, wires) };
}

function columnsFor(syncs: readonly PaintedSync[], detail: boolean) {
  const hasMany = syncs.some(({ bundles }) => bundles.some(({ keys }) => keys.length >= manyKeys));
  const width = detail && hasMany ? wide : narrow;
  const x = margin + sourceWidth + gap;
  return { source: { x: margin }, sync: { x, width }, target: { x: x + width + gap } };
}

/** Boxes that belong together, with places relative to the first one's corner. */
type Group = readonly [Box, ...Box[]];

/** Ends of links need room on an edge. */
function roomFor(wires: readonly Wire[], id: string): number {
  return 2 * padding + 9 * wires.filter(({ from, to }) => from === id || to === id).length;
}

function sourceColumn(syncs: readonly ChartSync[], wires: readonly Wire[]): Group[] {
  const sources = new Map(syncs.flatMap((sync) => sync.sources.map((source) => [source.id, source] as const)));
  return [...sources.values()].map(({ id, kind, what }): Group => {
    const inner = sourceWidth - 2 * padding;
    const lines = [...listLines(kind, inner, { tone: "dim" }), ...listLines(what, inner, { isBold: true })];
    const height = Math.max(lines.length * lineHeight + 2 * padding, roomFor(wires, nameBox("source", id)));
    const box = { x: 0, y: 0, width: sourceWidth, height, lines: stack(lines, { x: padding, y: padding }) };
    return [{ ...box, id: nameBox("source", id), kind: "source" }];
  });
}

function targetColumn(syncs: readonly ChartSync[], wires: readonly Wire[]): Group[] {
  const order = [...new Set(syncs.map(({ target }) => target.id))];
  return order.map((id) =>
    targetGroup(
      syncs.filter(({ target }) => target.id === id),
      wires,
    ),
  );
}

/** The head of a target and a box for each of its slots. */
function targetGroup(syncs: readonly ChartSync[], wires: readonly Wire[]): Group {
  const targets = syncs.map((sync) => sync.target);
  const { id, name, platform } = targets.reduce((one, other) => (other.name.length < one.name.length ? other : one));
  const url = targets.map((target) => target.url).find((one) => one !== undefined);
  const inner = targetWidth - 2 * padding;
  const lines = [
    ...(platform === "" ? [] : listLines(platform, inner, { tone: "dim" })),
    ...listLines(name, inner, { isBold: true }),
    ...(url === undefined ? [] : listLines(url, inner, { tone: "dim" })),
  ];
  const bundles = syncs.flatMap((sync) => sync.bundles);
  const slots: Box[] = [];
  let bottom = Math.max(lines.length * lineHeight + 2 * padding, roomFor(wires, nameBox("target", id)));
  for (const slot of new Set(bundles.flatMap((bundle) => bundle.slots))) {
    const count = bundles.filter((bundle) => bundle.slots.includes(slot)).flatMap(({ keys }) => keys).length;
    const room = inner - 2 * padding;
    const words = [...listLines(slot, room, { isBold: true }), ...listLines(countKeys(count), room, { tone: "dim" })];
    const own = nameBox("slot", id, slot);
    const height = Math.max(words.length * lineHeight + 2 * padding, roomFor(wires, own));
    const placed = stack(words, { x: 2 * padding, y: bottom + padding });
    slots.push({ id: own, kind: "slot", x: padding, y: bottom, width: inner, height, lines: placed });
    bottom += height + padding;
  }
  const head = {
    x: 0,
    y: 0,
    width: targetWidth,
    height: bottom,
    lines: stack(lines, { x: padding, y: padding }),
  };
  return [{ ...head, id: nameBox("target", id), kind: "target" }, ...slots];
}

interface SettleInput {
  readonly column: { readonly x: number };
  readonly wires: readonly Wire[];
  readonly centres: ReadonlyMap<string, number>;
}

/** Each group near the middle of what it is linked to, without overlaps: first downwards, then back up if it got too low. */
function settle(groups: readonly Group[], { column, wires, centres }: SettleInput): Box[] {
  const wanted = (group: Group) => {
    const ids = new Set(group.map(({ id }) => id));
    const ends = wires.flatMap(({ from, to }) => (ids.has(from) ? [to] : ids.has(to) ? [from] : []));
    const ys = ends.map((id) => centres.get(id) ?? margin);
    return ys.length === 0 ? margin : ys.reduce((sum, y) => sum + y, 0) / ys.length - group[0].height / 2;
  };
  const placed = groups.map((group) => ({ group, y: wanted(group) })).sort((a, b) => a.y - b.y);
  let top = margin;
  for (const one of placed) {
    one.y = Math.max(one.y, top);
    top = one.y + one.group[0].height + boxGap;
  }
  const needed = placed.reduce((sum, { group }) => sum + group[0].height + boxGap, margin);
  let limit = Math.max(needed, ...centres.values()) + boxGap;
  for (const one of placed.toReversed()) {
    one.y = Math.min(one.y, limit - boxGap - one.group[0].height);
    limit = one.y;
  }
  return placed.flatMap(({ group, y }) => group.map((box) => move(box, { x: column.x, y })));
}

function move(box: Box, by: { readonly x: number; readonly y: number }): Box {
  const shift = <T extends { readonly x: number; readonly y: number }>(one: T): T => ({
    ...one,
    x: one.x + by.x,
    y: one.y + by.y,
  });
  return { ...shift(box), lines: box.lines.map(shift) };
}
