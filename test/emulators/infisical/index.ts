// Test side: an Infisical server on loopback. What it answers follows the published description of v4 and the official SDKs' use of v3.

import { createHash, randomUUID } from "node:crypto";
import { type Loopback, type Received, type Reply, startLoopback } from "../loopback.js";
import { createInstance, type Instance, Refusal } from "./model.js";
import { answerCall } from "./routes.js";

export interface InfisicalEmulator extends Loopback {
  readonly instance: Instance;
  /** Moves the server's clock. */
  advance(seconds: number): void;
}

export async function startInfisical(): Promise<InfisicalEmulator> {
  const instance = createInstance();
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const loopback = await startLoopback((call) => reply(instance, call, now));
  return Object.assign(loopback, {
    instance,
    advance: (seconds: number) => {
      ahead += seconds * 1000;
    },
  });
}

function reply(instance: Instance, call: Received, now: () => number): Reply {
  try {
    const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? "")?.[1];
    const body = answerCall(instance, { ...call, token }, now);
    return withEtag(call, body);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, error: name } = error;
    // Answers of Fastify itself have no request id.
    const reqId = name === "Not Found" ? {} : { reqId: `req-${randomUUID().slice(0, 8)}` };
    return { status, body: { ...reqId, statusCode: status, message, error: name } };
  }
}

/** The server's ETag plugin works on the finished body, so that it saves transfer and nothing else. */
function withEtag(call: Received, body: unknown): Reply {
  const etag = `"${createHash("sha1").update(JSON.stringify(body)).digest("base64url")}"`;
  if (call.method === "GET" && call.headers["if-none-match"] === etag)
    return { status: 304, body: undefined, headers: { etag } };
  return { status: 200, body, headers: { etag } };
}
