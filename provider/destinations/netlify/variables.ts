// Pure: variables to entries, and edits to the calls that make them. Only what an edit names is ever touched.

import { type Edit, type Ledger, type LiveEntry, type Place, readFingerprint } from "../../core/entry.js";
import { lastRevision, ledgerAt, ledgerPlaces } from "../../core/ledger.js";
import type { Problem } from "../../errors.js";
import type { Note } from "../destination.js";
import { redact, type Redacted } from "../../redacted.js";
import { readAuthor } from "./live/author.js";
import { type Authors, hasOtherSince } from "./live/authorship.js";
import { allSlot, readContext, formatLabel, sentScopes, type Shape, slotsOfAll } from "./contexts.js";
import { fingerprintValue, hasRestMoved, hasTimeMoved, isStillOurs, showsNoPlace } from "./live/masked-values.js";
import type { Call, Create, NewVariable, Program, Removed } from "./program.js";
import { type Carried, chooseWay, isGivenBack, type Way, type Wish } from "./ways.js";
import type { Value, Variable } from "./wire.js";

export interface Reading {
  readonly salt: string;
  readonly ledger: Ledger | undefined;
  /** Keys touched by the write that led to this look. */
  readonly written: ReadonlySet<string>;
  /** The token's owner. An unknown owner or author counts as ours: otherwise two syncs of one variable would repair each other for ever. */
  readonly ourselves: string | undefined;
  /** What earlier looks of this run have shown, too. */
  readonly authors?: Authors;
}

/** The live entries: one per value. */
export function readEntries(variables: readonly Variable[], reading: Reading): LiveEntry[] {
  const { ledger, ourselves } = reading;
  return variables.flatMap((variable) =>
    variable.values.map((value): LiveEntry => {
      const entry = { slot: value.slot, key: variable.key, label: formatLabel(variable) };
      return {
        ...entry,
        ...recognise(variable, value, reading),
        ...readAuthor(variable, { ourselves, isShared: ledger !== undefined && isShared(variable, ledger) }),
      };
    }),
  );
}

/** Its revision: the recorded one if it still is our write, whatever has moved around it. */
function recognise(
  variable: Variable,
  value: Value,
  reading: Reading,
): Pick<LiveEntry, "fingerprint" | "among" | "moved"> {
  const { salt, ledger, written } = reading;
  const seen = fingerprintValue(salt, variable, value);
  const entry = ledger && ledgerAt(ledger, { slot: value.slot, key: variable.key });
  const token = entry && lastRevision(entry);
  if (ledger === undefined || token === undefined) return { fingerprint: seen };
  const known = readFingerprint(token);
  const byOurselves = !hasOtherSince(variable, { ...reading, known });
  const facts = {
    writtenNow: written.has(variable.key),
    sharedWithOthers: isShared(variable, ledger),
    byOurselves,
  };
  if (isStillOurs(known, seen, facts)) {
    // What our own token has moved in place is not recorded: somebody else's next change differs by its author.
    const isNews = !facts.writtenNow && hasTimeMoved(known, seen) && (!byOurselves || hasRestMoved(known, seen));
    return isNews ? { fingerprint: known, moved: true } : { fingerprint: known };
  }
  const among = showsNoPlace(known, seen) ? listMasked(variable, value.slot) : [];
  return among.length === 0 ? { fingerprint: seen } : { fingerprint: seen, among };
}

function isShared({ key, values }: Variable, ledger: Ledger): boolean {
  return values.some(({ slot }) => !ledgerAt(ledger, { slot, key }));
}

/** The other values of a variable that cannot be compared. */
function listMasked({ values }: Variable, slot: string): string[] {
  return values.filter((one) => one.masked && one.slot !== slot).map((one) => one.slot);
}

/** How an entry looked before it was adopted. A mask cannot be given back, and is remembered as a mask. */
export type Prior =
  | {
      readonly value: string;
      readonly shape: Shape;
      /** The slot that the value was at, if it was taken over from another one. */
      readonly over?: string;
    }
  | { readonly masked: true };

export function isMask(prior: Prior): prior is Extract<Prior, { masked: true }> {
  return "masked" in prior;
}

export function rememberValue(variables: readonly Variable[], { slot, key }: Place): Prior | undefined {
  const variable = variables.find((one) => one.key === key);
  const at = (wanted: string) => variable?.values.find((one) => one.slot === wanted);
  const value = at(slot) ?? at(allSlot);
  if (variable === undefined || value === undefined) return undefined;
  if (value.masked) return { masked: true };
  const over = value.slot === slot ? {} : { over: value.slot };
  return { value: value.value, shape: { isSecret: variable.isSecret, scopes: variable.scopes }, ...over };
}

/** Never a secret: one of its contexts may be shown, and the next one hidden. */
export function revealValue(variables: readonly Variable[], { slot, key }: Place): Redacted | undefined {
  const variable = variables.find((one) => one.key === key);
  const value = variable?.values.find((one) => one.slot === slot);
  if (variable === undefined || value === undefined || value.masked || variable.isSecret) return undefined;
  return redact(value.value);
}

/** Also for a secret, if its context is shown: the caller learns nothing but the answer. */
export function compareValue(
  variables: readonly Variable[],
  { slot, key }: Place,
  wanted: Redacted,
): boolean | undefined {
  const value = variables.find((one) => one.key === key)?.values.find((one) => one.slot === slot);
  return value === undefined || value.masked ? undefined : value.value === wanted.reveal();
}

/** Every value that is shown in clear, and those from before an adoption. */
export function listReadable(variables: readonly Variable[], ledger: Ledger | undefined): Redacted[] {
  const priors = ledgerPlaces(ledger ?? {}).map(({ entry }) => entry.prior as Prior | undefined);
  const shown = variables.flatMap(({ values }) => values.filter(({ masked }) => !masked).map(({ value }) => value));
  const kept = priors.flatMap((prior) => (prior === undefined || isMask(prior) ? [] : [prior.value]));
  return [...new Set([...shown, ...kept])].map(redact);
}

type Concrete = Wish & { readonly value: string };

/** The calls for a set of edits. */
export function toCalls(variables: readonly Variable[], edits: readonly Edit[]): Program {
  const live = new Map(variables.map((one) => [one.key, one]));
  const creates: Create[] = [];
  const chains: Call[][] = [];
  const idle: Place[] = [];
  const problems: Problem[] = [];
  const notes: Note[] = [];
  for (const [key, wishes] of byKey(edits.map(toWish))) {
    const from = live.get(key);
    const way = chooseWay(from, wishes);
    if (way.kind === "impossible") {
      problems.push(way.problem);
      continue;
    }
    const sets = wishes.filter((wish) => wish.kind === "set");
    const places = wishes.map(({ slot }) => ({ slot, key }));
    const values = collapse({
      values: [...sets, ...(way.kind === "values" ? [] : (way.carried ?? []))],
      sets,
      variable: from,
    });
    if (way.kind === "values" || risksOthers(way, values)) {
      chains.push(valueCalls(from, wishes, idle));
      notes.push(...describeKept(from, sets));
    } else if (way.shape === undefined) idle.push(...places);
    else {
      const variable = newVariable(key, way.shape, values);
      const create = { variable, shape: way.shape, places, isBack: isGivenBack(sets) };
      if (way.kind === "create" || from === undefined) creates.push(create);
      else chains.push([{ kind: way.kind, key, ...create, from, carries: way.carried !== undefined }]);
    }
  }
  return { creates, chains, idle, problems, notes };
}

/** Only a value is given back, not what belongs to the whole variable. */
function describeKept(live: Variable | undefined, sets: readonly Concrete[]): Note[] {
  const unlike = sets.flatMap((wish) =>
    wish.kind === "set" && wish.back === true && live !== undefined && formatLabel(wish.shape) !== formatLabel(live)
      ? [formatLabel(wish.shape)]
      : [],
  );
  const [was] = unlike;
  if (live === undefined || was === undefined) return [];
  const text = `${live.key} has its earlier value again and stays ${formatLabel(live)}: to make it ${was} again it would be written whole, and values of other contexts would be lost`;
  return [{ key: live.key, text }];
}

function toWish(edit: Edit): Concrete {
  const { slot, key } = edit;
  if (edit.action === "remove") return { slot, key, kind: "unset", value: "" };
  if (edit.action === "set") {
    return { slot, key, kind: "set", shape: edit.attributes as Shape, value: edit.value.reveal(), over: edit.over };
  }
  const prior = edit.prior as Prior;
  if (isMask(prior)) return { slot, key, kind: "leave", value: "" };
  return { slot, key, kind: "set", shape: prior.shape, value: prior.value, over: prior.over, back: true };
}

function byKey(wishes: readonly Concrete[]): Map<string, Concrete[]> {
  const groups = new Map<string, Concrete[]>();
  for (const wish of wishes) groups.set(wish.key, [...(groups.get(wish.key) ?? []), wish]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Between a deletion and a creation others' values could be lost, and state has none of them: at most the earlier value for all contexts,
 * which the equal ones are part of.
 */
function risksOthers({ kind, carried = [] }: Extract<Way, { shape: unknown }>, values: readonly Carried[]): boolean {
  return kind === "recreate" && carried.length > 0 && !values.some(({ slot }) => slot === allSlot);
}

interface Collapsing {
  readonly values: readonly Carried[];
  readonly sets: readonly Concrete[];
  readonly variable: Variable | undefined;
}

/** Makes one value for all contexts again, if that is what is given back, and if every context has it or the variable is lost. */
function collapse({ values, sets, variable }: Collapsing): readonly Carried[] {
  const [first] = values;
  const isBack = sets.every((wish) => wish.kind === "set" && wish.back === true && wish.over === allSlot);
  const isOne = values.every(({ slot, value }) => value === first?.value && isOfAll(slot));
  if (first !== undefined && isBack && isOne && variable === undefined) return [{ slot: allSlot, value: first.value }];
  // A site may know no `dev-server`.
  const rest = slotsOfAll.filter((slot) => slot !== "dev-server" && !values.some((one) => one.slot === slot));
  return first !== undefined && isBack && isOne && rest.length === 0 ? [{ slot: allSlot, value: first.value }] : values;
}

function isOfAll(slot: string): boolean {
  return (slotsOfAll as readonly string[]).includes(slot);
}

function newVariable(key: string, shape: Shape, given: readonly Carried[]): NewVariable {
  const values = given.map(({ slot, value }) => ({ ...readContext(slot), value }));
  return { key, is_secret: shape.isSecret, ...sentScopes(shape), values };
}

/** The request that would create a variable as it is. Only for one whose values can all be read. */
export function copyVariable(variable: Variable): NewVariable {
  return newVariable(variable.key, variable, variable.values);
}

function valueCalls(live: Variable | undefined, wishes: readonly Concrete[], idle: Place[]): Call[] {
  const key = wishes[0]?.key ?? "";
  const valueAt = (slot: string) => live?.values.find((one) => one.slot === slot);
  const calls: Call[] = [];
  for (const { slot, kind, value } of wishes) {
    const isNew = valueAt(slot) === undefined;
    if (kind === "set") calls.push({ kind: "set", key, slot, value, isNew, places: [{ slot, key }] });
  }
  for (const { slot, kind } of wishes) {
    const found = valueAt(slot);
    if (kind === "unset" && found !== undefined)
      calls.push({ kind: "unset", key, ...describeRemoved(found), places: [{ slot, key }] });
    else if (kind !== "set") idle.push({ slot, key });
  }
  const unset = calls.flatMap((call) => (call.kind === "unset" ? [call] : []));
  const isEmptied = unset.length === calls.length && unset.length > 0 && unset.length === live?.values.length;
  if (!isEmptied) return calls;
  return [{ kind: "clear", key, values: unset, places: unset.flatMap(({ places }) => places) }];
}

function describeRemoved({ id, slot, value, masked }: Value): Removed {
  return { id, slot, shown: masked ? undefined : value };
}
