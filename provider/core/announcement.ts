// Pure: a plan as the message of one resource. The engine's own preview names no key of it, unless it is asked for a diff.

import { joinLines, printable } from "../printable.js";
import type { NameSource } from "./desired.js";
import { findDrift, type Plan } from "./plan.js";
import type { Move } from "./moves.js";
import {
  countKeys,
  type Line,
  listLines,
  renderMoves,
  type RenderOptions,
  renderPlan,
  renderSkipped,
  summarize,
} from "./render.js";

export interface AnnouncementInput {
  /** The name of the app, site or team. */
  readonly target: string;
  /** The platform's everyday name. */
  readonly platform?: string;
  readonly isFirst: boolean;
  /** Reported after the write, because no preview has shown it. */
  readonly isDone?: boolean;
  readonly nameSource?: NameSource;
  /** Entries of ours that were found at another place. */
  readonly moves?: readonly Move[];
  /** What is written into a source beforehand. */
  readonly imports?: readonly Line[];
  /** Keys that are empty in the source, when such keys are skipped. */
  readonly skipped?: readonly string[] | undefined;
  /** The most likely cause when every key of ours is gone at once. */
  readonly wipeHint?: string | undefined;
}

/** Most often a misspelt filter: a run that says nothing would look like one that has done its work. */
const noKey = "no source gives a key that this sync takes; check include and exclude";

/** Everything that a run would do, each key by name, drift first; undefined when there is nothing to report. */
export function announcePlan(
  plan: Plan,
  {
    target,
    platform,
    isFirst,
    isDone = false,
    nameSource,
    moves = [],
    imports = [],
    skipped = [],
    wipeHint,
  }: AnnouncementInput,
): string | undefined {
  const options = { nameSource, platform, isDone };
  const drifted = new Set(findDrift(plan));
  const rest = plan.filter((change) => !drifted.has(change));
  const changes = [...listLines(imports), ...listLines(renderPlan(rest, options))];
  // A run that does nothing else need not report what is empty.
  const isTold = changes.length > 0 || isFirst;
  const lines = indent([...changes, ...(isTold ? listMissing(plan, { skipped, isFirst, imports }) : [])]);
  const counts = summarize(rest, isDone ? "done" : "ahead");
  // The counts come first, because the CLI truncates long rows.
  const head = `${counts}: ${isFirst ? "first sync to" : isDone ? "sync to" : "plan for"} ${target}`;
  const parts = [
    renderDrift(plan, { target, wipeHint, ...options }),
    ...renderMoves(moves).map((line) => printable(`${target}: ${line}`)),
    lines.length === 0 ? undefined : joinLines([head, ...lines]),
  ];
  const told = parts.filter((part) => part !== undefined);
  return told.length === 0 ? undefined : told.join("\n");
}

type Missing = Required<Pick<AnnouncementInput, "isFirst" | "imports">> & { readonly skipped: readonly string[] };

/** Keys that are empty in the source; on a first run also that there are none at all. */
function listMissing(plan: Plan, { skipped, isFirst, imports }: Missing): readonly string[] {
  const isIdle = imports.length + skipped.length === 0 && plan.every(({ action }) => action === "foreign");
  return isFirst && isIdle ? [noKey] : listLines(renderSkipped(skipped, plan));
}

/** The drift of one sync as one message; undefined when there is none. */
export function renderDrift(
  plan: Plan,
  { target, wipeHint, ...options }: Pick<AnnouncementInput, "target" | "wipeHint"> & RenderOptions,
): string | undefined {
  const drift = findDrift(plan);
  if (drift.length === 0) return undefined;
  const head = `drift: ${countKeys(drift.length)} of ${target} changed outside this program`;
  const hint = wipeHint !== undefined && looksWiped(plan) ? [`  ${wipeHint}`] : [];
  return joinLines([head, ...indent(listLines(renderPlan(drift, options))), ...hint]);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** There were several keys of ours, and none is left. */
function looksWiped(plan: Plan): boolean {
  const owned = plan.filter(
    (change) => change.action === "unchanged" || change.action === "update" || findDrift([change]).length > 0,
  );
  return owned.length >= 2 && owned.every((change) => change.action === "create");
}
