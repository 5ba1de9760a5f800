// Pure: the resource that a request is about, as its URN and its type tell.

export type Kind = "secret-sync" | "connection";

export interface Subject {
  readonly urn: string;
  readonly kind: Kind;
  /** The name in the program, which is free text. */
  readonly name: string;
  readonly stack: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  "secret-sync:index:SecretSync": "secret-sync",
  "secret-sync:index:Connection": "connection",
};

/** `urn:pulumi:stack::project::parent$type::name`; undefined for a type that this package does not have. */
export function readSubject(urn: string): Subject | undefined {
  const [head = "", , types = "", ...name] = urn.split("::");
  const kind = kinds[types.slice(types.lastIndexOf("$") + 1)];
  if (kind === undefined) return undefined;
  return { urn, kind, name: name.join("::"), stack: head.slice(head.lastIndexOf(":") + 1) };
}
