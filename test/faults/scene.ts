// The scene of the grid: an app of others on the emulator, a program with a sync of three keys, and what people do to the app.

import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import {
  type DigitalOceanEmulator,
  type EnvEntry,
  type Spec,
  startDigitalOcean,
  type Variant,
} from "../emulators/digitalocean/index.js";
import { createHastyClock } from "../contract/hasty-clock.js";
import { type Program, type Run, type Stack, stackOn, sync } from "../lifecycle/stack.js";

/** One app with foreign variables, one stack, and a program with one sync. */
export interface Scene {
  readonly cloud: DigitalOceanEmulator;
  readonly appId: string;
  readonly values: { readonly [name in "a" | "b" | "next" | "theirs"]: string };
  stack: Stack;
  /** What anybody stored last, beside our variables. */
  foreign: Spec;
  /** The component that runs, whatever its current name. */
  component: string;
  /** The variables of others that it runs with. */
  beside: Readonly<Record<string, { value: string; scope: string }>>;
}

/** Which variables are ours. */
export const ours = ["A", "B", "PLAIN"];

/** What no client needs to understand, and every answer has to bring back. */
const others = {
  features: ["buildpack-stack=ubuntu-22"],
  maintenance: { enabled: false },
  newer_than_the_docs: { depth: [0, "", null] },
  workers: [{ name: "mailer", instance_count: 0, envs: [] }],
};

export async function openScene(variant: Partial<Variant> = {}): Promise<Scene> {
  // Time passes when a request looks at a deployment, so that the number of requests is the same every time.
  // It begins in the middle of a second, so that what is created within one second is so in every run.
  let now = Math.floor(Date.now() / 1000) * 1000 + 100;
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 }, clock: () => now, variant });
  cloud.onRequest({ path: /\/deployments\/[\w-]+$/, times: Infinity }, () => void (now += 2));
  // No two writes come at the same moment.
  cloud.onRequest({ method: "PUT", times: Infinity }, () => void (now += 1));
  // The time of a busy machine must not make an earlier look too old: requests are counted.
  const stack = stackOn(cloud, createHastyClock({ stands: true }));
  const values = {
    a: stack.secret("a"),
    b: stack.secret("b"),
    next: stack.secret("next"),
    theirs: stack.secret("theirs"),
  };
  const envs: EnvEntry[] = [
    { key: "FOREIGN", value: "f", scope: "RUN_TIME" },
    { key: "EMPTY", value: "" },
    { key: "THEIRS", value: values.theirs, type: "SECRET", scope: "RUN_TIME" },
  ];
  const web = { name: "web", instance_count: 1, envs: [{ key: "WEB_FOREIGN", value: "w" }] };
  const { id: appId } = cloud.createApp({ name: "shop", ...others, envs, services: [web] });
  now += 1;
  const beside = cloud.running(appId)["web"] ?? {};
  return { cloud, appId, values, stack, foreign: besideOurs(cloud.app(appId).spec), component: "web", beside };
}

/** Everything in a spec but our variables. */
export function besideOurs(spec: Spec): Spec {
  const strip = <Holder extends { envs?: EnvEntry[] }>(holder: Holder): Holder =>
    holder.envs === undefined ? holder : { ...holder, envs: holder.envs.filter(({ key }) => !ours.includes(key)) };
  return structuredClone({ ...strip(spec), ...(spec.services ? { services: spec.services.map(strip) } : {}) });
}

interface Choices {
  readonly values?: Readonly<Record<string, string>>;
  readonly scope?: string;
  readonly address?: Properties;
  readonly components?: readonly string[];
  readonly deployment?: Properties;
  readonly syncOptions?: Properties;
}

export function programOf({ appId, values }: Scene, choices: Choices = {}): Program {
  const {
    address = { appId },
    syncOptions,
    values: wanted = { A: values.a, B: values.b, PLAIN: "readable" },
    ...rest
  } = choices;
  const destination = { ...address, variables: { PLAIN: { variableType: "GENERAL" } }, ...rest };
  return [sync("shop", wanted, { destination, ...(syncOptions && { syncOptions }) })];
}

/** What somebody stores, and what becomes of the deployment of it. */
export function storeByHand(
  scene: Scene,
  edit: (spec: Spec) => void,
  end: "ACTIVE" | "ERROR" | "CANCELED" = "ACTIVE",
): void {
  const { cloud, appId } = scene;
  if (end === "ERROR") cloud.failNextDeployment(appId, { step: "deploy" });
  cloud.editConsole(appId, edit);
  if (end === "CANCELED") cloud.cancelDeployment(appId);
  cloud.settle(appId);
  scene.foreign = besideOurs(cloud.app(appId).spec);
}

/** What the grid calls up front must go well. */
export async function well(run: Promise<Run>): Promise<Run> {
  const { problems } = await run;
  if (problems !== "") throw new Error(`the scene did not open: ${problems}`);
  return run;
}
