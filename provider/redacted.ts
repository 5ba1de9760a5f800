// Leaf: a wrapper whose printed, JSON and inspected forms hide the value, and the filter that cleans foreign text.

import { hideValues } from "./masking/mask.js";

const inspect = Symbol.for("nodejs.util.inspect.custom");
/** Replaces a value. */
export const shownInstead = "[secret]";

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
    return shownInstead;
  }

  toJSON(): string {
    return shownInstead;
  }

  [inspect](): string {
    return shownInstead;
  }
}

/** Wraps a plain value. */
export function redact(value: string): Redacted {
  return new Redacted(value);
}

/**
 * Hides known values in foreign text (a vendor's error, a command's stderr): each run of eight or more of their characters, however it is
 * cut or encoded, and values of four to seven characters as a whole. See `masking/mask.ts`.
 */
export function maskText(text: string, values: Iterable<Redacted>): string {
  return hideValues(
    text,
    Array.from(values, (value) => value.reveal()),
    shownInstead,
  );
}
