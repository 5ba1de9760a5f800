// Command line: one unattended run of one stack. Looks first, and writes only what it has seen change.

import { listShownProblems } from "../cli-words.js";
import { readSyncs } from "../deployment.js";
import { automaticSyncs, decideRun, firstRunsToConfirm } from "./decision.js";
import { findUnsettled, removesBelow } from "./file-settling.js";
import type { Memory } from "./holds.js";
import { lookAtStack } from "./look.js";
import { emptyOutcome, failWhole, type Outcome } from "./outcome.js";
import type { Run, RunContext, RunOrder, Seen } from "./run-context.js";
import { writePlanned } from "./write.js";

/** Between the two looks that have to agree before keys are removed because a file no longer has them. */
const confirmWait = 10_000;
/**
 * A preview finds change and drift, because it reads sources and targets with the provider's own code and credentials: a second reader
 * here could disagree with the one that writes. Asking vendors for change tokens first would save nothing: every look has to observe the
 * target anyway, because drift has no token. The write is `up` on exactly the syncs that the preview named, so that an unattended run
 * changes secrets and never the rest of the user's infrastructure.
 *
 * @returns a function that runs the stack once; it remembers what holds a sync back from one run to the next
 */
export function openRuns(context: RunContext): (order: RunOrder) => Promise<Outcome> {
  let memory: Memory | undefined;
  const run: Run = {
    ...context,
    memory: () => memory ?? new Map(),
    remember: async (next) => {
      memory = next;
      await context.holds?.write(next);
    },
  };
  return async (order) => {
    try {
      memory ??= await context.holds?.read();
      return await lookAndWrite(run, order);
    } catch (error) {
      // A look that was cut off because the runner ends.
      if (context.ending.aborted) return { ...emptyOutcome, result: "stopped" };
      return failWhole(listShownProblems(error, process.env));
    }
  };
}

async function lookAndWrite(run: Run, order: RunOrder): Promise<Outcome> {
  const first = await look(run, order);
  if ("result" in first) return first;
  if (removesBelow(first.targets, first).size === 0) return writePlanned(run, first, []);
  await run.sleep(confirmWait);
  if (run.ending.aborted) return { ...emptyOutcome, result: "stopped" };
  const second = await look(run, order);
  if ("result" in second) return second;
  return writePlanned(run, second, findUnsettled({ first, second }));
}

async function look(run: Run, { resting, causes }: RunOrder): Promise<Seen | Outcome> {
  const order = { limit: run.limit, ending: run.ending };
  const exported = await run.cli.export(order);
  if (run.ending.aborted) return { ...emptyOutcome, result: "stopped" };
  const isNew = (exported.deployment?.resources ?? []).length === 0;
  const syncs = automaticSyncs(readSyncs(exported));
  await run.onSyncs(syncs);
  const toConfirm = firstRunsToConfirm(syncs);
  if (toConfirm.length > 0) return { ...emptyOutcome, result: "waiting", waiting: toConfirm };
  if (syncs.length === 0 && !isNew) return { ...emptyOutcome, result: "unchanged" };
  const files = await run.readFiles(syncs);
  const awake = syncs.filter(({ urn }) => !resting.includes(urn));
  const seen = await lookAtStack({ cli: run.cli, order, exported, syncs: awake, isNew, witness: run.witness() });
  if (run.ending.aborted) return { ...emptyOutcome, result: "stopped" };
  if (seen.isWhole) return failWhole(seen.problems);
  return {
    ...seen,
    ...decideRun(seen.steps),
    exported,
    syncs,
    isNew,
    causes,
    resting: new Set(resting),
    files,
    endedAt: run.now(),
  };
}
