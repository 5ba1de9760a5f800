// Provider process: what `check` learnt, kept for the `diff` and the write that follow in the same process. The first documented module table.

import type { Desired, NameSource } from "../core/desired.js";
import type { Claim } from "../core/claims.js";
import type { Place } from "../core/entry.js";
import type { Redacted } from "../redacted.js";
import type { Connection, SyncOptions } from "../../schema/index.js";
import type { Credentials, Snapshot, Target } from "../destinations/destination.js";
import type { SourceRequest } from "../sources/source.js";
import type { ImportInput } from "./imports/import-order.js";
import { createPast, type Past } from "./past.js";

/** What one check leaves for the operations after it. Values live here and nowhere else. */
export interface Survey {
  readonly owner: string;
  /** Undefined until the write that follows shows it. */
  readonly isPreview: boolean | undefined;
  /** The full name of the stack. */
  readonly stack: string | undefined;
  /** Text for `{{environment}}`. */
  readonly environment: string;
  /** What was read. */
  readonly sources: readonly SourceRequest[];
  readonly desired: Desired;
  readonly nameSource: NameSource;
  readonly options: SyncOptions;
  /** The destination's explicit connection. */
  readonly credentials: Credentials | undefined;
  /** The salt of this run; a preview's inputs do not contain it if it was drawn at random. */
  readonly salt: string;
  /** Places that the input `live` reports. */
  readonly live: ReadonlySet<string> | undefined;
  readonly target: Target;
  /** How long each operation may wait, in milliseconds, if the program says so. */
  readonly timeouts: Readonly<Partial<Record<"create" | "update" | "delete", number | undefined>>>;
  /** Undefined while the target is not known yet, or when the write itself observes it. */
  readonly snapshot: Snapshot | undefined;
  /** What this run writes into a source before anything else. Only in a first run that asks for it. */
  readonly importing?: ImportInput | undefined;
}

/** The rest of a check or a diff. @throws SecretSyncError with everything that forbids the write */
export type Postponed = (isPreview: boolean) => Promise<void>;

export interface Memory extends Past {
  /** Puts off what depends on whether this is a preview, until the write that follows shows it; the last one counts. */
  postpone(urn: string, rest: Postponed): void;
  /** Takes what was put off. */
  takePostponed(urn: string): Postponed | undefined;
  keepConnection(urn: string, connection: Connection): void;
  recallConnection(urn: string): Connection | undefined;
  /** The connections checked so far, in that order. */
  connections(): readonly Connection[];
  keep(urn: string, survey: Survey): void;
  recall(urn: string): Survey | undefined;
  /** The target of a sync of this run, once known. */
  targetOf(urn: string): string | undefined;
  /** Lets the replacement of a resource go on with what that resource owned at a target; without `targetId`, at any target. */
  handOver(urn: string, targetId?: string): void;
  /** Whether it does; without `targetId`, at any target. */
  isHandedOver(urn: string, targetId?: string): boolean;
  /** Makes this run leave a sync alone, whatever the program says. */
  freeze(urn: string): void;
  isFrozen(urn: string): boolean;
  /** Whether this is news of a sync: a process reports the same thing once, in its preview or its update. */
  isNews(urn: string, told: string): boolean;
  /** Records which places of a target a sync wants; a later check of the same sync replaces it. */
  claim(urn: string, claim: Claim & { targetId: string }): void;
  /** The plan of a sync was accepted: it takes whatever it claims. */
  acceptClaim(urn: string, owns: (place: Place) => boolean): void;
  /** The sync takes nothing but what it owns: its plan was refused, or its step has ended, well or not. */
  limitClaim(urn: string, owns: (place: Place) => boolean): void;
  /** Values that this run has only seen: those at a target, and those from before an adoption. */
  learn(values: Iterable<Redacted>): void;
  /** Every value of this run, so that it can be removed from foreign texts. */
  values(): Iterable<Redacted>;
  /** What a sync owned before this run, known before anything is read: no other sync may prune it. */
  hold(urn: string, held: { targetId: string; owner: string; keys: readonly string[] }): void;
  /** What all other syncs of this run claim or hold at the target of this one. */
  claimsOfOthers(urn: string): Claim[];
  /** What every sync of this run claims at a target, including the one that replaces what is removed now: it takes whatever it claims. */
  claimsAt(targetId: string, urn?: string): Claim[];
}

export function createMemory(): Memory {
  const surveys = new Map<string, Survey>();
  const connections = new Map<string, Connection>();
  const told = new Map<string, string>();
  const claims = createTargetTable();
  const holds = createTargetTable();
  const seen = new Map<string, Redacted>();
  const frozen = new Set<string>();
  const handed = new Map<string, string | undefined>();
  const postponed = new Map<string, Postponed>();

  const judge = (urn: string, { owns, takes }: Record<"owns" | "takes", (place: Place) => boolean>) =>
    claims.amend(urn, (claim) => ({
      ...claim,
      barred: claim.places.filter((place) => !takes(place)),
      owned: claim.places.filter(owns),
    }));

  return {
    ...createPast(),
    postpone: (urn, rest) => void postponed.set(urn, rest),
    takePostponed: (urn) => {
      const rest = postponed.get(urn);
      postponed.delete(urn);
      return rest;
    },
    keepConnection: (urn, connection) => void connections.set(urn, connection),
    recallConnection: (urn) => connections.get(urn),
    connections: () => [...connections.values()],
    keep: (urn, survey) => void surveys.set(urn, survey),
    recall: (urn) => surveys.get(urn),
    handOver: (urn, targetId) => void handed.set(urn, targetId),
    isHandedOver: (urn, targetId) =>
      handed.has(urn) && (targetId === undefined || [undefined, targetId].includes(handed.get(urn))),
    freeze: (urn) => void frozen.add(urn),
    isFrozen: (urn) => frozen.has(urn),
    isNews: (urn, text) => {
      if (told.get(urn) === text) return false;
      told.set(urn, text);
      return true;
    },
    targetOf: (urn) => claims.targetOf(urn),
    claim: (urn, { targetId, ...claim }) => claims.put(urn, targetId, claim),
    acceptClaim: (urn, owns) => judge(urn, { owns, takes: () => true }),
    limitClaim: (urn, owns) => judge(urn, { owns, takes: owns }),
    values: function* values() {
      for (const { desired } of surveys.values()) yield* desired.values.values();
      yield* seen.values();
    },
    learn: (values) => {
      for (const value of values) seen.set(value.reveal(), value);
    },
    hold: (urn, { targetId, owner, keys }) => holds.put(urn, targetId, { owner, places: [], keys }),
    claimsOfOthers: (urn) => {
      const targetId = claims.targetOf(urn);
      return [...claims.at(targetId), ...holds.at(targetId)]
        .filter(([other]) => other !== urn)
        .map(([, claim]) => claim);
    },
    claimsAt: (targetId, urn) =>
      [...claims.at(targetId)].map(([other, claim]) => (other === urn ? { ...claim, barred: [] } : claim)),
  };
}

/** By target, because every check asks about one and a run may have hundreds. A sync has only one target. */
function createTargetTable() {
  const byTarget = new Map<string | undefined, Map<string, Claim>>();
  const targets = new Map<string, string>();
  /** An unknown target has no syncs. */
  const at = (targetId: string | undefined): Map<string, Claim> => byTarget.get(targetId) ?? new Map();
  return {
    at: (targetId: string | undefined): ReadonlyMap<string, Claim> => at(targetId),
    targetOf: (urn: string) => targets.get(urn),
    amend: (urn: string, change: (claim: Claim) => Claim) => {
      const stands = at(targets.get(urn));
      const claim = stands.get(urn);
      if (claim !== undefined) stands.set(urn, change(claim));
    },
    put: (urn: string, targetId: string, claim: Claim) => {
      const before = targets.get(urn);
      if (before !== targetId) byTarget.get(before)?.delete(urn);
      targets.set(urn, targetId);
      byTarget.set(targetId, (byTarget.get(targetId) ?? new Map<string, Claim>()).set(urn, claim));
    },
  };
}
