// A stack in this process: a program, the real lifecycle with the real adapter, and the App Platform emulator over HTTP.

import { tmpdir } from "node:os";
import { expect, onTestFinished } from "vitest";
import type { Clock } from "../../provider/clock.js";
import { composeLifecycle } from "../../provider/composition.js";
import type { Lifecycle } from "../../provider/lifecycle/index.js";
import { type Properties, unknownValue } from "../../provider/lifecycle/wire.js";
import {
  type DigitalOceanEmulator,
  type DigitalOceanOptions,
  startDigitalOcean,
} from "../emulators/digitalocean/index.js";
import { recordShown } from "./shown.js";
import { deploy, type Deployment, refresh, type Registered, type ResourceOptions, type State } from "./engine.js";
import type { EngineOptions } from "./workers.js";

const startedAt = Date.now();

/** Time runs faster here, so that pauses of seconds cost milliseconds; the emulator's deployments keep to real time. */
function createQuickClock(speed: number): Clock {
  return {
    now: () => startedAt + (Date.now() - startedAt) * speed,
    sleep: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms / speed);
      }),
  };
}

export interface Message {
  readonly urn: string;
  readonly severity: "info" | "warning";
  readonly text: string;
}

/** What one deployment left behind. */
export interface Run extends Deployment {
  readonly messages: readonly Message[];
  readonly statuses: readonly string[];
  /** All failures as one text. */
  readonly problems: string;
  /** Handled requests by "METHOD /path/{template}". */
  readonly calls: Readonly<Record<string, number>>;
  /** Inputs, outputs and errors without what is marked as a secret. */
  readonly shown: readonly unknown[];
  /** The lifecycle of that process, for calls out of order. */
  readonly lifecycle: Lifecycle;
}

/** The arguments of a resource as a program writes them, and the name it gives. */
export interface Declaration {
  readonly kind: "secret-sync" | "connection";
  readonly name: string;
  readonly args: Properties;
  readonly options?: ResourceOptions & { readonly customTimeouts?: Properties };
}

export type Program = readonly Declaration[];

export interface Stack {
  readonly cloud: DigitalOceanEmulator;
  readonly state: State;
  readonly canaries: Set<string>;
  environment: Record<string, string | undefined>;
  config: Record<string, string | undefined>;
  directory: string;
  /** Whether the engine still answers. */
  isAttended: () => boolean;
  /** Whether the provider can look into the stack's state. */
  isReadable: boolean;
  /** How long one try of a request may take, in real time. */
  timeoutMs?: number;
  /** How many times faster than the emulator's the provider's time runs, unless it has a clock of its own. */
  speed: number;
  clock?: Clock;
  /** Makes a value that must never be seen, and returns it. */
  secret(name: string): string;
  /** `--parallel`; without it there is no limit, and the program knows of none. */
  parallel?: number;
  /** Whether the program tells how many syncs it has declared; one in another language does not. */
  counts: boolean;
  preview(program: Program): Promise<Run>;
  /** An update without its preview. */
  up(program: Program, options?: Pick<EngineOptions, "targets">): Promise<Run>;
  refresh(): Promise<Run>;
  destroy(): Promise<Run>;
  /** Outputs of a sync. */
  outputs(name: string): Properties;
}

const provider = "exports.handler = () => require('elsewhere');";

export async function openStack(options: DigitalOceanOptions = {}): Promise<Stack> {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 }, ...options });
  onTestFinished(() => cloud.close());
  return stackOn(cloud);
}

/** A stack of its own on an emulator that others use too. */
export function stackOn(cloud: DigitalOceanEmulator, clock?: Clock): Stack {
  const stack: Stack = {
    cloud,
    state: new Map(),
    canaries: new Set(),
    environment: { DIGITALOCEAN_TOKEN: cloud.token, DIGITALOCEAN_API_URL: cloud.url },
    config: {},
    directory: tmpdir(),
    isAttended: () => true,
    isReadable: true,
    speed: 50,
    counts: true,
    ...(clock === undefined ? {} : { clock }),
    secret: (name) => {
      const value = `canary-${name}-${Math.random().toString(36).slice(2, 12)}`;
      stack.canaries.add(value);
      return value;
    },
    preview: (program) => inProcess(stack, (lifecycle) => deployOf(stack, lifecycle, { kind: "preview", program })),
    up: (program, options = {}) =>
      inProcess(stack, (lifecycle) => deployOf(stack, lifecycle, { kind: "update", program, ...options })),
    refresh: () => inProcess(stack, (lifecycle) => refresh({ lifecycle, state: stack.state })),
    destroy: () => inProcess(stack, (lifecycle) => deployOf(stack, lifecycle, { kind: "update", program: [] })),
    outputs: (name) => {
      const found = [...stack.state].find(([urn]) => urn.endsWith(`::${name}`));
      return found?.[1].outputs ?? {};
    },
  };
  return stack;
}

interface Deploying extends EngineOptions {
  readonly kind: "preview" | "update";
  readonly program: Program;
}

function deployOf(
  { state, parallel, counts }: Stack,
  lifecycle: Lifecycle,
  { kind, program, targets }: Deploying,
): Promise<Deployment> {
  const registered = program.map((one) =>
    register(one, { dryRun: kind === "preview", program: counts ? program : [], parallel }),
  );
  return deploy(kind, { lifecycle, state, program: registered, parallel, targets });
}

/** Every deployment has a provider process of its own: nothing learnt in a preview survives to the update. */
async function inProcess(stack: Stack, operation: (lifecycle: Lifecycle) => Promise<Deployment>): Promise<Run> {
  const messages: Message[] = [];
  const statuses: string[] = [];
  const shown: unknown[] = [];
  const inner = composeLifecycle({
    clock: stack.clock ?? createQuickClock(stack.speed),
    random: Math.random,
    reporter: {
      say: async (urn, severity, text) => void messages.push({ urn, severity, text }),
      show: async (_urn, text) => void statuses.push(text),
    },
    findRecorded: stack.isReadable ? async (_stack, urn) => stack.state.get(urn) : undefined,
    isEngineThere: async () => stack.isAttended(),
    config: (key) => stack.config[key],
    environment: stack.environment,
    directory: stack.directory,
    timeoutMs: stack.timeoutMs,
  });
  const lifecycle = recordShown(inner, shown);
  const before = stack.cloud.requests.length;
  const deployment = await operation(lifecycle);
  const run: Run = {
    ...deployment,
    messages,
    statuses,
    shown,
    problems: deployment.failures.map(({ text }) => text).join("\n"),
    calls: countCalls(stack.cloud, before),
    lifecycle,
  };
  expectNoCanary(stack, { ...run, state: [...stack.state] });
  return run;
}

function countCalls(cloud: DigitalOceanEmulator, from: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, template } of cloud.requests.slice(from)) {
    counts[`${method} ${template}`] = (counts[`${method} ${template}`] ?? 0) + 1;
  }
  return counts;
}

/** The check of every world: a secret that shows up anywhere fails the test. */
function expectNoCanary({ canaries }: Pick<Stack, "canaries">, evidence: unknown): void {
  const text = JSON.stringify(evidence);
  for (const canary of canaries) expect(text.includes(canary), `${canary} appeared in ${text}`).toBe(false);
}

export function urnOf(kind: Declaration["kind"], name: string): string {
  const type = kind === "connection" ? "Connection" : "SecretSync";
  return `urn:pulumi:test::world::pulumi-nodejs:dynamic/secret-sync:${type}::${name}`;
}

/** What the constructors of the two resources send; secrets travel beside the description. */
function register({ kind, name, args, options }: Declaration, { dryRun, program, parallel }: Registering): Registered {
  const urn = urnOf(kind, name);
  const hidden = {
    __provider: provider,
    __resource: kind,
    __urn: urn,
    __dryRun: dryRun,
    __stack: "test",
    __stackPath: "organization/world/test",
    __resourceName: name,
    __timeouts: options?.customTimeouts,
  };
  const own =
    kind === "connection" ? args : { ...describeSync(args), __declared: countSiblings(args, program, parallel) };
  const inputs = JSON.parse(JSON.stringify({ ...own, ...hidden })) as Properties;
  const sent = Object.keys(inputs).filter((input) => input.startsWith("__"));
  return { urn, options, inputs: kind === "connection" ? inputs : { ...inputs, __sent: sent } };
}

interface Registering {
  readonly dryRun: boolean;
  readonly program: Program;
  readonly parallel: number | undefined;
}

/** What the constructor counts: syncs of the same address that wait for a deployment. */
function countSiblings(args: Properties, program: Program, parallel: number | undefined): Properties | undefined {
  const address = addressOf(args);
  if (address === undefined || program.length === 0) return undefined;
  const { length: count } = program.filter((one) => one.kind === "secret-sync" && addressOf(one.args) === address);
  return { group: address, count, ...(parallel === undefined ? {} : { steps: parallel }) };
}

function addressOf({ destination, isEnabled }: Properties): string | undefined {
  const { appId, appName, siteId, deployment, build } = destination as {
    readonly [field in "appId" | "appName" | "siteId"]?: string;
  } & { readonly deployment?: Properties; readonly build?: Properties };
  const waits = siteId === undefined ? deployment?.["wait"] !== false : build?.["trigger"] === true;
  return isEnabled === false || !waits ? undefined : (siteId ?? appId ?? appName);
}

function describeSync(args: Properties): Properties {
  const sources = [args["source"]].flat() as Properties[];
  const { connection, ...destination } = args["destination"] as Properties;
  const described = sources.map(({ values: _values, env: _env, ...rest }) => rest);
  return {
    ...args,
    source: described,
    __sources: described,
    keys: {},
    destination,
    __values: Object.fromEntries(
      sources.map((source, at) => [String(at), pack(source["values"] ?? source["env"] ?? {})]),
    ),
    __authority: connection,
  };
}

/** As the constructor does it: plain texts travel as one, a map with outputs in it as a map. */
function pack(values: unknown): unknown {
  if (typeof values !== "object" || values === null) return values;
  const isPlain = Object.values(values).every((value) => typeof value === "string" && value !== unknownValue);
  return isPlain ? JSON.stringify(values) : values;
}

/** A sync of inline values into one app. */
export function sync(
  name: string,
  values: unknown,
  { destination, ...rest }: { destination: Properties } & Properties,
): Declaration {
  const target = { type: "digital-ocean-app-platform", ...destination };
  return { kind: "secret-sync", name, args: { source: { type: "inline", values }, destination: target, ...rest } };
}

/** The envs of an app's slot as plain values, decrypted. */
export function valuesAt({ cloud }: Pick<Stack, "cloud">, appId: string, slot = "app"): Record<string, string> {
  const { spec } = cloud.app(appId);
  const lists = [spec.services, spec.workers, spec.jobs, spec.static_sites, spec.functions].flatMap(
    (list) => list ?? [],
  );
  const envs = slot === "app" ? spec.envs : lists.find((component) => component.name === slot)?.envs;
  return Object.fromEntries(
    (envs ?? []).map(({ key, value = "" }) => [key, value.startsWith("EV[") ? cloud.decrypt(appId, value) : value]),
  );
}

/** PUTs among the calls of a run. */
export function puts(run: Run): number {
  return run.calls["PUT /v2/apps/{id}"] ?? 0;
}

/** The text of every message of a run. */
export function said(run: Run): string {
  return run.messages.map(({ text }) => text).join("\n");
}
