// Pure: variables that two syncs of one program want in ways that exclude each other. Kind and scopes belong to the whole variable, and
// it has one value for all contexts or one for each.

import type { Claim } from "../../../core/claims.js";
import type { Desired } from "../../../core/desired.js";
import type { Place } from "../../../core/entry.js";
import type { Problem } from "../../../errors.js";
import { allSlot } from "../contexts.js";
import { contested } from "../ways.js";
import type { Variable } from "../wire.js";

interface Beside {
  readonly claims: readonly Claim[];
  /** Undefined if nothing was looked at: the write will. */
  readonly variables: readonly Variable[] | undefined;
}

export function findContested({ entries }: Pick<Desired, "entries">, { claims, variables }: Beside): Problem[] {
  const claimed = Map.groupBy(
    claims.flatMap(({ places }) => places),
    ({ key }) => key,
  );
  const keys = (isContested: (entry: Desired["entries"][number]) => boolean) => [
    ...new Set(entries.filter(isContested).map(({ key }) => key)),
  ];
  const unlike = keys(({ key, label }) =>
    Boolean(claimed.get(key)?.some((other) => other.label !== undefined && other.label !== label)),
  );
  // What is there already can be changed, even if one for all contexts is there beside others.
  const isThere = ({ slot, key }: Place) =>
    variables === undefined ||
    variables.some((one) => one.key === key && one.values.some((value) => value.slot === slot));
  const isCovered = (key: string) => variables !== undefined && isThere({ slot: allSlot, key });
  const mixed = keys(
    (entry) => !isThere(entry) && Boolean(claimed.get(entry.key)?.some((other) => isForAll(other) !== isForAll(entry))),
  );
  const owned = new Set(claims.flatMap((claim) => (claim.owned ?? []).filter(isForAll).map(({ key }) => key)));
  const covered = keys((entry) => !isForAll(entry) && !isThere(entry) && owned.has(entry.key) && isCovered(entry.key));
  return [
    ...unlike.map(contested),
    ...mixed.filter((key) => !unlike.includes(key)).map(describeMixed),
    ...covered.filter((key) => !unlike.includes(key) && !mixed.includes(key)).map(describeCovered),
  ];
}

function isForAll({ slot }: Place): boolean {
  return slot === allSlot;
}

function describeMixed(key: string): Problem {
  return {
    code: "variable.contested",
    message: `${key} is wanted for all contexts by one sync of this program and for single ones by another, and Netlify keeps one or the other; name contexts instead of "all"`,
  };
}

/** The value is the other sync's to give up: taken over for one context, it would stay in every other one, where no sync owns it. */
function describeCovered(key: string): Problem {
  return {
    code: "variable.contested",
    message: `${key} has one value for all contexts that another sync of this program wrote, and a value for a single context would replace it; give ${key} single contexts in that sync first (contexts in destination.variables), run up, and move it to this sync after that`,
  };
}
