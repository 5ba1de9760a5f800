// Provider process: a removal of a sync that this process has not checked. It is a destroy, or another provider has replaced the sync: the
// engine lets the one that state names remove what it has served. In state the replaced resource stands beside the one that goes on.

import { isDeepStrictEqual } from "node:util";
import { ledgerAt, ledgerKeys, ledgerPlaces, makeLedger } from "../../core/ledger.js";
import type { Recorded } from "../../reconciler/past.js";
import type { World } from "../../reconciler/world.js";
import { readOther } from "../state/formers.js";
import type { SyncState } from "../state/state.js";
import type { Successor } from "./successor.js";
import { readStackName } from "../engine/wire.js";

/** Whether this process has neither planned the sync nor learnt that it goes on. */
export function isUnseen(urn: string, { memory }: World): boolean {
  return memory.recall(urn) === undefined && !memory.isHandedOver(urn);
}

/** What goes on with the keys of such a sync. A write of others may wait for the answer. */
export function lookForSuccessor(urn: string, state: SyncState, world: World): Promise<Successor | undefined> {
  return world.queue.holdWhile(async () => {
    const listed = await world.listRecorded(readStackName(urn), "now");
    world.memory.keepStack(listed);
    const isThis = (one: Recorded) => isDeepStrictEqual(readOne(one)?.record, state.record);
    // With an alias, or another host, state has both under the new URN.
    const found = [...listed.values()].find(({ pending = [] }) => pending.some(isThis));
    return found && judge(state, readOne(found));
  });
}

/** Undefined for one that was deleted before its replacement is made: it goes on with nothing. */
function readOne({ outputs, isRemoved }: Recorded): SyncState | undefined {
  return outputs && isRemoved !== true ? readOther(outputs) : undefined;
}

function judge(state: SyncState, current: SyncState | undefined): Successor | undefined {
  if (current === undefined) return undefined;
  const { targetId, record } = current;
  if (targetId !== state.targetId) return record.isEnabled ? { takes: "nothing", record } : { takes: "none" };
  if (record.salt === state.record.salt) return { takes: "all" };
  const left = ledgerPlaces(state.record.ledger).filter((place) => ledgerAt(record.ledger, place) === undefined);
  return { takes: "all", left: ledgerKeys(makeLedger(left)) };
}
