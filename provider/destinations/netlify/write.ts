// Network side: makes the calls for a set of edits, entry by entry, and knows for each of them what became of it.

import type { Clock } from "../../clock.js";
import { type Edit, type Place, placeName } from "../../core/entry.js";
import { isAmbiguous, problemsOf, SecretSyncError } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import type { Halt } from "../destination.js";
import type { NetlifyApi } from "./api.js";
import { createAll } from "./create.js";
import { explain } from "./refusal.js";
import { type Call, type Program, toCalls } from "./variables.js";
import type { Reader, View } from "./view.js";
import type { Variable } from "./wire.js";

export interface Writer {
  readonly api: NetlifyApi;
  readonly reader: Reader;
  readonly clock: Clock;
}

export interface Written {
  readonly view: View;
  readonly changed: boolean;
  readonly halt: Halt | undefined;
}

/** What is known while the calls are under way. */
export interface Progress {
  readonly done: Map<string, Place>;
  /** Sent, with an answer that settles nothing. */
  readonly open: Map<string, Place>;
  readonly errors: unknown[];
}

/** Variables under way at the same time; the calls for one variable follow each other. */
const parallel = 4;

/** Makes the edits. Nothing is sent when one of them is impossible. */
export async function writeEdits(writer: Writer, before: View, edits: readonly Edit[]): Promise<Written> {
  const program = toCalls(before.variables, edits);
  if (program.problems.length > 0) throw new SecretSyncError(program.problems);
  const progress: Progress = { done: new Map(), open: new Map(), errors: [] };
  note(progress.done, program.idle);
  await createAll(writer, { program, before, progress });
  await runChains(writer, { program, before, progress });
  const [error] = progress.errors;
  const sent = progress.open.size > 0 || progress.done.size > program.idle.length;
  if (error !== undefined && !sent) throw explain(error, before);
  if (!sent) return { view: before, changed: false, halt: undefined };
  const touched = new Set([...progress.done.values(), ...progress.open.values()].map(({ key }) => key));
  const view = await writer.reader.again(before, touched).catch((reason: unknown) => {
    throw unseen(before, error ?? reason);
  });
  if (error === undefined) return { view, changed: true, halt: undefined };
  const halt = settleOpen(progress, { before, after: view, edits, problem: problemsOf(explain(error, before)) });
  return { view, changed: true, halt };
}

export function note(places: Map<string, Place>, more: readonly Place[]): void {
  for (const place of more) places.set(placeName(place), place);
}

interface Running {
  readonly program: Program;
  readonly before: View;
  readonly progress: Progress;
}

/** After the first failure no new variable is begun. */
async function runChains(writer: Writer, { program, before, progress }: Running): Promise<void> {
  const waiting = [...program.chains];
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
  { chain, before, progress }: Omit<Running, "program"> & { chain: readonly Call[] },
): Promise<void> {
  for (const call of chain) {
    try {
      await makeCall(writer, before, call);
      note(progress.done, call.places);
    } catch (error) {
      progress.errors.push(error);
      if (mayHaveArrived(error) || call.kind === "recreate") note(progress.open, call.places);
      return;
    }
  }
}

/** A refusal is without effect; silence, a broken answer and a server's fault are not. */
export function mayHaveArrived(error: unknown): boolean {
  if (isAmbiguous(error)) return true;
  return isHttpError(error) && ["http.unavailable", "http.malformed"].includes(error.code);
}

async function makeCall({ api }: Writer, { owner }: View, call: Call): Promise<void> {
  switch (call.kind) {
    case "set":
      return api.setValue(owner, call.key, call);
    case "unset":
      return api.deleteValue(owner, call.key, call.id);
    case "replace":
      return api.replaceVariable(owner, call.variable);
    case "recreate":
      await api.deleteVariable(owner, call.key);
      return api.createVariables(owner, [call.variable]);
    case "clear": {
      // Somebody may have added a value meanwhile: then the variable is not ours to delete.
      const left = await api.getVariable(owner, call.key);
      if (left !== undefined && left.values.length === 0) await api.deleteVariable(owner, call.key);
    }
  }
}

interface Looking {
  readonly before: View;
  readonly after: View;
  readonly edits: readonly Edit[];
  readonly problem: ReturnType<typeof problemsOf>;
}

/** Looks whether what was left open has arrived. A masked value that stood there before tells nothing: it stays unknown. */
function settleOpen(progress: Progress, { before, after, edits, problem: [problem] }: Looking): Halt {
  const unknown: Place[] = [];
  for (const place of progress.open.values()) {
    const edit = edits.find((one) => placeName(one) === placeName(place));
    const was = valueAt(before.variables, place);
    const is = valueAt(after.variables, place);
    const arrived = hasArrived(edit, was, is);
    if (arrived === undefined) unknown.push(place);
    else if (arrived) note(progress.done, [place]);
  }
  return {
    problem: problem ?? { code: "write.halted", message: "the write ended half-way; run up again" },
    done: [...progress.done.values()],
    unknown,
  };
}

function valueAt(variables: readonly Variable[], { slot, key }: Place) {
  return variables.find((one) => one.key === key)?.values.find((one) => one.slot === slot);
}

type Seen = ReturnType<typeof valueAt>;

function hasArrived(edit: Edit | undefined, was: Seen, is: Seen): boolean | undefined {
  if (edit?.action !== "set") return is === undefined;
  // A value that stood there before and is gone was deleted on the way to be created again.
  if (is === undefined) return was === undefined ? false : undefined;
  if (!is.masked) return is.value === edit.value.reveal();
  return was === undefined || was.id !== is.id ? true : undefined;
}

/** The calls went out, and nobody can look at what they did: state must keep every touched place as ours. */
class UnconfirmedWrite extends SecretSyncError {
  override readonly ambiguous = true;
}

function unseen(view: View, error: unknown): UnconfirmedWrite {
  return new UnconfirmedWrite({
    code: "write.unconfirmed",
    message: `variables of ${view.name} were written, but could not be looked at afterwards (${problemsOf(error)[0]?.message ?? ""}); run up again, it compares first and sends only what is missing`,
    retryable: true,
  });
}
