// An app, the people who store specs and deploy it, and one sync. It remembers what anybody stored last.

import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { DeploymentRecord, Spec } from "../emulators/digitalocean/index.js";
import { type Program, type Run, type Stack, stackOn, sync } from "../lifecycle/stack.js";
import { type End, type RunEnd, openPlatform, type Platform, type PlatformOptions } from "./platform.js";
import { applyChange, besideOurs, type Change, describeSpec, isTheirs, ourEnvs } from "./spec-edits.js";

/** Keys of ours, each with a word for its value. The values are secrets. */
export type Words = Readonly<Record<string, string>>;

/** What somebody does between our look and our write. */
export interface Race {
  /** Right after the look, or right before the write: whatever else we ask lies in between. */
  readonly at?: "look" | "write";
  /** Before which write of the run, counted from 1. */
  readonly nth?: number;
  readonly act: () => Promise<void>;
}

export interface Order {
  /** How the deployment of our write ends. */
  readonly end?: End;
  readonly race?: Race;
  readonly deployment?: Properties;
  readonly components?: readonly string[];
}

/** A run of ours, and what it started. */
export interface OwnRun extends Run {
  /** Ids of deployments that our writes started. */
  readonly started: readonly string[];
}

export interface Shop extends Platform, People {
  readonly stack: Stack;
  up(words: Words, order?: Order): Promise<OwnRun>;
  preview(words: Words, order?: Order): Promise<Run>;
  destroy(order?: Order): Promise<OwnRun>;
  /** Our variables as they are stored, and as they run. */
  ours(): Words;
  running(): Words;
  /** The spec as it is stored beside our variables, and in words. */
  stored(): Spec;
  facts(): ReturnType<typeof describeSpec>;
}

export interface People {
  /** Somebody stores another spec. */
  store(change: Change | ((spec: Spec) => void), ending?: RunEnd): Promise<void>;
  /** Somebody deploys what is stored. */
  redeploy(ending?: RunEnd): Promise<void>;
  /** Somebody restarts what runs. Nothing is stored. */
  restart(ending?: RunEnd): Promise<void>;
  /** Somebody rolls back to one of the latest good deployments: 0 is the newest. Its spec is stored. */
  rollBack(to: number, options: { pin: boolean }, ending?: RunEnd): Promise<void>;
  commitRollback(): Promise<void>;
  revertRollback(ending?: RunEnd): Promise<void>;
  /** What anybody stored last, beside our variables. */
  lastStored(): Spec;
  /** Somebody has compared, as a run asked for, and leaves everything as it is. */
  agree(): void;
  /** Our variables that somebody's rollback has brought back. */
  revived(): ReadonlySet<string>;
}

export async function openShop(options: PlatformOptions = {}): Promise<Shop> {
  const platform = await openPlatform(options);
  const { cloud, appId } = platform;
  const stack = stackOn(cloud);
  const words = new Map<string, string>();
  const valueOf = (key: string, word: string) => {
    const name = `${key}-${word}`;
    const known = [...words].find(([, one]) => one === name);
    if (known !== undefined) return known[0];
    const value = stack.secret(name.toLowerCase());
    words.set(value, name);
    return value;
  };
  const wordOf = (key: string, value: string) => words.get(value)?.slice(key.length + 1) ?? `unknown: ${value}`;
  const programOf = (own: Words, { deployment, components }: Order): Program => {
    const values = Object.fromEntries(Object.entries(own).map(([key, word]) => [key, valueOf(key, word)]));
    const destination = { appId, ...(deployment && { deployment }), ...(components && { components }) };
    return [sync("shop", values, { destination, syncOptions: { deletionLimit: 99 } })];
  };
  const wordsOf = (entries: ReadonlyArray<readonly [key: string, value: string]>) =>
    Object.fromEntries(entries.map(([key, value]) => [key, wordOf(key, value)]));
  return {
    ...platform,
    ...gatherPeople(platform),
    stack,
    up: (own, order = {}) => watch(platform, order, () => stack.up(programOf(own, order))),
    preview: (own, order = {}) => stack.preview(programOf(own, order)),
    destroy: (order = {}) => watch(platform, order, () => stack.destroy()),
    ours: () =>
      wordsOf(ourEnvs(cloud.app(appId).spec).map(({ key, value = "" }) => [key, cloud.decrypt(appId, value)])),
    running: () => {
      const [web = {}] = Object.values(cloud.running(appId));
      const own = Object.entries(web).filter(([key]) => !isTheirs({ key }));
      return wordsOf(own.map(([key, { value }]) => [key, value]));
    },
    stored: () => besideOurs(cloud.app(appId).spec),
    facts: () => describeSpec(cloud.app(appId).spec),
  };
}

function gatherPeople({ cloud, appId, deploy }: Platform): People {
  let last = besideOurs(cloud.app(appId).spec);
  let number = 1;
  const revived = new Set<string>();
  const act = async (ending: RunEnd, start: Parameters<Platform["deploy"]>[1]) => {
    await deploy(ending, start);
    last = besideOurs(cloud.app(appId).spec);
  };
  const isClosed = () => cloud.app(appId).pinned !== undefined;
  /** What the vendor refuses has not happened. */
  const post = async (path: string, body: unknown): Promise<DeploymentRecord | undefined> => {
    const response = await fetch(`${cloud.url}/v2/apps/${appId}/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const { deployment } = (text === "" ? {} : JSON.parse(text)) as { deployment?: { id: string } };
    return cloud.deployments(appId).find(({ id }) => id === deployment?.id);
  };
  const remember = () => ourEnvs(cloud.app(appId).spec).forEach(({ key }) => revived.add(key));
  return {
    store: (change, ending = "ACTIVE") =>
      act(ending, () => {
        number += 1;
        const edit = typeof change === "function" ? change : (spec: Spec) => applyChange(spec, change, number);
        try {
          return cloud.editConsole(appId, edit);
        } catch (error) {
          // Some hold that a pinned app takes no spec.
          if (!isClosed()) throw error;
          return undefined;
        }
      }),
    redeploy: (ending = "ACTIVE") => act(ending, () => (isClosed() ? undefined : cloud.deploy(appId))),
    restart: (ending = "ACTIVE") => act(ending, () => post("restart", {})),
    rollBack: async (to, { pin }, ending = "ACTIVE") => {
      const good = cloud.deployments(appId).filter(({ succeeded }) => succeeded);
      const target = good.at(-1 - (to % Math.max(1, good.length)));
      await act(ending, () => post("rollback", { deployment_id: target?.id ?? "none", skip_pin: !pin }));
      remember();
    },
    commitRollback: () => act("ACTIVE", () => post("rollback/commit", {})),
    revertRollback: async (ending = "ACTIVE") => {
      await act(ending, () => post("rollback/revert", {}));
      remember();
    },
    lastStored: () => last,
    agree: () => void (last = besideOurs(cloud.app(appId).spec)),
    revived: () => revived,
  };
}

/** A run of ours; what shall happen meanwhile happens. */
async function watch(platform: Platform, order: Order, act: () => Promise<Run>): Promise<OwnRun> {
  const { cloud, appId, tick, pass, script, doom } = platform;
  const { end = "ACTIVE", race } = order;
  const started: string[] = [];
  const counts = { writes: 0, polls: 0, deployments: 0 };
  let isFollowed = false;
  let isRaced = race === undefined;
  const interfere = async () => {
    if (isRaced) return;
    isRaced = true;
    tick();
    await race?.act();
  };
  const stops = [
    cloud.onRequest({ method: "GET", path: /\/deployments$/, times: Infinity }, async () => {
      if (race?.at === "look" && counts.writes === (race.nth ?? 1) - 1) await interfere();
    }),
    cloud.onRequest({ method: "PUT", times: Infinity }, async () => {
      counts.writes += 1;
      if (counts.writes === (race?.nth ?? 1)) await interfere();
      tick();
      // Once ours was followed to its end, what we write then is to go well.
      script(isFollowed ? "ACTIVE" : end);
      counts.deployments = cloud.deployments(appId).length;
    }),
    cloud.onAnswer({ method: "PUT", times: Infinity }, () => {
      script("ACTIVE");
      const made = cloud.deployments(appId).slice(counts.deployments);
      started.push(...made.map(({ id }) => id));
      if (end === "CANCELED" && !isFollowed) made.forEach(({ id }) => doom(id));
    }),
    cloud.onRequest({ method: "GET", path: /\/deployments\/[\w-]+$/, times: Infinity }, ({ path }) => {
      isFollowed ||= started.includes(path.split("/").at(-1) ?? "");
      counts.polls += 1;
      // The first look sees it under way.
      if (counts.polls % 2 === 0) pass();
    }),
  ];
  const run = await act();
  for (const stop of stops) stop();
  return { ...run, started };
}
