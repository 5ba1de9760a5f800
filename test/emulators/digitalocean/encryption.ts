// Pure but for nonces: the emulator's EV strings. Real encryption under a key that belongs to one app, with a fresh nonce each time.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const SHAPE = /^EV\[1:([A-Za-z0-9+/]+=*):([A-Za-z0-9+/]+=*)\]$/;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;

/** What the values of one app are encrypted with, and what each ciphertext was made for. */
export interface AppKey {
  secret: Buffer;
  /** By ciphertext: the entries, as `entryName` writes them, that it was made for. */
  madeFor: Map<string, Set<string>>;
  /** By ciphertext: what is in it. Each is opened for every answer that tells what runs. */
  opened: Map<string, string>;
}

export function newAppKey(): AppKey {
  return { secret: randomBytes(32), madeFor: new Map(), opened: new Map() };
}

/** Anything that claims to be encrypted, well formed or not. */
export function looksEncrypted(value: string): boolean {
  return value.startsWith("EV[");
}

export function encrypt(key: AppKey, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", subkey(key.secret, nonce), Buffer.alloc(12));
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `EV[1:${nonce.toString("base64")}:${sealed.toString("base64")}]`;
}

/** The plaintext, or undefined when the text is not an EV of this app. */
export function decrypt(key: AppKey, ev: string): string | undefined {
  const known = key.opened.get(ev);
  if (known !== undefined) return known;
  const parts = SHAPE.exec(ev);
  if (!parts) return undefined;
  const nonce = Buffer.from(parts[1] ?? "", "base64");
  const sealed = Buffer.from(parts[2] ?? "", "base64");
  if (nonce.length !== NONCE_BYTES || sealed.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", subkey(key.secret, nonce), Buffer.alloc(12));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const open = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    const plaintext = Buffer.concat([open, decipher.final()]).toString("utf8");
    key.opened.set(ev, plaintext);
    return plaintext;
  } catch {
    return undefined;
  }
}

/** One key per nonce, so that the fixed 12-byte counter of GCM is never used twice under one key. */
function subkey(secret: Buffer, nonce: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, nonce, "emulated app platform", 32));
}
