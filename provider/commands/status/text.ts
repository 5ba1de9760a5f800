// Pure: the report as text for a terminal of a given width. Nothing is cut: what does not fit is wrapped.

import { countKeys } from "../../core/render.js";
import type { StatusReport, SyncReport } from "./report.js";
import { formatTime } from "../time.js";
import { joinLines, printable } from "../../printable.js";
import { measureWidth } from "../wrap.js";
import { renderTable } from "./table.js";

const headings = ["RESOURCE", "TARGET", "KEYS", "LAST SYNC", "STATUS", "DRIFT", "DEPLOYMENT"];

export function renderStatus({ stack, syncs }: StatusReport, columns: number): string {
  if (syncs.length === 0) return `${printable(stack)} has no SecretSync\n`;
  const notes = syncs.flatMap(listNotes);
  // Once more: a cell may have been wrapped right before what a CI runner would obey.
  return `${joinLines([...renderRows(syncs, columns), ...(notes.length > 0 ? ["", ...notes] : [])])}\n`;
}

/** The url and the deployment are as long as the rest together: where they do not fit beside it they stand below. */
function renderRows(syncs: readonly SyncReport[], columns: number): string[] {
  const rows = syncs.map((sync) => [...makeRow(sync), sync.deploymentId ?? "-"]);
  const wide = renderTable([headings, ...rows], Infinity);
  const below = (sync: SyncReport | undefined, ...lines: Array<string | null | undefined>) =>
    sync === undefined ? [] : lines.flatMap((line) => (line ? `  ${printable(line)}` : []));
  if (wide.flat().every((line) => measureWidth(line) <= columns)) {
    return wide.flatMap((lines, at) => [...lines, ...below(syncs[at - 1], syncs[at - 1]?.target.url)]);
  }
  const narrow = renderTable([headings.slice(0, -1), ...syncs.map(makeRow)], columns);
  return narrow.flatMap((lines, at) => {
    const sync = syncs[at - 1];
    return [...lines, ...below(sync, sync?.target.url, sync?.deploymentId && `deployment ${sync.deploymentId}`)];
  });
}

function makeRow(sync: SyncReport): string[] {
  const { target, keys, drift, unread } = sync;
  const name = target.name ?? target.id ?? "(secret)";
  const known = (field: string, text: string) => (unread.includes(field) ? "?" : text);
  return [
    sync.resource,
    target.platform === null ? name : `${name} (${target.platform})`,
    known("managedKeys", String(keys.length)),
    formatTime(sync.lastSyncedAt ?? undefined),
    sync.status,
    known("drift", drift.length === 0 ? "-" : countKeys(drift.length)),
  ];
}

function listNotes({ resource, status, message, drift, unread }: SyncReport): string[] {
  const list = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const notes = [
    ...(["succeeded", "disabled"].includes(status) || message === "" ? [] : [`${resource}: ${message}`]),
    ...(drift.length > 0 ? [`${resource}: drift at the last refresh`, ...list(drift)] : []),
    ...(unread.length > 0
      ? [`${resource}: a newer version has written ${unread.join(", ")}; upgrade pulumi-secret-sync here`]
      : []),
  ];
  return notes.map(printable);
}
