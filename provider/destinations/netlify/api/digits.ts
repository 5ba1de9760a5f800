// Pure: the body of an answer with every digit of its numbers. As a JavaScript number, an id of nineteen digits would change.

import type { HttpAnswer } from "../../../http/client.js";

/** Returns integers that a JavaScript number cannot hold as texts. */
export function readBody({ text, body }: Pick<HttpAnswer, "text" | "body">): unknown {
  // Hardly any answer has as many digits in a row, so hardly any is read twice.
  if (!/\d{16}/.test(text)) return body;
  try {
    return JSON.parse(text, keepDigits);
  } catch {
    // A body nested too deeply to walk was parsed already, and fits no shape.
    return body;
  }
}

/** The JavaScript engine passes a number as it was written: https://github.com/tc39/proposal-json-parse-with-source */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return /^-?\d+$/.test(context?.source ?? "") ? context?.source : value;
}
