// Provider process: the import of a first run. Decided in check, rehearsed there, and carried out right before the first write.

import { decideImports, type ImportDecision, sameImports } from "../../core/imports.js";
import { makeFilter } from "../../core/filter.js";
import { deriveRevisionSalt } from "../../core/fingerprint.js";
import { type Problem, SecretSyncError } from "../../errors.js";
import type { Snapshot } from "../../destinations/destination.js";
import type { SourceEdit, SourceRequest } from "../../sources/source.js";
import type { ImportInput, ImportQuestion } from "./import-order.js";
import type { World } from "../world.js";

/** @throws SecretSyncError `import.no_writable_source` when every source can only be read */
export function planImport(question: ImportQuestion, world: World): ImportInput {
  const index = question.sources.findLastIndex(({ source }) => world.isWritable(source));
  const into = question.sources[index];
  if (into === undefined) throw new SecretSyncError(nowhere(question.sources));
  return { decision: decideAgain(question, index, question.snapshot), into, index, question };
}

function decideAgain(question: ImportQuestion, index: number, snapshot: Snapshot): ImportDecision {
  const { target, sources, values, salt } = question;
  const { source } = sources[index] ?? {};
  return decideImports({
    ...question,
    sources: values,
    into: { index, accepts: makeFilter(source ?? {}), allowReferences: source?.allowReferences },
    live: target.read(snapshot, deriveRevisionSalt(salt)),
    reveal: (place) => target.reveal(snapshot, place),
    place: (key) => target.place(key),
  });
}

function nowhere(sources: readonly SourceRequest[]): Problem {
  const types = [...new Set(sources.map(({ source }) => source.type))].join(", ");
  return {
    code: "import.no_writable_source",
    message: `syncOptions.initialSyncBehavior imports values, and no source here can store them (${types}); add a file, infisical or vault source, or use "merge" and adoptExisting`,
  };
}

/** Finds out what would fail, without writing. */
export async function rehearseImport(importing: ImportInput, world: World): Promise<void> {
  await writeInto(importing, world, { rehearse: true });
}

/**
 * Writes into the source what the preview showed, or nothing: the destination is read again first.
 *
 * @throws SecretSyncError `import.changed` when the destination has changed meanwhile
 */
export async function carryOutImport(importing: ImportInput, world: World): Promise<void> {
  const { decision, index, question } = importing;
  // Even without an import: a value that was equal may have changed, and would be taken over as if it had not.
  if (decision.agreed.length === 0) return;
  const snapshot = await question.target.observe({ fresh: true });
  if (!sameImports(decision, decideAgain(question, index, snapshot))) {
    throw new SecretSyncError({
      code: "import.changed",
      message: `what can be imported from ${snapshot.targetName} changed after it was read, and nothing was written; run again`,
    });
  }
  // The import puts a new file in the place of the old one: whoever is still writing that would lose the rest.
  if (decision.values.size > 0) await world.confirmWholeSource(importing.into);
  await writeInto(importing, world, { rehearse: false });
}

async function writeInto(
  { decision, into, index, question }: ImportInput,
  world: World,
  { rehearse }: { rehearse: boolean },
): Promise<void> {
  const edits = [...decision.values].map(([key, value]): SourceEdit => ({
    key,
    value,
    before: question.values[index]?.get(key),
  }));
  if (edits.length > 0) await world.writeSource(into.source, into.credentials, { edits, rehearse });
}
