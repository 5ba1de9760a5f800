// Pure: what one sync asks about an import, and what was decided. Kept from check to the write.

import type { SourceValues } from "../../core/desired.js";
import type { ImportDecision, ImportPriority } from "../../core/imports.js";
import type { Claim } from "../../core/claims.js";
import type { Snapshot, Target } from "../../destinations/destination.js";
import type { SourceRequest } from "../../sources/source.js";

export interface ImportQuestion {
  readonly priority: ImportPriority;
  readonly sources: readonly SourceRequest[];
  /** What each of them gave. */
  readonly values: readonly SourceValues[];
  readonly target: Target;
  readonly snapshot: Snapshot;
  readonly salt: string;
  readonly keySchema: string | undefined;
  readonly environment: string;
  readonly claims: readonly Claim[];
}

/** A decided import, with what is needed to decide it again. */
export interface ImportInput {
  readonly decision: ImportDecision;
  readonly into: SourceRequest;
  readonly index: number;
  readonly question: ImportQuestion;
}
