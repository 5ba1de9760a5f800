// Pure: whether a webhook of Infisical is authentic and new, and which sources it is about. It is only a trigger: its data is not used.
// https://infisical.com/docs/documentation/platform/webhooks

import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { InfisicalSource } from "../../../schema/index.js";

/** Five minutes, in milliseconds: how far the sender's clock may be from ours, and how long a signature is remembered. */
export const replayWindow = 5 * 60_000;

export interface Delivery {
  /** `x-infisical-signature`: `t=<milliseconds>;<HMAC-SHA256 of the body in hex>`. */
  readonly signature: string | undefined;
  /** The raw bytes: the signature covers them, and JSON written again may have different bytes. */
  readonly body: Uint8Array;
}

const signatureForm = /^t=(\d{1,16});([0-9a-f]{64})$/i;

/** Whether the sender knows the secret. Compared in constant time. */
export function isAuthentic({ signature, body }: Delivery, secret: string): boolean {
  const digest = signatureForm.exec(signature ?? "")?.[2];
  if (digest === undefined) return false;
  return timingSafeEqual(createHmac("sha256", secret).update(body).digest(), Buffer.from(digest, "hex"));
}

const payload = z.looseObject({
  event: z.string(),
  timestamp: z.number(),
  project: z
    .looseObject({
      projectId: z.string().optional(),
      workspaceId: z.string().optional(),
      environment: z.string().optional(),
      secretPath: z.string().optional(),
    })
    .optional(),
});

/** What an authentic delivery says. */
export interface Notice {
  readonly event: string;
  readonly timestamp: number;
  readonly projectId: string | undefined;
  readonly environment: string | undefined;
  readonly secretPath: string;
}

/** @returns undefined when the body is not what Infisical sends */
export function readNotice(body: Uint8Array): Notice | undefined {
  const parsed = payload.safeParse(parseJson(body));
  if (!parsed.success) return undefined;
  const { event, timestamp, project = {} } = parsed.data;
  const { projectId = project.workspaceId, environment, secretPath = "/" } = project;
  return { event, timestamp, projectId, environment, secretPath };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** The header's own time is not signed, but the body's is: the body's decides, and both have to be equal. */
export function isTimely({ timestamp }: Notice, signature: string | undefined, now: number): boolean {
  const said = signatureForm.exec(signature ?? "")?.[1];
  return Number(said) === timestamp && Math.abs(now - timestamp) <= replayWindow;
}

/**
 * Remembers the digests of authentic deliveries, so that a repeat of the same bytes is refused, whatever unsigned time its header has.
 * Older ones are refused by the time in their body.
 */
export function createReplayGuard(): (signature: string, now: number) => boolean {
  const seen = new Map<string, number>();
  return (signature, now) => {
    for (const [known, until] of seen) if (until < now) seen.delete(known);
    const digest = signatureForm.exec(signature)?.[2]?.toLowerCase();
    if (digest === undefined || seen.has(digest)) return false;
    // A sender whose clock is ahead stays timely for twice the window.
    seen.set(digest, now + 2 * replayWindow);
    return true;
  };
}

/** Reminders and tests change no secret. */
const changing = /^secrets?\.(?:modified|create|update|delete|import-mutation)|^secrets\.rotation/;

/** Whether a source reads what the notice is about. The interval finds changes in imports and references of other folders. */
export function concerns(notice: Notice, source: InfisicalSource): boolean {
  if (!changing.test(notice.event)) return false;
  if (notice.projectId !== source.projectId || notice.environment !== source.environment) return false;
  const changed = asFolder(notice.secretPath);
  const read = asFolder(source.secretPath ?? "/");
  return changed === read || (source.recursive === true && changed.startsWith(read));
}

function asFolder(path: string): string {
  return `${path.replace(/\/+$/, "")}/`;
}
