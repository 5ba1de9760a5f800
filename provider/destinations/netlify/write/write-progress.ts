// Leaf: what a running write knows of each place, and which failures leave it open.

import type { Clock } from "../../../clock.js";
import { type Place, placeName } from "../../../core/entry.js";
import { isSecretSyncError } from "../../../errors.js";
import type { Note } from "../../destination.js";
import { type HttpCode, isHttpError } from "../../../http/error.js";
import type { NetlifyApi } from "../api/api.js";
import type { Reader } from "../live/view.js";

export interface Writer {
  readonly api: NetlifyApi;
  readonly reader: Reader;
  readonly clock: Clock;
}

/** What is known while the calls are under way. */
export interface WriteProgress {
  readonly done: Map<string, Place>;
  /** Sent, with an answer that settles nothing. */
  readonly open: Map<string, Place>;
  /** Done by the status of an answer, which nothing else shows. */
  readonly unproven: Map<string, Place>;
  readonly errors: unknown[];
  /** What a person should know about keys that were written in another way than planned. */
  readonly notes: Note[];
}

export function note(places: Map<string, Place>, more: readonly Place[]): void {
  for (const place of more) places.set(placeName(place), place);
}

/** Answers by which the service declines. Anything else is no answer to what was sent: silence, nonsense, a fault of either side. */
const refusals: ReadonlySet<string> = new Set<HttpCode>([
  "http.unauthorized",
  "http.forbidden",
  "http.not_found",
  "http.conflict",
  "http.rejected",
  "http.rate_limited",
]);

/** Whether a failed request may still have taken effect. Even a declined one may have done a part before. */
export function mayHaveArrived(error: unknown): boolean {
  return !((isHttpError(error) && refusals.has(error.code)) || isContested(error));
}

/** The look before the request has stopped it. */
function isContested(error: unknown): boolean {
  return isSecretSyncError(error) && error.code === "write.contested";
}

/** Whether the request was declined before any of it was done. */
export function wasNotCarriedOut(error: unknown): boolean {
  return isHttpError(error) && (error.code === "http.unauthorized" || error.code === "http.rate_limited");
}

/** Declined for what was sent, which may be after a part of it was done. */
export function mayBeInPart(error: unknown): boolean {
  return isHttpError(error) && (error.code === "http.rejected" || error.code === "http.conflict");
}
