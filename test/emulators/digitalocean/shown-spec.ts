// Pure but for the order: a spec as answers show it.
import { clone, envHolders } from "./model.js";
import type { Component, EnvEntry, Spec } from "./model.js";
import type { Variant } from "./variant.js";

export interface SpecView {
  variant: Variant;
  /** Decides the order of shuffled variables, in each copy of a spec anew. */
  random: () => number;
}

export function shownSpec(spec: Spec, view: SpecView): Spec {
  const copy = clone(spec);
  for (const { holder } of envHolders(copy)) showEnvs(holder, view);
  return copy;
}

function showEnvs(holder: Spec | Component, view: SpecView): void {
  const envs = holder.envs ?? [];
  if (envs.length === 0) return showNone(holder, view.variant);
  holder.envs = inOrder(envs, view).map((env) => shownEnv(env, view.variant));
}

function showNone(holder: Spec | Component, { emptyEnvs }: Variant): void {
  if (emptyEnvs === "left-out") delete holder.envs;
  if (emptyEnvs === "empty-list") holder.envs = [];
  if (emptyEnvs === "null") Object.assign(holder, { envs: null });
}

/** Entries of one key keep their order among themselves: the last of them is the one that runs. */
function inOrder(envs: EnvEntry[], { variant, random }: SpecView): EnvEntry[] {
  if (variant.envOrder === "kept") return envs;
  const keys = [...new Set(envs.map((env) => env.key))];
  const rank = (index: number) => (variant.envOrder === "reversed" ? -index : random());
  const ranks = new Map(keys.map((key, index) => [key, rank(index)]));
  return envs.toSorted((left, right) => (ranks.get(left.key) ?? 0) - (ranks.get(right.key) ?? 0));
}

function shownEnv(env: EnvEntry, variant: Variant): EnvEntry {
  const shown = { ...env };
  if (shown.type === undefined && variant.generalType === "shown") shown.type = "GENERAL";
  if (shown.value === "" && variant.emptyValue === "left-out") delete shown.value;
  if (shown.scope === "RUN_AND_BUILD_TIME") {
    if (variant.defaultScope === "left-out") delete shown.scope;
    if (variant.defaultScope === "UNSET") shown.scope = "UNSET";
  }
  return shown;
}
