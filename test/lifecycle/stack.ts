// A stack in this process: a program, the real lifecycle with the real adapter, and the App Platform emulator over HTTP.

import { tmpdir } from "node:os";
import { setImmediate, setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import { onEnd } from "../running.js";
import type { Clock } from "../../provider/clock.js";
import type { ListRecorded } from "../../provider/lifecycle/engine/stack-export.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { readTypeOfUrn } from "../../provider/type-tokens.js";
import {
  type DigitalOceanEmulator,
  type DigitalOceanOptions,
  startDigitalOcean,
} from "../emulators/digitalocean/index.js";
import { deploy, type Deployment, importResource, type Pending, refresh, type State } from "./engine.js";
import { plain } from "./envelopes.js";
import { type Declaration, host, type Machine, type Provider, type Resource } from "./host.js";
import type { EngineOptions } from "./workers.js";

const startedAt = Date.now();

/** How many more turns the event loop takes at most before a pause is over. */
const mostTurns = 40;

/**
 * Time runs faster here, so that pauses of seconds cost milliseconds; the emulator's deployments keep to real time. Engine, provider and
 * platform share this process. On a busy machine it stalls now and then, and a timer could end before anything else has run: so a pause
 * also lasts some turns of the event loop, one for each millisecond.
 */
function createQuickClock(speed: number): Clock {
  return {
    now: () => startedAt + (Date.now() - startedAt) * speed,
    sleep: async (ms) => {
      const pause = ms / speed;
      await setTimeout(pause);
      for (let turn = 0; turn < Math.min(pause, mostTurns); turn += 1) await setImmediate();
    },
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
}

export type { Declaration } from "./host.js";

export type Program = readonly Declaration[];

export interface Stack {
  readonly cloud: DigitalOceanEmulator;
  readonly state: State;
  /** A resource that a failed run replaced and that awaits removal, as a provider sees it in state. */
  readonly pending: Map<string, Resource>;
  /** The same, kept and removed by the engine itself; without it what a failed run has replaced is forgotten. */
  replaced?: Set<Pending>;
  readonly canaries: Set<string>;
  environment: Record<string, string | undefined>;
  config: Record<string, string | undefined>;
  directory: string;
  /** Whether the engine still answers. */
  isAttended: () => boolean;
  /** Whether the provider can look into the stack's state. */
  isReadable: boolean;
  /** How often a provider has looked there. */
  lookUps: number;
  /** How long one try of a request may take, in real time. */
  timeoutMs?: number;
  /** How many times faster than the emulator's the provider's time runs, unless it has a clock of its own. */
  speed: number;
  clock?: Clock;
  /** Makes a value that must never be seen, and returns it. */
  secret(name: string): string;
  /** `--parallel`; without it there is no limit, and the program knows of none. */
  parallel?: number | undefined;
  /** Whether the program says how many syncs it has declared; one in another language does not. */
  counts: boolean;
  preview(program: Program): Promise<Run>;
  /** An update without its preview. */
  up(program: Program, options?: Pick<EngineOptions, "targets" | "continueOnError">): Promise<Run>;
  refresh(): Promise<Run>;
  /** `pulumi import` of a sync; the plugin alone can do it. */
  import(name: string, id: string): Promise<Run>;
  /** A separate provider process, for calls out of order. Its messages go into the list. */
  open(messages?: Message[]): Promise<Provider>;
  destroy(): Promise<Run>;
  /** A sync in state, as whoever can decrypt it reads it. */
  resource(name: string): Resource;
  /** Outputs of a sync. */
  outputs(name: string): Properties;
}

export async function openStack(options: DigitalOceanOptions = {}): Promise<Stack> {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 }, ...options });
  onEnd(() => cloud.close());
  return stackOn(cloud);
}

/** A stack of its own on an emulator that others use too. */
export function stackOn(cloud: DigitalOceanEmulator, clock?: Clock): Stack {
  const stack: Stack = {
    cloud,
    state: new Map(),
    pending: new Map(),
    canaries: new Set(),
    environment: { DIGITALOCEAN_TOKEN: cloud.token, DIGITALOCEAN_API_URL: cloud.url },
    config: {},
    directory: tmpdir(),
    isAttended: () => true,
    isReadable: true,
    lookUps: 0,
    speed: host.speed,
    counts: true,
    ...(clock === undefined ? {} : { clock }),
    secret: (name) => {
      const value = `canary-${name}-${Math.random().toString(36).slice(2, 12)}`;
      stack.canaries.add(value);
      return value;
    },
    preview: (program) => inProcess(stack, (provider) => deployOf(stack, provider, { kind: "preview", program })),
    up: (program, options = {}) =>
      inProcess(stack, (provider) => deployOf(stack, provider, { kind: "update", program, ...options })),
    refresh: () => inProcess(stack, (provider) => refresh({ provider, state: stack.state })),
    import: (name, id) => {
      const urn = host.urnOf("secret-sync", name);
      return inProcess(stack, (provider) => importResource({ provider, state: stack.state }, { urn, id }));
    },
    destroy: () => inProcess(stack, (provider) => deployOf(stack, provider, { kind: "update", program: [] })),
    open: async (messages = []) => {
      const provider = await host.open(machineOf(stack, { messages, statuses: [], shown: [] }));
      onEnd(() => provider.close());
      return provider;
    },
    resource: (name) => {
      const found = [...stack.state].find(([urn]) => urn.endsWith(`::${name}`));
      return found === undefined ? { id: "", inputs: {}, outputs: {}, initErrors: [] } : host.readState(found[1]);
    },
    outputs: (name) => stack.resource(name).outputs,
  };
  return stack;
}

interface Deploying extends EngineOptions {
  readonly kind: "preview" | "update";
  readonly program: Program;
}

function deployOf(
  { state, parallel, counts, replaced = new Set() }: Stack,
  provider: Provider,
  { kind, program, ...options }: Deploying,
): Promise<Deployment> {
  const registered = program.map((one) =>
    host.register(one, { isPreview: kind === "preview", program: counts ? program : [], parallel }),
  );
  return deploy(kind, { provider, state, program: registered, parallel, pending: replaced, ...options });
}

/** Every deployment has a provider process of its own: nothing learnt in a preview survives to the update. */
async function inProcess(stack: Stack, operation: (provider: Provider) => Promise<Deployment>): Promise<Run> {
  const told: Told = { messages: [], statuses: [], shown: [] };
  const provider = await host.open(machineOf(stack, told));
  const before = stack.cloud.requests.length;
  const deployment = await operation(provider);
  await provider.close();
  const run: Run = {
    ...deployment,
    ...told,
    problems: deployment.failures.map(({ text }) => text).join("\n"),
    calls: countCalls(stack.cloud, before),
  };
  expectNoCanary(stack, { ...run, state: [...stack.state].map(([urn, one]) => [urn, host.readState(one)]) });
  return run;
}

interface Told {
  readonly messages: Message[];
  readonly statuses: string[];
  readonly shown: unknown[];
}

function machineOf(stack: Stack, { messages, statuses, shown }: Told): Machine {
  return {
    clock: stack.clock ?? createQuickClock(stack.speed),
    reporter: {
      say: async (urn, severity, text) => void messages.push({ urn, severity, text }),
      show: async (_urn, text) => void statuses.push(text),
    },
    listRecorded: stack.isReadable ? createReader(stack) : undefined,
    isEngineThere: async () => stack.isAttended(),
    config: stack.config,
    environment: stack.environment,
    directory: stack.directory,
    timeoutMs: stack.timeoutMs,
    show: (answer) => void shown.push(answer),
  };
}

/** A process asks for state once, unless it says that it needs it as it is now. */
function createReader(stack: Stack): ListRecorded {
  let known: ReturnType<typeof readPlain> | undefined;
  return async (_stack, asOf) => (known = asOf === undefined && known !== undefined ? known : readPlain(stack));
}

/** The syncs as the CLI exports them with their secrets. */
function readPlain(stack: Stack) {
  stack.lookUps += 1;
  const syncs = [...stack.state].filter(([urn]) => readTypeOfUrn(urn)?.resource === "SecretSync");
  return new Map(
    syncs.map(([urn, found]) => {
      const pending = listPending(stack, urn).map(plainly);
      return [urn, { ...plainly(found), ...(pending.length === 0 ? {} : { pending }) }];
    }),
  );
}

function listPending({ pending, replaced = new Set() }: Stack, urn: string): Resource[] {
  const kept = [...replaced].filter(({ by }) => by === urn).map(({ old }) => old);
  const given = pending.get(urn);
  return given === undefined ? kept : [given, ...kept];
}

function plainly({ inputs, outputs, isRemoved }: Resource): Pick<Resource, "inputs" | "outputs" | "isRemoved"> {
  return { inputs: plain(inputs), outputs: plain(outputs), ...(isRemoved && { isRemoved }) };
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
  return host.urnOf(kind, name);
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
