// Provider process: an import takes over, by name, what is at a place. The ledger holds what was seen until the first update says which of
// the keys the program has; the others stay with their owners.

import { formatRevision, type LedgerEntry } from "../core/entry.js";
import { deriveRevisionSalt, fingerprint } from "../core/fingerprint.js";
import { ledgerKeys, ledgerPlaces, makeLedger } from "../core/ledger.js";
import { nameSome } from "../core/policy.js";
import { countKeys } from "../core/render.js";
import { readImportAddress } from "../destinations/address.js";
import type { Snapshot, Target } from "../destinations/destination.js";
import { SecretSyncError } from "../errors.js";
import type { World } from "../reconciler/world.js";
import { type Destination, destination as destinationSchema } from "../../schema/index.js";
import { slugify } from "./arguments/arguments.js";
import { lookForImport } from "./preview/import-look.js";
import { findSalt } from "./state/salt.js";
import { type SyncState, toState, writeState } from "./state/state.js";
import { closeInputs } from "./state/stored-inputs.js";
import type { Properties } from "./engine/wire.js";

export interface Adopted {
  readonly id: string;
  readonly inputs: Properties;
  readonly props: Properties;
}

export interface AdoptInput {
  /** `<type>/<target>[/<slot>]`. */
  readonly id: string;
  readonly urn: string;
  readonly resourceName: string;
}

/** Looks at the place that an id names. It writes nothing, and nothing is ours before an update says so. */
export async function adoptSync({ id, urn, resourceName }: AdoptInput, world: World): Promise<Adopted> {
  const destination = readDestination(id);
  const { target, snapshot } = await lookForImport({ id, destination }, world);
  const { salt } = findSalt(undefined);
  const ledger = listThere({ target, snapshot, salt });
  const name = slugify(resourceName);
  const keys = Object.fromEntries(ledgerPlaces(ledger).map(({ key, entry }) => [key, entry.fingerprint] as const));
  const facts = {
    __urn: urn,
    __targetId: snapshot.targetId,
    __imported: true,
    name,
    isEnabled: true,
    source: [{ type: "file", path: ".env" }],
    destination,
    keys,
    salt,
  };
  const found = ledgerKeys(ledger);
  const count = countKeys(found.length);
  if (found.length > 0) {
    const names = `${count} found at ${snapshot.targetName}, nothing written: ${nameSome(found)}`;
    await world.reporter.say(urn, "info", `${names}; the next up takes over those that the source has`);
  }
  const state: SyncState = toState({
    syncStatus: "succeeded",
    lastSyncedAt: undefined,
    lastSyncMessage: `${count} found, nothing written`,
    lastDeploymentId: undefined,
    version: 0,
    managedKeys: [],
    origins: undefined,
    targetId: snapshot.targetId,
    targetUrl: snapshot.targetUrl,
    drift: [],
    record: {
      salt: deriveRevisionSalt(salt),
      // Nothing has acted on them yet.
      inputs: "",
      ledger,
      address: target.addressOf(snapshot.targetId),
      isEnabled: true,
      onDestroy: "restore",
      imported: true,
    },
  });
  const inputs = closeInputs(facts, {});
  return { id: [destination.type, snapshot.targetId, name].join("/"), inputs, props: writeState(state, urn) };
}

function readDestination(id: string): Destination {
  for (const candidate of readImportAddress(id)) {
    const parsed = destinationSchema.safeParse(candidate);
    if (parsed.success) return parsed.data;
  }
  throw new SecretSyncError({
    code: "import.address",
    message: `${JSON.stringify(id)} does not say where the keys are; give <destination type>/<id or name of the app or site>, and add /<component or context> where they are in one`,
  });
}

/** A readable value gets the fingerprint that an equal value of the program will have; others are written by the first update. */
function listThere({ target, snapshot, salt }: { target: Target; snapshot: Snapshot; salt: string }) {
  const here = target.read(snapshot, deriveRevisionSalt(salt)).filter(({ slot }) => target.slots.includes(slot));
  return makeLedger(
    here.map((found) => {
      const value = target.reveal(snapshot, found);
      const entry: LedgerEntry = {
        fingerprint: value === undefined ? "" : fingerprint(salt, value),
        revision: formatRevision(found),
        prior: target.remember(snapshot, found),
      };
      return { slot: found.slot, key: found.key, entry };
    }),
  );
}
