// Network side: the bulk POST for new variables. It is not repeatable, so after an unclear outcome a look comes before it is sent again.

import type { Place } from "../../../core/entry.js";
import { SecretSyncError } from "../../../errors.js";
import type { NetlifyApi } from "../api/api.js";
import { judgeArrival } from "./arrival.js";
import { giveUpScopes } from "./given-up-scopes.js";
import { refusesScopes } from "../refusal.js";
import {
  mayBeInPart,
  mayHaveArrived,
  note,
  type WriteProgress,
  wasNotCarriedOut,
  type Writer,
} from "./write-progress.js";
import type { Call, Create } from "../program.js";
import type { View } from "../live/view.js";
import { dropUnset, showsMasks, type Variable } from "../wire.js";

/** Variables in one request. */
const most = 50;
/** A request that timed out may still be applied: when to look, in milliseconds after the failure. */
const looksAfterMs = [0, 1_000, 3_000];
/** Most requests in a row without any effect. */
const mostInVain = 3;

export interface CreateInput {
  readonly creates: readonly Create[];
  readonly before: View;
  readonly progress: WriteProgress;
}

type Chains = ReadonlyArray<readonly Call[]>;

/** @returns the calls for values that are still missing, of variables that were created without them. */
export async function createAll(writer: Writer, { creates, before, progress }: CreateInput): Promise<Chains> {
  const rest: Chains[] = [];
  for (let from = 0; from < creates.length && progress.errors.length === 0; from += most) {
    const chunk = creates.slice(from, from + most);
    try {
      rest.push(await createChunk(writer, { creates: chunk, before, progress }));
    } catch (error) {
      progress.errors.push(error);
    }
  }
  return rest.flat();
}

/**
 * Sends a chunk. After anything but a success, a look comes first: a request may be carried out in part, whether it is refused, breaks
 * off or gets a nonsensical answer. The rest is sent again as long as that has an effect.
 */
export async function createChunk(writer: Writer, { creates, before, progress }: CreateInput): Promise<Chains> {
  const chains: Array<readonly Call[]> = [];
  let left = creates;
  let isOpen = false;
  try {
    for (let inVain = 0; left.length > 0;) {
      const failure = await send(writer, left, before);
      if (failure === undefined) {
        note(progress.done, listPlaces(left));
        break;
      }
      const { error } = failure;
      // A refusal says nothing about an earlier request that got no answer.
      isOpen ||= mayHaveArrived(error);
      const list: Found = await lookFor(writer, { error, before, wanted: left, patient: isOpen });
      // Then it is unknown what a refused request has left behind.
      isOpen ||= list === undefined && mayBeInPart(error);
      if (list === undefined) throw error;
      const { done, rest, theirs, missing } = judgeArrival(left, { list, ourselves: await writer.reader.ourselves() });
      note(progress.done, done);
      chains.push(...rest);
      progress.errors.push(...findAppeared(theirs));
      const isRefused = !isOpen && missing.length === left.length;
      inVain = done.length > 0 ? 0 : inVain + 1;
      left = isRefused ? giveUp(missing, { error, progress }) : missing;
      if (left.length > 0 && inVain >= mostInVain) throw error;
    }
  } catch (error) {
    // It may still be on its way, whatever kept us from looking.
    if (isOpen) note(progress.open, listPlaces(left));
    throw error;
  }
  return chains;
}

async function send(
  { api }: Writer,
  left: readonly Create[],
  { owner }: View,
): Promise<{ error: unknown } | undefined> {
  try {
    await api.createVariables(
      owner,
      left.map(({ variable }) => variable),
    );
    return undefined;
  } catch (error) {
    return { error };
  }
}

interface Refused {
  readonly error: unknown;
  readonly progress: WriteProgress;
}

/** What is still wanted after a refusal. @throws the refusal when it would be the same again */
function giveUp(refused: readonly Create[], { error, progress }: Refused): readonly Create[] {
  if (!refusesScopes(error)) throw error;
  const eased = refused.map((create) => giveUpScopes(create, progress.notes) ?? create);
  if (eased.every((create, index) => create === refused[index])) throw error;
  return eased;
}

function listPlaces(creates: readonly Create[]): Place[] {
  return creates.flatMap(({ places }) => places);
}

type Found = readonly Variable[] | undefined;

interface LookInput {
  /** How the request has failed. */
  readonly error: unknown;
  readonly before: View;
  readonly wanted: readonly Create[];
  /** The request may still be under way. */
  readonly patient: boolean;
}

/**
 * What is there now; undefined when a look is not possible. A single variable is requested by its key: other calls of this write may be
 * under way, and would shift a list in pages.
 */
async function lookFor({ api, clock }: Writer, { error, before, wanted, patient }: LookInput): Promise<Found> {
  if (wasNotCarriedOut(error)) return undefined;
  let latest: Found;
  for (const wait of patient ? looksAfterMs : [0]) {
    if (wait > 0) await clock.sleep(wait);
    const list = await listWanted(api, { before, wanted }).catch(() => undefined);
    if (list === undefined) continue;
    latest = list;
    const keys = new Set(list.map(({ key }) => key));
    if (wanted.some(({ variable }) => keys.has(variable.key))) break;
  }
  return latest;
}

async function listWanted(
  api: NetlifyApi,
  { before, wanted }: Pick<LookInput, "before" | "wanted">,
): Promise<readonly Variable[]> {
  const [first, ...others] = wanted;
  if (first === undefined || others.length > 0) return api.listVariables(before.owner);
  const found = await api.getVariable(before.owner, first.variable.key);
  return found === undefined ? [] : dropUnset([found], showsMasks([found, ...before.variables]));
}

function findAppeared(there: readonly Create[]): SecretSyncError[] {
  if (there.length === 0) return [];
  const names = there.map(({ variable }) => variable.key).join(", ");
  const error = new SecretSyncError({
    code: "conflict.exists",
    message: `${names} appeared at Netlify between the last read and the write, and was left alone; add it to syncOptions.adoptExisting to take it over, or rename it with keySchema`,
  });
  return [error];
}
