// Pure: what a preview already knows of the outputs that the update will leave. Nothing else is promised.

import type { Plan } from "../core/plan.js";
import type { Seen } from "../lifecycle/index.js";
import { openInputs } from "../lifecycle/state/stored-inputs.js";
import { hasUnknown, type Properties, unknownValue } from "../lifecycle/engine/wire.js";
import { isMap } from "./plain-data.js";
import type { Kind } from "./subject.js";

export interface Foreseen {
  readonly inputs: Properties;
  /** The outputs of the last run, empty for a new resource. */
  readonly olds: Properties;
  /** What a look at the target has shown in this run. */
  readonly seen?: Seen | undefined;
  /** The keys that the plan leaves to the sync; undefined without a plan. */
  readonly owned?: ReadonlySet<string> | undefined;
}

export function foreseeOutputs(kind: Kind, foreseen: Foreseen): Properties {
  return kind === "connection" ? foreseeConnection(foreseen) : foreseeSync(foreseen);
}

const notOwned: ReadonlySet<string> = new Set(["forget", "delete", "foreign", "conflict"]);

/** Undefined for a plan that nobody could make. */
export function listOwned(plan: Plan): ReadonlySet<string> | undefined {
  const kept = plan.filter(({ action }) => !notOwned.has(action));
  return plan.length === 0 ? undefined : new Set(kept.map(({ key }) => key));
}

function foreseeConnection({ inputs, olds }: Foreseen): Properties {
  const visible = ["app", "method", "name", "description", "baseUrl"] as const;
  const given = visible.filter((name) => inputs[name] !== undefined).map((name) => [name, inputs[name]]);
  return {
    ...(Object.fromEntries(given) as Properties),
    version: unknownValue,
    account: unknownValue,
    credentialsHash: unknownValue,
    createdAt: olds["createdAt"] ?? unknownValue,
    updatedAt: unknownValue,
  };
}

function foreseeSync({ inputs, olds, seen, owned }: Foreseen): Properties {
  const facts = openInputs(inputs);
  const isKept = facts["isEnabled"] === false;
  const { targetName, targetUrl }: Properties = seen ?? olds;
  return {
    syncStatus: isKept ? "disabled" : unknownValue,
    lastSyncedAt: unknownValue,
    lastSyncMessage: unknownValue,
    lastDeploymentId: unknownValue,
    version: unknownValue,
    targetUrl: targetUrl ?? unknownValue,
    managedKeys: isKept ? (olds["managedKeys"] ?? []) : foreseeKeys(facts, owned),
    adoptedKeys: (isKept ? olds["adoptedKeys"] : undefined) ?? unknownValue,
    targetName: targetName ?? unknownValue,
    targetId: facts["__targetId"] ?? olds["targetId"] ?? unknownValue,
    drift: [],
  };
}

/** Inputs go on naming a retained key that somebody has removed; the plan forgets it. */
function foreseeKeys({ isEnabled, keys, retained = [], syncOptions }: Properties, owned: Foreseen["owned"]): unknown {
  if (isEnabled === unknownValue || !isMap(keys)) return unknownValue;
  // A value that turns out to be empty is skipped with its key.
  if (isMap(syncOptions) && syncOptions["emptyValues"] === "skip" && hasUnknown(keys)) return unknownValue;
  const kept = retained as readonly string[];
  if (kept.length > 0 && owned === undefined) return unknownValue;
  return [...Object.keys(keys), ...kept.filter((key) => owned?.has(key))].sort();
}
