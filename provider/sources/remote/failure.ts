// Pure: network failures, reported with the source and its path.

import { type ErrorCode, isSecretSyncError, SecretSyncError } from "../../errors.js";
import { type HttpCode, isHttpCode } from "../../http/error.js";

/** What the client's codes mean for a source. A login without a certain answer has written nothing that matters. */
const sourceCodes: Readonly<Record<HttpCode, ErrorCode>> = {
  "http.unauthorized": "source.unauthorized",
  "http.forbidden": "source.forbidden",
  "http.not_found": "source.not_found",
  "http.conflict": "source.rejected",
  "http.rejected": "source.rejected",
  "http.rate_limited": "source.rate_limited",
  "http.unavailable": "source.unavailable",
  "http.ambiguous": "source.unavailable",
  "http.malformed": "source.malformed",
};

/** Runs a read and names the source in its failures; the client's `http.forbidden` becomes `source.forbidden`. */
export async function withOrigin<T>(origin: string, reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch (error) {
    if (!isSecretSyncError(error)) throw error;
    throw new SecretSyncError(
      error.problems.map((problem) => ({
        code: isHttpCode(problem.code) ? sourceCodes[problem.code] : problem.code,
        message: problem.message.startsWith(origin) ? problem.message : `${origin}: ${problem.message}`,
      })),
    );
  }
}

/** An answer of the wrong shape. Not one word of it is quoted. */
export function failAnswer(origin: string, expected: string): SecretSyncError {
  return new SecretSyncError({
    code: "source.malformed",
    message: `${origin}: the answer does not hold ${expected}; check that the base url is that of the service itself, then run again`,
  });
}
