// Network side: lists of variables, kept for the looks of one run. A list that may be incomplete is an error, never a smaller world.

import type { Clock } from "../../../clock.js";
import { SecretSyncError } from "../../../errors.js";
import type { Look } from "../../destination.js";
import type { ListReading, NetlifyApi, Owner } from "../api/api.js";
import type { Variable } from "../wire.js";

export type Lister = (owner: Owner, look: Look & ListReading) => Promise<Listed>;

export interface Listed {
  readonly variables: readonly Variable[];
  /** Nothing is listed, and no other call says so, too. */
  readonly isUnconfirmed: boolean;
}

/** An earlier look answers a preview for this long; a write always takes a new one. */
const freshForMs = 30_000;

/**
 * Only a request for the next page proves a first list complete: one more call for each list and process, beside the one for the token's
 * owner. Every later look knows the keys that it has to find, and takes one call.
 */
export function createLister(api: NetlifyApi, clock: Clock): Lister {
  const looks = new Map<string, { at: number; list: Promise<Listed> }>();
  /** Keys of the last complete list of each owner. */
  const complete = new Map<string, ReadonlySet<string>>();
  return (owner, { fresh, notBefore = 0, ...reading }) => {
    const name = `${owner.accountId}\u0000${owner.siteId ?? ""}`;
    const known = looks.get(name);
    if (!fresh && known && clock.now() - known.at <= freshForMs && known.at >= notBefore) return known.list;
    const list = listSurely(api, owner, { known: complete.get(name), ...reading });
    looks.set(name, { at: clock.now(), list });
    list.then(
      ({ variables }) => complete.set(name, new Set(variables.map(({ key }) => key))),
      () => looks.delete(name),
    );
    return list;
  };
}

/**
 * An empty list is believed only if the other call for the same variables agrees: a lost right must not look like a wipe. A team has no
 * other call, and the one of a site is printed below its base path twice in the specification, so that a Netlify may not know it.
 * https://open-api.netlify.com/#tag/environmentVariables/operation/getSiteEnvVars
 */
async function listSurely(api: NetlifyApi, owner: Owner, reading: ListReading): Promise<Listed> {
  const variables = await api.listVariables(owner, reading);
  if (variables.length > 0) return { variables, isUnconfirmed: false };
  const confirmed = owner.siteId === undefined ? undefined : await api.listSiteVariables(owner.siteId);
  if (confirmed === undefined) return { variables, isUnconfirmed: true };
  if (confirmed.length === 0) return { variables, isUnconfirmed: false };
  throw new SecretSyncError({
    code: "destination.unreadable",
    message: `Netlify shows ${confirmed.length} variables of site ${owner.siteId} in one list and none in the other; check the token's rights, then run again`,
  });
}
