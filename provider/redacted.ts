// Leaf: a wrapper whose printed, JSON and inspected forms hide the value, and the net that cleans foreign text.

const inspect = Symbol.for("nodejs.util.inspect.custom");
const mask = "[secret]";

/** Holds one secret value. Only `reveal` gives it back, and only at the edge where it is hashed or sent. */
export class Redacted {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect](): string {
    return mask;
  }
}

/** Wraps a plain value. */
export function redact(value: string): Redacted {
  return new Redacted(value);
}

/**
 * Replaces every known value in a text that somebody else wrote (a vendor's error, a command's stderr).
 * Values shorter than four characters are left: replacing every "1" would destroy the message and hide nothing.
 * Longer values go first, so that a value containing another one is hidden whole.
 */
export function maskText(text: string, values: Iterable<Redacted>): string {
  const known = new Set<string>();
  for (const value of values) for (const form of listForms(value.reveal())) known.add(form);
  const ordered = [...known].filter((form) => form.length >= 4).sort((a, b) => b.length - a.length);
  let masked = text;
  for (const form of ordered) masked = masked.replaceAll(form, mask);
  return maskCiphertexts(masked);
}

/** Not by a pattern: in a text full of beginnings without an end it would search from each of them to the end. */
function maskCiphertexts(text: string): string {
  let masked = "";
  let from = 0;
  for (let at = text.indexOf("EV["); at >= 0; at = text.indexOf("EV[", from)) {
    const end = text.indexOf("]", at);
    if (end < 0) break;
    masked += `${text.slice(from, at)}EV[…]`;
    from = end + 1;
  }
  return masked + text.slice(from);
}

/** A value may come back as it is, escaped as JSON, URL-encoded, in base64, or line by line. */
function listForms(value: string): string[] {
  const lines = value.includes("\n") ? value.split("\n").filter((line) => line.length >= 8) : [];
  return [
    value,
    value.trim(),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    Buffer.from(value).toString("base64"),
    ...lines,
  ];
}
