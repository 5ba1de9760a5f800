// Network side: the one PUT. Its outcome is looked at before anything is sent again.

import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../clock.js";
import type { Edit } from "../../core/entry.js";
import { isAmbiguous, problemsOf, SecretSyncError } from "../../errors.js";
import { type HttpError, isHttpError } from "../../http/error.js";
import type { AppPlatformApi } from "./api.js";
import { editSpec, envAt, labelEnv, nameOf, namePath } from "./spec.js";
import { findOverwritten } from "./interloper.js";
import type { App, RawEnv, Spec } from "./wire.js";

interface Writer {
  readonly api: AppPlatformApi;
  readonly clock: Clock;
}

interface Written {
  readonly app: App;
  readonly changed: boolean;
  /** A key turned out to be somebody else's, and their spec was put back. */
  readonly yielded: boolean;
}

/** A request that ran into a timeout may still be applied: looks at the app, in milliseconds after the failure. */
const looksAfterMs = [0, 1_000, 3_000];
const mostSends = 2;

const mostMerges = 3;

/** Puts the edited spec. Nothing to change sends nothing; what somebody else wrote in between is merged and sent again. */
export async function putSpec(writer: Writer, before: App, edits: readonly Edit[]): Promise<Written> {
  const spec = editSpec(before.spec, edits);
  if (isDeepStrictEqual(spec, before.spec)) return { app: before, changed: false, yielded: false };
  let app = await sendSpec(writer, { base: before, stored: before.spec, edits });
  let base = before;
  let wanted = edits;
  const own = [app.spec];
  for (let merge = 0; merge < mostMerges; merge += 1) {
    const overwritten = await findOverwritten(writer.api, base, app);
    if (overwritten === undefined) break;
    // What is stored now counts as seen, and the other writer's spec is what our edits belong on.
    base = { ...app, spec: overwritten };
    if (edits.some((edit) => isTaken(edit, { before: before.spec, overwritten, own }))) wanted = [];
    app = await sendSpec(writer, { base, stored: app.spec, edits: wanted }).catch((error: unknown) => {
      throw lostMerge(base, error);
    });
    own.push(app.spec);
  }
  return { app, changed: true, yielded: wanted !== edits };
}

interface Sightings {
  readonly before: Spec;
  readonly overwritten: Spec;
  /** What our own writes have left: another writer may have built on it. */
  readonly own: readonly Spec[];
}

/**
 * Whether somebody put a new key where we meant to create one, or gave a key that we meant to remove another value. A key of
 * ours that was changed is drift, and written over.
 */
function isTaken(edit: Edit, { before, overwritten, own }: Sightings): boolean {
  const was = envAt(before, edit);
  const is = envAt(overwritten, edit);
  if (is === undefined || (was !== undefined && (edit.action !== "remove" || shown(is) === shown(was)))) return false;
  return own.every((spec) => {
    const ours = envAt(spec, edit);
    return ours === undefined || shown(ours) !== shown(is);
  });
}

interface Sending {
  /** What the edits are made on. */
  readonly base: App;
  /** What stands at the platform now: the base, or our own earlier write that a merge corrects. */
  readonly stored: Spec;
  readonly edits: readonly Edit[];
}

async function sendSpec(writer: Writer, sending: Sending): Promise<App> {
  const { base: before, edits } = sending;
  const spec = editSpec(before.spec, edits);
  for (let send = 1; ; send += 1) {
    try {
      return await writer.api.putApp(before.id, spec);
    } catch (error) {
      if (!isAmbiguous(error)) throw isHttpError(error) ? explain(error, before, spec) : error;
      const seen = await lookForWrite(writer, sending);
      if (seen !== undefined) return seen;
      if (send >= mostSends) throw unknownOutcome(before);
    }
  }
}

/**
 * The app as it is now if the write has arrived; undefined when nothing of it has.
 *
 * @throws UnconfirmedWrite `write.unconfirmed` when the app could not be looked at: sending again would be blind.
 */
async function lookForWrite({ api, clock }: Writer, sending: Sending): Promise<App | undefined> {
  const { base: before, edits } = sending;
  let looked = false;
  for (const wait of looksAfterMs) {
    if (wait > 0) await clock.sleep(wait);
    const now = await api.getApp(before.id).catch((error: unknown) => {
      if (isHttpError(error)) return "unseen" as const;
      throw error;
    });
    if (now === "unseen") continue;
    if (now === undefined) throw unknownOutcome(before);
    looked = true;
    if (isMerge(sending)) {
      if (isDeepStrictEqual(withoutEdited(now.spec, edits), withoutEdited(before.spec, edits))) return now;
      continue;
    }
    const arrived = edits.filter((edit) => hasArrived(edit, before.spec, now.spec)).length;
    if (arrived > 0 && arrived === edits.length) return now;
    // A PUT arrives whole or not at all: a part of it is somebody else's doing, and proves nothing.
    if (arrived > 0) throw unknownOutcome(before);
    // Without edits a spec was put back as it was.
    if (edits.length === 0 && isDeepStrictEqual(now.spec, before.spec)) return now;
  }
  if (!looked) throw unknownOutcome(before);
  return undefined;
}

/** A merge gives somebody's change back, and that shows: our own keys are there already and prove nothing. */
function isMerge({ base, stored, edits }: Sending): boolean {
  return !isDeepStrictEqual(withoutEdited(base.spec, edits), withoutEdited(stored, edits));
}

function withoutEdited(spec: Spec, edits: readonly Edit[]): Spec {
  return editSpec(
    spec,
    edits.map(({ slot, key }) => ({ action: "remove", slot, key })),
  );
}

/** A written SECRET shows a ciphertext that was not there before; a removed key is gone. */
function hasArrived(edit: Edit, before: Spec, now: Spec): boolean {
  const was = envAt(before, edit);
  const is = envAt(now, edit);
  if (edit.action === "remove") return was !== undefined && is === undefined;
  if (is === undefined) return false;
  if (was === undefined) return true;
  return shown(is) !== shown(was);
}

function shown(env: RawEnv): string {
  return `${labelEnv(env)}\u0000${env.value ?? ""}`;
}

/** Nobody knows whether the write was applied: state must keep every touched place as ours. */
class UnconfirmedWrite extends SecretSyncError {
  override readonly ambiguous = true;
}

function unknownOutcome(app: App): UnconfirmedWrite {
  return new UnconfirmedWrite({
    code: "write.unconfirmed",
    message:
      `DigitalOcean did not say whether app ${nameOf(app.spec, app.id)} took the new spec, and looking again could not settle it; ` +
      "run up again, it compares first and sends only what is missing",
    retryable: true,
  });
}

/** Our spec is stored, but another writer's change that it replaced could not be put back: state must keep what was written. */
function lostMerge(app: App, error: unknown): UnconfirmedWrite {
  const why = problemsOf(error)[0]?.message ?? "no reason given";
  return new UnconfirmedWrite({
    code: "write.unmerged",
    message:
      `app ${nameOf(app.spec, app.id)} was changed by somebody else between the look and the write, and their change could not be merged again (${why}); ` +
      "compare the latest deployments in the console, then run up again",
    retryable: true,
  });
}

/** The vendor's refusal in words that name keys instead of index paths, and the scopes that are missing. */
function explain(error: HttpError, before: App, spec: Spec): SecretSyncError {
  if (error.status === 403) return forbidden(error, before);
  if (error.status === 400 || error.status === 422) {
    const said = namePath(error.vendorMessage ?? "no reason given", spec);
    return new SecretSyncError({
      code: "destination.rejected",
      message: `App Platform refused the spec and changed nothing: ${said}${error.requestId ? ` (request ${error.requestId})` : ""}; change what it names, then run up again`,
    });
  }
  return error;
}

/** An app with attached databases needs more than app:update (Infisical/infisical#6210). */
function forbidden(error: HttpError, before: App): SecretSyncError {
  const databases = Array.isArray(before.spec["databases"]) && before.spec["databases"].length > 0;
  const scopes = databases
    ? "app:update, and for the attached databases database:read and database:view_credentials"
    : "app:update";
  return new SecretSyncError({
    code: "connection.forbidden",
    message: `the token may not update app ${nameOf(before.spec, before.id)}${error.vendorMessage ? ` (${error.vendorMessage})` : ""}; give it ${scopes}`,
  });
}
