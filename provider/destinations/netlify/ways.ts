// Pure: how the wishes for one variable can be met: value by value, as a whole, or not without a loss for others.

import type { Place } from "../../core/entry.js";
import type { Problem } from "../../errors.js";
import { allSlot, formatLabel, type Shape, slotsOfAll } from "./contexts.js";
import type { Variable } from "./wire.js";

/** One wish for one value. `leave` gives back a value that could not be read; `refused` would set one that may not be taken over. */
export type Wish = Place &
  (
    | {
        readonly kind: "set";
        readonly shape: Shape;
        /** The slot whose value has held at this place so far, and is taken over, or given back, for it. */
        readonly over?: string | undefined;
        /** It is given back. */
        readonly back?: boolean;
      }
    | { readonly kind: "unset" | "leave" | "refused" }
  );

/** A value that no wish names, and that is sent again when the variable is written as a whole. */
export interface Carried {
  readonly slot: string;
  readonly value: string;
}

/** How the wishes for one variable can be met. `replace` and `recreate` speak for the whole variable. */
export type Way =
  | {
      readonly kind: "create" | "replace" | "recreate" | "values";
      readonly shape: Shape | undefined;
      readonly carried?: readonly Carried[];
    }
  | { readonly kind: "impossible"; readonly problem: Problem };

/**
 * Single values suffice unless the variable itself has to change: secret or plain, scopes, or one value for all contexts against one
 * for each. Then the whole variable is written, but only when a wish names every value that it has. A takeover of the value for all
 * contexts also writes it, if every other value can be read: contexts that no wish names keep what they have.
 */
export function chooseWay(live: Variable | undefined, wishes: readonly Wish[]): Way {
  const sets = wishes.filter((wish) => wish.kind === "set");
  const [first] = sets;
  if (first === undefined) return { kind: live === undefined ? "create" : "values", shape: undefined };
  const isUnlike = sets.some((wish) => formatLabel(wish.shape) !== formatLabel(first.shape));
  if (isUnlike && !isGivenBack(sets)) return impossible(contested(first.key));
  const wanted = sets.map(({ slot }) => slot);
  const single = wanted.filter((slot) => slot !== allSlot);
  const toAll = wanted.includes(allSlot);
  if (toAll && single.length > 0) return impossible(mixed(first.key, toAll, single));
  if (live === undefined) return { kind: "create", shape: first.shape };
  if (isUnlike) return { kind: "values", shape: first.shape };
  const slots = live.values.map(({ slot }) => slot);
  // A value that is there already can be changed, even if one for all contexts is there beside others.
  const adds = wanted.some((slot) => !slots.includes(slot));
  const swapsAll = adds && slots.some((slot) => toAll !== (slot === allSlot));
  if (!swapsAll && formatLabel(live) === formatLabel(first.shape)) return { kind: "values", shape: first.shape };
  const left = readLeft(slots, wishes);
  const problem = swapsAll ? mixed(first.key, toAll, left) : shared(live, first.shape, left);
  return replaceWhole({ live, sets, left, shape: first.shape, toAll }) ?? impossible(problem);
}

interface Replacement {
  readonly live: Variable;
  readonly sets: ReadonlyArray<Extract<Wish, { kind: "set" }>>;
  readonly left: readonly string[];
  readonly shape: Shape;
  readonly toAll: boolean;
}

/** Writes the whole variable again; undefined if that would lose a value that no wish names. */
function replaceWhole({ live, sets, left, shape, toAll }: Replacement): Way | undefined {
  // The flag of a secret cannot be taken away. https://docs.netlify.com/environment-variables/secrets-controller/
  const kind = live.isSecret && !shape.isSecret ? "recreate" : "replace";
  if (left.length === 0) return { kind, shape };
  const carried = toAll ? undefined : carryOver(live, sets, left);
  if (carried !== undefined) return { kind, shape, carried };
  // What the other contexts have cannot be read, so the variable stays what it is, and every context has its value again.
  return isGivenBack(sets) ? { kind: "values", shape } : undefined;
}

/** A destroy has no program that could be corrected: it gives back what it can. */
export function isGivenBack(sets: readonly Wish[]): boolean {
  return sets.every((wish) => wish.kind === "set" && wish.back === true);
}

/** What a takeover keeps: each context without a value of its own gets the value for all contexts. */
function carryOver(live: Variable, sets: Replacement["sets"], left: readonly string[]): Carried[] | undefined {
  const values = live.values.filter(({ slot }) => left.includes(slot));
  const isTaken = sets.some((wish) => wish.over !== undefined);
  if (!isTaken || values.some(({ masked }) => masked)) return undefined;
  const taken = new Set([...sets.map(({ slot }) => slot), ...live.values.map(({ slot }) => slot)]);
  return values.flatMap(({ slot, value }) =>
    slot === allSlot
      ? slotsOfAll.filter((one) => !taken.has(one)).map((one) => ({ slot: one, value }))
      : [{ slot, value }],
  );
}

/** Values that no wish names. */
function readLeft(slots: readonly string[], wishes: readonly Wish[]): string[] {
  const named = new Set(wishes.filter(({ kind }) => kind !== "leave").map(({ slot }) => slot));
  return slots.filter((slot) => !named.has(slot));
}

function impossible(problem: Problem): Way {
  return { kind: "impossible", problem };
}

export function contested(key: string): Problem {
  return {
    code: "variable.contested",
    message: `${key} is wanted both secret and plain, or with different scopes, and Netlify keeps one of each per variable; give every sync of the key the same isSecret and scopes`,
  };
}

function mixed(key: string, toAll: boolean, left: readonly string[]): Problem {
  return toAll
    ? {
        code: "context.others_exist",
        message: `${key} has values for ${left.join(", ")}, which this sync does not set, and one value for all contexts would replace them; name contexts instead of "all", or remove those values at Netlify first`,
      }
    : {
        code: "context.all_exists",
        message: `${key} has one value for all contexts that this sync did not write, and a value for a single context would replace it; ${explainAll(key)}`,
      };
}

/** The two things that a person may want with a value for all contexts, which is never a secret. */
function explainAll(key: string): string {
  const adopting = `add ${JSON.stringify(key)} to syncOptions.adoptExisting to take it over`;
  const plain = `{ ${JSON.stringify(key)}: { isSecret: false, contexts: ["all"] } }`;
  return `${adopting}, which leaves that value in every other context where it can be read; with ${plain} in destination.variables as well, it stays one plain value for all contexts; or rename the key with keySchema`;
}

function shared(live: Variable, shape: Shape, left: readonly string[]): Problem {
  return {
    code: "variable.shared",
    message: `${live.key} would change from ${formatLabel(live)} to ${formatLabel(shape)}, which replaces the variable and loses its values for ${left.join(", ")}, which this sync does not set; set isSecret and scopes of ${live.key} in destination.variables to what they are now, or move those values first`,
  };
}
