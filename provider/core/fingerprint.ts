// Pure: keyed one-way digests. A bare hash of a short secret can be guessed offline; a keyed one cannot without the salt.

import { createHash, createHmac } from "node:crypto";
import type { Redacted } from "../redacted.js";

/** Of a value, 96 bits, in base64url. */
export function fingerprint(salt: string, value: Redacted): string {
  return createHmac("sha256", salt).update(value.reveal()).digest("base64url").slice(0, 16);
}

/** Of what a vendor shows as value, short; long enough to tell two writes of one key apart. */
export function fingerprintShown(salt: string, shown: string): string {
  return createHmac("sha256", salt).update("live\u0000").update(shown).digest("hex").slice(0, 8);
}

/** The salt of a new sync. It must be the same in the preview and in the update, which are two processes. */
export function deriveSalt(urn: string): string {
  return createHash("sha256").update("pulumi-secret-sync\u0000").update(urn).digest("base64url");
}

/** Digest of plain data, whatever order its keys have. */
export function digest(data: unknown): string {
  return createHash("sha256").update(canonical(data)).digest("base64url").slice(0, 22);
}

/** JSON with sorted keys and without undefined members. */
export function canonical(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonical).join(",")}]`;
  if (typeof data !== "object" || data === null) return JSON.stringify(data) ?? "null";
  const members = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`);
  return `{${members.join(",")}}`;
}
