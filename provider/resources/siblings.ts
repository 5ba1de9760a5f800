// Program side: how many syncs the program has declared for one target, so that the provider knows whether more of them are to come.

import * as pulumi from "@pulumi/pulumi";
import { isLater } from "./plain-data.js";
import type { DestinationArgs, SecretSyncArgs } from "./secret-sync-args.js";

interface Group {
  readonly name: string;
  count: number;
}

interface Program {
  readonly groups: Map<unknown, Group>;
}

/** By program: one process may run several. The count is of no use to anybody else, and goes when the program goes. */
const programs = new WeakMap<object, Program>();
const withoutStack = {};

/**
 * The group of a sync and its size, told at the end of the tick, when the syncs that are declared together are there. A later tick tells
 * a larger number. Undefined for a sync that waits for nothing, or of which that is not known.
 */
export function countSiblings(
  { destination, isEnabled = true }: SecretSyncArgs,
  { ignoreChanges = [] }: pulumi.CustomResourceOptions,
): Promise<Readonly<Record<string, string | number>>> | undefined {
  if (isEnabled !== true || !waits(destination) || ignoreChanges.includes("*")) return undefined;
  const { groups } = findProgram();
  const key = findKey(destination);
  const group = groups.get(key) ?? { name: String(groups.size), count: 0 };
  groups.set(key, group);
  group.count += 1;
  // Not a timer: a test may have stopped them.
  return Promise.resolve().then(() => ({ group: group.name, count: group.count, ...countSteps() }));
}

function findProgram(): Program {
  const key = pulumi.runtime.getStackResource() ?? withoutStack;
  const program = programs.get(key) ?? { groups: new Map<unknown, Group>() };
  programs.set(key, program);
  return program;
}

/** Whether a deployment of this sync is waited for, as far as the program says it in plain words. */
function waits(destination: DestinationArgs): boolean {
  if (isLater(destination)) return false;
  if (destination.type === "netlify") return isPlainly(destination.build, "trigger", false);
  return isPlainly(destination.deployment, "wait", true);
}

function isPlainly(policy: unknown, field: string, otherwise: boolean): boolean {
  if (policy === undefined) return otherwise;
  if (isLater(policy) || typeof policy !== "object" || policy === null) return false;
  const value = (policy as Record<string, unknown>)[field];
  return value === undefined ? otherwise : value === true;
}

/** The same output means the same target. Two texts that mean the same are counted apart, which the provider can put together. */
function findKey(destination: DestinationArgs): unknown {
  const id =
    destination.type === "netlify"
      ? (destination.siteId ?? destination.siteName)
      : (destination.appId ?? destination.appName);
  return isLater(id) ? id : `${destination.type} ${id ?? ""}`;
}

/** How many steps the engine takes at once: the language host tells it to the SDK, and a serial program registers one after the other. */
function countSteps(): { steps?: number } {
  const { PULUMI_NODEJS_PARALLEL: parallel } = process.env;
  const steps = pulumi.runtime.serialize() ? 1 : Number(parallel);
  return Number.isInteger(steps) && steps > 0 ? { steps } : {};
}
