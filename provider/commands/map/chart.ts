// Pure: turns a recorded sync into what is drawn of it: its sources, its keys in bundles that share a path, its target.

import type { BoundDisplayNames } from "../../destinations/display-names.js";
import { describeSource } from "../../sources/description.js";
import { findCarrier } from "../carried.js";
import { hidden, type SyncOnRecord } from "../deployment.js";
import { nameTarget } from "../target-name.js";

/** Drawn once, however many syncs read it. */
export interface ChartSource {
  readonly id: string;
  readonly kind: string;
  readonly what: string;
}

/** Drawn once, however many syncs write to it. */
export interface ChartTarget {
  readonly id: string;
  readonly name: string;
  readonly platform: string;
  readonly url: string | undefined;
}

/** Keys of one sync with the same sources, the same slots, and the same type and scope. */
export interface Bundle {
  readonly keys: readonly string[];
  /** Type and scope; empty if state does not show them. */
  readonly label: string;
  /** Ids of sources. */
  readonly sources: readonly string[];
  readonly slots: readonly string[];
}

export interface ChartSync {
  readonly urn: string;
  readonly name: string;
  readonly status: string;
  readonly lastSyncedAt: string | undefined;
  readonly drift: readonly string[];
  /** What the drawing cannot show, in sentences. */
  readonly notes: readonly string[];
  readonly sources: readonly ChartSource[];
  readonly bundles: readonly Bundle[];
  readonly target: ChartTarget;
}

export interface ChartContext {
  /** Of the destination; undefined if state does not show the arguments. */
  readonly displayNames: BoundDisplayNames | undefined;
  /** All syncs of the stack. */
  readonly syncs: readonly SyncOnRecord[];
}

export function chartSync(sync: SyncOnRecord, { displayNames, syncs }: ChartContext): ChartSync {
  const { urn, resource, inputs, outputs, unread } = sync;
  const status = findCarrier(sync, syncs) === undefined ? outputs.syncStatus : "succeeded";
  const sources = inputs.source.map((source, at) => chartSource(source, `${urn}#${at}`));
  const isUntold = sources.length > 1 && outputs.origins === undefined && outputs.managedKeys.length > 0;
  return {
    urn,
    name: resource,
    status,
    lastSyncedAt: outputs.lastSyncedAt,
    drift: outputs.drift,
    notes: [
      ...(isUntold ? ["which source gives which key is not recorded"] : []),
      ...(displayNames === undefined ? ["state does not tell where in the target the keys go"] : []),
      ...(unread.length > 0 ? [`a newer version has written ${unread.join(", ")}`] : []),
      ...(["succeeded", "disabled"].includes(status) ? [] : [outputs.lastSyncMessage]),
    ].filter((note) => note !== ""),
    sources,
    bundles: bundleKeys(sync, sources, displayNames),
    target: chartTarget(sync, displayNames),
  };
}

type RecordedSource = SyncOnRecord["inputs"]["source"][number];

function chartSource(source: RecordedSource, own: string): ChartSource {
  if (source.type === "untold") {
    const kind = source.reason === "secret" ? "secret arguments" : "of a newer version";
    return { id: own, kind, what: "a source" };
  }
  const { kind, what, isUnique } = describeSource(source);
  const { include: _some, exclude: _others, ...identity } = source;
  return { id: isUnique ? JSON.stringify(identity) : own, kind, what };
}

function chartTarget({ urn, inputs, outputs }: SyncOnRecord, displayNames: BoundDisplayNames | undefined): ChartTarget {
  const { targetId, targetName, targetUrl } = outputs;
  const named = targetName ?? (displayNames?.name === hidden ? undefined : displayNames?.name);
  return {
    // Before its first run, a sync has only its arguments.
    id: `${inputs.destination.type} ${displayNames?.platform ?? ""} ${targetId || (named ?? urn)}`,
    name: nameTarget({ name: named, id: targetId || undefined, url: targetUrl }) ?? "a secret target",
    platform: displayNames?.platform ?? "",
    url: targetUrl,
  };
}

function bundleKeys(
  { outputs }: SyncOnRecord,
  sources: readonly ChartSource[],
  displayNames: BoundDisplayNames | undefined,
): Bundle[] {
  const { managedKeys, origins } = outputs;
  const everySource = sources.map(({ id }) => id);
  if (managedKeys.length === 0) return [{ keys: [], label: "", sources: everySource, slots: [] }];
  const bundles = new Map<string, Bundle>();
  for (const key of [...new Set(managedKeys)].sort()) {
    const slots = displayNames?.slotsOf(key).map((slot) => displayNames.titleOf(slot)) ?? [];
    // A later source wins. A key that no source gives any more is kept by disableSecretDeletion.
    const giver = origins?.findLastIndex((given) => given.includes(key));
    const from = giver === undefined ? everySource : everySource.slice(giver, giver + 1);
    const way = { sources: giver === -1 ? [] : from, slots, label: displayNames?.labelOf(key) ?? "" };
    const name = JSON.stringify(way);
    bundles.set(name, { ...way, keys: [...(bundles.get(name)?.keys ?? []), key] });
  }
  return [...bundles.values()];
}
