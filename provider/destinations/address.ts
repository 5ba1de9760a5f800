// Pure: which arguments say where a destination is, per destination, as data.

import type { Destination, DestinationType } from "../../schema/index.js";

interface AddressFields {
  /** Every field that addresses the target; each may be an output of a target that does not exist yet. */
  readonly fields: readonly string[];
  /** The one that holds the vendor's own id of the target and nothing else. */
  readonly id: string | undefined;
}

const addresses = {
  "digital-ocean-app-platform": { fields: ["appId", "appName"], id: "appId" },
  // A site may also be given by its domain, and a team by its slug: only a look can tell which one is meant.
  netlify: { fields: ["siteId", "accountId"], id: undefined },
} satisfies Record<DestinationType, AddressFields>;

/** Fields of any destination that may be unknown in a preview. */
export const addressFields: readonly string[] = Object.values(addresses).flatMap(({ fields }) => fields);

/** The vendor's id of the target where the arguments alone give it. */
export function findId(destination: Destination): string | undefined {
  const { id }: AddressFields = addresses[destination.type];
  const value = id === undefined ? undefined : (destination as Record<string, unknown>)[id];
  return typeof value === "string" ? value : undefined;
}

/** Whether both say in the same words where the target is; what those words mean may have changed. */
export function isSameAddress(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return a["type"] === b["type"] && addressFields.every((field) => a[field] === b[field]);
}
