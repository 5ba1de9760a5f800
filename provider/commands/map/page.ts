// Pure: the page around the drawings. It is self-contained: no script, no external font or picture, and its policy forbids them.

import { formatTime } from "../time.js";
import { stackCards } from "./cards.js";
import type { ChartSync } from "./chart.js";
import { drawLayout, escape } from "./drawing.js";
import { arrange, layOut } from "./layout.js";
import { style } from "./style.js";
import { countKeys } from "../../core/render.js";
import { type PaintedSync, readStatus } from "./sync-boxes.js";

/** A drawing taller than about a screen is no longer a map: then an overview comes first, and each sync has its own drawing. */
const highest = 1000;

/** @param stack with its project, as people name it */
export function renderPage(stack: string, charts: readonly ChartSync[]): string {
  const title = `Secrets of ${stack}`;
  const syncs = arrange(charts);
  const facts = listFacts(syncs);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>
${style}</style>
</head>
<body>
<header>
<h1>${escape(title)}</h1>
<p>${facts.map((fact) => `<span>${escape(fact)}</span>`).join(" ")}</p>
<p class="legend">${explain(syncs).join(" ")}</p>${hasKeys(syncs) ? pointing : ""}
</header>
<main>
${syncs.length === 0 ? "<p>The stack has no SecretSync.</p>" : drawSyncs(syncs, title, facts.join(", "))}
</main>
${syncs.length === 0 ? "" : stackCards(syncs)}
</body>
</html>
`;
}

const pointing = '\n<p class="legend wide">Point at a key, or reach it with the tab key, to see its whole path.</p>';

function hasKeys(syncs: readonly ChartSync[]): boolean {
  return syncs.some(({ bundles }) => bundles.some(({ keys }) => keys.length > 0));
}

/** Explains only what is on this page. */
function explain(syncs: readonly ChartSync[]): string[] {
  const isOpen = syncs.some(
    ({ sources, bundles }) => sources.length > 1 && bundles.some((one) => one.sources.length > 1),
  );
  const hasDrift = syncs.some(({ drift }) => drift.length > 0);
  return [
    "Names only, as recorded in the stack's state.",
    ...(isOpen ? ["Dashed links: one of these sources gives a key, and which one is not recorded."] : []),
    ...(hasDrift
      ? ["Drift is what the last <code>pulumi refresh</code> recorded; <code>pulumi preview</code> looks again."]
      : []),
  ];
}

const reading = "From left to right: sources, syncs with the names of their keys, destinations.";

function drawSyncs(syncs: readonly PaintedSync[], title: string, facts: string): string {
  const whole = layOut(syncs, true);
  if (syncs.length === 1 || whole.height <= highest) {
    return drawLayout(whole, { id: "map", title, description: `${facts}. ${reading}` });
  }
  const overview = { id: "map", title, description: `${facts}. From left to right: sources, syncs, destinations.` };
  const contents = syncs.map(({ name }, at) => `<li><a href="#sync-${at}">${escape(name)}</a></li>`);
  return [
    drawLayout(layOut(syncs, false), overview),
    `<nav aria-label="Syncs"><ul>${contents.join("")}</ul></nav>`,
    ...syncs.map((sync, at) => drawAlone(sync, `sync-${at}`)),
  ].join("\n");
}

function drawAlone(sync: PaintedSync, id: string): string {
  const { words } = readStatus(sync.status);
  const description = `${words}, last sync ${formatTime(sync.lastSyncedAt)}. ${reading}`;
  const drawing = drawLayout(layOut([sync], true), { id: `${id}-map`, title: sync.name, description });
  return `<section id="${id}"><h2>${escape(sync.name)}</h2>\n${drawing}</section>`;
}

function listFacts(syncs: readonly ChartSync[]): string[] {
  const keys = syncs.flatMap((sync) => sync.bundles.flatMap((bundle) => bundle.keys)).length;
  const drifted = syncs.reduce((sum, { drift }) => sum + drift.length, 0);
  const last = syncs.flatMap(({ lastSyncedAt }) => lastSyncedAt ?? []).sort();
  const byStatus = [...Map.groupBy(syncs, ({ status }) => status)];
  return [
    `last sync ${formatTime(last.at(-1))}`,
    `${count(syncs.length, "sync", "syncs")}, ${countKeys(keys)}`,
    count(new Set(syncs.map(({ target }) => target.id)).size, "destination", "destinations"),
    ...byStatus.map(([status, { length }]) => `${readStatus(status).sign} ${length} ${readStatus(status).words}`),
    drifted === 0 ? "no drift on record" : `△ drift of ${countKeys(drifted)} on record`,
  ];
}

function count(amount: number, one: string, several: string): string {
  return `${amount} ${amount === 1 ? one : several}`;
}
