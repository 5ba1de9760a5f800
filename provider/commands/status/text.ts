// Pure: the report as text for a terminal of a given width. Nothing is cut: what does not fit is wrapped.

import type { StatusReport, SyncReport } from "./report.js";
import { formatTime } from "../time.js";
import { printable } from "../wrap.js";
import { renderTable } from "./table.js";

const headings = ["RESOURCE", "TARGET", "KEYS", "LAST SYNC", "STATUS", "DEPLOYMENT", "DRIFT"];

export function renderStatus({ stack, syncs }: StatusReport, columns: number): string {
  if (syncs.length === 0) return `${stack} has no SecretSync\n`;
  const table = renderTable([headings, ...syncs.map(rowOf)], columns);
  const notes = syncs.flatMap(notesOf);
  return [...table, ...(notes.length > 0 ? ["", ...notes] : [])].map((line) => `${line}\n`).join("");
}

function rowOf(sync: SyncReport): string[] {
  const { target, keys, drift, unread } = sync;
  const name = target.name ?? target.id ?? "(secret)";
  const known = (field: string, text: string) => (unread.includes(field) ? "?" : text);
  return [
    sync.resource,
    [target.platform === null ? name : `${name} (${target.platform})`, target.url ?? ""].join("\n").trim(),
    known("managedKeys", String(keys.length)),
    formatTime(sync.lastSyncedAt ?? undefined),
    sync.status,
    sync.deploymentId ?? "-",
    known("drift", drift.length === 0 ? "-" : `${drift.length} ${drift.length === 1 ? "key" : "keys"}`),
  ];
}

function notesOf({ resource, status, message, drift, unread }: SyncReport): string[] {
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
