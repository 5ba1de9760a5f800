// Provider process: looks at sources and target without writing anything, and gathers every problem of the pass.

import { buildDesired, type Desired, type EmptyValues, type SourceValues } from "../core/desired.js";
import { deriveRevisionSalt } from "../core/fingerprint.js";
import type { LiveEntry } from "../core/entry.js";
import { type Problem, listProblems } from "../errors.js";
import type { Snapshot, Target } from "../destinations/destination.js";
import type { SourceRequest } from "../sources/source.js";
import type { World } from "./world.js";

export interface SurveyRequest {
  readonly sources: readonly SourceRequest[];
  readonly target: Target;
  /** False when the target is not known yet, or when the write itself observes it. */
  readonly observe: boolean;
  readonly notBefore?: number | undefined;
  readonly keySchema: string | undefined;
  readonly emptyValues: EmptyValues;
  readonly environment: string;
  readonly salt: string;
}

export interface Surveyed {
  /** Undefined when a source could not be read: nothing may be concluded from a part. */
  readonly desired: Desired | undefined;
  /** What each source gave, filtered, in order; complete when `desired` is set. */
  readonly values: readonly SourceValues[];
  readonly snapshot: Snapshot | undefined;
  /** The live entries of the snapshot; none without one. */
  readonly live: readonly LiveEntry[];
  readonly problems: readonly Problem[];
}

/** Reads sources and target in parallel. A failing source fails the pass, whatever the others gave. */
export async function takeSurvey(request: SurveyRequest, world: World): Promise<Surveyed> {
  const { target } = request;
  const reads = request.sources.map((source) => readSource(source, world));
  const look = request.observe
    ? target.observe({ fresh: false, notBefore: request.notBefore })
    : Promise.resolve(undefined);
  const [sources, [snapshot]] = await Promise.all([Promise.allSettled(reads), Promise.allSettled([look])]);
  const problems = [...sources, snapshot].flatMap((result) =>
    result.status === "rejected" ? listProblems(result.reason) : [],
  );
  const values = sources.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const seen = snapshot.status === "fulfilled" ? snapshot.value : undefined;
  const complete = values.length === sources.length;
  return {
    desired: complete ? buildDesired({ ...request, sources: values, place: (key) => target.place(key) }) : undefined,
    values,
    snapshot: seen,
    live: seen === undefined ? [] : target.read(seen, deriveRevisionSalt(request.salt)),
    problems,
  };
}

function readSource({ source, secrets, credentials }: SourceRequest, world: World): Promise<SourceValues> {
  return world.readSource(source, secrets, credentials);
}
