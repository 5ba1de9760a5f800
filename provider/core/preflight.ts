// Pure: every failure that can be known before anything is written.

import type { Problem } from "../errors.js";
import { placeName, readLabel } from "./entry.js";
import type { Desired } from "./desired.js";
import type { Plan } from "./plan.js";
import { toldSingly } from "./render.js";

/** What a destination accepts as a key, as data. */
export interface KeyGrammar {
  readonly pattern: RegExp;
  /** The rule in words, for the message. */
  readonly rule: string;
  readonly maxLength?: number;
}

/** Keys that the destination would refuse, reported with the remedy. */
export function checkKeys(keys: readonly string[], grammar: KeyGrammar): Problem[] {
  return keys.flatMap((key) => {
    const tooLong = grammar.maxLength !== undefined && key.length > grammar.maxLength;
    // Pulumi's wire format drops a member of this name: state could never remember that the key is ours.
    const isLost = key === "__proto__";
    if (grammar.pattern.test(key) && !tooLong && !isLost) return [];
    return {
      code: "key.invalid",
      message: `${JSON.stringify(key)} is not a valid key at the destination (${grammar.rule}); rename it in the source, exclude it, or change syncOptions.keySchema`,
    };
  });
}

/** `emptyValues: "refuse"`: no destination gets an empty value, even if it could hold one. */
export function checkEmptyValues({ emptyValues, values }: Desired): Problem[] {
  if (emptyValues !== "refuse") return [];
  const empty = [...values].filter(([, value]) => value.reveal() === "").map(([key]) => key);
  return empty.map((key) => ({
    code: "value.empty",
    message: `${key} is empty, and syncOptions.emptyValues is "refuse"; give it a value, exclude it, or set emptyValues to "skip" or "write"`,
  }));
}

/** Overrides that name a key which no source gives are most often misspelt. */
export function findIdleOverrides(overrides: readonly string[], desired: Desired): string[] {
  const wanted = new Set(desired.keys);
  return overrides.filter((key) => !wanted.has(key)).sort();
}

/** A key that somebody else made is never overwritten silently. */
export function checkConflicts(plan: Plan): Problem[] {
  const all = plan.filter((change) => change.action === "conflict");
  const conflicts = all.filter((change) => change.changed !== true);
  const changed = all
    .filter((change) => change.changed === true)
    .map((change): Problem => ({
      code: "import.changed",
      message: `${placeName(change)} has changed at the destination since it was imported, and was not taken over; run up again`,
    }));
  return [...changed, ...tellConflicts(conflicts)];
}

/** `adoptExisting: true` is set before anybody has seen the values: a key whose value would change must be named. */
export function checkAdoptions(plan: Plan, agreed: readonly string[] = []): Problem[] {
  const adopted = plan.filter((change) => change.action === "adopt");
  const changing = adopted.filter(({ key, keepsValue }) => keepsValue === false && !agreed.includes(key));
  if (changing.length === 0) return [];
  const names = changing.map(placeName);
  const keys = [...new Set(adopted.map(({ key }) => key))];
  const values = names.length === 1 ? "the value of 1 key" : `the values of ${names.length} keys`;
  const remedy =
    keys.length > toldSingly
      ? "list every key that this sync takes over in syncOptions.adoptExisting"
      : `set syncOptions.adoptExisting to ${JSON.stringify(keys)}`;
  const message =
    `adoptExisting: true would replace ${values}; ${remedy} if you want that, ` +
    `or copy from the destination into the source:`;
  return [{ code: "conflict.value", message, lines: names }];
}

function tellConflicts(conflicts: ReadonlyArray<Extract<Plan[number], { action: "conflict" }>>): Problem[] {
  const code = "conflict.exists";
  if (conflicts.length > toldSingly) {
    const message =
      `${conflicts.length} keys already exist at the destination and were not written by this sync; ` +
      `name them in syncOptions.adoptExisting, or set it to true, to take them over, or rename them with keySchema:`;
    const lines = conflicts.map((change) => `${placeName(change)} (${describeFound(change)})`);
    return [{ code, message, lines }];
  }
  return conflicts.map((change) => ({
    code,
    message:
      `${placeName(change)} already exists at the destination (${describeFound(change)}) and was not written by this sync; ` +
      `add ${JSON.stringify(change.key)} to syncOptions.adoptExisting to take it over, or rename it with keySchema`,
  }));
}

function describeFound({ found, by }: { readonly found: string; readonly by?: string }): string {
  const label = readLabel(found);
  return by === undefined ? label : `${label}, last changed by ${by}`;
}
