// Pure: the report as text for a terminal of a given width, problems first. Nothing is cut: what does not fit is wrapped.

import { countKeys } from "../../core/render.js";
import { joinLines, printable } from "../../printable.js";
import { describeDestroy } from "../destroy.js";
import { nameTarget } from "../target-name.js";
import { formatTime } from "../time.js";
import { measureWidth, wrap } from "../wrap.js";
import { isWell, needsAttention, type StatusReport, type SyncReport } from "./report.js";
import { renderTable } from "./table.js";

/** What a line is about. */
export type Tone = "heading" | "bad" | "warn" | "dim" | "plain";

/** Colours a line that is already safe to print, or leaves it as it is. */
export type Paint = (tone: Tone, line: string) => string;

export interface Terminal {
  readonly columns: number;
  readonly paint: Paint;
}

interface Line {
  readonly tone: Tone;
  readonly text: string;
}

const headings = ["RESOURCE", "TARGET", "KEYS", "LAST SYNC", "STATUS", "DRIFT"];

export function renderStatus({ stack, syncs }: StatusReport, { columns, paint }: Terminal): string {
  if (syncs.length === 0) return `${printable(stack)} has no SecretSync\n`;
  // Equal ones keep the order of the state.
  const sorted = syncs.toSorted((a, b) => rank(b) - rank(a));
  const notes = sorted.flatMap(listNotes).flatMap(({ tone, text }) => wrapNote(text, columns).map(tint(tone)));
  const lines = [
    { tone: "heading", text: countSyncs(stack, syncs) } as const,
    blank,
    ...(notes.length === 0 ? [] : [...notes, blank]),
    ...renderRows(sorted, columns),
  ];
  // Again: wrapping may have put a CI runner's command at the beginning of a line.
  return `${lines.map(({ tone, text }) => paint(tone, joinLines([text]))).join("\n")}\n`;
}

const blank: Line = { tone: "plain", text: "" };

const tint = (tone: Tone) => (text: string) => ({ tone, text });

function countSyncs(stack: string, syncs: readonly SyncReport[]): string {
  const keys = syncs.reduce((sum, sync) => sum + sync.keys.length, 0);
  const troubled = syncs.filter(needsAttention).length;
  const count = `${stack}: ${syncs.length} ${syncs.length === 1 ? "sync" : "syncs"}, ${countKeys(keys)}`;
  return troubled === 0 ? count : `${count}; ${troubled} ${troubled === 1 ? "needs" : "need"} attention`;
}

function readTone(sync: SyncReport): Tone {
  if (!isWell(sync)) return "bad";
  if (needsAttention(sync)) return "warn";
  return sync.status === "disabled" ? "dim" : "plain";
}

const ranks: Readonly<Record<Tone, number>> = { bad: 3, warn: 2, heading: 1, plain: 1, dim: 0 };

function rank(sync: SyncReport): number {
  return ranks[readTone(sync)];
}

/** The url and the deployment are as long as the rest together, so they go below their row. */
function renderRows(syncs: readonly SyncReport[], columns: number): Line[] {
  return renderTable([headings, ...syncs.map(makeRow)], columns).flatMap((lines, at) => {
    const sync = syncs[at - 1];
    if (sync === undefined) return lines.map(tint("heading"));
    return [...lines.map(tint(readTone(sync))), ...listPlaces(sync, columns).map(tint("dim"))];
  });
}

/** The id is short, as in messages; `--json` has it whole. */
function listPlaces({ target, deploymentId, destroy }: SyncReport, columns: number): string[] {
  const deployment = deploymentId === null ? "" : `deployment ${deploymentId.slice(0, 8)}`;
  const place = [target.url ?? "", deployment].filter((part) => part !== "").join(", ");
  const end = describeDestroy(destroy);
  // The preview of a destroy calls no provider, so it is shown here.
  const lines = [place, end === "" ? "" : `on destroy: ${end}`].filter((line) => line !== "");
  return lines.flatMap((line) => wrapNote(`  ${line}`, columns));
}

function makeRow(sync: SyncReport): string[] {
  const { target, keys, drift, unread } = sync;
  const { name: given, id, url } = target;
  const name = nameTarget({ name: given ?? undefined, id: id ?? undefined, url: url ?? undefined }) ?? "(secret)";
  const known = (field: string, text: string) => (unread.includes(field) ? "?" : text);
  return [
    sync.resource,
    target.platform === null ? name : `${name} (${target.platform})`,
    known("managedKeys", String(keys.length)),
    formatTime(sync.lastSyncedAt ?? undefined),
    sync.carriedBy === null ? sync.status : "succeeded",
    known("drift", drift.length === 0 ? "-" : countKeys(drift.length)),
  ];
}

function listNotes(sync: SyncReport): Line[] {
  const { resource, message, drift, unread } = sync;
  return [
    ...(isWell(sync) || message === "" ? [] : [tint("bad")(`${resource}: ${message}`)]),
    ...(drift.length > 0 ? [`${resource}: drift at the last refresh`, ...drift.map((line) => `  ${line}`)] : []).map(
      tint("warn"),
    ),
    ...(unread.length > 0
      ? [tint("warn")(`${resource}: a newer version has written ${unread.join(", ")}; upgrade pulumi-secret-sync here`)]
      : []),
  ];
}

/** At spaces, so that a command or an id can be copied whole; what is left of a long line is indented. */
function wrapNote(text: string, columns: number): string[] {
  const clean = printable(text);
  const indent = /^ */.exec(clean)?.[0] ?? "";
  const inner = `${indent}  `;
  const lines: string[] = [];
  for (const word of clean.trim().split(/ +/)) {
    const last = lines.at(-1);
    if (last !== undefined && measureWidth(`${last} ${word}`) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else
      lines.push(...wrap(word, columns - inner.length).map((part) => `${last === undefined ? indent : inner}${part}`));
  }
  return lines;
}
