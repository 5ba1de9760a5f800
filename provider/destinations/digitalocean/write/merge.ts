// Pure: what follows a PUT that met another writer. The last writer keeps what they stored, and our edits belong on it.

import { placeName } from "../../../core/entry.js";
import { keepsChange, sameAt, sameStored, withoutEdited } from "./comparison.js";
import type { LostUpdate } from "./lost-update.js";
import { type EnvIndex, indexEnvs, listMeant, sameEnv, type SpecEdit } from "../spec.js";
import type { Deployment, RawEnv, Spec } from "../wire.js";

export interface Encounter {
  readonly lost: LostUpdate;
  /** The spec that our first write was made on. */
  readonly before: Spec;
  /** What each of our writes has left, the last one last: another writer may have built on any of them. */
  readonly own: readonly Spec[];
  /** What our last write was made on, and its edits. */
  readonly base: Spec;
  readonly edits: readonly SpecEdit[];
}

export type Sequel =
  | { readonly kind: "done"; readonly yielded: boolean }
  /** A person has to compare: nothing is sent again. */
  | { readonly kind: "unmerged"; readonly theirs: Deployment }
  | {
      readonly kind: "again";
      readonly theirs: Deployment;
      readonly base: Spec;
      readonly edits: readonly SpecEdit[];
      /** Our keys are stored already; what is sent again is somebody else's change. */
      readonly isMerge: boolean;
      /** A key turned out to be somebody else's: nothing of our write stays, and it needs a new plan. */
      readonly yielded: boolean;
    };

/**
 * | they stored               | our keys     | then                                                     |
 * | ------------------------- | ------------ | -------------------------------------------------------- |
 * | nothing that we replaced  |              | done                                                     |
 * | it cannot be told what    |              | unmerged                                                 |
 * | only other values of ours | ours         | done: that is drift, and what is stored is what we want  |
 * | before our PUT            | ours         | our edits again, on their spec                           |
 * | before our PUT            | one is taken | their spec again, as it was                              |
 * | before and after our PUT  | ours         | done when their change outlived ours, else unmerged      |
 * | before and after our PUT  | one is taken | ours withdrawn from what they stored last                |
 */
export function planSequel({ lost, before, own, base, edits }: Encounter): Sequel {
  if (lost.kind === "none") return { kind: "done", yielded: false };
  const { deployment: theirs } = lost;
  if (lost.kind === "unclear") return { kind: "unmerged", theirs };
  const since = lost.since?.spec ?? undefined;
  const stored = since ?? lost.spec;
  const indexOf = (spec: Spec) => indexEnvs(spec, edits);
  const views = { before: indexOf(before), theirs: indexOf(stored), own: own.map(indexOf) };
  const isTwice = (edit: SpecEdit) => listMeant(stored, edit).length > Math.max(1, listMeant(before, edit).length);
  const taken = edits.filter((edit) => isTwice(edit) || isTaken(edit, views));
  if (since !== undefined) {
    if (taken.length > 0) {
      const undo = withdraw(edits, { ...views, since });
      if (undo.length === 0) return { kind: "done", yielded: true };
      return { kind: "again", theirs, base: since, edits: undo, isMerge: false, yielded: true };
    }
    const isKept = keepsChange({ before: base, theirs: lost.spec, now: since });
    return isKept ? { kind: "done", yielded: false } : { kind: "unmerged", theirs };
  }
  if (taken.length > 0) return { kind: "again", theirs, base: lost.spec, edits: [], isMerge: true, yielded: true };
  const ours = own.at(-1) ?? base;
  if (sameStored(withoutEdited(lost.spec, edits), withoutEdited(ours, edits))) return { kind: "done", yielded: false };
  return { kind: "again", theirs, base: lost.spec, edits, isMerge: true, yielded: false };
}

interface Views {
  readonly before: EnvIndex;
  readonly theirs: EnvIndex;
  readonly own: readonly EnvIndex[];
}

/**
 * Whether somebody put a new key where we meant to create one, or gave a key that we meant to remove or to put back another
 * value. A key of ours that was changed is drift, and written over.
 */
function isTaken(edit: SpecEdit, { before, theirs, own }: Views): boolean {
  const name = placeName(edit);
  if (!theirs.has(name)) return false;
  if (before.has(name) && (edit.action === "set" || sameAt(name, before, theirs))) return false;
  return own.every((ours) => !ours.has(name) || !sameAt(name, ours, theirs));
}

/** Edits that give back what was there before ours, if ours is still there, whatever else is now beside it. */
function withdraw(edits: readonly SpecEdit[], { before, own, since }: Views & { readonly since: Spec }): SpecEdit[] {
  return edits.flatMap((edit): SpecEdit[] => {
    const { slot, key } = edit;
    const name = placeName(edit);
    const there = listMeant(since, edit);
    const written = own.map((ours) => ours.get(name));
    const at = there.findIndex((env) => written.some((ours) => ours !== undefined && sameEnv(ours, env)));
    const isGone = there.length === 0 && written.includes(undefined);
    if (at < 0 && !isGone) return [];
    const others = [...(edit.beside ?? []), ...there.filter((_env, index) => index !== at)];
    const place = { slot, key, ...(others.length > 0 ? { beside: others } : {}) };
    const prior: RawEnv | undefined = before.get(name);
    return [prior === undefined ? { action: "remove", ...place } : { action: "restore", ...place, prior }];
  });
}
