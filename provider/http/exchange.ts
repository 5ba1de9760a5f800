// Network side: one request, one outcome, no retry and no judgement. A failure is returned as data, never as a foreign error,
// because those hold the request with its token and body.

import type { Dispatcher } from "undici";
import type { Headers } from "./rate-headers.js";

export interface ExchangeInput {
  readonly origin: string;
  readonly path: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers: Record<string, string>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

export type Outcome =
  /** A complete answer, whatever it says. */
  | { readonly kind: "answer"; readonly status: number; readonly headers: Headers; readonly text: string }
  /** Headers came, but the body did not, or not all of it, or it is not text. */
  | {
      readonly kind: "cut";
      readonly status: number;
      readonly headers: Headers;
      readonly text: string;
      readonly fault: Fault;
    }
  /** No answer. `sent: false` is certain: not one byte of the request was sent. */
  | { readonly kind: "silence"; readonly sent: boolean; readonly fault: Fault };

export interface Fault {
  readonly kind: "timeout" | "too-large" | "broken" | "not-utf-8";
  /** The bare error code, such as ECONNREFUSED. */
  readonly code: string;
}

const largestBody = 32 * 1024 * 1024;

export function exchange(dispatcher: Dispatcher, sending: ExchangeInput): Promise<Outcome> {
  return new Promise((resolve) => {
    const { timeoutMs, ...request } = sending;
    let controller: Dispatcher.DispatchController | undefined;
    let head: { status: number; headers: Headers } | undefined;
    let settled = false;
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (outcome: Outcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(deadline);
      resolve(outcome);
    };
    const fail = (fault: Fault) => {
      settle(
        head === undefined
          ? { kind: "silence", sent: controller !== undefined, fault }
          : { kind: "cut", ...head, text: Buffer.concat(chunks).toString(), fault },
      );
      controller?.abort(new Error("given up"));
    };
    const deadline = setTimeout(() => fail({ kind: "timeout", code: "" }), timeoutMs);

    const handler: Dispatcher.DispatchHandler = {
      // undici calls this right before it writes to the socket: whatever fails earlier was certainly not sent.
      onRequestStart: (begun) => {
        // A second start would be undici sending the request again by itself; after the deadline nothing waits for an answer.
        if (settled || controller !== undefined) {
          begun.abort(new Error("given up"));
          return;
        }
        controller = begun;
      },
      onResponseStart: (_, status, headers) => {
        if (status >= 200) head = { status, headers: flattenHeaders(headers) };
      },
      onResponseData: (_, chunk) => {
        size += chunk.length;
        if (size > largestBody) fail({ kind: "too-large", code: "" });
        else chunks.push(chunk);
      },
      onResponseEnd: () => {
        if (head === undefined) fail({ kind: "broken", code: "" });
        else settle(finish(head, Buffer.concat(chunks)));
      },
      onResponseError: (_, error) => fail({ kind: "broken", code: readCode(error) }),
    };
    try {
      dispatcher.dispatch(request, handler);
    } catch (error) {
      fail({ kind: "broken", code: readCode(error) });
    }
  });
}

/** A byte read as U+FFFD would change a secret: only a body that is valid text throughout is an answer. A BOM is dropped. */
function finish(head: { status: number; headers: Headers }, body: Buffer): Outcome {
  try {
    return { kind: "answer", ...head, text: new TextDecoder("utf-8", { fatal: true }).decode(body) };
  } catch {
    return { kind: "cut", ...head, text: body.toString(), fault: { kind: "not-utf-8", code: "" } };
  }
}

function flattenHeaders(headers: Record<string, string | string[] | undefined>): Headers {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

/** Only the code: the message of a foreign error may quote addresses, proxies with passwords, or headers. */
function readCode(error: unknown): string {
  if (!(error instanceof Error)) return "";
  // undici wraps some socket errors in a code of its own; the inner one says more.
  const inner = readCode(error.cause);
  if (inner !== "") return inner;
  return "code" in error && typeof error.code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(error.code)
    ? error.code
    : "";
}
