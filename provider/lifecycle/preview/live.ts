// Pure but for opening the old target: one line about the owned entries as observed. It decides nothing; it makes drift visible.

import { placeName, formatRevision } from "../../core/entry.js";
import { digest } from "../../core/fingerprint.js";
import { countKeys } from "../../core/render.js";
import type { Surveyed } from "../../reconciler/survey.js";
import type { World } from "../../reconciler/world.js";
import type { SyncArguments } from "../arguments/arguments.js";
import { ownedKeys, type SyncInputs } from "../state/inputs.js";

export interface LiveLine {
  /** For example `3 of 3 keys #1a2b3c4d`: changes whenever anything changes at these places of the target. */
  readonly line: string;
  /** The places of the old inputs' keys. */
  readonly places: ReadonlySet<string>;
}

/** `check` never sees outputs, so the keys and the destination of the old inputs stand for the ledger. */
export async function describeLive(
  { olds, args }: { olds: SyncInputs; args: SyncArguments },
  { snapshot, live }: Surveyed,
  world: World,
): Promise<LiveLine | undefined> {
  if (snapshot === undefined) return undefined;
  const names = await listPlaces(olds, args, { targetId: snapshot.targetId, world });
  const tokens = new Map(live.map((entry) => [placeName(entry), formatRevision(entry)]));
  const there = names.filter((name) => tokens.has(name)).length;
  const seen = digest(names.map((name) => [name, tokens.get(name)])).slice(0, 8);
  return {
    line: `${there} of ${countKeys(names.length)} #${seen}`,
    places: new Set(names),
  };
}

/** None for a sync that is new at this target. */
async function listPlaces(
  olds: SyncInputs,
  { credentials }: SyncArguments,
  { targetId, world }: { targetId: string; world: World },
): Promise<string[]> {
  const { destination } = olds;
  const wasHere = olds.targetId === undefined || olds.targetId === targetId;
  if (destination === undefined || !wasHere) return [];
  const before = await world.openTarget(destination, world.findCredentials(destination, credentials));
  return ownedKeys(olds)
    .flatMap((key) => before.place(key).map(({ slot }) => placeName({ slot, key })))
    .sort();
}
