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
  const mixed = keys(
    (entry) =>
      !isThere(entry) &&
      Boolean(claimed.get(entry.key)?.some(({ slot }) => (slot === allSlot) !== (entry.slot === allSlot))),
  );
  return [...unlike.map(contested), ...mixed.filter((key) => !unlike.includes(key)).map(describeMixed)];
}

function describeMixed(key: string): Problem {
  return {
    code: "variable.contested",
    message: `${key} is wanted for all contexts by one sync of this program and for single ones by another, and Netlify keeps one or the other; name contexts instead of "all"`,
  };
}
