// Pure: what two looks at a spec have in common, whatever order and defaults the answers use.

import { isDeepStrictEqual } from "node:util";
import { type Edit, placeName } from "../../../core/entry.js";
import {
  readAttributes,
  editSpec,
  type EnvIndex,
  groupEnvs,
  isSealed,
  labelEnv,
  mapEnvs,
  sameEnv,
  type SpecEdit,
} from "../spec.js";
import type { RawEnv, Spec } from "../wire.js";

/**
 * Whether two specs deploy the same. Answers list variables in any order (pulumi/pulumi-digitalocean#308) and leave defaults out
 * (digitalocean/terraform-provider-digitalocean#515); a name deploys nothing.
 */
export function sameContent(a: Spec, b: Spec): boolean {
  return isDeepStrictEqual(normalize(a), normalize(b));
}

/** The same, and under the same name, so that a rename that came with another deployment is found. */
export function sameStored(a: Spec, b: Spec): boolean {
  return a["name"] === b["name"] && sameContent(a, b);
}

/** `envs: null`, an empty list and no list are equal: an empty list is left out. */
function normalize(spec: Spec): Spec {
  const { name: _name, ...rest } = mapEnvs(spec, sortEnvs);
  return rest;
}

function sortEnvs(envs: readonly RawEnv[]): readonly RawEnv[] {
  const full = envs.map((env) => ({ ...env, value: env.value ?? "", ...readAttributes(env) }));
  return full.sort((a, b) => compareTexts(sortText(a), sortText(b)));
}

/** A key may occur twice, with one value for each scope. */
function sortText({ key, value, type, scope }: RawEnv): string {
  return JSON.stringify([key, value, type, scope]);
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A spec without the places that the edits touch. */
export function withoutEdited(spec: Spec, edits: readonly SpecEdit[]): Spec {
  return editSpec(
    spec,
    edits.map(({ slot, key, beside = [] }) => ({ action: "remove", slot, key, beside })),
  );
}

/** Whether a look shows an edit: `same` if the entry looks as before, and may look so after the edit, too. */
export type Observed = "shown" | "missing" | "same";

export interface Looks {
  readonly before: EnvIndex;
  readonly now: EnvIndex;
}

/** A written SECRET shows a ciphertext that was not there before; whether the same plaintext keeps the earlier one is not documented. */
export function observeEdit(edit: Edit, { before, now }: Looks): Observed {
  const was = before.get(placeName(edit));
  const is = now.get(placeName(edit));
  if (edit.action === "remove") return is === undefined ? (was === undefined ? "same" : "shown") : "missing";
  if (is === undefined) return "missing";
  if (was === undefined || !sameEnv(was, is)) return "shown";
  return mayLookTheSame(edit, was) ? "same" : "missing";
}

function mayLookTheSame(edit: Exclude<Edit, { action: "remove" }>, was: RawEnv): boolean {
  if (edit.action === "restore") return sameEnv(edit.prior as RawEnv, was);
  if (edit.label !== labelEnv(was)) return false;
  return isSealed(was) || edit.value.reveal() === (was.value ?? "");
}

/** Whether a variable looks the same at a place in both. */
export function sameAt(place: string, a: EnvIndex, b: EnvIndex): boolean {
  const [one, other] = [a.get(place), b.get(place)];
  return one === undefined || other === undefined ? one === other : sameEnv(one, other);
}

/** Whether everything at a place looks the same. */
function sameAll(a: readonly RawEnv[] = [], b: readonly RawEnv[] = []): boolean {
  const [one, other] = [sortEnvs(a), sortEnvs(b)];
  return one.length === other.length && one.every((env, at) => sameEnv(env, other[at] ?? env));
}

/** Whether somebody's change of a spec survived later writes: nothing that they changed looks as it did before. */
export function keepsChange({ before, theirs, now }: { before: Spec; theirs: Spec; now: Spec }): boolean {
  const [was, did, is] = [groupEnvs(before), groupEnvs(theirs), groupEnvs(now)];
  const changed = [...new Set([...was.keys(), ...did.keys()])].filter((name) => !sameAll(was.get(name), did.get(name)));
  if (changed.some((name) => sameAll(was.get(name), is.get(name)))) return false;
  const rest = (spec: Spec) => mapEnvs(spec, () => []);
  return sameContent(rest(before), rest(theirs)) || !sameContent(rest(before), rest(now));
}
