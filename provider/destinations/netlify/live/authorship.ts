// Provider process: who last changed each variable, look by look of one run. Netlify shows the last author alone, and a write of ours
// beside somebody's change takes that place.

import { fingerprintShown } from "../../../core/fingerprint.js";
import { readTime } from "./masked-values.js";
import type { Owner } from "../api/api.js";
import type { Variable } from "../wire.js";

export interface Authorship {
  readonly at: string;
  readonly by: string | undefined;
}

/** Per key, in the order in which the looks have shown them. */
export type Authors = ReadonlyMap<string, readonly Authorship[]>;

export interface AuthorLog {
  readonly note: (owner: Owner, variables: readonly Variable[]) => void;
  readonly of: (owner: Owner) => Authors;
}

export function createAuthorLog(): AuthorLog {
  const owners = new Map<string, Map<string, readonly Authorship[]>>();
  const of = ({ accountId, siteId = "" }: Owner) => {
    const name = `${accountId}\u0000${siteId}`;
    const log = owners.get(name) ?? new Map<string, readonly Authorship[]>();
    owners.set(name, log);
    return log;
  };
  return {
    of,
    note: (owner, variables) => {
      const log = of(owner);
      for (const { key, updatedAt: at, updatedBy } of variables) {
        const earlier = log.get(key) ?? [];
        if (earlier.some((one) => one.at === at && one.by === updatedBy.id)) continue;
        log.set(key, [...earlier, { at, by: updatedBy.id }]);
      }
    },
  };
}

interface Since {
  readonly salt: string;
  readonly ourselves: string | undefined;
  readonly authors?: Authors;
  /** The recorded revision of a masked value. */
  readonly known: string;
}

/** Whether somebody else has changed the variable after the recorded revision. An unknown author or owner is nobody else. */
export function hasOtherSince({ key, updatedBy }: Variable, { salt, known, ourselves, authors }: Since): boolean {
  const isOther = (id: string | undefined) => ourselves !== undefined && id !== undefined && id !== ourselves;
  if (isOther(updatedBy.id)) return true;
  const log = authors?.get(key) ?? [];
  const recorded = readTime(known);
  const at = log.findLastIndex((one) => recorded !== "" && fingerprintShown(salt, one.at, 6) === recorded);
  return log.slice(at + 1).some(({ by }) => isOther(by));
}
