// Network side: the bulk POST for new variables. It is not repeatable, so whatever is unclear is looked at before it is sent again.

import type { Place } from "../../core/entry.js";
import { isAmbiguous, SecretSyncError } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import type { Program } from "./variables.js";
import { mayHaveArrived, note, type Tally, type Writer } from "./tally.js";
import type { View } from "./view.js";

type Create = Program["creates"][number];

/** Variables in one request. */
const most = 50;
/** A request that ran into a timeout may still be applied: looks in milliseconds after the failure. */
const looksAfterMs = [0, 1_000, 3_000];
const mostSends = 3;

export async function createAll(
  writer: Writer,
  { program, before, tally }: { program: Program; before: View; tally: Tally },
): Promise<void> {
  for (let from = 0; from < program.creates.length && tally.errors.length === 0; from += most) {
    const chunk = program.creates.slice(from, from + most);
    try {
      await createChunk(writer, { chunk, before, tally });
    } catch (error) {
      tally.errors.push(error);
    }
  }
}

/** Sends a chunk; of a failed one, what is there is found out, and the rest is sent again where that is safe. */
async function createChunk(
  writer: Writer,
  { chunk, before, tally }: { chunk: readonly Create[]; before: View; tally: Tally },
): Promise<void> {
  let left = chunk;
  for (let send = 1; left.length > 0; send += 1) {
    try {
      await writer.api.createVariables(
        before.owner,
        left.map(({ variable }) => variable),
      );
      note(tally.done, placesOf(left));
      return;
    } catch (error) {
      const ambiguous = mayHaveArrived(error);
      if (!ambiguous && !isRejection(error)) throw error;
      const keys = await lookForKeys(writer, { before, wanted: left, patient: ambiguous });
      if (keys === undefined) {
        if (ambiguous) note(tally.open, placesOf(left));
        throw error;
      }
      const there = left.filter(({ variable }) => keys.has(variable.key));
      const missing = left.filter(({ variable }) => !keys.has(variable.key));
      if (ambiguous) note(tally.done, placesOf(there));
      // Refused, and some of the keys are there: somebody else was quicker. Those are theirs, the others can be sent.
      else if (there.length === 0) throw error;
      else tally.errors.push(appeared(there));
      if (send >= mostSends && missing.length > 0) throw error;
      left = missing;
    }
  }
}

function placesOf(creates: readonly Create[]): Place[] {
  return creates.flatMap(({ places }) => places);
}

function isRejection(error: unknown): boolean {
  return isHttpError(error) && [400, 409, 422].includes(error.status ?? 0);
}

interface Looking {
  readonly before: View;
  readonly wanted: readonly Create[];
  /** The request may still be under way. */
  readonly patient: boolean;
}

/** The keys that exist now; undefined when nobody can look. */
async function lookForKeys(
  { api, clock }: Writer,
  { before, wanted, patient }: Looking,
): Promise<ReadonlySet<string> | undefined> {
  let keys: Set<string> | undefined;
  for (const wait of patient ? looksAfterMs : [0]) {
    if (wait > 0) await clock.sleep(wait);
    const list = await api.listVariables(before.owner).catch((error: unknown) => {
      if (isHttpError(error) || isAmbiguous(error)) return undefined;
      throw error;
    });
    if (list === undefined) continue;
    keys = new Set(list.map((one) => one.key));
    if (wanted.some(({ variable }) => keys?.has(variable.key))) return keys;
  }
  return keys;
}

function appeared(there: readonly Create[]): SecretSyncError {
  const names = there.map(({ variable }) => variable.key).join(", ");
  return new SecretSyncError({
    code: "conflict.exists",
    message: `${names} came into being at Netlify between the look and the write, and was left alone; add it to syncOptions.adoptExisting to take it over, or rename it with keySchema`,
  });
}
