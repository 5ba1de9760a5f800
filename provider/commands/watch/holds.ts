// Pure: which of the planned writes are held back for now, why, and until when.

import type { Problem } from "../../errors.js";
import { driftedKeys, isRepetition, readPlan } from "../pulumi/plan-text.js";
import type { Urn } from "../pulumi/urn.js";

/** One write that a preview has planned. */
export interface PlannedWrite {
  readonly urn: Urn;
  /** The resource's name in the program. */
  readonly sync: string;
  /** Empty for a sync that has never run. */
  readonly targetId: string;
  /** What the preview says about it. */
  readonly plan: string;
  /** Digest of what the program wants, without secrets; it changes when the program does. */
  readonly program: string;
  /** The source holds the values that the last update tried to write. */
  readonly isTriedAgain: boolean;
}

/** What the runner remembers of one sync, from run to run. Times are of a monotonic clock. */
export interface SyncMemory {
  /** Deployments in a row that did not bring the same values live. */
  readonly badDeployments: number;
  /** What the program wanted in the last of them. */
  readonly program: string;
  /** When each key was repaired after somebody else's change, within the last hour. */
  readonly repairs: ReadonlyMap<string, readonly number[]>;
}

export type Memory = ReadonlyMap<Urn, SyncMemory>;

export interface HoldRules {
  readonly mostBadDeployments: number;
  /** Repairs of one key within an hour. */
  readonly mostRepairs: number;
  /** Milliseconds between two deployments of one app; 0: no minimum. */
  readonly minDeployInterval: number;
}

export const usualRules: HoldRules = { mostBadDeployments: 3, mostRepairs: 3, minDeployInterval: 0 };

const anHour = 60 * 60_000;

export interface Hold {
  readonly urn: Urn;
  readonly sync: string;
  /** `soon`: the runner goes on by itself, at `until`. `person`: a person has to act. */
  readonly kind: "soon" | "person";
  /** One lower-case clause, for after the name of the sync. */
  readonly reason: string;
  readonly until?: number;
  /** An alarm. */
  readonly problem?: Problem & { readonly urn: Urn };
}

export interface HoldInput {
  readonly memory: Memory;
  readonly rules: HoldRules;
  readonly now: number;
  /** When an app was last written, by its id, on the same clock. */
  readonly writtenAt: (targetId: string) => number | undefined;
}

/** @returns a hold for each write that has to wait; the others go ahead */
export function findHolds(writes: readonly PlannedWrite[], input: HoldInput): Hold[] {
  return writes.flatMap(
    (write) => holdContested(write, input) ?? holdBad(write, input) ?? holdEarly(write, input) ?? [],
  );
}

/** Somebody writes the same key again and again: a person has to find out who, and a deployment each time does not help. */
function holdContested({ urn, sync, plan }: PlannedWrite, { memory, rules, now }: HoldInput): Hold | undefined {
  const repairs = memory.get(urn)?.repairs;
  const contested = driftedKeys(plan).filter((key) => recent(repairs?.get(key), now).length >= rules.mostRepairs);
  if (contested.length === 0) return undefined;
  const oldest = Math.min(...contested.flatMap((key) => recent(repairs?.get(key), now)));
  const keys = contested.join(", ");
  const message = `${sync}: somebody else changes ${keys} again each time, ${rules.mostRepairs} times within an hour; find out who, or exclude the key`;
  return {
    urn,
    sync,
    kind: "person",
    reason: `somebody else keeps changing ${keys}`,
    until: oldest + anHour,
    problem: { code: "drift.contested", message, urn },
  };
}

/** The same values have failed to go live several times: another deployment of them would fail, too. */
function holdBad(write: PlannedWrite, { memory, rules }: HoldInput): Hold | undefined {
  const { urn, sync, plan } = write;
  const known = memory.get(urn);
  if (known === undefined || known.badDeployments < rules.mostBadDeployments || !isSame(write, known)) return undefined;
  const failed = `${known.badDeployments} deployments of the same values have failed`;
  // Starting a build again writes nothing.
  const isRestored = readPlan(plan).lines.length > 0 && !isRepetition(plan);
  const reason = isRestored
    ? `${failed}, and the earlier entries were restored; it waits until source or program changes: once the cause is gone, run pulumi up yourself`
    : `${failed}; it waits until source, target or program changes`;
  return { urn, sync, kind: "person", reason };
}

/** If the earlier entries were restored, the plan is the same as before. */
function isSame({ program, plan, isTriedAgain }: PlannedWrite, known: SyncMemory): boolean {
  return known.program === program && (isRepetition(plan) || (isTriedAgain && driftedKeys(plan).length === 0));
}

function holdEarly({ urn, sync, targetId }: PlannedWrite, { rules, now, writtenAt }: HoldInput): Hold | undefined {
  const last = targetId === "" ? undefined : writtenAt(targetId);
  if (last === undefined || now - last >= rules.minDeployInterval) return undefined;
  const seconds = Math.ceil((last + rules.minDeployInterval - now) / 1000);
  const reason = `its target was written lately; the next write is due in ${seconds} s`;
  return { urn, sync, kind: "soon", reason, until: last + rules.minDeployInterval };
}

function recent(times: readonly number[] = [], now: number): number[] {
  return times.filter((time) => now - time < anHour);
}

export interface WriteEnd {
  readonly now: number;
  /** Syncs whose update succeeded. */
  readonly well: ReadonlySet<Urn>;
  /** Syncs whose values are written, but whose deployment failed. */
  readonly notLive: ReadonlySet<Urn>;
}

/** What is remembered after an update. */
export function rememberWrites(memory: Memory, writes: readonly PlannedWrite[], end: WriteEnd): Memory {
  const next = new Map(memory);
  for (const write of writes) next.set(write.urn, rememberWrite(memory.get(write.urn), write, end));
  return next;
}

/** Values that were seen live begin a new count. @returns the same memory if there is none to end */
export function rememberLive(memory: Memory, urns: readonly Urn[]): Memory {
  const ended = urns.flatMap((urn) => {
    const known = memory.get(urn);
    return known === undefined || known.badDeployments === 0 ? [] : [[urn, { ...known, badDeployments: 0 }] as const];
  });
  return ended.length === 0 ? memory : new Map([...memory, ...ended]);
}

function rememberWrite(
  known: SyncMemory | undefined,
  write: PlannedWrite,
  { now, well, notLive }: WriteEnd,
): SyncMemory {
  const { urn, plan, program } = write;
  const before = known !== undefined && isSame(write, known) ? known.badDeployments : 0;
  const badDeployments = notLive.has(urn) ? before + 1 : well.has(urn) ? 0 : before;
  const repaired = well.has(urn) || notLive.has(urn) ? driftedKeys(plan) : [];
  const repairs = new Map<string, readonly number[]>();
  for (const [key, times] of known?.repairs ?? [])
    if (recent(times, now).length > 0) repairs.set(key, recent(times, now));
  for (const key of repaired) repairs.set(key, [...(repairs.get(key) ?? []), now]);
  return { badDeployments, program, repairs };
}
