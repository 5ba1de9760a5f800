// Pure: what a preview says about one sync, read from its lines: the plan key by key, its counts, and all other messages.

import { isDeepStrictEqual } from "node:util";
import type { Step } from "./preview.js";

/** One key of a plan. */
export interface PlanLine {
  /** As the preview prints it: `+ ~ > - < = . ^`. */
  readonly sign: string;
  /** Slot and key; for an import or a skipped key, only the key. */
  readonly name: string;
  /** What happens to it, and why. */
  readonly text: string;
  /** Somebody else has changed or removed it since. */
  readonly isDrift: boolean;
}

export interface PlanText {
  /** The name of the app, site or team; undefined without a plan. */
  readonly target: string | undefined;
  readonly lines: readonly PlanLine[];
  /** By kind: `to add`, `unchanged`. Drift is not included. */
  readonly counts: ReadonlyMap<string, number>;
  /** Everything that is not a line of the plan, with its own lines. */
  readonly notes: readonly string[];
}

/** `drift: 2 keys of shop changed outside this program`. The lines below it are its keys. */
const driftHead = /^drift: \d+ keys? of (.+) changed outside this program$/;
/** `2 to add, 1 unchanged: plan for shop`. */
const planHead = /^(\d+ [a-z ]+(?:, \d+ [a-z ]+)*|nothing to do): (?:plan for|first sync to|sync to) (.+)$/;
/** Many keys with the same outcome are listed below one line that counts them. */
const actionLine = /^ {2}([+~>\-<!=.^]) (\d+ keys?(?=: | \()|.+?)(?:( \(.*)|: (.*))?$/;
const groupedName = /^ {6}(\S.*)$/;

/** What the next lines belong to. */
interface Reading {
  isDrift: boolean;
  group: Omit<PlanLine, "name"> | undefined;
  target: string | undefined;
  readonly lines: PlanLine[];
  readonly counts: Map<string, number>;
  readonly notes: string[];
}

export function readPlan(text: string): PlanText {
  const reading: Reading = {
    isDrift: false,
    group: undefined,
    target: undefined,
    lines: [],
    counts: new Map(),
    notes: [],
  };
  for (const line of text.split("\n")) {
    if (line.trim() !== "") readLine(line, reading);
  }
  return reading;
}

function readLine(line: string, reading: Reading): void {
  if (/^\S/.test(line)) {
    readHead(line, reading);
    return;
  }
  const [, sign, name = "", label, reason] = actionLine.exec(line) ?? [];
  const grouped = groupedName.exec(line)?.[1];
  if (sign !== undefined) {
    const one = { sign, text: (label ?? reason ?? "").trim(), isDrift: reading.isDrift };
    reading.group = /^\d+ keys?$/.test(name) ? one : undefined;
    if (reading.group === undefined) reading.lines.push({ ...one, name });
  } else if (reading.group !== undefined && grouped !== undefined) {
    reading.lines.push({ ...reading.group, name: grouped });
  } else {
    const last = reading.notes.pop();
    reading.notes.push(last === undefined ? line.trim() : `${last}\n${line}`);
  }
}

function readHead(line: string, reading: Reading): void {
  reading.group = undefined;
  const drifted = driftHead.exec(line);
  const planned = planHead.exec(line);
  reading.isDrift = drifted !== null;
  reading.target = drifted?.[1] ?? planned?.[2] ?? reading.target;
  if (planned === null && drifted === null) reading.notes.push(line);
  for (const part of planned?.[1]?.split(", ") ?? []) {
    const [, count, what = ""] = /^(\d+) (.+)$/.exec(part) ?? [];
    if (count !== undefined) reading.counts.set(what, Number(count));
  }
}

/** Keys that somebody else has changed or removed since. */
export function driftedKeys(plan: string): string[] {
  return readPlan(plan).lines.flatMap(({ name, isDrift }) => (isDrift ? [name] : []));
}

const again = /^(?:stored, but not in the running deployment|sent again, because a removed key still runs)$/;

/** Whether a write would only repeat what an earlier one has stored, because it did not go live. */
export function isRepetition(plan: string): boolean {
  const { lines } = readPlan(plan);
  return lines.length > 0 && lines.every(({ text, isDrift }) => !isDrift && again.test(text));
}

/** Keys that the source no longer has. */
export function removedKeys({ oldState, newState }: Step): string[] {
  const wanted = keysOf(newState);
  return [...keysOf(oldState)].filter((key) => !wanted.has(key)).sort();
}

/** Whether the source holds the values that the last update tried to write: inputs count the values that each key has had. */
export function isTriedAgain({ oldState, newState }: Step): boolean {
  const [before, now] = [oldState, newState].map((state) => state?.inputs?.["keys"]);
  const isCounted = typeof before === "object" && before !== null && Object.values(before).every(Number.isInteger);
  return isCounted && isDeepStrictEqual(before, now);
}

function keysOf(state: Step["oldState"]): Set<string> {
  const keys = state?.inputs?.["keys"];
  return new Set(typeof keys === "object" && keys !== null ? Object.keys(keys) : []);
}
