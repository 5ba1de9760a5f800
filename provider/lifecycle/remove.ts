// Provider process: destroy is `reconcile(nothing)`, from state alone: the program is gone.

import { nothing } from "../core/desired.js";
import { placeName } from "../core/entry.js";
import { ledgerAt } from "../core/ledger.js";
import type { Plan } from "../core/plan.js";
import { countKeys, formatLine, renderPlan, renderTaken, summarize } from "../core/render.js";
import { isSecretSyncError, SecretSyncError } from "../errors.js";
import type { Job, Outcome } from "../reconciler/batch/job.js";
import type { World } from "../reconciler/world.js";
import type { Destination } from "../../schema/index.js";
import { settleRest } from "./deployments/debt.js";
import { makeRules, recallRun } from "./state/last-run.js";
import { keepConnection } from "./state/next-state.js";
import { openRecorded } from "./state/recorded-target.js";
import { findUrn } from "./state/recorded.js";
import { isRefusal } from "./refresh.js";
import { openRow, type Row } from "./engine/row.js";
import { sayStaying } from "./replacement/staying.js";
import { findSuccessor, listRest, type Successor } from "./replacement/successor.js";
import { isUntouched, readState, type SyncState } from "./state/state.js";
import type { SyncRecord } from "./state/sync-record.js";
import { limitWaits } from "./arguments/timeouts.js";
import { isUnseen, lookForSuccessor } from "./replacement/unseen-removal.js";
import { type Properties, readTimeoutMs } from "./engine/wire.js";

/** Removes, keeps or gives back the keys that this sync owns, as `onDestroy` says; a replaced one leaves them to its successor. */
export async function removeSync(id: string, properties: Properties, world: World): Promise<void> {
  const state = readState(properties);
  const urn = findUrn(properties, state, world);
  if (state === undefined) return tellUnrecorded(properties, { urn, world });
  const next = isUnseen(urn, world) ? await lookForSuccessor(urn, state, world) : findSuccessor(urn, state, world);
  const lender = findLender(urn, next, world);
  // When its replacement comes later: that one goes on with this ledger.
  world.memory.keepRecorded(urn, { outputs: properties, isRemoved: true });
  if (next?.takes === "all") return sayStaying(urn, { state, keys: next.left, why: "not taken over" }, world);
  if (state.record.imported === true) return;
  const timeoutMs = readTimeoutMs(properties) ?? state.record.deleteTimeoutMs;
  await removeRest({ id, state, urn, timeoutMs, lender }, next, world);
}

/** Removes what no other resource takes over. */
async function removeRest(going: Going, next: Successor | undefined, world: World): Promise<void> {
  const { urn, lender } = going;
  const state = withToken(going.state, lender);
  const { record } = state;
  // One that was disabled until now, and is enabled at another target, leaves the first one like every other sync that moves.
  const isDisabled = !record.isEnabled && lender === undefined;
  if (next?.takes === "none" || record.onDestroy === "retain" || isDisabled || isUntouched(state)) {
    const isKept = record.onDestroy === "retain" ? "retain" : undefined;
    const why = isKept ?? (world.memory.isFrozen(urn) ? "frozen" : "disabled");
    // Of two that both have a key on record, each would leave it to the other one.
    world.memory.keepOwned({ targetId: state.targetId, salt: record.salt, ledger: {} });
    await sayStaying(urn, { state, keys: state.managedKeys, why }, world);
    return tellRest(urn, openRow(urn, world), world);
  }
  if (next?.takes !== "some") return removeOwned({ ...going, state }, world);
  const { ledger, retained } = listRest(record.ledger, next);
  await sayStaying(urn, { state, keys: retained, why: "kept" }, world);
  if (Object.keys(ledger).length === 0) return;
  await removeOwned({ ...going, state: { ...state, record: { ...record, ledger } } }, world);
}

/** The sync as it is enabled now: that of the program, or the one that state has, or had until this destroy. */
interface Lender extends Pick<SyncRecord, "connection"> {
  readonly type: Destination["type"];
}

function findLender(urn: string, next: Successor | undefined, { memory }: World): Lender | undefined {
  const survey = memory.recall(urn);
  if (survey !== undefined) {
    const { credentials, target } = survey;
    return { type: target.type, connection: credentials && keepConnection(credentials) };
  }
  const record = next?.takes === "nothing" ? next.record : findDestroyed(urn, memory);
  return record?.isEnabled === true ? { type: record.address.type, connection: record.connection } : undefined;
}

/** A destroy that comes one after the other may have removed the sync before what waits for its removal. */
function findDestroyed(urn: string, memory: World["memory"]): SyncRecord | undefined {
  const { outputs, isRemoved } = memory.recorded(urn);
  return outputs && isRemoved === true ? readState(outputs)?.record : undefined;
}

/** State keeps no token of a sync that is disabled. */
function withToken(state: SyncState, lender: Lender | undefined): SyncState {
  return state.record.isEnabled ? state : (lendConnection(state, lender) ?? state);
}

/** The same with the credentials that the sync has now; undefined if it has none for this destination. */
function lendConnection(state: SyncState, lender: Lender | undefined): SyncState | undefined {
  const { record } = state;
  if (lender?.type !== record.address.type) return undefined;
  return { ...state, record: { ...record, connection: lender.connection } };
}

interface Going {
  readonly id: string;
  readonly state: SyncState;
  readonly urn: string;
  readonly timeoutMs: number | undefined;
  readonly lender: Lender | undefined;
}

async function removeOwned({ id, state, urn, timeoutMs, lender }: Going, world: World): Promise<void> {
  const row = openRow(urn, world);
  const remove = async (from: SyncState) => {
    const job = await makeJob(id, from, { urn, world, report: row.report, timeoutMs });
    return row.while(() => world.queue.enqueue(job));
  };
  try {
    const outcome = await remove(state).catch((error: unknown) => {
      const lent = isRefused(error) ? lendConnection(state, lender) : undefined;
      if (lent === undefined) throw error;
      return remove(lent).catch((next: unknown) => {
        // To a token of another account the target only seems to be gone.
        throw isGone(next) ? error : next;
      });
    });
    await tellOutcome(outcome, { urn, world });
  } catch (error) {
    // The app is gone, and so are its variables: nothing is left to remove.
    if (!isGone(error)) {
      world.arrivals.fail(urn);
      throw error;
    }
    const count = countKeys(state.managedKeys.length);
    await world.reporter.say(urn, "warning", `${error.message}; ${count} of this sync forgotten, not removed`);
  } finally {
    await tellRest(urn, row, world);
  }
}

function isGone(error: unknown): error is SecretSyncError {
  return isSecretSyncError(error) && error.code === "destination.not_found";
}

/** A sync that has moved is removed with the token of its last run, which may have been replaced with the move. */
function isRefused(error: unknown): boolean {
  return isSecretSyncError(error) && isRefusal(error);
}

/** An app may be deleted as soon as its syncs are. */
async function tellRest(urn: string, { report }: Row, world: World): Promise<void> {
  for (const { code, message } of await settleRest({ urn, report }, world))
    if (code !== "destination.not_found") await world.reporter.say(urn, "warning", `${code}: ${message}`);
}

/** @throws SecretSyncError what kept the keys from being removed */
async function tellOutcome(outcome: Outcome, { urn, world }: { urn: string; world: World }): Promise<void> {
  // What is still in the ledger was not done.
  const plan = outcome.plan.filter((change) => ledgerAt(outcome.ledger, change) === undefined);
  const done = listDone(plan);
  if (done.length > 0) {
    const head = `${summarize(plan, "done")}: ${outcome.snapshot.targetName}`;
    await world.reporter.say(urn, "info", [head, ...done]);
  }
  const kept = renderTaken(outcome.plan);
  if (kept.length > 0) await world.reporter.say(urn, "warning", kept);
  if (outcome.notes !== undefined) await world.reporter.say(urn, "warning", outcome.notes);
  if (outcome.status === "failed" && outcome.problem) throw new SecretSyncError(outcome.problem);
  if (outcome.problem) await world.reporter.say(urn, "warning", `${outcome.problem.code}: ${outcome.problem.message}`);
}

/** Without a record nothing is provably ours. */
async function tellUnrecorded(
  { managedKeys }: Properties,
  { urn, world }: { urn: string; world: World },
): Promise<void> {
  const count = Array.isArray(managedKeys) ? managedKeys.length : 0;
  if (count === 0) return;
  const staying =
    count === 1 ? "1 key stays at the destination; remove it" : `${count} keys stay at the destination; remove them`;
  const text = `state holds no record of what this sync wrote, so ${staying} by hand`;
  await world.reporter.say(urn, "warning", text);
}

/** What a preview of a destroy cannot show, because it calls no provider. */
function listDone(plan: Plan): string[] {
  return plan.flatMap((change) => {
    if (change.action === "delete") return [`  - ${placeName(change)}: removed`];
    const isTold =
      change.action === "restore" ||
      (change.action === "forget" && (change.because === "released" || change.because === "unreadable"));
    return isTold ? renderPlan([change]).map((line) => `  ${formatLine(line)}`) : [];
  });
}

interface Removal extends Pick<Job, "report"> {
  readonly urn: string;
  readonly world: World;
  readonly timeoutMs: number | undefined;
}

async function makeJob(id: string, state: SyncState, { urn, world, report, timeoutMs }: Removal): Promise<Job> {
  const { record } = state;
  const target = limitWaits(await openRecorded(state, world), timeoutMs);
  return {
    owner: id,
    target,
    desired: nothing,
    ledger: record.ledger,
    removed: record.removed ?? [],
    rules: {
      ...makeRules({ options: {}, environment: "", lastRun: recallRun(state) }),
      destroy: record.onDestroy,
    },
    salt: record.salt,
    owesDeployment: false,
    // After a rename the new sync may have adopted the keys in this very run.
    claims: () => world.memory.claimsAt(state.targetId, urn),
    report,
  };
}
