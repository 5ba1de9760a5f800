// Pure: whether a file has been written completely. A half-written file reads like one that has lost its last keys.

import { removedKeys } from "../pulumi/plan-text.js";
import type { Step } from "../pulumi/preview.js";
import type { Urn } from "../pulumi/urn.js";

/** For each sync with file sources: the state of each file by its path, as JSON. */
export type FileStates = ReadonlyMap<Urn, string>;

interface FileLook {
  readonly steps: readonly Step[];
  readonly files: FileStates;
}

/** Syncs of files that would remove keys, and those keys. */
export function removesBelow(targets: readonly Urn[], { steps, files }: FileLook): ReadonlyMap<Urn, string> {
  const removing = new Map<Urn, string>();
  for (const step of steps) {
    const keys = removedKeys(step);
    if (targets.includes(step.urn) && files.has(step.urn) && keys.length > 0) removing.set(step.urn, keys.join("\0"));
  }
  return removing;
}

/** Syncs that would remove keys, but on which two looks disagree. */
export function findUnsettled({
  first,
  second,
}: Record<"first" | "second", FileLook & { targets: readonly Urn[] }>): Urn[] {
  const before = removesBelow(first.targets, first);
  return [...removesBelow(second.targets, second)].flatMap(([urn, keys]) =>
    before.get(urn) === keys && first.files.get(urn) === second.files.get(urn) ? [] : [urn],
  );
}
