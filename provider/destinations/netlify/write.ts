// Network side: makes the calls for a set of edits, entry by entry, and knows for each of them what became of it.

import { type Edit, type Place, placeName } from "../../core/entry.js";
import { problemsOf, SecretSyncError } from "../../errors.js";
import type { Halt } from "../destination.js";
import { hasArrived } from "./arrival.js";
import { createAll, createChunk } from "./create.js";
import { explain } from "./refusal.js";
import { mayHaveArrived, note, type Tally, type Writer } from "./tally.js";
import { type Call, type Program, toCalls } from "./variables.js";
import type { View } from "./view.js";
import { dropUnset, showsMasks } from "./wire.js";

export interface Written {
  readonly view: View;
  readonly changed: boolean;
  readonly halt: Halt | undefined;
}

/** Variables under way at the same time; the calls for one variable follow each other. */
const parallel = 4;

/** Makes the edits. Nothing is sent when one of them is impossible. */
export async function writeEdits(writer: Writer, before: View, edits: readonly Edit[]): Promise<Written> {
  const program = toCalls(before.variables, edits);
  if (program.problems.length > 0) throw new SecretSyncError(program.problems);
  const tally: Tally = { done: new Map(), open: new Map(), errors: [] };
  note(tally.done, program.idle);
  const rest = await createAll(writer, { creates: program.creates, before, tally });
  await runChains(writer, { chains: [...program.chains, ...rest], before, tally });
  const [error] = tally.errors;
  const sent = tally.open.size > 0 || tally.done.size > program.idle.length;
  if (error !== undefined && !sent) throw explain(error, before);
  if (!sent) return { view: before, changed: false, halt: undefined };
  const written = new Set([...tally.done.values(), ...tally.open.values()].map(({ key }) => key));
  const cleared = program.chains.flat().flatMap((call) => (call.kind === "clear" ? [call.key] : []));
  const view = await writer.reader.again(before, { written, removed: new Set(cleared) }).catch((reason: unknown) => {
    throw unseen(before, error ?? reason);
  });
  if (error === undefined) return { view, changed: true, halt: undefined };
  const halt = settleOpen(tally, { before, after: view, edits, problem: problemsOf(explain(error, before)) });
  return { view, changed: true, halt };
}

interface Running {
  readonly chains: Program["chains"];
  readonly before: View;
  readonly tally: Tally;
}

/** After the first failure no new variable is begun. */
async function runChains(writer: Writer, { chains, before, tally }: Running): Promise<void> {
  const waiting = [...chains];
  const work = async () => {
    for (let chain = waiting.shift(); chain !== undefined; chain = waiting.shift()) {
      if (tally.errors.length > 0) return;
      await runChain(writer, { chain, before, tally });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

async function runChain(
  writer: Writer,
  { chain, before, tally }: Omit<Running, "chains"> & { chain: readonly Call[] },
): Promise<void> {
  for (const call of chain) {
    try {
      if (call.kind === "recreate") await recreate(writer, { call, before, tally });
      else {
        await makeCall(writer, before, call);
        note(tally.done, call.places);
      }
    } catch (error) {
      tally.errors.push(error);
      if (mayHaveArrived(error) || call.kind === "recreate") note(tally.open, call.places);
      return;
    }
  }
}

type Recreate = Extract<Call, { kind: "recreate" }>;

/** Between its two requests the variable is gone: the second one is seen to its end as every creation is. */
async function recreate(
  writer: Writer,
  { call, before, tally }: Omit<Running, "chains"> & { call: Recreate },
): Promise<void> {
  await writer.api.deleteVariable(before.owner, call.key);
  const chains = await createChunk(writer, { creates: [call], before, tally });
  for (const chain of chains) await runChain(writer, { chain, before, tally });
}

async function makeCall({ api }: Writer, { owner, variables }: View, call: Exclude<Call, Recreate>): Promise<void> {
  switch (call.kind) {
    case "set":
      return api.setValue(owner, call.key, call);
    case "unset":
      return api.deleteValue(owner, call.key, call.id);
    case "replace":
      return api.replaceVariable(owner, call.variable);
    case "clear": {
      // Somebody may have added a value meanwhile: then the variable is not ours to delete.
      const found = await api.getVariable(owner, call.key);
      const [left] = found === undefined ? [] : dropUnset([found], showsMasks(variables));
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
function settleOpen(tally: Tally, { before, after, edits, problem: [problem] }: Looking): Halt {
  const unknown: Place[] = [];
  for (const place of tally.open.values()) {
    const edit = edits.find((one) => placeName(one) === placeName(place));
    const arrived = hasArrived(edit, place, { before: before.variables, after: after.variables });
    if (arrived === undefined) unknown.push(place);
    else if (arrived) note(tally.done, [place]);
  }
  return {
    problem: problem ?? { code: "write.halted", message: "the write stopped half-way; run up again" },
    done: [...tally.done.values()],
    unknown,
  };
}

/** The calls went out, and nobody can look at what they did: state must keep every touched place as ours. */
class UnconfirmedWrite extends SecretSyncError {
  override readonly ambiguous = true;
}

function unseen(view: View, error: unknown): UnconfirmedWrite {
  return new UnconfirmedWrite({
    code: "write.unconfirmed",
    message: `the variables of ${view.name} were written, but could not be read afterwards (${problemsOf(error)[0]?.message ?? ""}); run up again, which compares first and sends only what is missing`,
  });
}
