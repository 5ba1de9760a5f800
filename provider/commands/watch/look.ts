// Command line: one look at a stack. What fails is reported and left out, and the look goes on without it.

import type { Deployment, SyncOnRecord } from "../deployment.js";
import type { LookOrder, StackCli } from "../pulumi/cli.js";
import { previewTargets, standingOn } from "./decision.js";
import { listPlans } from "../pulumi/diagnostics.js";
import { changingSteps, problemsIn, type RunProblem, type Step } from "../pulumi/preview.js";
import type { LockWitness } from "../pulumi/stack-lock.js";
import { isSync, type Urn } from "../pulumi/urn.js";

export interface LookInput {
  readonly cli: StackCli;
  readonly order: LookOrder;
  readonly exported: Deployment;
  /** The syncs to look at; none are known for a stack that was never updated. */
  readonly syncs: readonly SyncOnRecord[];
  readonly isNew: boolean;
  readonly witness: LockWitness;
}

/** What a preview has shown. */
export interface Look {
  readonly steps: readonly Step[];
  readonly plans: ReadonlyMap<Urn, string>;
  readonly problems: readonly RunProblem[];
  /** Syncs that have a problem, or depend on something that has one. */
  readonly failed: ReadonlySet<Urn>;
  /** Syncs that were not looked at, because too many others had failed. */
  readonly unseen: ReadonlySet<Urn>;
  /** The stack cannot be looked at as a whole. */
  readonly isWhole: boolean;
}

/**
 * Each preview ends at the first failure, so one look can report this many broken syncs. The next look sees the rest, because those that
 * have failed are resting by then.
 */
const mostPreviews = 25;

export async function lookAtStack(input: LookInput): Promise<Look> {
  const { cli, order, exported, isNew, witness } = input;
  const problems: RunProblem[] = [];
  const failed = new Set<Urn>();
  let left = input.syncs;
  const found = { plans: new Map(), steps: [], unseen: new Set<Urn>(), isWhole: false };
  for (let previews = 0; previews < mostPreviews; previews += 1) {
    if (left.length === 0 && !isNew) return { ...found, problems, failed };
    const targets = isNew ? [] : previewTargets(left, exported);
    const answer = await cli.preview({ ...order, targets, excluded: isNew ? [...failed] : [] });
    if (answer.code === 0 && answer.cut === undefined)
      return { ...found, steps: changingSteps(answer), plans: listPlans(answer.stdout), problems, failed };
    const news = problemsIn(answer, "preview", witness);
    const broken = breaks(news, input, left).filter((urn) => !failed.has(urn));
    problems.push(...news);
    // A failure that concerns no other sync is one of the stack.
    if (broken.length === 0) return { ...found, problems, failed, isWhole: true };
    for (const urn of broken) failed.add(urn);
    left = left.filter(({ urn }) => !failed.has(urn));
  }
  return { ...found, problems, failed, unseen: new Set(left.map(({ urn }) => urn)) };
}

/** The syncs that have these problems, or depend on what has one. */
function breaks(problems: readonly RunProblem[], { exported, isNew }: LookInput, left: readonly SyncOnRecord[]): Urn[] {
  const urns = problems.flatMap(({ urn }) => urn ?? []);
  if (urns.length < problems.length) return [];
  if (isNew) return urns.filter(isSync);
  return urns.flatMap((urn) => standingOn(urn, left, exported));
}
