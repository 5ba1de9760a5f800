// Network side: lists of variables, kept for the looks of one run. A list that may be incomplete is an error, never a smaller world.

import type { Clock } from "../../clock.js";
import { SecretSyncError } from "../../errors.js";
import type { Look } from "../destination.js";
import type { ListReading, NetlifyApi, Owner } from "./api.js";
import type { Variable } from "./wire.js";

export type Lister = (owner: Owner, look: Look & ListReading) => Promise<readonly Variable[]>;

/** An earlier look answers a preview for this long; a write always takes a new one. */
const freshForMs = 30_000;

/**
 * Only a request for the next page proves a first list complete: one more call for each list and process, beside the one for the token's
 * owner. Every later look knows the keys that it has to find, and takes one call.
 */
export function createLister(api: NetlifyApi, clock: Clock): Lister {
  const looks = new Map<string, { at: number; list: Promise<readonly Variable[]> }>();
  /** Keys of the last complete list of each owner. */
  const complete = new Map<string, ReadonlySet<string>>();
  return (owner, { fresh, notBefore = 0, ...reading }) => {
    const name = `${owner.accountId}\u0000${owner.siteId ?? ""}`;
    const known = looks.get(name);
    if (!fresh && known && clock.now() - known.at <= freshForMs && known.at >= notBefore) return known.list;
    const variables = listSurely(api, owner, { known: complete.get(name), ...reading });
    looks.set(name, { at: clock.now(), list: variables });
    variables.then(
      (all) => complete.set(name, new Set(all.map(({ key }) => key))),
      () => looks.delete(name),
    );
    return variables;
  };
}

/** An empty list is believed only if the other call for the same variables agrees: a lost right must not look like a wipe. */
async function listSurely(api: NetlifyApi, owner: Owner, reading: ListReading): Promise<readonly Variable[]> {
  const variables = await api.listVariables(owner, reading);
  if (variables.length > 0 || owner.siteId === undefined) return variables;
  const confirmed = await api.listSiteVariables(owner.siteId);
  if (confirmed.length === 0) return variables;
  throw new SecretSyncError({
    code: "destination.unreadable",
    message: `Netlify shows ${confirmed.length} variables of site ${owner.siteId} in one list and none in the other; check the token's rights, then run again`,
  });
}
