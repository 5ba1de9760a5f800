// Pure: the content of the drawing, stacked, for screens that are too narrow for three columns.

import { countKeys } from "../../core/render.js";
import { formatTime } from "../time.js";
import type { Bundle } from "./chart.js";
import { escape } from "./drawing.js";
import { type PaintedSync, readStatus } from "./sync-boxes.js";

export function stackCards(syncs: readonly PaintedSync[]): string {
  return `<ol class="cards">${syncs.map(stackCard).join("\n")}</ol>`;
}

function stackCard(sync: PaintedSync): string {
  const { name, status, lastSyncedAt, hue, notes, drift, target, bundles } = sync;
  const { sign, words, tone } = readStatus(status);
  const titles = new Map(sync.sources.map(({ id, kind, what }) => [id, `${kind} ${what}`]));
  return [
    `<li style="--hue:${hue}"><h2>${escape(name)}</h2>`,
    `<p class="${tone}">${escape(`${sign} ${words}`)}, last sync ${escape(formatTime(lastSyncedAt))}</p>`,
    ...drift.map((one) => `<p class="warn">${escape(`△ drift: ${one}`)}</p>`),
    ...notes.map((note) => `<p class="dim">${escape(note)}</p>`),
    ...bundles.map((bundle) => stackBundle(bundle, titles, [target.name, target.platform])),
    "</li>",
  ].join("");
}

/** From top to bottom: sources, keys, destination. */
function stackBundle(
  { keys, label, sources, slots }: Bundle,
  titles: ReadonlyMap<string, string>,
  [name, platform]: readonly [string, string],
): string {
  const from = sources.map((id) => titles.get(id) ?? "").join(" or ") || "no source any more";
  const to = [
    name,
    ...(platform === "" ? [] : [`(${platform})`]),
    ...(slots.length === 0 ? [] : [`: ${slots.join(", ")}`]),
  ];
  return [
    `<section><p class="dim">${escape(from)} ↓</p>`,
    `<p class="dim">${escape([countKeys(keys.length), ...(label === "" ? [] : [label])].join(", "))}</p>`,
    keys.length === 0 ? "" : `<ul>${keys.map((key) => `<li>${escape(key)}</li>`).join("")}</ul>`,
    `<p class="dim">↓ ${escape(to.join(" ").replace(" :", ":"))}</p></section>`,
  ].join("");
}
