// Who owns what, as the records of a stack say it.

import { ledgerPlaces, type OwnedPlace } from "../../provider/core/ledger.js";
import { readState } from "../../provider/lifecycle/state/state.js";
import { host, type Resource } from "../lifecycle/host.js";
import type { Stack } from "../lifecycle/stack.js";
import { nameOf as nameOfUrn } from "../lifecycle/workers.js";
import { nameOf } from "./place.js";
import type { Platform } from "./platform.js";

interface Site {
  readonly stack: Stack;
  readonly platform: Pick<Platform, "ids">;
}

/** Names of syncs by place. One that is replaced and still to be removed has a name of its own. */
export type Owners = ReadonlyMap<string, readonly string[]>;

export function listOwners(site: Site, counts: (resource: Resource) => boolean = () => true): Owners {
  const owned = listOwned(site, counts).map(({ name, place }) => [place, name] as const);
  return new Map(
    [...Map.groupBy(owned, ([place]) => place)].map(([place, all]) => [place, all.map(([, name]) => name)]),
  );
}

/** What the records say of each place, as one text. */
export function listRecords(site: Site): Map<string, string> {
  const records = Map.groupBy(listOwned(site), ({ place }) => place);
  return new Map([...records].map(([place, all]) => [place, JSON.stringify(all)]));
}

/** Places of which a record does not say what the last write has left. */
export function listDoubts(site: Site): Set<string> {
  const unclear = listOwned(site).filter(({ entry }) => entry.unconfirmed !== undefined);
  return new Set(unclear.map(({ place }) => place));
}

/** Whether a sync says that it has taken over a key, and not made it. */
export function hasAdopted({ stack }: Pick<Site, "stack">, name: string, key: string): boolean {
  const { adoptedKeys } = stack.outputs(name);
  return Array.isArray(adoptedKeys) && adoptedKeys.includes(key);
}

/** Names of syncs that no update has followed since they were imported. */
export function listImported({ stack }: Pick<Site, "stack">): Set<string> {
  const all = [...stack.state].map(([urn, one]) => ({
    name: nameOfUrn(urn),
    state: readState(host.readState(one).outputs),
  }));
  return new Set(all.filter(({ state }) => state?.record.imported === true).map(({ name }) => name));
}

const replaced = ", replaced";

export function isReplaced(owner: string): boolean {
  return owner.endsWith(replaced);
}

interface Owned extends Pick<OwnedPlace, "entry"> {
  readonly name: string;
  readonly place: string;
}

function listOwned({ stack, platform }: Site, counts: (resource: Resource) => boolean = () => true): Owned[] {
  const all = [
    ...[...stack.state].map(([urn, resource]) => ({ name: nameOfUrn(urn), resource })),
    ...[...(stack.replaced ?? [])].map(({ urn, old }) => ({ name: `${nameOfUrn(urn)}${replaced}`, resource: old })),
  ];
  return all.flatMap(({ name, resource }) => {
    const state = counts(resource) ? readState(host.readState(resource).outputs) : undefined;
    // What an import has found is not the sync's before an update.
    if (state === undefined || state.record.imported === true) return [];
    const app = platform.ids.indexOf(state.targetId);
    return ledgerPlaces(state.record.ledger).map(({ entry, ...place }) => ({
      name,
      entry,
      place: nameOf({ app, ...place }),
    }));
  });
}
