// Pure: which syncs an unattended run looks at, which of them it may write, and which it leaves to a person.

import { z } from "zod";
import type { Deployment, SyncOnRecord } from "../deployment.js";
import type { Step } from "../pulumi/preview.js";
import { describeUrn, isBookkeeping, isSync, readName, type Urn } from "../pulumi/urn.js";

/** Syncs that unattended runs look after. `autoSyncEnabled: false` means: neither written nor repaired without a person. */
export function automaticSyncs(syncs: readonly SyncOnRecord[]): SyncOnRecord[] {
  return syncs.filter(({ inputs }) => inputs.isEnabled !== false && inputs.syncOptions?.autoSyncEnabled !== false);
}

/** Whether a recorded sync has never reached its target, so that its first run is still to come. */
function hasNeverRun({ outputs }: SyncOnRecord): boolean {
  return outputs.targetId === "";
}

/** Why nothing runs in a stack: its first run would remove others' keys or write into a source, which a person should see first. */
export function firstRunsToConfirm(syncs: readonly SyncOnRecord[]): string[] {
  return syncs.filter(hasNeverRun).flatMap(({ urn, inputs }) => sayFirstRun(urn, inputs.syncOptions));
}

const firstRuns: Readonly<Record<string, string>> = {
  "overwrite-destination": "would overwrite its destination",
  "import-prioritize-source": "would write into its source",
  "import-prioritize-destination": "would write into its source",
};

function sayFirstRun(urn: Urn, options: { initialSyncBehavior?: unknown } | undefined): string[] {
  const behavior = String(options?.initialSyncBehavior);
  const does = Object.hasOwn(firstRuns, behavior) ? firstRuns[behavior] : undefined;
  return does === undefined ? [] : [`the first run of ${readName(urn)} ${does}: run pulumi up yourself`];
}

const links = z.looseObject({
  dependencies: z.array(z.string()).optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
});

/** What a resource depends on, according to state or a preview. A provider is named by URN and id. */
function listLinks(resource: unknown): Urn[] {
  const { dependencies = [], parent, provider } = links.parse(resource ?? {});
  const named = [...dependencies, parent ?? "", (provider ?? "").replace(/::[^:]*$/, "")];
  return named.filter((urn) => urn !== "" && !isBookkeeping(urn));
}

/** Everything that these resources depend on, directly or not, without other syncs, because each is decided for itself. */
function listFoundations(urns: readonly Urn[], resources: ReadonlyMap<Urn, unknown>): Set<Urn> {
  const found = new Set<Urn>();
  const waiting = urns.flatMap((urn) => listLinks(resources.get(urn)));
  for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
    if (found.has(urn)) continue;
    found.add(urn);
    waiting.push(...listLinks(resources.get(urn)));
  }
  return new Set([...found].filter((urn) => !isSync(urn)));
}

/**
 * What a preview has to look at: the syncs, and everything they depend on. The engine does not touch a resource that is not a target, so
 * without the second half a sync would go ahead with credentials or an app that the program wants changed first.
 */
export function previewTargets(syncs: readonly SyncOnRecord[], exported: Deployment): Urn[] {
  const resources = new Map((exported.deployment?.resources ?? []).map((resource) => [resource.urn, resource]));
  const urns = syncs.map(({ urn }) => urn);
  return [...urns, ...listFoundations(urns, resources)].filter((urn) => resources.has(urn));
}

/** The syncs that are this resource, or depend on it. */
export function standingOn(below: Urn, syncs: readonly SyncOnRecord[], exported: Deployment): Urn[] {
  const resources = new Map((exported.deployment?.resources ?? []).map((resource) => [resource.urn, resource]));
  return syncs.flatMap(({ urn }) => (urn === below || listFoundations([urn], resources).has(below) ? [urn] : []));
}

export interface Decision {
  /** Syncs to write. */
  readonly targets: readonly Urn[];
  /** Syncs that are left to a person. */
  readonly left: readonly Urn[];
  /** What a person has to do, one sentence each. */
  readonly waiting: readonly string[];
}

/** From the steps of a preview. Runs only creates and updates of automatic syncs that depend on nothing unfinished. */
export function decideRun(steps: readonly Step[]): Decision {
  const changing = new Map(steps.map((step) => [step.urn, step.newState]));
  const mine = steps.filter(({ urn, newState }) => isSync(urn) && !isManual(newState?.inputs));
  const created = mine.filter(({ op }) => op === "create");
  const toConfirm = created.flatMap(({ urn, newState }) => sayFirstRun(urn, readOptions(newState?.inputs)));
  if (toConfirm.length > 0) return { targets: [], left: mine.map(({ urn }) => urn), waiting: toConfirm };
  const verdicts = mine.map((step) => ({ urn: step.urn, reason: whyNot(step, changing) }));
  return {
    targets: verdicts.filter(({ reason }) => reason === undefined).map(({ urn }) => urn),
    left: verdicts.filter(({ reason }) => reason !== undefined).map(({ urn }) => urn),
    waiting: verdicts.flatMap(({ reason }) => reason ?? []),
  };
}

function whyNot({ op, urn }: Step, changing: ReadonlyMap<Urn, unknown>): string | undefined {
  if (op === "delete") return `${readName(urn)} is no longer in the program: run pulumi up yourself`;
  if (op !== "create" && op !== "update")
    return `${readName(urn)} would move to another target: run pulumi up yourself`;
  const first = [...listFoundations([urn], changing)].filter((below) => changing.has(below));
  if (first.length === 0) return undefined;
  return `${readName(urn)} needs ${first.map(describeUrn).join(", ")} changed first: run pulumi up yourself`;
}

/** What the program says now counts, too, not only what was recorded. A removed sync no longer has inputs. */
function isManual(inputs: Readonly<Record<string, unknown>> | undefined): boolean {
  return inputs?.["isEnabled"] === false || readOptions(inputs)?.autoSyncEnabled === false;
}

function readOptions(inputs: Readonly<Record<string, unknown>> | undefined) {
  return inputs?.["syncOptions"] as { autoSyncEnabled?: unknown; initialSyncBehavior?: unknown } | undefined;
}
