// Leaf: what a write under way knows of each place, and which failures leave it open.

import type { Clock } from "../../clock.js";
import { type Place, placeName } from "../../core/entry.js";
import { isAmbiguous } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import type { NetlifyApi } from "./api.js";
import type { Reader } from "./view.js";

export interface Writer {
  readonly api: NetlifyApi;
  readonly reader: Reader;
  readonly clock: Clock;
}

/** What is known while the calls are under way. */
export interface Tally {
  readonly done: Map<string, Place>;
  /** Sent, with an answer that settles nothing. */
  readonly open: Map<string, Place>;
  readonly errors: unknown[];
}

export function note(places: Map<string, Place>, more: readonly Place[]): void {
  for (const place of more) places.set(placeName(place), place);
}

/** A refusal is without effect; silence, a broken answer and a server's fault are not. */
export function mayHaveArrived(error: unknown): boolean {
  if (isAmbiguous(error)) return true;
  return isHttpError(error) && ["http.unavailable", "http.malformed"].includes(error.code);
}
