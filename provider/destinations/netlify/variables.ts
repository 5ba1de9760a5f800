// Pure: variables to entries, and edits to the calls that make them. Only what an edit names is ever touched.

import type { Edit, Ledger, LiveEntry, Place } from "../../core/entry.js";
import { ledgerAt } from "../../core/ownership.js";
import type { Problem } from "../../errors.js";
import { redact, type Redacted } from "../../redacted.js";
import { allSlot, contextOf, labelOf, sentScopes, type Shape } from "./contexts.js";
import { isStillOurs, markOf } from "./recognition.js";
import type { Value, Variable } from "./wire.js";

export interface Reading {
  readonly salt: string;
  readonly ledger: Ledger | undefined;
  /** Keys that the write which gave this look has touched. */
  readonly written: ReadonlySet<string>;
  /** Whose token it is. An unknown owner or author counts as ours: otherwise two syncs of one variable would repair each other for ever. */
  readonly ourselves: string | undefined;
}

/** The live entries: one per value. */
export function readEntries(variables: readonly Variable[], reading: Reading): LiveEntry[] {
  return variables.flatMap((variable) =>
    variable.values.map((value): LiveEntry => {
      const by = authorOf(variable);
      const entry = { slot: value.slot, key: variable.key, label: labelOf(variable) };
      return { ...entry, mark: recognise(variable, value, reading), ...(by === undefined ? {} : { by }) };
    }),
  );
}

function recognise(variable: Variable, value: Value, { salt, ledger, written, ourselves }: Reading): string {
  const seen = markOf(salt, variable, value);
  const token = ledger && ledgerAt(ledger, { slot: value.slot, key: variable.key })?.token;
  if (ledger === undefined || token === undefined) return seen;
  const known = token.slice(token.lastIndexOf(" #") + 2);
  const { id: author } = variable.updatedBy;
  const circumstances = {
    writtenNow: written.has(variable.key),
    sharedWithOthers: variable.values.some((one) => !ledgerAt(ledger, { slot: one.slot, key: variable.key })),
    byOurselves: ourselves === undefined || author === undefined || author === ourselves,
  };
  return isStillOurs(known, seen, circumstances) ? known : seen;
}

/** Names are chosen by their owners: nothing but printable characters, and not many. */
function authorOf({ updatedBy, updatedAt }: Variable): string | undefined {
  const name = (updatedBy.name ?? "").replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "").slice(0, 80);
  if (name === "") return undefined;
  return /^[\d:.TZ+-]+$/.test(updatedAt) ? `${name} at ${updatedAt}` : name;
}

/** How an entry looked before it was adopted. A mask cannot be given back, and is remembered as what it is. */
export type Prior = { readonly value: string; readonly shape: Shape } | { readonly masked: true };

export function rememberValue(variables: readonly Variable[], { slot, key }: Place): Prior | undefined {
  const variable = variables.find((one) => one.key === key);
  const value = variable?.values.find((one) => one.slot === slot);
  if (variable === undefined || value === undefined) return undefined;
  if (value.masked) return { masked: true };
  return { value: value.value, shape: { isSecret: variable.isSecret, scopes: variable.scopes } };
}

/** Nothing of a secret: a context of it may be shown, and the next one hidden. */
export function revealValue(variables: readonly Variable[], { slot, key }: Place): Redacted | undefined {
  const variable = variables.find((one) => one.key === key);
  const value = variable?.values.find((one) => one.slot === slot);
  if (variable === undefined || value === undefined || value.masked || variable.isSecret) return undefined;
  return redact(value.value);
}

/** One wish for one value. `leave` is the giving back of a value that nobody could read. */
export type Wish = Place & ({ readonly kind: "set"; readonly shape: Shape } | { readonly kind: "unset" | "leave" });

/** How the wishes for one variable can be met. `replace` and `recreate` speak for the whole variable. */
export type Way =
  | { readonly kind: "create" | "replace" | "recreate" | "values"; readonly shape: Shape | undefined }
  | { readonly kind: "impossible"; readonly problem: Problem };

/**
 * Single values suffice unless the variable itself has to change: secret or plain, scopes, or one value for all contexts against one
 * for each. Then the whole variable is written, which is only done when every value that it has is named by a wish.
 */
export function chooseWay(live: Variable | undefined, wishes: readonly Wish[]): Way {
  const sets = wishes.filter((wish) => wish.kind === "set");
  const [first] = sets;
  if (first && sets.some((wish) => labelOf(wish.shape) !== labelOf(first.shape))) {
    return impossible(contested(first.key));
  }
  if (live === undefined) return { kind: "create", shape: first?.shape };
  if (first === undefined) return { kind: "values", shape: undefined };
  const slots = live.values.map((one) => one.slot);
  const toAll = sets.some((wish) => wish.slot === allSlot);
  const swapsAll = slots.length > 0 && toAll !== slots.includes(allSlot);
  if (!swapsAll && labelOf(live) === labelOf(first.shape)) return { kind: "values", shape: first.shape };
  const named = new Set(wishes.filter((wish) => wish.kind !== "leave").map((wish) => wish.slot));
  const left = slots.filter((slot) => !named.has(slot));
  if (left.length > 0) return impossible(swapsAll ? mixed(first.key, toAll, left) : shared(live, first.shape, left));
  // The flag of a secret cannot be taken away. https://docs.netlify.com/environment-variables/secrets-controller/
  return { kind: live.isSecret && !first.shape.isSecret ? "recreate" : "replace", shape: first.shape };
}

function impossible(problem: Problem): Way {
  return { kind: "impossible", problem };
}

function contested(key: string): Problem {
  return {
    code: "variable.contested",
    message: `${key} is to be both secret and plain, or to have two lists of scopes: Netlify keeps one of each per variable; give every sync of the key the same isSecret and scopes`,
  };
}

function mixed(key: string, toAll: boolean, left: readonly string[]): Problem {
  return toAll
    ? {
        code: "context.others_exist",
        message: `${key} has values for ${left.join(", ")} that are not this sync's, and one value for all contexts would replace them; name contexts instead of "all", or remove those values at Netlify first`,
      }
    : {
        code: "context.all_exists",
        message: `${key} has one value for all contexts that is not this sync's, and a value for a single context would replace it; give it "different value for each deploy context" at Netlify first, remove it there, or rename the key with keySchema`,
      };
}

function shared(live: Variable, shape: Shape, left: readonly string[]): Problem {
  return {
    code: "variable.shared",
    message: `${live.key} would become ${labelOf(shape)} (is ${labelOf(live)}), which replaces the variable, and its values for ${left.join(", ")} are not this sync's and would be lost; set isSecret and scopes of ${live.key} in destination.variables as they are, or move those values first`,
  };
}

/** A variable as it is sent. */
export interface NewVariable {
  readonly key: string;
  readonly is_secret: boolean;
  readonly scopes?: readonly string[];
  readonly values: ReadonlyArray<{ context: string; context_parameter?: string; value: string }>;
}

/** One request, and the places that it is for. */
export type Call = { readonly key: string; readonly places: readonly Place[] } & (
  | { readonly kind: "replace" | "recreate"; readonly variable: NewVariable }
  | { readonly kind: "set"; readonly slot: string; readonly value: string }
  | { readonly kind: "unset"; readonly id: string }
  | ClearCall
);

/** Deletes the variable itself, once it has no value left. */
interface ClearCall {
  readonly kind: "clear";
}

export interface Program {
  /** Sent together. */
  readonly creates: ReadonlyArray<{ readonly variable: NewVariable; readonly places: readonly Place[] }>;
  /** Per variable, in order. */
  readonly chains: ReadonlyArray<readonly Call[]>;
  /** Places where nothing has to be sent. */
  readonly idle: readonly Place[];
  readonly problems: readonly Problem[];
}

type Concrete = Wish & { readonly value: string };

/** The calls for a set of edits. */
export function toCalls(variables: readonly Variable[], edits: readonly Edit[]): Program {
  const live = new Map(variables.map((one) => [one.key, one]));
  const creates: Array<Program["creates"][number]> = [];
  const chains: Call[][] = [];
  const idle: Place[] = [];
  const problems: Problem[] = [];
  for (const [key, wishes] of byKey(edits.map(toWish))) {
    const variable = live.get(key);
    const way = chooseWay(variable, wishes);
    if (way.kind === "impossible") {
      problems.push(way.problem);
      continue;
    }
    const sets = wishes.filter((wish) => wish.kind === "set");
    const places = wishes.map(({ slot }) => ({ slot, key }));
    if (way.kind === "values") chains.push(valueCalls(variable, wishes, idle));
    else if (way.shape === undefined) idle.push(...places);
    else {
      const whole = newVariable(key, way.shape, sets);
      if (way.kind === "create") creates.push({ variable: whole, places });
      else chains.push([{ kind: way.kind, key, variable: whole, places }]);
    }
  }
  return { creates, chains: chains.filter((chain) => chain.length > 0), idle, problems };
}

function toWish(edit: Edit): Concrete {
  const { slot, key } = edit;
  if (edit.action === "remove") return { slot, key, kind: "unset", value: "" };
  if (edit.action === "set") {
    return { slot, key, kind: "set", shape: edit.attributes as Shape, value: edit.value.reveal() };
  }
  const prior = edit.prior as Prior;
  if ("masked" in prior) return { slot, key, kind: "leave", value: "" };
  return { slot, key, kind: "set", shape: prior.shape, value: prior.value };
}

function byKey(wishes: readonly Concrete[]): Map<string, Concrete[]> {
  const groups = new Map<string, Concrete[]>();
  for (const wish of wishes) groups.set(wish.key, [...(groups.get(wish.key) ?? []), wish]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function newVariable(key: string, shape: Shape, sets: readonly Concrete[]): NewVariable {
  const values = sets.map(({ slot, value }) => ({ ...contextOf(slot), value }));
  return { key, is_secret: shape.isSecret, ...sentScopes(shape), values };
}

function valueCalls(live: Variable | undefined, wishes: readonly Concrete[], idle: Place[]): Call[] {
  const key = wishes[0]?.key ?? "";
  const idOf = (slot: string) => live?.values.find((one) => one.slot === slot)?.id;
  const calls: Call[] = [];
  for (const { slot, kind, value } of wishes) {
    if (kind === "set") calls.push({ kind: "set", key, slot, value, places: [{ slot, key }] });
  }
  for (const { slot, kind } of wishes) {
    const id = idOf(slot);
    if (kind === "unset" && id !== undefined) calls.push({ kind: "unset", key, id, places: [{ slot, key }] });
    else if (kind !== "set") idle.push({ slot, key });
  }
  const gone = new Set(wishes.filter((wish) => wish.kind === "unset").map((wish) => wish.slot));
  const emptied = live !== undefined && live.values.length > 0 && live.values.every((one) => gone.has(one.slot));
  const clear: Call = { kind: "clear", key, places: [] };
  return emptied && calls.every((call) => call.kind === "unset") ? [...calls, clear] : calls;
}
