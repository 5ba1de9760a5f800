// Pure: the resource that a request is about, read from its URN and its type.

import { readTypeOfUrn } from "../type-tokens.js";

export type Kind = "secret-sync" | "connection";

export interface Subject {
  readonly urn: string;
  readonly kind: Kind;
  /** The name in the program, which is free text. */
  readonly name: string;
  readonly stack: string;
}

/** `urn:pulumi:stack::project::parent$type::name`; undefined for a type that the plugin does not have. */
export function readSubject(urn: string): Subject | undefined {
  const type = readTypeOfUrn(urn);
  if (type?.host !== "plugin") return undefined;
  const [head = "", , , ...name] = urn.split("::");
  const kind = type.resource === "SecretSync" ? "secret-sync" : "connection";
  return { urn, kind, name: name.join("::"), stack: head.slice(head.lastIndexOf(":") + 1) };
}
