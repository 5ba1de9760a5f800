// Pure: what a preview already knows of the outputs that the update will leave. Nothing else is promised.

import { openInputs } from "../lifecycle/state/stored-inputs.js";
import { type Properties, unknownValue } from "../lifecycle/engine/wire.js";
import { isMap } from "./plain-data.js";
import type { Kind } from "./subject.js";

/** `olds` are the outputs of the last run, empty for a new resource. */
export function foreseeOutputs(kind: Kind, inputs: Properties, olds: Properties): Properties {
  return kind === "connection" ? foreseeConnection(inputs, olds) : foreseeSync(inputs, olds);
}

function foreseeConnection(inputs: Properties, olds: Properties): Properties {
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

function foreseeSync(inputs: Properties, olds: Properties): Properties {
  const { keys, retained = [], isEnabled, __targetId: targetId } = openInputs(inputs);
  const isKept = isEnabled === false;
  const names = isMap(keys) ? [...Object.keys(keys), ...(retained as string[])].sort() : unknownValue;
  return {
    syncStatus: isKept ? "disabled" : unknownValue,
    lastSyncedAt: unknownValue,
    lastSyncMessage: unknownValue,
    lastDeploymentId: unknownValue,
    version: unknownValue,
    targetUrl: olds["targetUrl"] ?? unknownValue,
    managedKeys: isKept ? (olds["managedKeys"] ?? []) : names,
    adoptedKeys: isKept ? (olds["adoptedKeys"] ?? []) : unknownValue,
    targetName: olds["targetName"] ?? unknownValue,
    targetId: targetId ?? olds["targetId"] ?? unknownValue,
    drift: [],
  };
}
