// Pure: which part of a write with an inconclusive answer has arrived, judged by what was there before and what is there now.

import type { Edit, Place } from "../../../core/entry.js";
import { allSlot, formatLabel } from "../contexts.js";
import type { Call, Create } from "../program.js";
import type { Prior } from "../variables.js";
import { slotOfValue, type Value, type Variable } from "../wire.js";

/** The outcome of a failed bulk request, by variable. */
export interface Arrival {
  /** Values that are there. */
  readonly done: readonly Place[];
  /** The calls for missing values of variables that are there. */
  readonly rest: readonly (readonly Call[])[];
  /** Variables that somebody else created meanwhile. */
  readonly theirs: readonly Create[];
  readonly missing: readonly Create[];
}

/** None of the variables was there before, so each is ours or was created at the same time. */
export function judgeArrival(
  creates: readonly Create[],
  { list, ourselves }: { list: readonly Variable[]; ourselves: string | undefined },
): Arrival {
  const there = new Map(list.map((one) => [one.key, one]));
  const found = creates.map((create) => ({ create, variable: there.get(create.variable.key) }));
  const ours = found.flatMap(({ create, variable }) =>
    variable !== undefined && isOurs(create, variable, ourselves) ? [{ create, variable }] : [],
  );
  const own = new Set(ours.map(({ create }) => create));
  return {
    done: ours.flatMap((one) => listDone(one)),
    rest: ours.map((one) => readRest(one)).filter((calls) => calls.length > 0),
    theirs: found.flatMap(({ create, variable }) => (variable === undefined || own.has(create) ? [] : [create])),
    missing: found.flatMap(({ create, variable }) => (variable === undefined ? [create] : [])),
  };
}

/**
 * A part of what was sent, and nothing else. For a masked value, the author decides; without one, it is less likely that somebody
 * happened to create the same variable of the same kind at that moment than that the request was partly carried out.
 */
function isOurs({ variable: sent, shape }: Create, live: Variable, ourselves: string | undefined): boolean {
  const author = live.updatedBy.id;
  if (ourselves !== undefined && author !== undefined && author !== ourselves) return false;
  if (formatLabel(live) !== formatLabel(shape)) return false;
  const values = new Map(sent.values.map((one) => [slotOfValue(one), one.value]));
  return live.values.every(({ slot, value, masked }) => values.has(slot) && (masked || values.get(slot) === value));
}

/** A value for all contexts is there for each of them. */
function listDone({ create, variable }: { create: Create; variable: Variable }): readonly Place[] {
  return create.places.filter(({ slot }) => valueAt(variable, slot) ?? valueAt(variable, allSlot));
}

function readRest({ create, variable }: { create: Create; variable: Variable }): Call[] {
  const { key, values } = create.variable;
  return values
    .map((one) => ({ slot: slotOfValue(one), value: one.value }))
    .filter(({ slot }) => !valueAt(variable, slot))
    .map(({ slot, value }) => ({ kind: "set", key, slot, value, places: [{ slot, key }] }));
}

function valueAt(variable: Variable | undefined, slot: string): Value | undefined {
  return variable?.values.find((one) => one.slot === slot);
}

/**
 * Whether one edit has arrived; undefined if unknown. A value that is not there yet may be on its way, and one that is to be given back
 * may be lost: only a removal is done when nothing is there.
 */
export function hasArrived(
  edit: Edit | undefined,
  { slot, key }: Place,
  { before, after }: { before: readonly Variable[]; after: readonly Variable[] },
): boolean | undefined {
  const find = (variables: readonly Variable[]) => {
    const variable = variables.find((one) => one.key === key);
    return valueAt(variable, slot) ?? (edit?.action === "restore" ? valueAt(variable, allSlot) : undefined);
  };
  const [was, is] = [find(before), find(after)];
  if (edit === undefined || edit.action === "remove") return is === undefined;
  if (is === undefined) return undefined;
  if (!is.masked) return is.value === readWanted(edit);
  return was === undefined || was.id !== is.id ? true : undefined;
}

function readWanted(edit: Exclude<Edit, { action: "remove" }>): string | undefined {
  if (edit.action === "set") return edit.value.reveal();
  const prior = edit.prior as Prior;
  return "masked" in prior ? undefined : prior.value;
}
