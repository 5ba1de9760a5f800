// Command line: the write of a run: what is held back, the update of the rest, and the result of each sync.

import { createHash } from "node:crypto";
import { listShownProblems } from "../cli-words.js";
import { readSyncs, type SyncOnRecord } from "../deployment.js";
import { automaticSyncs } from "./decision.js";
import { findHolds, type Hold, type PlannedWrite, rememberLive, rememberWrites } from "./holds.js";
import { updateLimit } from "./limits.js";
import { emptyOutcome, failWhole, judgeSyncs, type Outcome, type SyncChange, worstOf } from "./outcome.js";
import { driftedKeys, isTriedAgain } from "../pulumi/plan-text.js";
import { problemsIn, type RunProblem, type Step } from "../pulumi/preview.js";
import type { Run, Seen } from "./run-context.js";
import { accountFor } from "./update-account.js";
import { isSync, readName, type Urn } from "../pulumi/urn.js";

/** After this time, a sync that was not written for a temporary reason is looked at again. */
const settleWait = 2_000;

/** Writes what the look has planned, except for what is held back. */
export async function writePlanned(run: Run, seen: Seen, unsettled: readonly Urn[]): Promise<Outcome> {
  const now = run.now();
  await noteLive(run, seen);
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

/** A look plans a write for every sync whose values do not run. */
async function noteLive(run: Run, { syncs, steps, resting, failed, unseen }: Seen): Promise<void> {
  const isOpen = (urn: Urn) =>
    resting.has(urn) || failed.has(urn) || unseen.has(urn) || steps.some((step) => step.urn === urn);
  const live = syncs.map(({ urn }) => urn).filter((urn) => !isOpen(urn));
  const memory = rememberLive(run.memory(), live);
  if (memory !== run.memory()) await run.remember(memory);
}

/** A restarted runner relies on state. A time in the future comes from another clock. */
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

function holdMissed({ urn, sync }: PlannedWrite, now: number): Hold {
  const reason = "the update ended before it, because of another sync; it is looked at again";
  return { urn, sync, kind: "soon", reason, until: now + settleWait };
}

function planWrite(urn: Urn, { steps, syncs, plans }: Seen): PlannedWrite {
  const step = steps.find((one) => one.urn === urn);
  const { name, source, destination, syncOptions, isEnabled } = inputsOf(step);
  return {
    urn,
    sync: readName(urn),
    targetId: syncs.find((sync) => sync.urn === urn)?.outputs.targetId ?? "",
    plan: plans.get(urn) ?? "",
    program: digest([name, source, destination, syncOptions, isEnabled]),
    isTriedAgain: step !== undefined && isTriedAgain(step),
  };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
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
  const limited = writes.map(({ urn, targetId }) => ({
    target: targetId || urn,
    destination: inputsOf(seen.steps.find((step) => step.urn === urn))["destination"],
  }));
  const limit = updateLimit(limited, run.limit);
  run.onUpdate();
  const message = `pulumi-secret-sync watch: ${seen.causes.join(", ")}`;
  const files = targets.flatMap((urn) => seen.files.get(urn) ?? []);
  const answer = await run.cli.up({ targets, message, limit, files });
  const isWell = answer.code === 0 && answer.cut === undefined;
  const found = isWell ? [] : problemsIn(answer, "up", { ...run.witness(), targets });
  // An update that did not begin has written nothing.
  if (found.some(({ code }) => code === "stack.locked" || code === "stack.lock_stale")) return failWhole(found);
  const { after, unread } = await readAfter(run);
  if (seen.isNew) await run.onSyncs(after);
  const facts = { targets, answer, problems: found, before: seen.syncs, after };
  const { written, failed, missed, problems } = accountFor(facts);
  const well = new Set([...written].filter((urn) => !failed.has(urn)));
  const notLive = new Set(problems.flatMap(({ urn, code }) => (urn && code.startsWith("deployment.") ? [urn] : [])));
  // It is unknown what an update that was cut off has begun.
  const begun = writes.filter(({ urn }) => answer.cut !== undefined || well.has(urn) || notLive.has(urn));
  for (const { targetId } of begun) run.writes.note(targetId);
  await run.remember(rememberWrites(run.memory(), writes, { now: run.now(), well, notLive }));
  const told = [...problems, ...unread];
  const whole = told.some(({ urn }) => urn === undefined);
  return conclude({
    seen,
    holds: [...holds, ...writes.filter(({ urn }) => missed.includes(urn)).map((one) => holdMissed(one, run.now()))],
    planned: [],
    well,
    failed,
    problems: told,
    whole,
    changes: listChanges(after, well, writes),
  });
}

/** Even a stopping runner does this: what it has written must not be reported as nothing. */
async function readAfter({
  cli,
  limit,
}: Run): Promise<{ after: readonly SyncOnRecord[]; unread: readonly RunProblem[] }> {
  try {
    const exported = await cli.export({ limit, ending: new AbortController().signal });
    return { after: automaticSyncs(readSyncs(exported)), unread: [] };
  } catch (error) {
    return { after: [], unread: listShownProblems(error, process.env) };
  }
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

/** Every sync that the look says something about. */
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
