// Provider process: what is known of resources from before this run, from the engine or the stack's state, and what the run makes of it.

import type { Ledger } from "../core/entry.js";
import type { Former } from "./origins.js";

/** A resource as state has it. A call of the engine brings one of the two. */
export interface Recorded {
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
  /** Replaced resources of the same URN that wait for their removal; undefined where nobody has looked. */
  readonly pending?: readonly Recorded[] | undefined;
  /** It is replaced by one at another target. */
  readonly hasMoved?: true;
  /** Deleted before its replacement is made: what it owned at the same target is still there. */
  readonly isRemoved?: true;
}

export interface Past {
  /** Adds what the engine has passed in about a resource's past. */
  keepRecorded(urn: string, recorded: Recorded): void;
  recorded(urn: string): Recorded;
  /** A sync that state has with this salt of revisions is the one with this URN in the program. */
  identify(salt: string, urn: string): void;
  /** The URN of this run for a sync of state; undefined if it has none. */
  urnOf(salt: string): string | undefined;
  /** State may have a resource that the engine calls new under these URNs, too: those of the option `aliases`. */
  keepAliases(urn: string, aliases: readonly string[]): void;
  aliasesOf(urn: string): readonly string[];
  /** The URN of this run for one of state, if it is an alias. */
  urnOfAlias(alias: string): string | undefined;
  /** Adds what state has of the syncs of the stack, by URN. */
  keepStack(recorded: ReadonlyMap<string, Recorded>): void;
  /** What is known of the past of those that are meant: from the engine, else from state; and of what waits for its removal. */
  listPast(isMeant: (urn: string, recorded: Recorded) => boolean): Recorded[];
  /** A sync owns this at a target from now on. */
  keepOwned(owned: Former): void;
  /** What it owned before, or since. */
  ownedNow(former: Former): Ledger;
}

export function createPast(): Past {
  const past = new Map<string, Recorded>();
  const urns = new Map<string, string>();
  const aliases = new Map<string, readonly string[]>();
  const owned = new Map<string, Ledger>();
  let stack: ReadonlyMap<string, Recorded> = new Map();
  return {
    keepRecorded: (urn, recorded) => void past.set(urn, { ...past.get(urn), ...recorded }),
    recorded: (urn) => past.get(urn) ?? {},
    identify: (salt, urn) => void urns.set(salt, urn),
    urnOf: (salt) => urns.get(salt),
    keepAliases: (urn, given) => void aliases.set(urn, given),
    aliasesOf: (urn) => aliases.get(urn) ?? [],
    urnOfAlias: (alias) => [...aliases].find(([, given]) => given.includes(alias))?.[0],
    keepStack: (recorded) => void (stack = recorded),
    listPast: (isMeant) =>
      // The engine brings inputs and outputs in two calls, and the second one may be late; or this run has replaced what state has.
      [...past, ...stack]
        .filter(([urn, recorded]) => isMeant(urn, recorded))
        .flatMap(([, recorded]) => [recorded, ...(recorded.pending ?? [])]),
    keepOwned: ({ ledger, ...sync }) => void owned.set(nameOwned(sync), ledger),
    ownedNow: ({ ledger, ...sync }) => owned.get(nameOwned(sync)) ?? ledger,
  };
}

function nameOwned({ salt, targetId }: Omit<Former, "ledger">): string {
  return JSON.stringify([salt, targetId]);
}
