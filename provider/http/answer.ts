// Leaf of the network side: an answer that has to be of one shape. What is only half there is never decided on.

import type { ZodType } from "zod";
import { SecretSyncError } from "../errors.js";

/** How one vendor's answers are read and refused. */
export interface AnswerReader {
  /** @throws SecretSyncError `http.malformed`, which names the places that do not fit and none of their content */
  parse<T>(shape: ZodType<T>, body: unknown, what: string): T;
  malformed(what: string, where: string): SecretSyncError;
}

export function createAnswerReader(vendor: string): AnswerReader {
  const malformed = (what: string, where: string) =>
    new SecretSyncError({
      code: "http.malformed",
      message: `${vendor}'s answer is not a complete ${what} (at ${where || "top level"}); nothing was decided on it`,
      retryable: true,
    });
  return {
    malformed,
    parse: (shape, body, what) => {
      const parsed = shape.safeParse(body);
      if (parsed.success) return parsed.data;
      throw malformed(what, parsed.error.issues.map((issue) => issue.path.join(".")).join(", "));
    },
  };
}
