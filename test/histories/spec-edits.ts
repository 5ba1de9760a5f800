// Pure: what people change in the spec of an app, and what it holds beside the variables of a sync.

import type { EnvEntry, Spec } from "../emulators/digitalocean/index.js";

/** What somebody else changes and stores. */
export type Change = "image" | "add" | "change" | "remove" | "rename-component" | "rename-app";

/** Every variable of somebody else begins with this; all others are of the sync. */
const theirPrefix = "THEIRS";

export const firstSpec: Spec = {
  name: "shop",
  region: "fra",
  envs: [
    { key: "THEIRS", value: "t", scope: "RUN_TIME" },
    { key: "THEIRS_SEALED", value: "sealed", type: "SECRET", scope: "RUN_TIME" },
  ],
  services: [
    {
      name: "web",
      image: { registry_type: "DOCKER_HUB", repository: "shop", tag: "v1" },
      instance_count: 1,
      envs: [{ key: "THEIRS_WEB", value: "w" }],
    },
  ],
  workers: [{ name: "mailer", image: { registry_type: "DOCKER_HUB", repository: "mailer", tag: "v1" } }],
};

/** Makes the change; `number` tells it from every other one. */
export function applyChange(spec: Spec, change: Change, number: number): void {
  const web = webOf(spec);
  switch (change) {
    case "image":
      web.image = { ...web.image, tag: `v${number}` };
      return;
    case "add":
      return addEnv(spec, `${theirPrefix}_${number}`, `value ${number}`);
    case "change":
      return changeEnv(spec, number);
    case "remove":
      return removeEnv(spec, number);
    case "rename-component":
      web.name = web.name === "web" ? "site" : "web";
      return;
    case "rename-app":
      spec.name = `shop-${number}`;
  }
}

export function addEnv(spec: Spec, key: string, value: string): void {
  spec.envs = [...(spec.envs ?? []), { key, value, scope: "RUN_TIME" }];
}

function changeEnv(spec: Spec, number: number): void {
  const theirs = holders(spec).flatMap(({ envs = [] }) => envs.filter(isTheirs));
  const env = theirs[number % theirs.length];
  if (env === undefined) return addEnv(spec, theirPrefix, `value ${number}`);
  env.value = `value ${number}`;
}

function removeEnv(spec: Spec, number: number): void {
  const theirs = holders(spec).flatMap((holder) =>
    (holder.envs ?? []).filter(isTheirs).map((env) => ({ holder, env })),
  );
  const gone = theirs[number % theirs.length];
  if (gone !== undefined) gone.holder.envs = gone.holder.envs?.filter((env) => env !== gone.env);
}

interface Web {
  name: string;
  image: { tag: string };
  envs?: EnvEntry[];
}

/** The component that the sync may aim at, whatever it is called by now. */
function webOf(spec: Spec): Web {
  const [web] = (spec.services ?? []) as unknown as Web[];
  if (web === undefined) throw new Error("the app has lost its service");
  return web;
}

interface Holder {
  envs?: EnvEntry[] | undefined;
}

function holders(spec: Spec): Holder[] {
  return [spec, ...(spec.services ?? []), ...(spec.workers ?? [])];
}

export function isTheirs({ key }: EnvEntry): boolean {
  return key.startsWith(theirPrefix);
}

/** Everything that is not of the sync, whatever the order of variables; defaults of the vendor are left out. */
export function besideOurs(spec: Spec): Spec {
  const copy = structuredClone(spec);
  for (const holder of holders(copy)) {
    const envs = (holder.envs ?? []).filter(isTheirs).map(withoutDefaults);
    if (envs.length > 0) holder.envs = envs.sort((one, other) => (one.key < other.key ? -1 : 1));
    else delete holder.envs;
  }
  return copy;
}

function withoutDefaults({ type, scope, ...rest }: EnvEntry): EnvEntry {
  return {
    ...rest,
    ...(type === undefined || type === "GENERAL" ? {} : { type }),
    ...(scope === undefined || scope === "RUN_AND_BUILD_TIME" ? {} : { scope }),
  };
}

/** The variables of the sync in this spec, wherever they stand: keys and values as stored. */
export function ourEnvs(spec: Spec): EnvEntry[] {
  return holders(spec).flatMap(({ envs = [] }) => envs.filter((env) => !isTheirs(env)));
}

/** What a person would say about a spec. */
export function describeSpec(spec: Spec): { name: string; component: string; tag: string; theirs: string[] } {
  const web = webOf(spec);
  const theirs = holders(spec).flatMap(({ envs = [] }) => envs.filter(isTheirs).map(({ key }) => key));
  return { name: spec.name, component: web.name, tag: web.image.tag, theirs: theirs.sort() };
}
