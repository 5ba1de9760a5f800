// Pure: the keys of a source that a sync takes, each judged. `include` and `exclude` come first.

import type { SourceValues } from "../core/desired.js";
import { makeFilter } from "../core/filter.js";
import { findReferences } from "../core/references.js";
import { SecretSyncError } from "../errors.js";
import type { Source } from "../../schema/index.js";
import { findBroken } from "./characters.js";
import { describeSource } from "./description.js";
import { type Fault, judgeKeys } from "./documents/content.js";
import type { SourceContent } from "./source.js";

/**
 * What a source gives to a sync.
 *
 * @throws SecretSyncError every problem of a key that is taken, also `source.unresolved_reference` and `source.encrypted` for what
 * another tool would have to resolve
 */
export function takeKeys(source: Source, content: SourceContent): SourceValues {
  const isTaken = makeFilter(source);
  const values = new Map([...content.values].filter(([key]) => isTaken(key)));
  const { type, allowReferences: allowed = [] } = source;
  const origin = nameSource(source);
  // One problem per key: a key with a known fault is not judged again.
  const broken = findBroken(without(values, content.faults), origin);
  const faults = [...content.faults, ...broken];
  const file = source.type === "file" ? source.path : undefined;
  const references = findReferences(without(values, faults), { origin, type, file, allowed });
  const problems = [...judgeKeys(faults, isTaken), ...references];
  if (problems.length > 0) throw new SecretSyncError(problems);
  return values;
}

function without(values: SourceValues, faults: readonly Fault[]): SourceValues {
  const faulty = new Set(faults.flatMap(({ keys }) => keys));
  return new Map([...values].filter(([key]) => !faulty.has(key)));
}

function nameSource(source: Source): string {
  const { what } = describeSource(source);
  return source.type === "inline" ? "inline source" : `${source.type} source ${JSON.stringify(what)}`;
}
