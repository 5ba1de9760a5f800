// Pure: variables that two syncs of one program want in different kinds. Kind and scopes belong to the whole variable.

import type { Claim } from "../../core/claims.js";
import type { Desired } from "../../core/desired.js";
import type { Problem } from "../../errors.js";
import { contested } from "./ways.js";

export function findContested({ entries }: Pick<Desired, "entries">, claims: readonly Claim[]): Problem[] {
  const claimed = Map.groupBy(
    claims.flatMap(({ places }) => places),
    ({ key }) => key,
  );
  const unlike = entries.filter(({ key, label }) =>
    claimed.get(key)?.some((other) => other.label !== undefined && other.label !== label),
  );
  return [...new Set(unlike.map(({ key }) => key))].map(contested);
}
