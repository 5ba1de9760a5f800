// Pure: the places where what runs is not what is stored.

import { isDeepStrictEqual } from "node:util";
import { isCopy } from "./deployment-cause.js";
import { type EnvIndex, groupEnvs, indexEnvs, isSealed, labelEnv } from "../spec.js";
import type { App, Deployment, RawEnv } from "../wire.js";

/** The latest deployments; undefined if not listed. */
type Listed = readonly Deployment[] | undefined;

/**
 * The places where what runs is not what is stored. Undefined if that is unknown: without its spec, a running deployment proves
 * nothing.
 */
export function findNotLive(app: App, listed?: Listed): ReadonlySet<string> | undefined {
  const { spec: stored, active_deployment: active } = app;
  const wanted = indexEnvs(stored);
  if (active === undefined) return new Set(wanted.keys());
  if (!active.spec) return undefined;
  if (active.spec === stored) return new Set();
  const running = indexEnvs(active.spec);
  const isTelling = doCiphertextsTell(app, { active, wanted, running, listed }) === true;
  const [there, here] = [groupEnvs(stored), groupEnvs(active.spec)];
  const tell = (envs: readonly RawEnv[] = []) => envs.map((env) => describe(env, isTelling)).sort();
  const differs = (name: string) => !isDeepStrictEqual(tell(there.get(name)), tell(here.get(name)));
  return new Set([...there.keys(), ...here.keys()].filter(differs));
}

/** What can be compared of a variable: nothing of a ciphertext if every copy of a spec shows a different one. */
function describe(env: RawEnv, isTelling: boolean): string {
  const shown = isSealed(env) && !isTelling ? [] : [env.value ?? ""];
  return JSON.stringify([labelEnv(env), ...shown]);
}

/** Whether only the list of deployments can show what runs. */
export function isLeftOpen(app: App): boolean {
  const { spec: stored, active_deployment: active } = app;
  if (!active?.spec || active.spec === stored) return false;
  const views = { active, wanted: indexEnvs(stored), running: indexEnvs(active.spec), listed: undefined };
  return doCiphertextsTell(app, views) === undefined;
}

interface Views {
  readonly active: Deployment;
  readonly wanted: EnvIndex;
  readonly running: EnvIndex;
  readonly listed: Listed;
}

/**
 * Whether a deployment keeps the ciphertexts of the spec is not documented. If no pair of them agrees, either it does not, or every
 * secret was stored after what runs: because something is newer than that, because it is a copy of something earlier, or because
 * another deployment shows a ciphertext that is stored. Undefined if only the list can show it.
 */
function doCiphertextsTell(app: App, { active, wanted, running, listed }: Views): boolean | undefined {
  const sealed = [...wanted].filter(([, env]) => isSealed(env));
  const agreesWith = (other: EnvIndex) => sealed.some(([name, env]) => env.value === other.get(name)?.value);
  const pairs = sealed.filter(([name]) => isSealed(running.get(name) ?? {}));
  if (pairs.length === 0 || agreesWith(running) || !isNewest(active, app)) return true;
  if (isCopy(active)) return true;
  return listed?.some(({ spec }) => spec && agreesWith(indexEnvs(spec)));
}

/** Whether, going by times, nothing was deployed after it. */
function isNewest({ created_at: created }: Deployment, { last_deployment_created_at: newest }: App): boolean {
  return Boolean(newest) && created === newest;
}
