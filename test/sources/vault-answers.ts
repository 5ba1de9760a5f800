// Test support: a server that answers as Vault does, as far as one test needs it.

import { onTestFinished } from "vitest";
import { type Loopback, type Received, type Reply, startLoopback } from "../emulators/loopback.js";
import { canary } from "./canary.js";

/** Closed at the end of the test. */
export async function serve(answer: (call: Received) => Reply): Promise<Loopback> {
  const server = await startLoopback(answer);
  onTestFinished(() => server.close());
  return server;
}

export const secret = (data: unknown): Reply => ({
  status: 200,
  body: { data: { data, metadata: { version: 1, destroyed: false, deletion_time: "" } } },
});
export const lease = (token: string, renewable = true): Reply => ({
  status: 200,
  body: { auth: { client_token: token, lease_duration: 600, renewable } },
});
export const denial: Reply = { status: 403, body: { errors: ["permission denied"] } };
export const role = { roleId: "role", secretId: canary };
