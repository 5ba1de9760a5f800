// Leaf of the network side: an answer that must have one shape. An incomplete one decides nothing.

import type { ZodType } from "zod";
import { HttpError } from "./error.js";
import { cleanText } from "./vendor-problem.js";

/** How one vendor's answers are read and refused. */
export interface AnswerReader {
  /** @throws HttpError `http.malformed`, which names the places that do not fit and none of their content */
  parse<T>(shape: ZodType<T>, body: unknown, what: string): T;
  /** Undefined if it does not fit. Never throws: after a write, only "look again" may follow from an answer. */
  fit<T>(shape: ZodType<T>, body: unknown): T | undefined;
  malformed(what: string, where: string): HttpError;
  /** For a "not found" from something in front of the service: a gateway does not know what is there. */
  foreign(what: string): HttpError;
}

export function createAnswerReader(vendor: string): AnswerReader {
  // The client's own kind of error: what handles a failed look also handles one that shows nothing.
  const malformed = (what: string, where: string) => {
    const message = `${vendor}'s answer is not a complete ${what} (at ${where || "top level"}); it was not used`;
    return new HttpError("http.malformed", message, {});
  };
  const foreign = (what: string) => {
    const message = `the 404 for ${what} is not ${vendor}'s own: another server answered in its place, and nothing was decided on it; check the base url and what stands in front of it, then run again`;
    return new HttpError("http.not_found", message, { status: 404 });
  };
  return {
    malformed,
    foreign,
    parse: (shape, body, what) => {
      const parsed = tryShape(shape, body);
      if (parsed.success) return parsed.data;
      throw malformed(what, parsed.where);
    },
    fit: (shape, body) => {
      const parsed = tryShape(shape, body);
      return parsed.success ? parsed.data : undefined;
    },
  };
}

type Tried<T> = { readonly success: true; readonly data: T } | { readonly success: false; readonly where: string };

/** Some shapes are recursive and some transform: both may throw an error that quotes the answer. */
function tryShape<T>(shape: ZodType<T>, body: unknown): Tried<T> {
  try {
    const parsed = shape.safeParse(body);
    if (parsed.success) return { success: true, data: parsed.data };
    return { success: false, where: namePlaces(parsed.error.issues.map((issue) => issue.path)) };
  } catch {
    return { success: false, where: "" };
  }
}

const mostPlaces = 5;

/** A list may be wrong ten thousand times, and the names of members are the server's own. */
function namePlaces(paths: readonly (readonly PropertyKey[])[]): string {
  const names = paths.slice(0, mostPlaces).map((path) => cleanText(path.map(String).join("."), []).slice(0, 80));
  return [...names, ...(paths.length > mostPlaces ? [`${paths.length - mostPlaces} more`] : [])].join(", ");
}
