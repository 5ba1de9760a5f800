// Pure: the body of an answer with every digit of its numbers. An id of nineteen digits is another one once it was a JavaScript number.

import type { HttpAnswer } from "../../http/client.js";

/** Whole numbers that a JavaScript number does not hold come as texts. */
export function readBody({ text, body }: Pick<HttpAnswer, "text" | "body">): unknown {
  // Hardly any answer has as many digits in a row, so hardly any is read twice.
  if (!/\d{16}/.test(text)) return body;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    // What nests too deep to be walked was read already, and no shape fits it.
    return body;
  }
}

/** The engine hands over a number as it was written: https://github.com/tc39/proposal-json-parse-with-source */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context?.source ?? "") ? context?.source : value;
}
