// Pure: a sync that is replaced in the run that changes its host. The engine lets the former host delete what it has served, in a process
// that knows nothing of the replacement, so that every key would go.

import type { Problem } from "../../errors.js";
import type { Recorded } from "../../reconciler/past.js";
import { readTypeOfUrn } from "../../type-tokens.js";
import { readInputs } from "../state/inputs.js";

/** Why a resource must not go on from what is recorded, if another host has recorded it and will delete it. */
export function refuseOtherHost(urn: string, { inputs, isRemoved, hasMoved }: Recorded): Problem[] {
  const now = readTypeOfUrn(urn)?.host;
  if (inputs === undefined || now === undefined || isRemoved === true || hasMoved === true) return [];
  // Only the inputs of the dynamic provider hold the text that loads it.
  const before = readInputs(inputs).provider === undefined ? "plugin" : "dynamic";
  if (before === now) return [];
  const message = `this run replaces the sync, and the ${names[now]} serves it now: the ${names[before]}, which did before, would remove its keys; change one of the two in this up, and the other in the next`;
  return [{ code: "state.other_host", message }];
}

const names = { plugin: "plugin", dynamic: "dynamic provider" } as const;
