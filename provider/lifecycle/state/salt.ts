// Provider process: the salt of a sync: drawn once, kept, and known only to those who can decrypt the stack.

import { createHmac, randomBytes } from "node:crypto";
import { isSecretSalt, layerSalt, makeSalt, deriveRevisionSalt } from "../../core/fingerprint.js";
import { rekeyLedger } from "../../core/rekeying.js";
import type { SyncState } from "./state.js";

export interface RunSalt {
  readonly salt: string;
  /** Drawn in this run. A preview must not show what was made with it, because the update draws another one. */
  readonly isDrawn: boolean;
}

interface Drawing {
  readonly isEnabled?: boolean;
  /** Random text of the engine, if the host gets one. */
  readonly seed?: unknown;
}

/**
 * The salt of the earlier inputs, or a new one. Earlier versions made it from the URN, so that anybody who saw a fingerprint could try
 * candidates: such a salt gets a secret layer in the next enabled run.
 */
export function findSalt(before: string | undefined, { isEnabled = true, seed }: Drawing = {}): RunSalt {
  if (before !== undefined && (isSecretSalt(before) || !isEnabled)) return { salt: before, isDrawn: false };
  const drawn = makeSalt(typeof seed === "string" ? spread(seed) : randomBytes(32));
  return { salt: before === undefined ? drawn : layerSalt(drawn, before), isDrawn: true };
}

/** Uses what the engine draws for a resource: the update of a saved plan draws the same. */
function spread(seed: string): Uint8Array {
  return createHmac("sha256", "pulumi-secret-sync salt").update(seed).digest();
}

/** State as this run's salt would have left it. */
export function rekeyState(state: SyncState, salt: string): SyncState {
  const { record } = state;
  if (isSecretSalt(record.salt) || !isSecretSalt(salt)) return state;
  return {
    ...state,
    record: { ...record, salt: deriveRevisionSalt(salt), ledger: rekeyLedger(record.ledger, salt) },
  };
}
