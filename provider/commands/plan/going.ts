// Pure: what happens to the keys of a sync that leaves the program, from the state that the preview shows.

import { z } from "zod";
import { planDestroy } from "../destroy.js";
import type { PlanLine } from "../pulumi/plan-text.js";
import type { Step } from "../pulumi/preview.js";

/** A preview calls no provider for such a sync. */
export function listGoing({ oldState }: Step): PlanLine[] {
  const { inputs, outputs } = recordedSync.parse(oldState ?? {});
  const { managedKeys: keys, adoptedKeys: adopted, leftKeys: left, syncStatus } = outputs;
  const isEnabled = syncStatus !== "disabled";
  const plan = planDestroy({ keys, adopted, left, onDestroy: inputs.syncOptions.onDestroy, isEnabled });
  const list = (sign: string, names: readonly string[], text: string) =>
    names.map((name) => ({ sign, name, text, isDrift: false }));
  return [
    ...list("-", plan.removes, "removed with the sync"),
    ...list("<", plan.givesBack, "given back as it was before it was adopted"),
    ...list("-", plan.untold, "removed with the sync, or given back if it was adopted"),
    ...list(".", plan.keeps, "left in place"),
  ];
}

const names = z.array(z.string());
const recordedSync = z.looseObject({
  inputs: z
    .looseObject({
      syncOptions: z.looseObject({ onDestroy: z.enum(["delete", "retain", "restore"]).optional() }).catch({}),
    })
    .catch({ syncOptions: {} }),
  outputs: z
    .looseObject({
      managedKeys: names.catch([]),
      adoptedKeys: names.optional().catch(undefined),
      leftKeys: names.optional().catch(undefined),
      syncStatus: z.string().catch(""),
    })
    .catch({ managedKeys: [], syncStatus: "" }),
});
