// Pure: turns what is at a target into syncs that would take it over as it is, and a list of what none can take over.

import { checkKeys } from "../../core/preflight.js";
import type { Target } from "../../destinations/destination.js";
import type { ListedVariable, ListedSlot } from "../../destinations/variable-lister.js";
import type { Redacted } from "../../redacted.js";
import { type Destination, destination as destinationSchema } from "../../../schema/index.js";

export interface DraftSync {
  readonly resource: string;
  /** The dotenv file beside the program. */
  readonly file: string;
  /** The everyday name of the slot. */
  readonly title: string;
  readonly destination: Destination;
  readonly values: ReadonlyMap<string, Redacted>;
  /** Keys whose values the platform never shows. */
  readonly missing: readonly string[];
}

/** A variable that stays as it is, outside of every sync. */
export interface Left {
  readonly key: string;
  readonly title: string;
  readonly reason: string;
}

export interface DraftInput {
  readonly slot: ListedSlot;
  readonly title: string;
  readonly resource: string;
  /** Labels of the live entries by key: what has to stay the same. */
  readonly labels: ReadonlyMap<string, string>;
  /** Binds arguments, without a call. */
  readonly open: (destination: Destination) => Promise<Target>;
}

/** @returns no sync if the slot holds nothing that a sync could take over */
export async function draftSync(drafting: DraftInput): Promise<{ sync: DraftSync | undefined; left: Left[] }> {
  const { slot, title, resource } = drafting;
  const taken: ListedVariable[] = [];
  const left: Left[] = [];
  for (const entry of slot.entries) {
    const reason = await findObstacle(entry, drafting);
    if (reason === undefined) taken.push(entry);
    else left.push({ key: entry.key, title, reason });
  }
  if (taken.length === 0) return { sync: undefined, left };
  const sync: DraftSync = {
    resource,
    file: `${resource}.env`,
    title,
    destination: withSettings(slot.destination, taken),
    values: new Map(taken.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const]))),
    missing: taken.filter(({ value }) => value === undefined).map(({ key }) => key),
  };
  return { sync, left };
}

/** Why a sync could not keep this variable as it is, by the rules that a preview would apply. */
export async function findObstacle(
  entry: ListedVariable,
  { slot, labels, open }: Pick<DraftInput, "slot" | "labels" | "open">,
): Promise<string | undefined> {
  const { key, value } = entry;
  if (slot.entries.filter((one) => one.key === key).length > 1) return "it is defined more than once";
  const parsed = destinationSchema.safeParse({ ...slot.destination, variables: { [key]: entry.settings } });
  if (!parsed.success) return "it is of a kind that this version does not know";
  const target = await open(parsed.data);
  const values = new Map(value === undefined ? [] : [[key, value]]);
  const problems = [
    ...checkKeys([key], target.capabilities.keyGrammar),
    ...target.inspect({ entries: [], keys: [key], values }, undefined, []),
  ];
  if (problems[0] !== undefined) return problems[0].message;
  const places = target.place(key);
  const isKept = places.length === 1 && places[0]?.slot === slot.slot && places[0].label === labels.get(key);
  return isKept ? undefined : "no arguments keep it as it is";
}

/** The most frequent settings for all keys, and `variables` for those that have others. */
export function withSettings(destination: Destination, entries: readonly ListedVariable[]): Destination {
  const text = ({ settings }: ListedVariable) => JSON.stringify(settings);
  const groups = [...Map.groupBy(entries, text).values()].sort((a, b) => b.length - a.length);
  const usual = groups[0]?.[0]?.settings ?? {};
  const others = groups.slice(1).flat();
  const variables = Object.fromEntries(
    others.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ key, settings }) => [key, settings]),
  );
  return { ...destination, ...usual, ...(others.length === 0 ? {} : { variables }) };
}
