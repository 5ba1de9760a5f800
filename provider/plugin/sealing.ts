// Pure: outputs sealed under a key that is among the inputs. The program's SDK logs the outputs of every resource in clear, and `up --json`
// prints them; inputs stay between the engine and this process. So outputs alone reveal nothing.

import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { isSecretSalt } from "../core/fingerprint.js";
import { type Properties, secret } from "../lifecycle/engine/wire.js";

const prefix = "sealed:1:";
const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** Whether a salt can be a key: older salts, from before secret ones, were made from public names. */
export function isKey(salt: unknown): salt is string {
  return typeof salt === "string" && isSecretSalt(salt);
}

/** The same text under the same key gives the same sealed text: a refresh that finds nothing new changes nothing. */
export function seal(text: string, salt: string, name: string): Properties {
  const packed = deflateRawSync(text);
  const nonce = derive(salt, "nonce").update(name).update("\0").update(packed).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv(algorithm, derive(salt, "key").digest(), nonce).setAAD(Buffer.from(name));
  const sealed = Buffer.concat([cipher.update(packed), cipher.final()]);
  return secret(prefix + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url"));
}

/** @returns undefined for what this key did not seal, as an edit of state leaves it */
export function unseal(text: string, salt: string, name: string): string | undefined {
  const bytes = Buffer.from(text.slice(prefix.length), "base64url");
  const [nonce, rest] = [bytes.subarray(0, nonceBytes), bytes.subarray(nonceBytes)];
  try {
    const decipher = createDecipheriv(algorithm, derive(salt, "key").digest(), nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(name)).setAuthTag(rest.subarray(0, tagBytes));
    const packed = Buffer.concat([decipher.update(rest.subarray(tagBytes)), decipher.final()]);
    return inflateRawSync(packed).toString();
  } catch {
    return undefined;
  }
}

export function isSealed(value: unknown): value is string {
  return typeof value === "string" && value.startsWith(prefix);
}

function derive(salt: string, purpose: string) {
  return createHmac("sha256", createHmac("sha256", salt).update(`outputs: ${purpose}`).digest());
}
