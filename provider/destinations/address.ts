// Pure: which arguments say where a destination is, per destination, as data.

import type { DestinationType } from "../../schema/index.js";

interface AddressFields {
  /** Every field that addresses the target; each may be an output of a target that does not exist yet. */
  readonly fields: readonly string[];
  /** The one that holds the vendor's own id of the target and nothing else. */
  readonly id: string | undefined;
  /** The one that takes a name, or any other word for the target. */
  readonly name: string;
  /** The argument that lists slots. */
  readonly slots: string;
  /** The argument that says which of several targets at one address is meant. */
  readonly level?: string;
}

const addresses = {
  "digital-ocean-app-platform": {
    fields: ["appId", "appName"],
    id: "appId",
    name: "appName",
    slots: "components",
  },
  // A site may also be given by its domain, and a team by its slug: only a look shows which one is meant.
  netlify: { fields: ["siteId", "accountId"], id: undefined, name: "siteId", slots: "contexts", level: "level" },
} satisfies Record<DestinationType, AddressFields>;

/** Fields of any destination that may be unknown in a preview. */
export const addressFields: readonly string[] = Object.values(addresses).flatMap(({ fields }) => fields);

const compared: readonly string[] = Object.values<AddressFields>(addresses).flatMap(({ fields, level = [] }) =>
  fields.concat(level),
);

/** The vendor's id of the target if the arguments alone give it, parsed or not. */
export function findId(destination: Readonly<Record<string, unknown>>): string | undefined {
  const type = String(destination["type"]);
  if (!Object.hasOwn(addresses, type)) return undefined;
  const { id }: AddressFields = addresses[type as DestinationType];
  const value = id === undefined ? undefined : destination[id];
  return typeof value === "string" ? value : undefined;
}

/** Ids that the vendors give. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The destinations that `<type>/<target>[/<slot>]` may mean, best first; the schema decides whether they are valid. */
export function readImportAddress(text: string): Array<Record<string, unknown>> {
  const [type = "", target = "", slot, ...rest] = text.split("/");
  if (!Object.hasOwn(addresses, type) || target === "" || rest.length > 0) return [];
  const { id, name, slots }: AddressFields = addresses[type as DestinationType];
  const where = slot === undefined ? {} : { [slots]: [slot] };
  const fields = id !== undefined && uuid.test(target) ? [id, name] : [name];
  return fields.map((field) => ({ type, [field]: target, ...where }));
}

/** Whether both address the target in the same words; what those words mean may have changed. */
export function isSameAddress(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return a["type"] === b["type"] && compared.every((field) => a[field] === b[field]);
}
