// Program side: counts the syncs that the program declares for one target, so that the provider knows whether more will come, and registers
// those of one target side by side, so that they share a write.

import { MessageChannel } from "node:worker_threads";
import * as pulumi from "@pulumi/pulumi";
import { isLater } from "./plain-data.js";
import type { DestinationArgs, SecretSyncArgs } from "./secret-sync-args.js";

interface Group {
  /** Position among the groups, by the first sync of each. */
  readonly place: number;
  count: number;
}

interface Program {
  readonly groups: Map<string, Group>;
  /** Outputs, texts and connections that addresses are made of, each with a number. */
  readonly parts: Map<unknown, number>;
  /** Syncs of this tick that still wait for their number. */
  untold: Untold[];
}

interface Untold {
  readonly group: Group;
  readonly tell: (siblings: Siblings) => void;
}

export type Siblings = Readonly<Record<string, string | number>>;

/** By program, because one process may run several. A count goes when its program goes. */
const programs = new WeakMap<object, Program>();
const withoutStack = {};

/**
 * The group of a sync and its size. It resolves at the end of the tick, when the syncs that are declared together are there, one group
 * after the other; a later tick gives a larger number. Undefined for a sync that waits for nothing, or if that is not known.
 */
export function countSiblings(
  { destination, isEnabled = true }: SecretSyncArgs,
  { ignoreChanges = [] }: pulumi.CustomResourceOptions,
): Promise<Siblings> | undefined {
  if (isEnabled !== true || !waits(destination) || ignoreChanges.includes("*")) return undefined;
  const program = findProgram();
  const { groups } = program;
  const key = findKey(destination, program.parts);
  const group = groups.get(key) ?? { place: groups.size, count: 0 };
  groups.set(key, group);
  group.count += 1;
  if (program.untold.length === 0) void Promise.resolve().then(() => tellAll(program));
  return new Promise((tell) => program.untold.push({ group, tell }));
}

/**
 * The SDK registers a resource once its inputs are known. Resources that reach the engine at the same moment get their steps in any order,
 * so each group has a turn of the event loop to itself.
 */
async function tellAll(program: Program): Promise<void> {
  const untold = program.untold.sort((one, other) => one.group.place - other.group.place);
  program.untold = [];
  for (const [at, { group, tell }] of untold.entries()) {
    if (at > 0 && untold[at - 1]?.group !== group) await nextTurn();
    tell({ group: String(group.place), count: group.count, ...countSteps() });
  }
}

/** Not a timer, because a test may have stopped those. */
function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.once("message", () => {
      port1.close();
      resolve();
    });
    port2.postMessage(undefined);
  });
}

function findProgram(): Program {
  const key = pulumi.runtime.getStackResource() ?? withoutStack;
  const program = programs.get(key) ?? {
    groups: new Map<string, Group>(),
    parts: new Map<unknown, number>(),
    untold: [],
  };
  programs.set(key, program);
  return program;
}

/** Whether this sync waits for a deployment, as far as the program says so in plain values. */
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

/**
 * The same output means the same target. Two texts for one target are counted apart, and the provider can join them. It cannot separate two
 * targets that are counted as one, and two accounts may have an app of the same name.
 */
function findKey(destination: DestinationArgs, parts: Map<unknown, number>): string {
  const number = (part: unknown) => {
    const found = parts.get(part) ?? parts.size;
    parts.set(part, found);
    return found;
  };
  const { type, connection } = destination;
  if (type === "netlify") return `${type} ${number(destination.siteId)}`;
  if (destination.appId !== undefined) return `${type} ${number(destination.appId)}`;
  return `${type} ${number(destination.appName)} ${number(connection)}`;
}

/** How many steps the engine takes at once. The language host passes it to the SDK; a serial program registers one after the other. */
function countSteps(): { steps?: number } {
  const { PULUMI_NODEJS_PARALLEL: parallel } = process.env;
  const steps = pulumi.runtime.serialize() ? 1 : Number(parallel);
  return Number.isInteger(steps) && steps > 0 ? { steps } : {};
}
