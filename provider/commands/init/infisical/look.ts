// Command line, IO side: reads the folder and the destination of a sync, if there are credentials for both, and compares them.

import { findCredentials } from "../../../credentials/destination-lookup.js";
import type { CredentialSettings } from "../../../credentials/credentials.js";
import { applyKeySchema } from "../../../core/key-schema.js";
import type { Target } from "../../../destinations/destination.js";
import { type Destinations, loadVariableLister } from "../../../destinations/registry.js";
import type { ListedSlot } from "../../../destinations/variable-lister.js";
import { isSecretSyncError, listProblems } from "../../../errors.js";
import type { Redacted } from "../../../redacted.js";
import type { Sources } from "../../../sources/registry.js";
import { takeKeys } from "../../../sources/selection.js";
import type { Destination } from "../../../../schema/index.js";
import { findObstacle, withSettings } from "../draft.js";
import { compareKeys, type Comparison } from "./comparison.js";
import type { MovedSync } from "./move.js";

export interface LookInput {
  readonly sources: Sources;
  readonly destinations: Destinations;
  readonly settings: CredentialSettings;
  readonly directory: string;
  /** Called with every value that is read, so that no message can quote one. */
  readonly learn: (values: Iterable<Redacted | undefined>) => void;
}

export interface Looked {
  /** With the settings of what is there. */
  readonly destination: Destination;
  readonly comparison: Comparison;
  /** Set if a name beside an id was not the name of the target. */
  readonly outdatedName: string | undefined;
}

/** @returns the reasons in words if one of the two could not be read: the program can be written without it */
export async function lookAtSync(moved: MovedSync, world: LookInput): Promise<Looked | readonly string[]> {
  try {
    const [wanted, live] = await Promise.all([readFolder(moved, world), readDestination(moved, world)]);
    const { slot, target, snapshot, labels, open, destination, outdatedName } = live;
    const both = slot.entries.filter(({ key }) => wanted.has(key));
    const obstacles = new Map<string, string>();
    for (const entry of both) {
      const reason = await findObstacle(entry, { slot, labels, open });
      if (reason !== undefined) obstacles.set(entry.key, reason);
    }
    const kept = both.filter(({ key }) => !obstacles.has(key));
    const compare = (key: string, value: Redacted) => target.compare(snapshot, { slot: slot.slot, key }, value);
    return {
      destination: kept.length === 0 ? destination : withSettings(destination, kept),
      comparison: compareKeys({ wanted, entries: slot.entries, obstacles, compare }),
      outdatedName,
    };
  } catch (error) {
    if (!isSecretSyncError(error)) throw error;
    return listProblems(error).map(({ message }) => message);
  }
}

async function readFolder(
  { source, options }: MovedSync,
  world: LookInput,
): Promise<Map<string, Redacted | undefined>> {
  const { directory, settings } = world;
  const { environment } = settings;
  const content = await world.sources.read({ source, options: { environment, directory, secrets: new Map() } });
  world.learn(content.values.values());
  const values = takeKeys(source, content);
  return new Map(
    [...values].map(([key, value]) => [applyKeySchema(options.keySchema, key, source.environment), value]),
  );
}

async function readDestination(moved: MovedSync, { destinations, settings, learn }: LookInput) {
  const credentials = findCredentials(moved.destination.type, undefined, settings);
  const open = (one: Destination) => destinations.open(one, credentials);
  const { destination, target, snapshot, outdatedName } = await observe(moved.destination, open);
  learn(target.listReadable(snapshot, undefined));
  const lister = await loadVariableLister(destination.type);
  const [wanted = ""] = target.slots;
  const found = lister.listVariables(destination, snapshot).find((one) => one.slot === wanted);
  const labels = new Map(
    target.read(snapshot, "init").flatMap((one) => (one.slot === wanted ? [[one.key, one.label] as const] : [])),
  );
  const slot: ListedSlot = { slot: wanted, name: undefined, entries: found?.entries ?? [], destination };
  return { slot, target, snapshot, labels, open, destination, outdatedName };
}

/** Infisical keeps names beside ids only for display, so they are not corrected there when an app is renamed. */
async function observe(destination: Destination, open: (destination: Destination) => Promise<Target>) {
  const target = await open(destination);
  try {
    return { destination, target, snapshot: await target.observe({ fresh: true }), outdatedName: undefined };
  } catch (error) {
    if (!isSecretSyncError(error) || error.code !== "destination.wrong_name") throw error;
    const unnamed = dropNames(destination);
    const again = await open(unnamed);
    const snapshot = await again.observe({ fresh: true });
    return { destination: unnamed, target: again, snapshot, outdatedName: error.problems[0]?.message };
  }
}

function dropNames(destination: Destination): Destination {
  const names = new Set(["appName", "siteName", "accountName"]);
  return Object.fromEntries(Object.entries(destination).filter(([field]) => !names.has(field))) as Destination;
}
