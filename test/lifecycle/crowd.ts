// Many syncs of one app, each with one key, in a stack of this process.

import type { DigitalOceanOptions } from "../emulators/digitalocean/index.js";
import { host } from "./host.js";
import { openStack, type Program, type Run, said, type Stack, sync, valuesAt } from "./stack.js";

export { said };

export interface Crowd {
  readonly stack: Stack;
  readonly appId: string;
  readonly program: (count: number, traits?: Traits) => Program;
}

/** What is special about some of the syncs, by their numbers. */
interface Traits {
  /** The first part of every value. */
  readonly round?: string;
  /** Those that have another value than their round's. */
  readonly changed?: readonly number[];
  /** Those with `onFailure: "restore"`. */
  readonly restoring?: readonly number[];
  /** Those with `wait: false`. */
  readonly hasty?: readonly number[];
  /** Each one depends on the one before. */
  readonly isChain?: boolean;
}

interface CrowdOptions extends DigitalOceanOptions {
  readonly parallel: number | undefined;
  readonly phaseMs?: number;
}

export async function openCrowd({ parallel, phaseMs = 150, ...options }: CrowdOptions): Promise<Crowd> {
  const stack = await openStack({ deployment: { phaseMs }, ...options });
  if (parallel !== undefined) stack.parallel = parallel;
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const program = (count: number, traits: Traits = {}) =>
    Array.from({ length: count }, (_, at) => declare(at, { appId, traits }));
  return { stack, appId, program };
}

function declare(at: number, { appId, traits }: { appId: string; traits: Traits }): Program[number] {
  const { round = "first", changed = [], restoring = [], hasty = [], isChain = false } = traits;
  const deployment = {
    ...(restoring.includes(at) ? { onFailure: "restore" } : {}),
    ...(hasty.includes(at) ? { wait: false } : {}),
  };
  const value = `${changed.includes(at) ? "changed" : round}-${at}`;
  return {
    ...sync(`s${at}`, { [`KEY_${at}`]: value }, { destination: { appId, deployment } }),
    ...(isChain && at > 0 ? { options: { dependsOn: [`s${at - 1}`] } } : {}),
  };
}

export function valuesOf(count: number, round = "first"): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`KEY_${at}`, `${round}-${at}`]));
}

/** The keys at the app whose value is of a round, by their numbers. */
export function keys({ stack, appId }: Crowd, round: string): string[] {
  return Object.entries(valuesAt(stack, appId))
    .filter(([, value]) => value.startsWith(`${round}-`))
    .map(([key]) => key);
}

/** How many syncs have which status. */
export function statuses({ stack }: Crowd): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outputs } of stack.state.values()) {
    const status = String(outputs["syncStatus"]);
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

export interface Measured extends Run {
  /** The phases of the deployments that the run has started and no later one of it has replaced. */
  readonly ended: readonly string[];
}

export async function measure({ stack, appId }: Crowd, run: () => Promise<Run>): Promise<Measured> {
  const { length: since } = stack.cloud.deployments(appId);
  const done = await run();
  const started = stack.cloud.deployments(appId).slice(since);
  return { ...done, ended: started.map(({ phase }) => phase).filter((phase) => phase !== "CANCELED") };
}

/**
 * Runs with deployments of an app that do not end before something has happened, or half a minute has passed. Otherwise the speed of the
 * machine would decide whether a deployment ends before the next write. A wait for the wrong deployment still shows.
 */
export async function holdUntil<T>(
  { cloud }: Stack,
  isSo: (appId: string) => boolean,
  operation: () => Promise<T>,
): Promise<T> {
  const until = Date.now() + 30_000;
  const held = new Set(cloud.apps().map(({ id }) => id));
  cloud.holdDeployments();
  const look = setInterval(() => {
    for (const id of [...held].filter((one) => Date.now() > until || isSo(one))) {
      held.delete(id);
      cloud.release(id);
    }
  }, 20);
  return operation().finally(() => {
    clearInterval(look);
    cloud.release();
  });
}

/** Whether the program's number reaches the provider. A plugin gets none. */
export const isCounted = host.name === "dynamic";

/** Those of the numbers of steps in which a sync knows that others will come: in a serial run only the program's number shows it. */
export function stepsOf<T extends readonly [number | undefined, ...unknown[]]>(rows: readonly T[]): T[] {
  return rows.filter(([parallel]) => isCounted || parallel !== 1);
}
