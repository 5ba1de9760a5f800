// Provider process: what state has of a sync, and which sync of the program that is. An alias, or another parent, changes its URN, and the
// engine deletes what it replaces under the old one. The salt of a sync is drawn at random and stays, so it tells; if the engine calls the
// sync new, the aliases do that the program sends.

import { deriveRevisionSalt } from "../../core/fingerprint.js";
import type { Recorded } from "../../reconciler/past.js";
import type { World } from "../../reconciler/world.js";
import { readState, type SyncState } from "./state.js";
import { readSalt } from "./stored-inputs.js";
import { type Properties, readUrn } from "../engine/wire.js";

export function keepRecorded(urn: string, recorded: Recorded, { memory }: World): void {
  memory.keepRecorded(urn, recorded);
  const { inputs, outputs } = recorded;
  const [given, kept] = [saltOf(inputs), outputs && readState(outputs)?.record.salt];
  if (given !== undefined) memory.identify(deriveRevisionSalt(given), urn);
  if (kept !== undefined) memory.identify(kept, urn);
}

/** The sync in a listing of the stack, which still has its old URN during the run that changes it. */
export function findRecorded(
  urn: string,
  listed: ReadonlyMap<string, Recorded>,
  { memory }: World,
): Recorded | undefined {
  const found = listed.get(urn);
  if (found !== undefined) return found;
  const salt = saltOf(memory.recorded(urn).inputs);
  if (salt !== undefined) return [...listed.values()].find(({ inputs }) => saltOf(inputs) === salt);
  return memory.aliasesOf(urn).flatMap((alias) => listed.get(alias) ?? [])[0];
}

/** The URN of this run for what a delete brings: outputs, with the URN under which they were written. */
export function findUrn(outputs: Properties, state: SyncState | undefined, world: World): string {
  return findUrnNow(readUrn(outputs), state, world);
}

/** The URN of this run for a sync of state, which still has its old one during the run that changes it. */
export function findUrnNow(urn: string, state: SyncState | undefined, { memory }: World): string {
  return (state && memory.urnOf(state.record.salt)) ?? memory.urnOfAlias(urn) ?? urn;
}

function saltOf(inputs: Recorded["inputs"]): string | undefined {
  const salt = inputs && readSalt(inputs);
  return typeof salt === "string" ? salt : undefined;
}
