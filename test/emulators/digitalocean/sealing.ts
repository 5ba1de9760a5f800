// Pure but for nonces: how the secrets of a spec become ciphertexts, and which ciphertexts are taken back.
import { decrypt, encrypt, looksEncrypted } from "./encryption.js";
import type { AppKey } from "./encryption.js";
import { badRequest, envHolders } from "./model.js";
import type { Spec } from "./model.js";
import type { Variant } from "./variant.js";

/** Where a variable stands: the slot is a component's name, or empty at app level. */
export interface Entry {
  slot: string;
  key: string;
  scope: string;
}

export interface SealRules {
  variant: Variant;
  /** What plaintext is encrypted with. */
  key: AppKey;
  /** The app's spec so far; absent for a create, where nothing may be encrypted yet. */
  existing?: Spec;
  /** The vendor's own console may move a ciphertext: it is then bound to its new entry. */
  rebinds?: boolean;
}

export interface Sealing {
  value: string;
  /** For the message of a refusal: `services.0.envs.4.value`. */
  path: string;
  /** Absent for credentials outside the variables, which no switch speaks of. */
  entry?: Entry;
}

/** A ciphertext of this app stays as it is; plaintext (an empty one as well) becomes a new one. */
export function seal(sealing: Sealing, rules: SealRules): string {
  const { value, path, entry } = sealing;
  if (!looksEncrypted(value)) return sealPlaintext(sealing, rules);
  if (!rules.existing) refuse(path, "secret env value must not be encrypted before app is created");
  if (decrypt(rules.key, value) === undefined) {
    if (rules.variant.foreignCiphertext === "taken-as-plaintext") return sealPlaintext(sealing, rules);
    refuse(path, `secret env value ${JSON.stringify(value)} cannot be decrypted`);
  }
  if (entry && rules.rebinds) bind(value, entry, rules);
  if (entry && !isBoundTo(entry, value, rules)) refuse(path, "secret env value was encrypted for another variable");
  return value;
}

export function refuse(path: string, problem: string): never {
  throw badRequest(`errors validating app spec; first error in field "${path}": ${problem}`);
}

function sealPlaintext({ value, entry }: Sealing, rules: SealRules): string {
  const sealed = (entry && presentCiphertext(value, entry, rules)) ?? encrypt(rules.key, value);
  if (entry) bind(sealed, entry, rules);
  return sealed;
}

function bind(ciphertext: string, entry: Entry, { key: { madeFor } }: SealRules): void {
  const entries = madeFor.get(ciphertext) ?? new Set();
  madeFor.set(ciphertext, entries.add(entryName(entry)).add(entryName(entry, entry.scope)));
}

/** The ciphertext that the entry has already, when it holds this very value and the platform looks. */
function presentCiphertext(value: string, { slot, key }: Entry, rules: SealRules): string | undefined {
  if (rules.variant.resubmittedSecret !== "kept" || !rules.existing) return undefined;
  const holder = envHolders(rules.existing).find((each) => each.slot === slot)?.holder;
  const present = (holder?.envs ?? []).find((env) => env.key === key && env.type === "SECRET")?.value;
  return present !== undefined && decrypt(rules.key, present) === value ? present : undefined;
}

function isBoundTo(entry: Entry, ciphertext: string, { key, variant }: SealRules): boolean {
  if (variant.ciphertextBinding === "app") return true;
  const scope = variant.ciphertextBinding === "entry-and-scope" ? entry.scope : undefined;
  return key.madeFor.get(ciphertext)?.has(entryName(entry, scope)) === true;
}

function entryName({ slot, key }: Entry, scope?: string): string {
  return JSON.stringify(scope === undefined ? [slot, key] : [slot, key, scope]);
}
