// Pure: a readable name for a target of which only ids are known: the host of its address.

export interface KnownTarget {
  /** As the arguments call it: a name, a domain, or the id. */
  readonly name: string | undefined;
  readonly id: string | undefined;
  readonly url: string | undefined;
}

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @returns the id if nothing better is known; undefined if nothing is */
export function nameTarget({ name, id, url }: KnownTarget): string | undefined {
  const isName = name !== undefined && name !== "" && name !== id && !uuid.test(name);
  if (isName) return name;
  const host = url !== undefined && URL.canParse(url) ? new URL(url).host : "";
  return host || name || id;
}
