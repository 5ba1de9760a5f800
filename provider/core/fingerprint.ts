// Pure: keyed one-way digests. A bare hash of a short secret can be guessed offline; a keyed one cannot without the salt.

import { createHash, createHmac } from "node:crypto";
import type { Redacted } from "../redacted.js";

/** Begins every salt that cannot be computed. Older salts were made from the URN, which is not secret. */
const secretPrefix = "2.";

/** Of a value, 96 bits, in base64url. */
export function fingerprint(salt: string, value: Redacted): string {
  return listLayers(salt).reduce((text, key) => sign(key, text).digest("base64url").slice(0, 16), value.reveal());
}

/** Of the value that a vendor shows: short, but long enough to distinguish two writes of one key. */
export function fingerprintShown(salt: string, shown: string, length = 8): string {
  return listLayers(salt).reduce((text, key) => sign(key, `live\u0000${text}`).digest("hex").slice(0, length), shown);
}

/** A salt of random bytes. */
export function makeSalt(random: Uint8Array): string {
  return secretPrefix + Buffer.from(random).toString("base64url");
}

/** Whether the salt cannot be computed. */
export function isSecretSalt(salt: string): boolean {
  return salt.startsWith(secretPrefix);
}

/** A salt that adds a key to what was keyed with a public one: no value is needed for it, so older state is carried over. */
export function layerSalt(salt: string, before: string): string {
  return `${salt}.${before}`;
}

/** The layer that `layerSalt` put over an earlier salt, as a salt of its own. */
export function outerSalt(salt: string): string {
  return isSecretSalt(salt) ? secretPrefix + (readKeys(salt)[0] ?? "") : salt;
}

/** The salt of revisions. A refresh needs it, and its holder cannot try candidates for a write-only value. */
export function deriveRevisionSalt(salt: string): string {
  if (!isSecretSalt(salt)) return salt;
  const [outer = "", ...inner] = readKeys(salt);
  return secretPrefix + [sign(outer, "revision").digest("base64url"), ...inner].join(".");
}

/** The keys of a salt in the order in which they are used. */
function listLayers(salt: string): string[] {
  return isSecretSalt(salt) ? readKeys(salt).toReversed() : [salt];
}

function readKeys(salt: string): string[] {
  return salt.slice(secretPrefix.length).split(".");
}

function sign(key: string, text: string) {
  return createHmac("sha256", key).update(text);
}

/** Digest of plain data, regardless of key order. */
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
