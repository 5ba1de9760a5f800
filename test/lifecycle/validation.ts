// An app that previews are asked about, and answers of the platform that are none.

import type { Fault, LoggedRequest, Spec } from "../emulators/digitalocean/index.js";
import { openStack, type Run, type Stack } from "./stack.js";

export const propose = "POST /v2/apps/propose";
export const databases = "GET /v2/databases";
export const permission = "POST /v2/apps/{app_id}/rollback/validate";
export const look = "GET /v2/apps/{id}";

export async function shop(spec: Partial<Spec> = {}): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  const foreign = { key: "THEIRS", value: stack.secret("theirs"), type: "SECRET", scope: "RUN_TIME" };
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    envs: [foreign],
    services: [{ name: "web", instance_count: 1, envs: [{ key: "FOREIGN", value: "f" }] }],
    ...spec,
  });
  return { stack, appId };
}

/** From now on requests to such paths meet this. */
export function answer({ cloud }: Stack, path: RegExp, fault: Fault): void {
  cloud.faults.add({ match: { path, times: Infinity }, ...fault });
}

export function proposals({ cloud }: Stack): LoggedRequest[] {
  return cloud.requests.filter(({ template }) => template === "/v2/apps/propose");
}

/** The spec of the latest question. */
export function proposedSpec(stack: Stack): Spec {
  const body = proposals(stack).at(-1)?.body as { spec: Spec } | undefined;
  if (body === undefined) throw new Error("nothing was asked");
  return body.spec;
}

export function warningsOf(run: Run): string[] {
  return run.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);
}

/** What a question that nobody answers looks like, besides a 403. */
export const silences: [string, Fault][] = [
  ["401", { status: 401 }],
  ["404", { status: 404 }],
  ["409", { status: 409 }],
  ["413", { status: 413 }],
  ["429", { status: 429 }],
  ["429 for an hour", { status: 429, retryAfter: 3600 }],
  ["500", { status: 500 }],
  ["503 for a while", { status: 503, retryAfter: 30 }],
  ["524", { timeoutAfterApply: true }],
  ["a reset", { resetAfter: true }],
  ["a cut answer", { truncatedJson: true }],
  ["a page", { malformedJson: true }],
  ["5,000 nested lists", { status: 200, body: "[".repeat(5_000) + "]".repeat(5_000) }],
  ["a refusal by a proxy", { status: 302 }],
];
