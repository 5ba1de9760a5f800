// Pure: the import of a first run. Which readable values at the destination are written back into a source before anything is synced.

import type { Redacted } from "../redacted.js";
import type { Placement, SourceValues } from "./desired.js";
import { type LiveEntry, type Place, placeName, formatRevision } from "./entry.js";
import { matchKeySchema } from "./key-schema.js";
import { recognise } from "./references.js";
import { type Claim, claimedPlaces } from "./claims.js";
import type { Line } from "./render.js";

/** Whose value counts when source and destination both have one. */
export type ImportPriority = "source" | "destination";

/** The source that takes what is imported. */
export interface ImportTarget {
  /** Its place in the list of sources. */
  readonly index: number;
  /** Whether the key would be read again: one that `include` or `exclude` drops would count as having left the source. */
  readonly accepts: (sourceKey: string) => boolean;
  /** Keys whose value may be a reference or ciphertext of another tool; the source would later refuse it for any other key. */
  readonly allowReferences?: readonly string[] | undefined;
}

export interface ImportRequest {
  readonly priority: ImportPriority;
  /** In order: later sources win. */
  readonly sources: readonly SourceValues[];
  readonly into: ImportTarget;
  readonly live: readonly LiveEntry[];
  /** The value of a live entry; undefined if the vendor does not show it, or if it is not a plain value. */
  readonly reveal: (place: Place) => Redacted | undefined;
  readonly place: (key: string) => readonly Placement[];
  readonly keySchema: string | undefined;
  readonly environment: string;
  readonly claims: readonly Claim[];
}

/** One key that is written into the source. Like a plan it holds names, never a value. */
export interface Import {
  /** At the destination. */
  readonly key: string;
  readonly sourceKey: string;
  /** What happens in the source. */
  readonly action: "create" | "update";
}

export type LeaveReason = "unreadable" | "partial" | "differs" | "empty" | "claimed" | "filtered" | "overruled";

/** One key at the destination that cannot be imported. It is not removed as a consequence. */
export interface Left {
  readonly key: string;
  readonly because: LeaveReason;
  /** A source gives the key too, so its value at the destination would be lost. */
  readonly given: boolean;
}

export interface ImportDecision {
  readonly imports: readonly Import[];
  readonly left: readonly Left[];
  /** Keys that may be taken over: their value is in the source, or will be. */
  readonly agreed: readonly string[];
  /** What to write into the source, by source key. */
  readonly values: ReadonlyMap<string, Redacted>;
  /** Live tokens by place, of keys whose destination value is in the source, or will be: taken over only while they hold. */
  readonly seen: Readonly<Record<string, string>>;
}

/**
 * Decides for every key at the destination that the key schema could have made, in the slots that the sync would write it to.
 *
 * | in a source | priority    | at the destination                           | import                              |
 * | ----------- | ----------- | -------------------------------------------- | ----------------------------------- |
 * | no          |             | readable, the same in every slot of the key  | create in the source, and take over |
 * | no          |             | else                                         | left: neither imported nor removed  |
 * | yes         | source      |                                              | none: the source's value counts     |
 * | yes         | destination | readable and equal                           | none: taken over                    |
 * | yes         | destination | readable and different                       | update the source, and take over    |
 * | yes         | destination | else                                         | left: a conflict, until adopted     |
 *
 * An empty text in a source counts as none: templates are full of them, and they would wipe the live values.
 */
export function decideImports(request: ImportRequest): ImportDecision {
  const imports: Import[] = [];
  const left: Left[] = [];
  const agreed: string[] = [];
  const values = new Map<string, Redacted>();
  const seen: Array<[string, string]> = [];
  for (const candidate of listCandidates(request)) {
    const { key, sourceKey, given, places, live } = candidate;
    const found = given && request.priority === "source" ? "overridden" : findValue(candidate, request);
    if (typeof found === "string" && found !== "overridden" && found !== "equal") {
      left.push({ key, because: found, given });
      continue;
    }
    agreed.push(key);
    if (found === "overridden") continue;
    for (const name of places) seen.push([name, String(live.get(name))]);
    if (found === "equal") continue;
    const action = request.sources[request.into.index]?.has(sourceKey) === true ? "update" : "create";
    imports.push({ key, sourceKey, action });
    values.set(sourceKey, found);
  }
  return { imports, left, agreed, values, seen: Object.fromEntries(seen) };
}

interface Candidate {
  readonly key: string;
  readonly sourceKey: string;
  readonly slots: readonly string[];
  /** The names of the key's places. */
  readonly places: readonly string[];
  /** The source whose value wins; -1 for none. */
  readonly at: number;
  /** A source has a value for it. */
  readonly given: boolean;
  /** Tokens of all live entries, by place. */
  readonly live: ReadonlyMap<string, string>;
  readonly claimed: ReadonlyMap<string, string>;
}

/** The keys that the schema could have made, and that are where the sync would write them. */
function listCandidates(request: ImportRequest): Candidate[] {
  const live = new Map(request.live.map((entry) => [placeName(entry), formatRevision(entry)]));
  const claimed = claimedPlaces(request.claims);
  const keys = [...new Set(request.live.map(({ key }) => key))].sort();
  return keys.flatMap((key) => {
    const sourceKey = matchKeySchema(request.keySchema, key, request.environment);
    const slots = request.place(key).map(({ slot }) => slot);
    const places = slots.map((slot) => placeName({ slot, key }));
    if (sourceKey === undefined || !places.some((name) => live.has(name))) return [];
    const at = request.sources.findLastIndex((source) => source.has(sourceKey));
    const given = at >= 0 && request.sources[at]?.get(sourceKey)?.reveal() !== "";
    return { key, sourceKey, slots, places, at, given, live, claimed };
  });
}

/** The one value of the key wherever the sync would write it, or why there is none to import. */
function findValue(candidate: Candidate, request: ImportRequest): Redacted | LeaveReason | "equal" {
  const { key, sourceKey, slots, places, at, live, claimed } = candidate;
  const { sources, reveal } = request;
  const held = request.claims.some(({ keys }) => keys?.includes(key));
  if (held || places.some((name) => claimed.has(name))) return "claimed";
  const present = slots.filter((slot) => live.has(placeName({ slot, key })));
  const revealed = present.map((slot) => reveal({ slot, key }));
  const [first] = revealed;
  if (first === undefined || revealed.includes(undefined)) return "unreadable";
  // A value of one context must not spread to the others.
  if (present.length < slots.length) return "partial";
  if (revealed.some((value) => value?.reveal() !== first.reveal())) return "differs";
  if (first.reveal() === "") return "empty";
  if (sources[at]?.get(sourceKey)?.reveal() === first.reveal()) return "equal";
  return judgeSource(candidate, { into: request.into, value: first }) ?? first;
}

/** Why the source would not give the value back once it is written there. */
function judgeSource(
  { sourceKey, at }: Candidate,
  { into, value }: Pick<ImportRequest, "into"> & { readonly value: Redacted },
): LeaveReason | undefined {
  if (!into.accepts(sourceKey)) return "filtered";
  const isAllowed = into.allowReferences?.includes(sourceKey) === true;
  if (!isAllowed && recognise(sourceKey, value.reveal()) !== undefined) return "unreadable";
  return at > into.index ? "overruled" : undefined;
}

const reasons: Readonly<Record<LeaveReason, string>> = {
  unreadable: "its value cannot be read, or is a reference",
  partial: "it exists in only some of the places that this sync writes to",
  differs: "its values differ between the places that this sync writes to",
  empty: "it is empty",
  claimed: "another sync of this program has it",
  filtered: "include or exclude of the source would drop it again",
  overruled: "a later source gives another value",
};

export interface ImportSetting {
  /** The source's everyday name. */
  readonly origin: string;
  /** Reported after the write. */
  readonly isDone?: boolean;
}

/** The report of an import: names only. */
export function renderImports({ imports, left }: ImportDecision, { origin, isDone = false }: ImportSetting): Line[] {
  const adds = isDone ? "added to" : "will be added to";
  const replaces = isDone ? "replaced the value in" : "will replace the value in";
  const written = imports.map(({ key, sourceKey, action }): Line => ({
    sign: "^",
    name: sourceKey === key ? key : `${key} (as ${sourceKey})`,
    text: `: ${action === "create" ? adds : replaces} the ${origin}`,
  }));
  const skipped = left
    .filter(({ given }) => !given)
    .map(({ key, because }): Line => ({
      sign: ".",
      name: key,
      text: `: not imported, stays as it is: ${reasons[because]}`,
    }));
  return [...written, ...skipped];
}

/** Why a key that the destination should have decided cannot be imported; the plan itself calls it a conflict. */
export function explainConflict({ key, because }: Left): string {
  return `${key} cannot be imported, because ${reasons[because]}`;
}

/** Whether two observations lead to the same import. */
export function sameImports(a: ImportDecision, b: ImportDecision): boolean {
  const names = ({ imports }: ImportDecision) => imports.map(({ key, action }) => `${action} ${key}`).join("\n");
  return names(a) === names(b) && [...a.values].every(([key, value]) => b.values.get(key)?.reveal() === value.reveal());
}
