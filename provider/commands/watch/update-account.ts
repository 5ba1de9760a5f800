// Pure: what an update has done to each of its targets: its own words, compared with the state before and after.

import { isDeepStrictEqual } from "node:util";
import type { SyncOnRecord } from "../deployment.js";
import { readUpdate } from "../pulumi/diagnostics.js";
import type { CliAnswer, RunProblem } from "../pulumi/preview.js";
import { readName, type Urn } from "../pulumi/urn.js";

export interface UpdateFacts {
  readonly targets: readonly Urn[];
  readonly answer: CliAnswer;
  /** Why it failed; empty when it succeeded. */
  readonly problems: readonly RunProblem[];
  readonly before: readonly SyncOnRecord[];
  readonly after: readonly SyncOnRecord[];
}

export interface UpdateAccount {
  /** By this update, not by another one in between. */
  readonly written: ReadonlySet<Urn>;
  readonly failed: ReadonlySet<Urn>;
  /** The update ended before it reached them, because another sync failed. */
  readonly missed: readonly Urn[];
  readonly problems: readonly RunProblem[];
}

/** An update whose output is not understood is never a success: it reports what state says of its targets, and that problem. */
export function accountFor(facts: UpdateFacts): UpdateAccount {
  const { targets, answer, before, after } = facts;
  const text = readUpdate(answer.stdout);
  const isOnRecord = (urn: Urn) => {
    const now = outputsOf(urn, after);
    return now !== undefined && !isDeepStrictEqual(outputsOf(urn, before), now);
  };
  const isNamed = (urn: Urn) =>
    text?.written.has(readName(urn)) === true && (listNamesakes(urn, targets).length === 1 || isOnRecord(urn));
  const problems = findOwners(facts, isOnRecord);
  const named = targets.filter(isNamed);
  const unnamed = targets.filter((urn) => isOnRecord(urn) && !isNamed(urn));
  // If it counts only those that it names, it has not written the others: an update in between has.
  const isUnderstood = text !== undefined && (unnamed.length === 0 || text.count <= named.length);
  const written = [...named, ...(isUnderstood ? [] : unnamed)];
  const failed = new Set(problems.flatMap(({ urn }) => urn ?? []));
  const undone = targets.filter((urn) => !written.includes(urn) && !failed.has(urn) && !isOnRecord(urn));
  const isWell = problems.length === 0;
  return {
    written: new Set(written),
    failed: isWell && !isUnderstood ? new Set(undone) : failed,
    missed: isWell || problems.some(({ urn }) => urn === undefined) ? [] : undone,
    problems: isWell && !isUnderstood ? [notUnderstood] : problems,
  };
}

/** Components of different kinds may each have a sync of the same name, and an update shows only names. */
function listNamesakes(urn: Urn, targets: readonly Urn[]): Urn[] {
  return targets.filter((one) => readName(one) === readName(urn));
}

/** Of namesakes, those that have not succeeded according to state have the problem. */
function findOwners({ targets, problems, after }: UpdateFacts, isOnRecord: (urn: Urn) => boolean): RunProblem[] {
  const isWell = (urn: Urn) => isOnRecord(urn) && outputsOf(urn, after)?.syncStatus === "succeeded";
  const owned = problems.flatMap((problem): RunProblem[] => {
    const { urn } = problem;
    if (urn === undefined) return [problem];
    const namesakes = listNamesakes(urn, targets);
    const open = namesakes.filter((one) => !isWell(one));
    return namesakes.length < 2
      ? [problem]
      : (open.length > 0 ? open : namesakes).map((one) => ({ ...problem, urn: one }));
  });
  return owned.filter((one, at) => owned.findIndex((other) => isDeepStrictEqual(one, other)) === at);
}

function outputsOf(urn: Urn, syncs: readonly SyncOnRecord[]): SyncOnRecord["outputs"] | undefined {
  return syncs.find((sync) => sync.urn === urn)?.outputs;
}

const notUnderstood: RunProblem = {
  code: "cli.unreadable",
  message:
    "pulumi up succeeded, but this version does not understand what it prints; the syncs are reported as state has them. " +
    "Use a version of the CLI that is known to work, or a newer version of pulumi-secret-sync",
};
