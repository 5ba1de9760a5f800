// Pure: which of the new deployments is that of our PUT, if its answer does not say, and what somebody has changed of it since.

import { type Place, placeName } from "../../../core/entry.js";
import { sameAt, sameContent, sameStored } from "./comparison.js";
import type { History } from "./lost-update.js";
import { isAsSent, type SendInput } from "./sending.js";
import { indexEnvs, isSealed, mapEnvs, type SpecEdit } from "../spec.js";
import type { Deployment, Spec } from "../wire.js";

/** What the list shows before anything known: further back, an earlier deployment may hold the same spec. */
export function listFront(listed: readonly Deployment[], { ids }: History): readonly Deployment[] {
  const end = listed.findIndex(({ id }) => ids.has(id));
  return end < 0 ? listed : listed.slice(0, end);
}

/**
 * Entries of ours that differ from the deployment of our write: somebody has changed them since. If no ciphertext agrees, every copy of
 * a spec may show another one, which proves nothing, unless something else shows a change.
 */
export function findOvertaken(stored: Spec, sent: Spec | null | undefined, edits: readonly SpecEdit[]): Place[] {
  if (!sent || sameStored(sent, stored)) return [];
  const [now, then] = [indexEnvs(stored, edits), indexEnvs(sent, edits)];
  const isTelling =
    [...now].some(([name, env]) => isSealed(env) && env.value === then.get(name)?.value) ||
    !sameContent(hideSeals(stored), hideSeals(sent));
  const isOther = (edit: SpecEdit) => edit.action === "set" && !sameAt(placeName(edit), now, then);
  return isTelling ? edits.filter(isOther).map(({ slot, key }) => ({ slot, key })) : [];
}

function hideSeals(spec: Spec): Spec {
  return mapEnvs(spec, (envs) => envs.map((env) => (isSealed(env) ? { ...env, value: "" } : env)));
}

interface Candidate {
  readonly id: string;
  readonly spec: Spec;
}

interface OwnDeploymentInput {
  /** What the look after our PUT shows. */
  readonly stored: Spec;
  readonly sending: SendInput;
}

/**
 * Ours shows what we sent. Others may do so too, because a secret shows nothing of its value: somebody who has changed one of ours
 * since, or put the same keys there right before us.
 *
 * | the newest that shows what we sent | then                                                                   |
 * | ---------------------------------- | ---------------------------------------------------------------------- |
 * | shares a new ciphertext of ours    | it was built on the oldest one that does, which is ours                |
 * | with an earlier one                |                                                                        |
 * | shares none                        | it counts as ours, and secrets that we had before are written again    |
 * |                                    | if they differ; a new one of the same key counts as somebody else's    |
 */
export function findOurs(
  front: readonly Deployment[],
  { stored, sending }: OwnDeploymentInput,
): { readonly ours: string; readonly overtaken: readonly Place[] } | undefined {
  const { edits } = sending;
  const alike = front.flatMap(({ id, spec }): Candidate[] => (spec && isAsSent(spec, sending) ? [{ id, spec }] : []));
  // If somebody has built on our write before the look, what is stored is theirs.
  const isBuiltOn = !isAsSent(stored, sending);
  const newest = isBuiltOn ? alike[0] : front.find(({ spec }) => spec && sameStored(spec, stored));
  if (newest?.spec == undefined) return undefined;
  const { id, spec } = newest;
  const others = alike.filter((one) => one.id !== id && !sameStored(one.spec, spec));
  const root = others.findLast((one) => sharesSeal([spec, one.spec], sending));
  if (root !== undefined) return { ours: root.id, overtaken: findOvertaken(stored, root.spec, edits) };
  const doubtful = others.flatMap((one) => listChanged([spec, one.spec], sending));
  return { ours: id, overtaken: [...findOvertaken(stored, spec, edits), ...doubtful] };
}

/** Whether a ciphertext that our PUT has made stands in both. */
function sharesSeal([a, b]: readonly [Spec, Spec], { base, edits }: SendInput): boolean {
  const [was, one, other] = [indexEnvs(base, edits), indexEnvs(a, edits), indexEnvs(b, edits)];
  return edits.some((edit) => {
    const name = placeName(edit);
    const env = one.get(name);
    if (edit.action !== "set" || env === undefined || !isSealed(env)) return false;
    return env.value === other.get(name)?.value && env.value !== was.get(name)?.value;
  });
}

/** Secrets of ours from before that one shows with a new ciphertext and the other with another new one. */
function listChanged([a, b]: readonly [Spec, Spec], { base, edits }: SendInput): Place[] {
  const [was, one, other] = [indexEnvs(base, edits), indexEnvs(a, edits), indexEnvs(b, edits)];
  return edits.flatMap((edit) => {
    const { slot, key } = edit;
    const name = placeName(edit);
    const isOurs = edit.action === "set" && was.has(name) && isSealed(one.get(name) ?? {});
    const isThird = !sameAt(name, one, other) && !sameAt(name, was, other);
    return isOurs && isThird ? [{ slot, key }] : [];
  });
}
