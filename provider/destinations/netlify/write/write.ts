// Network side: makes the calls for a set of edits, entry by entry, and tracks the outcome of each.

import { type Edit, type Place, placeName } from "../../../core/entry.js";
import { firstProblem, type Problem, SecretSyncError } from "../../../errors.js";
import type { Halt, Note } from "../../destination.js";
import { UnconfirmedWrite } from "../../unconfirmed-write.js";
import { hasArrived } from "./arrival.js";
import { createAll } from "./create.js";
import { giveUpScopes } from "./given-up-scopes.js";
import { checkUnchanged, checkVacant, checkValues } from "./last-look.js";
import { findLeft, stillThere } from "./removals.js";
import { isProven, notShown } from "./unproven.js";
import { type Recreation, recreate } from "./recreation.js";
import { findOvertaken } from "./overtaken.js";
import { explain, refusesScopes } from "../refusal.js";
import { isTakeover, takeOver } from "./takeover.js";
import { mayHaveArrived, note, type WriteProgress, type Writer } from "./write-progress.js";
import type { Call, Program, SetCall } from "../program.js";
import { toCalls } from "../variables.js";
import type { View } from "../live/view.js";
import type { Variable } from "../wire.js";

export interface Written {
  readonly view: View;
  readonly changed: boolean;
  readonly halt: Halt | undefined;
  readonly notes?: readonly Note[];
  readonly overtaken?: readonly Place[];
}

/** Variables under way at the same time; the calls for one variable follow each other. */
const parallel = 4;

/** Makes the edits. Nothing is sent when one of them is impossible. */
export async function writeEdits(writer: Writer, before: View, edits: readonly Edit[]): Promise<Written> {
  const program = toCalls(before.variables, edits);
  if (program.problems.length > 0) throw new SecretSyncError(program.problems);
  const progress: WriteProgress = { done: new Map(), open: new Map(), unproven: new Map(), errors: [], notes: [] };
  note(progress.done, program.idle);
  const rest = await createAll(writer, { creates: program.creates, before, progress });
  await runChains(writer, { chains: [...program.chains, ...rest], before, progress });
  const [error] = progress.errors;
  const sent = progress.open.size > 0 || progress.done.size > program.idle.length;
  if (error !== undefined && !sent) throw explain(error, before);
  if (!sent) return { view: before, changed: false, halt: undefined };
  const written = new Set([...progress.done.values(), ...progress.open.values()].map(({ key }) => key));
  const cleared = program.chains.flat().flatMap((call) => (call.kind === "clear" ? [call.key] : []));
  const view = await writer.reader.again(before, { written, removed: new Set(cleared) }).catch((reason: unknown) => {
    throw unseen(before, error ?? reason);
  });
  const left = await findLeft(writer, { edits, before, after: view, progress });
  const unproven = [...progress.unproven.values()];
  const overtaken = findOvertaken(edits, { before, after: view });
  const doubtful = [...left, ...unproven];
  if (error === undefined && doubtful.length === 0)
    return { view, changed: true, halt: undefined, notes: [...program.notes, ...progress.notes], overtaken };
  const doubt = left.length > 0 ? stillThere(left) : notShown(unproven);
  const problem = firstProblem(explain(error ?? doubt, before));
  const halt = settleOpen(progress, { before, after: view, edits, doubtful, problem });
  return { view, changed: true, halt, overtaken };
}

interface WriteRun {
  readonly chains: Program["chains"];
  readonly before: View;
  readonly progress: WriteProgress;
}

/** After the first failure, no new variable is started. */
async function runChains(writer: Writer, { chains, before, progress }: WriteRun): Promise<void> {
  const waiting = [...chains];
  const work = async () => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      if (progress.errors.length > 0) return;
      await runChain(writer, { chain, before, progress });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

async function runChain(
  writer: Writer,
  { chain, before, progress }: Omit<WriteRun, "chains"> & { chain: readonly Call[] },
): Promise<void> {
  let seen = before.variables.find(({ key }) => key === chain[0]?.key);
  for (const call of chain) {
    try {
      if (call.kind === "recreate") {
        for (const rest of await recreate(writer, { call, before, progress }))
          await runChain(writer, { chain: rest, before, progress });
      } else if (call.kind === "replace") await replace(writer, { call, before, progress });
      else if (call.kind === "set") seen = await setValue(writer, call, { before, seen, progress });
      else {
        await makeCall(writer, before, call);
        note(progress.done, call.places);
        seen = undefined;
      }
    } catch (error) {
      progress.errors.push(error);
      // These calls have looked already.
      if (!isTakeover(call) && call.kind !== "recreate" && mayHaveArrived(error)) note(progress.open, call.places);
      return;
    }
  }
}

/** A plan without scopes refuses those that a variable had before: then it is given back without them. */
async function replace(writer: Writer, { call, before, progress }: ReplaceInput): Promise<void> {
  const put = async (one: ReplaceCall) => {
    if (one.carries) return takeOver(writer, { call: one, before, progress });
    await checkUnchanged(writer, one.from, before);
    await writer.api.replaceVariable(before.owner, one.variable);
    note(progress.done, one.places);
  };
  await put(call).catch((error: unknown) => {
    const eased = refusesScopes(error) ? giveUpScopes(call, progress.notes) : undefined;
    if (eased === undefined) throw error;
    return put(eased);
  });
}

type ReplaceCall = Extract<Call, { kind: "replace" }>;

interface ReplaceInput {
  readonly call: ReplaceCall;
  readonly before: View;
  readonly progress: WriteProgress;
}

interface SetInput {
  readonly before: View;
  /** The last look at the variable; undefined if it has been written since. */
  readonly seen: Variable | undefined;
  readonly progress: WriteProgress;
}

/** @returns the variable after the write, as the answer or else a look shows it */
async function setValue(
  writer: Writer,
  call: Extract<Call, SetCall>,
  { before, seen, progress }: SetInput,
): Promise<Variable | undefined> {
  const { api } = writer;
  if (call.isNew === true) await checkVacant(writer, call, before);
  const shown = await api.setValue(before.owner, call.key, call);
  note(progress.done, call.places);
  if (shown !== undefined) return shown;
  const is = await api.getVariable(before.owner, call.key).catch(() => seen);
  if (!isProven(call, { was: seen, is })) note(progress.unproven, call.places);
  return is;
}

async function makeCall(
  writer: Writer,
  before: View,
  call: Exclude<Call, Recreation | ReplaceCall | SetCall>,
): Promise<void> {
  const { api } = writer;
  const { owner } = before;
  switch (call.kind) {
    case "unset":
      await checkValues(writer, { key: call.key, values: [call], before });
      return api.deleteValue(owner, call.key, call.id);
    case "clear": {
      const left = await checkValues(writer, { ...call, before });
      if (left === undefined) return;
      // Somebody may have added a value meanwhile: then the variable is not ours to delete.
      const ids = call.values.map(({ id }) => id);
      if (left.values.every(({ id }) => ids.includes(id))) return api.deleteVariable(owner, call.key);
      for (const id of ids) await api.deleteValue(owner, call.key, id);
    }
  }
}

interface LookInput {
  readonly before: View;
  readonly after: View;
  readonly edits: readonly Edit[];
  /** Reported as done, but not to be seen. */
  readonly doubtful: readonly Place[];
  readonly problem: Problem;
}

/** Checks whether what was left open has arrived. A masked value that was there before proves nothing: it stays unknown. */
function settleOpen(progress: WriteProgress, { before, after, edits, doubtful, problem }: LookInput): Halt {
  const unknown: Place[] = [...doubtful];
  for (const place of doubtful) progress.done.delete(placeName(place));
  for (const place of progress.open.values()) {
    const edit = edits.find((one) => placeName(one) === placeName(place));
    const arrived = hasArrived(edit, place, { before: before.variables, after: after.variables });
    if (arrived === undefined) unknown.push(place);
    else if (arrived) note(progress.done, [place]);
  }
  return { problem, done: [...progress.done.values()], unknown };
}

function unseen(view: View, error: unknown): UnconfirmedWrite {
  return new UnconfirmedWrite({
    code: "write.unconfirmed",
    message: `the variables of ${view.name} were written, but could not be read afterwards (${firstProblem(error).message}); run up again, which compares first and sends only what is missing`,
  });
}
