// What App Platform does to a spec that it accepts: plain SECRETs become ciphertext, a new one each time.

import { listEnvs } from "../../provider/destinations/digitalocean/spec.js";
import { placeName } from "../../provider/core/entry.js";
import type { RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";

const componentKinds = ["services", "workers", "jobs", "static_sites", "functions"];

/** The same spec with every list of variables mapped; the order of every object's keys is kept. */
export function mapEnvs(spec: Spec, map: (envs: readonly RawEnv[], slot: string) => readonly RawEnv[]): Spec {
  const inBody = (body: Spec, slot: string): Spec => {
    const envs = map((body["envs"] as RawEnv[] | undefined) ?? [], slot);
    const members = Object.entries(body).filter(([field]) => field !== "envs" || envs.length > 0);
    const edited = Object.fromEntries(members.map(([field, value]) => [field, field === "envs" ? envs : value]));
    return envs.length > 0 && !("envs" in body) ? { ...edited, envs } : edited;
  };
  const edited = inBody(spec, "app");
  const members = Object.entries(edited).map(([field, value]) => {
    const isList = componentKinds.includes(field) && Array.isArray(value);
    return [field, isList ? value.map((body: Spec) => inBody(body, String(body["name"]))) : value] as const;
  });
  return Object.fromEntries(members);
}

export interface Platform {
  /** The spec as the platform stores it. */
  store(spec: Spec): Spec;
  /** The plain value of a variable, for looking at. */
  open(env: RawEnv): string;
}

export function createPlatform(): Platform {
  const sealed = new Map<string, string>();
  const seal = (env: RawEnv): RawEnv => {
    const value = env.value ?? "";
    if (env.type !== "SECRET" || value.startsWith("EV[")) return env;
    const nonce = Buffer.from(`nonce ${sealed.size}`).toString("base64");
    const ciphertext = `EV[1:${nonce}:${Buffer.from(`sealed ${sealed.size}`).toString("base64")}]`;
    sealed.set(ciphertext, value);
    return { ...env, value: ciphertext };
  };
  return {
    store: (spec) => mapEnvs(structuredClone(spec), (envs) => envs.map(seal)),
    open: ({ value }) => sealed.get(value ?? "") ?? value ?? "",
  };
}

/** Everything but the variables at these places, as text: every byte and the order of all keys count. */
export function textWithout(spec: Spec, places: ReadonlySet<string>): string {
  return JSON.stringify(mapEnvs(spec, (envs, slot) => envs.filter(({ key }) => !places.has(placeName({ slot, key })))));
}

/** Every variable with its plain value, whatever order they stand in. */
export function viewOf(spec: Spec, platform: Platform): string[] {
  return listEnvs(spec)
    .map(({ slot, key, env }) => `${slot}/${key} ${env.type ?? "GENERAL"} ${env.scope ?? ""} ${platform.open(env)}`)
    .sort();
}
