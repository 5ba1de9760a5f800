// Pure: what a URN says about a resource.

import { readType, readTypeOfUrn } from "../../type-tokens.js";

export type Urn = string;

export function isSync(urn: Urn): boolean {
  return readTypeOfUrn(urn)?.resource === "SecretSync";
}

/** The type of a SecretSync or a Connection, as the CLI prints it. */
export function isOurType(type: string): boolean {
  return readType(type) !== undefined;
}

/** A SecretSync or a Connection. */
export function isOurs(urn: Urn | undefined): boolean {
  return urn !== undefined && readTypeOfUrn(urn) !== undefined;
}

/** The resource's name in the program. */
export function readName(urn: Urn): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Name and kind, for people: `ocean (Connection)`. */
export function describeUrn(urn: Urn): string {
  const kind = urn.split("::").at(-2)?.split(/[:$]/).at(-1);
  return kind === undefined ? readName(urn) : `${readName(urn)} (${kind})`;
}

/** The engine's own bookkeeping, which is never a target: the stack, and providers that no program named. */
export function isBookkeeping(urn: Urn): boolean {
  return /::pulumi:pulumi:Stack::|(?:::|\$)pulumi:providers:[^:]+::default/.test(urn);
}
