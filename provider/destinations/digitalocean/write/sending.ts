// Network side: one PUT of a spec, and its outcome. Nothing is sent again before a look.

import type { Clock } from "../../../clock.js";
import { placeName } from "../../../core/entry.js";
import { isAmbiguous } from "../../../errors.js";
import { isHttpError } from "../../../http/error.js";
import { UnconfirmedWrite } from "../../unconfirmed-write.js";
import type { AppPlatformApi } from "../api.js";
import { sameContent, observeEdit, withoutEdited } from "./comparison.js";
import { explain } from "../refusal.js";
import { editSpec, indexEnvs, isSealed, readName, type SpecEdit } from "../spec.js";
import type { App, Deployment, Spec } from "../wire.js";

export interface Writer {
  readonly api: AppPlatformApi;
  readonly clock: Clock;
}

export interface SendInput {
  readonly app: App;
  /** What the edits are made on. */
  readonly base: Spec;
  readonly edits: readonly SpecEdit[];
  /** Our keys are stored already; what is sent again is somebody else's change. */
  readonly isMerge: boolean;
}

const mostSends = 2;

export interface Arrived {
  /** The app as it shows the edits. */
  readonly app: App;
  /** The deployment that certainly belongs to the write. */
  readonly started: Deployment | undefined;
}

export async function sendSpec(writer: Writer, sending: SendInput): Promise<Arrived> {
  const { app, base, edits } = sending;
  const spec = editSpec(base, edits);
  for (let send = 1; ; send += 1) {
    const answer = await writer.api.putApp(app.id, spec).catch((error: unknown) => {
      // Only a refusal of the vendor says for certain that nothing was stored.
      if (isHttpError(error) && !isAmbiguous(error)) throw explain(error, app, spec);
      return undefined;
    });
    // The pending one: the one in progress may belong to somebody who came a moment earlier.
    if (answer !== undefined && isProof(answer, sending)) return { app: answer, started: answer.pending_deployment };
    const seen = await lookForWrite(writer, sending, answer).catch(() => {
      // Even if the run is cancelled meanwhile: the write was sent.
      throw unknownOutcome(app);
    });
    if (seen !== undefined) return seen;
    if (send >= mostSends) throw unknownOutcome(app);
  }
}

/**
 * An answer that shows the earlier spec proves nothing, and neither does one with our keys in a spec that we did not send: it shows
 * what somebody stored right before us.
 */
function isProof({ spec }: App, sending: SendInput): boolean {
  return judgeArrival(spec, sending, { isTaken: true }) === "arrived" && isRestAsSent(spec, sending);
}

/** Whether a spec may be the one that was sent: our edits show, with our values where they can be read, and the rest is what they were made on. */
export function isAsSent(spec: Spec, sending: SendInput): boolean {
  const arrival = judgeArrival(spec, sending, { isTaken: true });
  const envs = indexEnvs(spec, sending.edits);
  const isOther = (edit: SpecEdit) => {
    const env = edit.action === "set" ? envs.get(placeName(edit)) : undefined;
    return edit.action === "set" && env !== undefined && !isSealed(env) && (env.value ?? "") !== edit.value.reveal();
  };
  return (arrival === "arrived" || arrival === "alike") && !sending.edits.some(isOther) && isRestAsSent(spec, sending);
}

function isRestAsSent(spec: Spec, { base, edits }: SendInput): boolean {
  return sameContent(withoutEdited(spec, edits), withoutEdited(base, edits));
}

/** A request that timed out may still be applied: when to look at the app, in milliseconds after the failure. */
const looksAfterMs = [0, 1_000, 3_000];

/**
 * The current app, if the write has arrived; undefined when nothing of it has. `answer` is the vendor's answer to a write that it
 * accepted: then the question is only when a look shows it.
 *
 * @throws UnconfirmedWrite `write.unconfirmed` when the app could not be read: sending again would be blind.
 */
async function lookForWrite({ api, clock }: Writer, sending: SendInput, answer?: App): Promise<Arrived | undefined> {
  let looked = false;
  for (const wait of looksAfterMs) {
    if (wait > 0) await clock.sleep(wait);
    // Even if the look fails, the write may have arrived.
    const now = await api.getApp(sending.app.id).catch(() => "unseen" as const);
    if (now === "unseen") continue;
    if (now === undefined) throw unknownOutcome(sending.app);
    looked = true;
    const arrival = judgeArrival(now.spec, sending, { isTaken: answer !== undefined });
    if (arrival === "arrived" || arrival === "alike") return { app: now, started: findStarted(answer, sending) };
    // A PUT arrives as a whole or not at all: a part of it is somebody else's doing, and proves nothing.
    if (arrival === "partly") throw unknownOutcome(sending.app);
  }
  if (!looked || answer !== undefined) throw unknownOutcome(sending.app);
  return undefined;
}

/** An answer that shows the earlier app names somebody else's earlier deployment: the deployment's spec decides. */
function findStarted(answer: App | undefined, sending: SendInput): Deployment | undefined {
  const named = answer?.pending_deployment;
  return named?.spec && judgeArrival(named.spec, sending, { isTaken: true }) === "arrived" ? named : undefined;
}

type Arrival = "arrived" | "partly" | "alike" | "missing";

/** An unchanged ciphertext is a sign of a lost write, unless the vendor said that it accepted the write. */
function judgeArrival(now: Spec, { base, edits, isMerge }: SendInput, { isTaken }: { isTaken: boolean }): Arrival {
  if (isMerge) return sameContent(withoutEdited(now, edits), withoutEdited(base, edits)) ? "arrived" : "missing";
  const looks = { before: indexEnvs(base, edits), now: indexEnvs(now, edits) };
  const observations = new Set(
    edits.map((edit) => {
      const observed = observeEdit(edit, looks);
      const isKept = observed === "same" && edit.action === "set" && isSealed(looks.now.get(placeName(edit)) ?? {});
      return isKept && !isTaken ? "missing" : observed;
    }),
  );
  if (observations.has("missing")) return observations.has("shown") ? "partly" : "missing";
  return observations.has("shown") ? "arrived" : "alike";
}

function unknownOutcome(app: App): UnconfirmedWrite {
  return new UnconfirmedWrite({
    code: "write.unconfirmed",
    message:
      `DigitalOcean did not say whether app ${readName(app.spec, app.id)} took the new spec, and reading the app again did not show it; ` +
      "run up again, it compares first and sends only what is missing",
  });
}
