// Pure: the middle column: a box for each sync, in it a box for each bundle of keys, and what each bundle is linked to.

import { countKeys } from "../../core/render.js";
import { type Box, gridOfKeys, type Line, lineHeight, listLines, nameBox, padding, stack, type Tone } from "./box.js";
import type { Bundle, ChartSync } from "./chart.js";
import { formatTime } from "../time.js";
import type { Wire } from "./links.js";

interface Column {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const syncGap = 22;

/** A sync with the colour of its links. */
export type PaintedSync = ChartSync & { readonly hue: number };

interface Status {
  readonly sign: string;
  readonly words: string;
  readonly tone: Tone;
}

/** A sign and words beside the colour: not everybody sees colours, and not every printer prints them. */
const statuses: Readonly<Record<string, Status>> = {
  succeeded: { sign: "✓", words: "succeeded", tone: "good" },
  "written-not-live": { sign: "!", words: "written, not live", tone: "warn" },
  failed: { sign: "✗", words: "failed", tone: "bad" },
  disabled: { sign: "–", words: "disabled", tone: "dim" },
};

export function readStatus(status: string): Status {
  const known = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  return known ?? { sign: "?", words: status, tone: "warn" };
}

export function placeSyncs(
  syncs: readonly PaintedSync[],
  column: Column,
  detail: boolean,
): { boxes: Box[]; wires: Wire[] } {
  const boxes: Box[] = [];
  const wires: Wire[] = [];
  let { y } = column;
  for (const sync of syncs) {
    const own = placeSync(sync, { ...column, y }, detail);
    boxes.push(...own);
    wires.push(...sync.bundles.flatMap((bundle, index) => wireBundle(sync, bundle, index)));
    y += (own[0]?.height ?? 0) + syncGap;
  }
  return { boxes, wires };
}

function placeSync(sync: PaintedSync, { x, y, width }: Column, detail: boolean): Box[] {
  const { hue } = sync;
  const head = detail ? readHead(sync, width - 2 * padding) : readShortHead(sync, width - 2 * padding);
  let bottom = y + padding + head.length * lineHeight + padding / 2;
  const bundles: Box[] = [];
  for (const [index, bundle] of sync.bundles.entries()) {
    const box = placeBundle(bundle, { x: x + padding, y: bottom, width: width - 2 * padding }, detail);
    bundles.push({ ...box, id: bundleId(sync, index), hue });
    bottom += box.height + padding;
  }
  const lines = stack(head, { x: x + padding, y: y + padding });
  return [{ id: nameBox("sync", sync.urn), kind: "sync", x, y, width, height: bottom - y, lines, hue }, ...bundles];
}

function readShortHead({ name, status, drift }: ChartSync, width: number): Line[] {
  const { sign, words, tone } = readStatus(status);
  const drifted =
    drift.length === 0 ? [] : listLines(`△ drift of ${countKeys(drift.length)}`, width, { tone: "warn", isBold: true });
  return [
    ...listLines(name, width, { isBold: true }),
    ...listLines(`${sign} ${words}`, width, { tone, isBold: true }),
    ...drifted,
  ];
}

function readHead(sync: ChartSync, width: number): Line[] {
  const { sign, words, tone } = readStatus(sync.status);
  const time = `last sync ${formatTime(sync.lastSyncedAt)}`;
  return [
    ...listLines(sync.name, width, { isBold: true }),
    ...listLines(`${sign} ${words}`, width, { tone, isBold: true }),
    ...listLines(time, width, { tone: "dim" }),
    ...sync.notes.flatMap((note) => listLines(note, width, { tone: "dim" })),
    ...sync.drift.flatMap((drift) => listLines(`△ drift: ${drift}`, width, { tone: "warn", isBold: true })),
  ];
}

function placeBundle(
  { keys, label, sources, slots }: Bundle,
  { x, y, width }: Column,
  detail: boolean,
): Omit<Box, "id"> {
  const inner = width - 2 * padding;
  const where = slots.length === 0 ? "" : ` to ${slots.join(", ")}`;
  const from = sources.length === 0 ? ", which no source gives any more" : "";
  const words = keys.length === 0 ? "no keys" : `${countKeys(keys.length)}${where}${from}`;
  const heading = [
    ...listLines(words, inner, { tone: "dim" }),
    ...(label === "" ? [] : listLines(label, inner, { tone: "dim" })),
  ];
  const top = y + padding / 2 + heading.length * lineHeight;
  const grid = gridOfKeys(detail ? keys : [], { x: x + padding, y: top, width: inner });
  const lines = [...stack(heading, { x: x + padding, y: y + padding / 2 }), ...grid.lines];
  return { kind: "bundle", x, y, width, height: top + grid.height + padding / 2 - y, lines };
}

function bundleId({ urn }: ChartSync, index: number): string {
  return nameBox("bundle", urn, String(index));
}

function wireBundle(sync: PaintedSync, bundle: Bundle, index: number): Wire[] {
  const { hue } = sync;
  const { keys, slots } = bundle;
  const id = bundleId(sync, index);
  const named = new Map(sync.sources.map((source) => [source.id, `${source.kind} ${source.what}`]));
  const say = (from: string, to: string) => `${sync.name}: ${from} → ${to}\n${keys.join(", ") || "no keys"}`;
  const { target } = sync;
  // Two sources of one sync may be the same one.
  const sources = [...new Set(bundle.sources)].map((source) => ({
    from: nameBox("source", source),
    to: id,
    path: id,
    keys,
    hue,
    isCertain: sync.sources.length === 1 || bundle.sources.length === 1,
    title: say(named.get(source) ?? "", sync.name),
  }));
  const places = slots.length === 0 ? [""] : [...new Set(slots)];
  return [
    ...sources,
    ...places.map((slot) => ({
      from: id,
      to: slot === "" ? nameBox("target", target.id) : nameBox("slot", target.id, slot),
      path: id,
      keys,
      hue,
      isCertain: true,
      title: say(sync.name, [target.name, slot].filter(Boolean).join(" / ")),
    })),
  ];
}
