// Pure: a plan as the message of one resource. The engine's own preview names no key of it, unless it is asked for a diff.

import { placeName } from "./entry.js";
import { type Change, findDrift, type Plan } from "./plan.js";
import type { Move } from "./moves.js";
import { renderMoves, renderPlan, summarize, toldSingly } from "./render.js";

export interface Announced {
  /** The name of the app, site or team. */
  readonly target: string;
  readonly isFirst: boolean;
  /** Where entries of ours were found again. */
  readonly moves?: readonly Move[];
  /** What is written into a source before, in lines. */
  readonly imports?: readonly string[];
  /** What most probably happened when every key of ours is gone at once. */
  readonly wipeHint?: string | undefined;
}

/** Everything that a run would do, each key by name, drift first; undefined when there is nothing to tell. */
export function announcePlan(
  plan: Plan,
  { target, isFirst, moves = [], imports = [], wipeHint }: Announced,
): string | undefined {
  const drifted = new Set(findDrift(plan));
  const rest = plan.filter((change) => !drifted.has(change));
  const lines = [...imports.map((line) => `  ${line}`), ...renderChanges(rest)];
  const head = `${isFirst ? "first sync to" : "plan for"} ${target}: ${summarize(rest)}`;
  const parts = [
    renderDrift(plan, target, wipeHint),
    ...renderMoves(moves).map((line) => `${target}: ${line}`),
    lines.length === 0 ? undefined : [head, ...lines].join("\n"),
  ];
  const told = parts.filter((part) => part !== undefined);
  return told.length === 0 ? undefined : told.join("\n");
}

/** The drift of one sync as one message; undefined when there is none. */
export function renderDrift(plan: Plan, target: string, wipeHint?: string): string | undefined {
  const drift = findDrift(plan);
  if (drift.length === 0) return undefined;
  const head = `drift: ${countKeys(drift.length)} of ${target} changed outside this program`;
  const hint = wipeHint !== undefined && looksWiped(plan) ? [`  ${wipeHint}`] : [];
  return [head, ...renderChanges(drift), ...hint].join("\n");
}

/** One line per key, or, of many, one sentence per kind of change with the names below it. */
function renderChanges(plan: Plan): string[] {
  const shown = plan.filter((change) => renderPlan([change]).length > 0);
  if (shown.length <= toldSingly) return renderPlan(shown).map((line) => `  ${line}`);
  const kinds = Map.groupBy(shown, renderKind);
  return [...kinds].flatMap(([kind, changes]) => [
    `  ${kind.replace(anyName, countKeys(changes.length))}`,
    ...changes.map((change) => `      ${placeName(change)}`),
  ]);
}

/** No slot and no key looks like this. */
const anyName = "\u0000/\u0000";

/** The line of a change without what only this key has: its name, and the fingerprints that tell values apart. */
function renderKind(change: Change): string {
  const bare: Record<string, unknown> = { ...change, slot: "\u0000", key: "\u0000" };
  for (const token of ["expected", "found"]) {
    const text = bare[token];
    if (typeof text === "string") bare[token] = text.split(" #")[0];
  }
  return renderPlan([bare as unknown as Change]).join("");
}

function countKeys(count: number): string {
  return `${count} ${count === 1 ? "key" : "keys"}`;
}

/** Several keys of ours, and not one of them is left. */
function looksWiped(plan: Plan): boolean {
  const owned = plan.filter(
    (change) => change.action === "unchanged" || change.action === "update" || findDrift([change]).length > 0,
  );
  return owned.length >= 2 && owned.every((change) => change.action === "create");
}
