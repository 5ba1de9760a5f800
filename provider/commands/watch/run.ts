// Command line: one unattended run of one stack. Looks first, and writes only what it has seen change.

import { listShownProblems } from "../cli-words.js";
import { type Deployment, readSyncs, type SyncOnRecord } from "../deployment.js";
import type { StackCli } from "./cli.js";
import { automaticSyncs, decideRun, firstRunsToConfirm } from "./decision.js";
import { findUnsettled, type FileStates, removesBelow } from "./file-settling.js";
import { findHolds, type Hold, type HoldRules, type Memory, type PlannedWrite, rememberWrites } from "./holds.js";
import { updateLimit } from "./limits.js";
import { type Look, lookAtStack } from "./look.js";
import { emptyOutcome, failWhole, judgeSyncs, type Outcome, type SyncChange, worstOf } from "./outcome.js";
import { listWrittenNames } from "./diagnostics.js";
import { driftedKeys } from "./plan-text.js";
import { problemsIn, type RunProblem, type Step } from "./preview.js";
import type { Cause } from "./schedule.js";
import type { LockWitness } from "./stack-lock.js";
import { isSync, readName, type Urn } from "./urn.js";

export interface RunOrder {
  readonly causes: readonly Cause[];
  /** Syncs that have failed lately and are left out. */
  readonly resting: readonly Urn[];
}

export interface RunContext {
  readonly cli: StackCli;
  /** Aborted when the runner is told to stop: a look ends at once, an update is waited for, and none is begun any more. */
  readonly ending: AbortSignal;
  /** Milliseconds that a look may take; an update may take that and what its deployments may. */
  readonly limit: number;
  readonly rules: HoldRules;
  readonly isDryRun: boolean;
  /** A clock that nobody sets, and a wait that `ending` cuts short. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly witness: () => LockWitness;
  /** Told the automatic syncs before their sources are read, so that no later change is missed. */
  readonly onSyncs: (syncs: readonly SyncOnRecord[]) => Promise<void>;
  /** Told before a write begins. */
  readonly onUpdate: () => void;
  /** Size, time and inode of the files that each sync reads. */
  readonly readFiles: (syncs: readonly SyncOnRecord[]) => Promise<FileStates>;
  /** When an app was last written, whichever stack it was. */
  readonly writes: { readonly at: (targetId: string) => number | undefined; readonly note: (targetId: string) => void };
}

/** Between the two looks that have to agree before keys are removed because a file no longer has them. */
const confirmWait = 10_000;
/** After which a file that was being written is looked at again. */
const settleWait = 2_000;

/**
 * Change and drift are found by a preview, which reads sources and targets with the provider's own code and credentials: a second
 * reader here could disagree with the one that writes. Asking vendors for change tokens first would spare nothing: every look has to
 * observe the target anyway, because drift has no token. The write is `up` on exactly the syncs that the preview named, so that an
 * unattended run changes secrets and never the rest of the user's infrastructure.
 *
 * @returns a function that runs the stack once; it remembers what holds a sync back from one run to the next
 */
export function openRuns(context: RunContext): (order: RunOrder) => Promise<Outcome> {
  let memory: Memory = new Map();
  const run: Run = { ...context, memory: () => memory, remember: (next) => (memory = next) };
  return async (order) => {
    try {
      return await lookAndWrite(run, order);
    } catch (error) {
      // A look that was cut off because the runner ends.
      if (context.ending.aborted) return { ...emptyOutcome, result: "stopped" };
      return failWhole(listShownProblems(error, process.env));
    }
  };
}

interface Run extends RunContext {
  readonly memory: () => Memory;
  readonly remember: (memory: Memory) => void;
}

/** A look, and what it means. */
interface Seen extends Look {
  readonly exported: Deployment;
  readonly syncs: readonly SyncOnRecord[];
  readonly isNew: boolean;
  readonly causes: readonly Cause[];
  readonly resting: ReadonlySet<Urn>;
  readonly files: FileStates;
  readonly endedAt: number;
  readonly targets: readonly Urn[];
  readonly left: readonly Urn[];
  readonly waiting: readonly string[];
}

async function lookAndWrite(run: Run, order: RunOrder): Promise<Outcome> {
  const first = await look(run, order);
  if ("result" in first) return first;
  if (removesBelow(first.targets, first).size === 0) return write(run, first, []);
  await run.sleep(confirmWait);
  if (run.ending.aborted) return { ...emptyOutcome, result: "stopped" };
  const second = await look(run, order);
  if ("result" in second) return second;
  return write(run, second, findUnsettled({ first, second }));
}

async function look(run: Run, { resting, causes }: RunOrder): Promise<Seen | Outcome> {
  const order = { limit: run.limit, ending: run.ending };
  const exported = await run.cli.export(order);
  if (run.ending.aborted) return { ...emptyOutcome, result: "stopped" };
  const isNew = (exported.deployment?.resources ?? []).length === 0;
  const syncs = automaticSyncs(readSyncs(exported));
  await run.onSyncs(syncs);
  const toConfirm = firstRunsToConfirm(syncs);
  if (toConfirm.length > 0) return { ...emptyOutcome, result: "waiting", waiting: toConfirm };
  if (syncs.length === 0 && !isNew) return { ...emptyOutcome, result: "unchanged" };
  const files = await run.readFiles(syncs);
  const awake = syncs.filter(({ urn }) => !resting.includes(urn));
  const seen = await lookAtStack({ cli: run.cli, order, exported, syncs: awake, isNew, witness: run.witness() });
  if (run.ending.aborted) return { ...emptyOutcome, result: "stopped" };
  if (seen.isWhole) return failWhole(seen.problems);
  return {
    ...seen,
    ...decideRun(seen.steps),
    exported,
    syncs,
    isNew,
    causes,
    resting: new Set(resting),
    files,
    endedAt: run.now(),
  };
}

async function write(run: Run, seen: Seen, unsettled: readonly Urn[]): Promise<Outcome> {
  const now = run.now();
  const planned = seen.targets.map((urn) => planWrite(urn, seen));
  const changed = await changedFiles(run, seen);
  const settling = planned.filter(({ urn }) => unsettled.includes(urn) || changed.has(urn));
  const due = planned.filter((one) => !settling.includes(one));
  const known = { memory: run.memory(), rules: run.rules, now, writtenAt: readWrites(run, seen, now) };
  const holds = [...settling.map((one) => holdUnsettled(one, now)), ...findHolds(due, known)];
  const writes = due.filter(({ urn }) => holds.every((hold) => hold.urn !== urn));
  if (writes.length === 0 || run.isDryRun) return conclude({ seen, holds, planned: writes.map(({ urn }) => urn) });
  if (run.ending.aborted) return { ...emptyOutcome, result: "stopped" };
  return update(run, { seen, holds, writes });
}

/** A runner that was started again goes by what state says. A time that lies ahead is that of another clock. */
function readWrites({ writes, witness }: Run, { syncs }: Seen, now: number): (targetId: string) => number | undefined {
  const wall = witness().now;
  const recorded = new Map<string, number>();
  for (const { outputs } of syncs) {
    const age = wall - Date.parse(outputs.lastSyncedAt ?? "");
    if (age >= 0) recorded.set(outputs.targetId, Math.max(recorded.get(outputs.targetId) ?? -Infinity, now - age));
  }
  return (targetId) => writes.at(targetId) ?? recorded.get(targetId);
}

async function changedFiles(run: Run, { syncs, files, targets }: Seen): Promise<ReadonlySet<Urn>> {
  const now = await run.readFiles(syncs.filter(({ urn }) => targets.includes(urn)));
  return new Set([...now].flatMap(([urn, state]) => (files.get(urn) === state ? [] : [urn])));
}

function holdUnsettled({ urn, sync }: PlannedWrite, now: number): Hold {
  const reason = "its file is still being written; it is looked at again";
  return { urn, sync, kind: "soon", reason, until: now + settleWait };
}

function planWrite(urn: Urn, { steps, syncs, plans }: Seen): PlannedWrite {
  const { name, source, destination, syncOptions, isEnabled } = inputsOf(steps.find((step) => step.urn === urn));
  return {
    urn,
    sync: readName(urn),
    targetId: syncs.find((sync) => sync.urn === urn)?.outputs.targetId ?? "",
    plan: plans.get(urn) ?? "",
    program: JSON.stringify([name, source, destination, syncOptions, isEnabled]),
  };
}

function inputsOf(step: Step | undefined): Readonly<Record<string, unknown>> {
  return step?.newState?.inputs ?? {};
}

interface UpdateInput {
  readonly seen: Seen;
  readonly holds: readonly Hold[];
  readonly writes: readonly PlannedWrite[];
}

async function update(run: Run, { seen, holds, writes }: UpdateInput): Promise<Outcome> {
  const targets = writes.map(({ urn }) => urn);
  const targeted = seen.syncs.filter(({ urn }) => targets.includes(urn));
  const limit = updateLimit(targeted, run.limit);
  run.onUpdate();
  const answer = await run.cli.up({ targets, message: `pulumi-secret-sync watch: ${seen.causes.join(", ")}`, limit });
  const isWell = answer.code === 0 && answer.cut === undefined;
  const problems = isWell ? [] : problemsIn(answer, "up", { ...run.witness(), targets });
  // Whatever did not begin has written nothing.
  if (problems.some(({ code }) => code === "stack.locked" || code === "stack.lock_stale")) return failWhole(problems);
  for (const { targetId } of writes) if (targetId !== "") run.writes.note(targetId);
  const after = automaticSyncs(
    readSyncs(await run.cli.export({ limit: run.limit, ending: new AbortController().signal })),
  );
  if (seen.isNew) await run.onSyncs(after);
  const names = listWrittenNames(answer.stdout);
  const written = new Set(targets.filter((urn) => names?.has(readName(urn)) ?? isWell));
  const failed = new Set(problems.flatMap(({ urn }) => urn ?? []));
  const well = new Set([...written].filter((urn) => !failed.has(urn)));
  const notLive = new Set(problems.flatMap(({ urn, code }) => (urn && code.startsWith("deployment.") ? [urn] : [])));
  run.remember(rememberWrites(run.memory(), writes, { now: run.now(), well, notLive }));
  const whole = problems.some(({ urn }) => urn === undefined);
  return conclude({
    seen,
    holds,
    planned: [],
    well,
    failed,
    problems,
    whole,
    changes: listChanges(after, well, writes),
  });
}

interface Conclusion {
  readonly seen: Seen;
  readonly holds: readonly Hold[];
  readonly planned: readonly Urn[];
  readonly well?: ReadonlySet<Urn>;
  readonly failed?: ReadonlySet<Urn>;
  readonly problems?: readonly RunProblem[];
  readonly whole?: boolean;
  readonly changes?: readonly SyncChange[];
}

function conclude(end: Conclusion): Outcome {
  const {
    seen,
    holds,
    planned,
    well = new Set(),
    failed = new Set(),
    problems = [],
    whole = false,
    changes = [],
  } = end;
  const alarms = holds.flatMap(({ problem }) => problem ?? []);
  const syncs = judgeSyncs({
    urns: listUrns(seen),
    resting: seen.resting,
    failed: new Set([...seen.failed, ...failed]),
    held: new Set(holds.map(({ urn }) => urn)),
    waiting: new Set(seen.left),
    planned: new Set(planned),
    written: well,
  });
  const times = [...holds.flatMap(({ until }) => until ?? []), ...(seen.unseen.size > 0 ? [seen.endedAt] : [])];
  return {
    result: whole ? "failed" : worstOf(syncs, { waits: seen.waiting.length > 0 }),
    isWhole: whole,
    syncs,
    changes,
    waiting: seen.waiting,
    holds,
    problems: [...seen.problems, ...problems, ...alarms],
    again: times.length === 0 ? undefined : Math.min(...times),
  };
}

/** Every sync of which the look tells something. */
function listUrns({ syncs, steps, failed, unseen }: Seen): Urn[] {
  const urns = [...syncs.map(({ urn }) => urn), ...steps.map(({ urn }) => urn).filter(isSync), ...failed];
  return urns.filter((urn) => !unseen.has(urn));
}

function listChanges(
  after: readonly SyncOnRecord[],
  well: ReadonlySet<Urn>,
  writes: readonly PlannedWrite[],
): SyncChange[] {
  return after.flatMap(({ urn, resource, outputs }) => {
    if (!well.has(urn)) return [];
    const repaired = driftedKeys(writes.find((write) => write.urn === urn)?.plan ?? "").length;
    const change = { sync: resource, did: outputs.lastSyncMessage, keys: outputs.managedKeys.length };
    return [repaired === 0 ? change : { ...change, repaired }];
  });
}
