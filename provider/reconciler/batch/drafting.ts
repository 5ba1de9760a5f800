// Pure but for the tracks it fills in: the drafts of one write, and what it makes of the ledgers.

import { afterEdits, listEdits } from "../../core/edits.js";
import { commitLedger, type EditOutcome, keepOrigin } from "../../core/commitment.js";
import { type Decision } from "../../core/decision.js";
import { comparePlaces, type Edit, type Ledger, type LiveEntry, type Place, placeName } from "../../core/entry.js";
import { type Claim } from "../../core/claims.js";
import { ledgerAt, ledgerPlaces } from "../../core/ledger.js";
import type { Change, Plan } from "../../core/plan.js";
import type { Halt, Receipt, Snapshot } from "../../destinations/destination.js";
import { type Batch, type Drafted, type Track, unsettled } from "./batch.js";
import type { Door } from "./door.js";
import { conclude } from "./ending.js";
import { traceOrigins } from "../origins.js";
import { planSync } from "../planning.js";

/**
 * The drafts of the jobs that nothing forbids; the others leave the batch. What one of those was to take over stays with its owner, so the
 * rest is drafted again without it.
 */
export function draftAll(batch: Batch, snapshot: Snapshot): Drafted[] {
  for (;;) {
    const decided = decideAll(batch, snapshot);
    const refused = decided.filter(({ problems }) => problems.length > 0);
    for (const { draft, ledger, problems } of refused) {
      const { track } = draft;
      track.ledger = ledger;
      conclude(batch, track, { snapshot, problems });
    }
    if (refused.length === 0) return decided.map((one) => accept(one, snapshot));
  }
}

interface Decided extends Pick<Decision, "ledger" | "problems"> {
  readonly draft: Drafted;
}

function accept({ draft, ledger }: Decided, snapshot: Snapshot): Drafted {
  const { track, plan, edits, handedOver } = draft;
  track.ledger = ledger;
  track.given = [...track.given, ...ledgerPlaces(ledger).filter((place) => handedOver.has(placeName(place)))];
  if (!track.wrote) track.plan = addDone(plan, track.done);
  // The ledger changes even without a write: places that are gone or were taken over are forgotten.
  if (edits.length === 0) {
    track.ledger = ledgerAfter(draft, { before: snapshot, after: snapshot });
    track.done = track.plan.filter(({ action }) => action === "adopt" || action === "forget");
  }
  return draft;
}

/** A job is planned again when another one has written. What its own plan has done without a write, the next one no longer shows. */
function addDone(plan: Plan, done: Plan): Plan {
  const isPast = new Set(plan.filter(({ action }) => action !== "foreign" && action !== "unchanged").map(placeName));
  const told = done.filter((change) => !isPast.has(placeName(change)));
  const names = new Set(told.map(placeName));
  return [...plan.filter((change) => !names.has(placeName(change))), ...told].sort(comparePlaces);
}

/** Plans job after job, each against the target as the earlier ones will leave it. */
function decideAll(batch: Batch, snapshot: Snapshot): Decided[] {
  const decided: Decided[] = [];
  const claims: Claim[] = [];
  for (const track of unsettled(batch)) {
    const { job } = track;
    const live = decided.reduce<readonly LiveEntry[]>(
      (entries, { draft }) => afterEdits(entries, draft.edits),
      job.target.read(snapshot, job.salt, track.ledger),
    );
    const { plan, ledger, problems, handedOver } = judge(track, { snapshot, live, claims });
    const isRefused = problems.length > 0;
    const place = (key: string) => job.target.place(key);
    const edits = isRefused ? [] : listEdits(plan, { desired: job.desired, ledger, live, place });
    if (!isRefused) claims.push({ owner: job.owner, places: job.desired.entries });
    decided.push({ draft: { track, plan, edits, handedOver }, ledger, problems });
  }
  return decided;
}

function judge(
  { job, ledger, wrote, stale, removed }: Track,
  { snapshot, live, claims }: { snapshot: Snapshot; live: readonly LiveEntry[]; claims: readonly Claim[] },
): Decision {
  const { target, desired } = job;
  // Only the first write prunes: what appears afterwards is somebody's new key.
  const rules = { ...job.rules, overwrite: job.rules.overwrite && !wrote };
  const heals = wrote || stale ? undefined : removed;
  const all = [...job.claims(), ...claims];
  return planSync({ target, desired, ledger, snapshot, live, rules, claims: all, removed: heals });
}

interface Written extends Pick<Door, "vacated"> {
  readonly before: Snapshot;
  /** Undefined if the outcome is unknown: then every touched place stays ours. */
  readonly receipt: Receipt | undefined;
}

/** Records what the write did. */
export function commit(writers: readonly Drafted[], { before, receipt, vacated }: Written): void {
  const outcome = readOutcomes(receipt?.halt);
  for (const draft of writers) {
    const { track, edits } = draft;
    const overtaken = findOvertaken(draft, receipt);
    const endOf = (place: Place) => {
      const end = outcome(place);
      return end === "done" && overtaken.has(placeName(place)) ? "unknown" : end;
    };
    track.earlier = track.ledger;
    track.stale ||= draft.plan.some(isNotLive);
    track.ledger = ledgerAfter(draft, { before, after: receipt?.snapshot, outcome: endOf, vacated });
    track.overtaken = new Set([...track.overtaken, ...overtaken]);
    track.wrote ||= (receipt?.changed ?? true) && edits.some((edit) => outcome(edit) !== "not-sent");
    track.notes = [...track.notes, ...notesOn(edits, receipt)];
    track.removed = removedAfter(track.removed, edits);
    track.deploymentId = receipt?.deploymentId ?? track.deploymentId;
  }
  for (const draft of writers) noteVacated(draft, vacated);
}

/** What a sync has removed may be written anew by one that this run plans only later. */
function noteVacated({ track: { earlier, ledger }, edits }: Drafted, vacated: Door["vacated"]): void {
  for (const edit of edits) {
    if (edit.action !== "remove" || ledgerAt(ledger, edit) !== undefined) continue;
    vacated.set(placeName(edit), keepOrigin(ledgerAt(earlier, edit)));
  }
}

/**
 * Places whose value somebody changed between our write and the look at it: their revision is not ours. Reported once each,
 * because a vendor may also store a value in a form that differs from what was sent.
 */
function findOvertaken({ track, edits }: Drafted, receipt: Receipt | undefined): ReadonlySet<string> {
  if (receipt === undefined || !receipt.changed) return new Set();
  const { target } = track.job;
  const { snapshot, overtaken = [] } = receipt;
  const isTold = new Set(overtaken.map(placeName));
  const isOther = (edit: Edit) =>
    edit.action === "set" && (isTold.has(placeName(edit)) || target.compare(snapshot, edit, edit.value) === false);
  const names = edits.filter(isOther).map(placeName);
  return new Set(names.filter((name) => !track.overtaken.has(name)));
}

function notesOn(edits: readonly Edit[], receipt: Receipt | undefined): string[] {
  const keys = new Set(edits.map(({ key }) => key));
  return (receipt?.notes ?? []).flatMap(({ key, text }) => (keys.has(key) ? [text] : []));
}

function removedAfter(removed: readonly Place[], edits: readonly Edit[]): Place[] {
  const touched = new Set(edits.map(placeName));
  const gone = edits.filter(({ action }) => action === "remove").map(({ slot, key }) => ({ slot, key }));
  return [...removed.filter((place) => !touched.has(placeName(place))), ...gone];
}

/** Ends the jobs that a halted write left incomplete. The others go on. */
export function concludeHalted(
  batch: Batch,
  writers: readonly Drafted[],
  { halt, snapshot }: { halt: Halt; snapshot: Snapshot },
): void {
  const outcome = readOutcomes(halt);
  for (const { track, edits } of writers) {
    if (edits.some((edit) => outcome(edit) !== "done")) conclude(batch, track, { snapshot, problems: [halt.problem] });
  }
}

function readOutcomes(halt: Halt | undefined): (place: Place) => EditOutcome {
  if (halt === undefined) return () => "done";
  const done = new Set(halt.done.map(placeName));
  const unknown = new Set(halt.unknown.map(placeName));
  return (place) => {
    const name = placeName(place);
    return done.has(name) ? "done" : unknown.has(name) ? "unknown" : "not-sent";
  };
}

interface Looks extends Partial<Pick<Door, "vacated">> {
  readonly before: Snapshot;
  readonly after: Snapshot | undefined;
  readonly outcome?: ((place: Place) => EditOutcome) | undefined;
}

function ledgerAfter({ track, plan }: Drafted, { before, after, outcome, vacated }: Looks): Ledger {
  const { job, ledger } = track;
  return commitLedger({
    plan,
    ledger,
    desired: job.desired,
    live: after && job.target.read(after, job.salt),
    recognised: after && job.target.read(after, job.salt, ledger),
    prior: (place) => (job.rules.keepPrior === false ? undefined : job.target.remember(before, place)),
    inherited: traceOrigins(plan.some(isAdoption) ? (job.formers?.() ?? []) : [], {
      target: job.target,
      snapshot: before,
    }),
    vacated: (place) => vacated?.get(placeName(place)),
    keepsEqual: job.rules.keepPrior === true,
    outcome,
  });
}

function isAdoption({ action }: Change): boolean {
  return action === "adopt";
}

function isNotLive(change: Change): boolean {
  return change.action === "update" && change.because.some((reason) => reason === "not-live" || reason === "removal");
}
