// Pure but for its memory: asks "has it changed?" if a server gives an ETag (RFC 9110, section 13.1.2), and keeps the answer.

import type { HttpAnswer, HttpCall } from "../../http/client.js";

export type Ask = (call: HttpCall) => Promise<HttpAnswer>;

/** Wraps a client for reading: a second read of the same address transfers nothing when nothing changed. */
export function askConditionally(ask: Ask): Ask {
  const kept = new Map<string, { etag: string; answer: HttpAnswer }>();
  return async (call) => {
    const name = JSON.stringify([call.path, call.query ?? {}]);
    const known = kept.get(name);
    const answer = await ask(
      known === undefined
        ? call
        : { ...call, headers: { ...call.headers, "if-none-match": known.etag }, accept: [...(call.accept ?? []), 304] },
    );
    if (answer.status === 304 && known !== undefined) return known.answer;
    const etag = answer.headers["etag"];
    if (etag !== undefined && answer.status === 200) kept.set(name, { etag, answer });
    return answer;
  };
}
