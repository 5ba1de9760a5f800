// A small stand-in for Pulumi's engine. It keeps state, decides steps and records inputs as the real one was measured to do.

import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { Lifecycle } from "../../provider/lifecycle/index.js";
import type { Properties } from "../../provider/lifecycle/wire.js";
import { createWorkers, type EngineOptions, isTargeted, nameOf, orderByDependencies } from "./workers.js";

/** What the program registers: the raw inputs of one resource, as its constructor sends them. */
export interface Registered {
  readonly urn: string;
  readonly inputs: Properties;
  readonly options?: ResourceOptions | undefined;
}

/** What the engine does by itself, without asking the provider. */
export interface ResourceOptions {
  /** Names of inputs, `*` for all, and paths into maps of one level; the real option takes every path. */
  readonly ignoreChanges?: readonly string[];
  /** What is ignored in the comparison alone, as a path into an input that only `check` writes is. */
  readonly ignoreCompared?: readonly string[];
  /** `targeted`: `--replace` and `state taint`, where the provider is asked nothing; `triggered`: `replacementTrigger`. */
  readonly replace?: "targeted" | "triggered";
  readonly deleteBeforeReplace?: boolean;
  /** Names of resources whose steps have to end before this one is registered. */
  readonly dependsOn?: readonly string[];
}

/** One resource in state. Secrets are kept without their envelopes, as the engine hands them to a dynamic provider. */
export interface Resource {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly initErrors: readonly string[];
}

export type State = Map<string, Resource>;

export interface Step {
  readonly urn: string;
  readonly op: "create" | "update" | "same" | "replace" | "delete";
  /** Paths of inputs that the CLI would print as changed; `*` where it prints the whole body. */
  readonly shown: readonly string[];
}

export interface Failure {
  readonly urn: string;
  readonly text: string;
}

export interface Deployment {
  readonly steps: readonly Step[];
  readonly failures: readonly Failure[];
}

const signatureKey = "4dabf18193072939515e22adb298388d";

/** Takes the envelopes off: a dynamic provider never sees them. Refuses what gRPC's Struct cannot hold. */
function strip(value: unknown): unknown {
  if (value === undefined) throw new Error("Unexpected struct type.");
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  if (signatureKey in object) return strip(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, strip(member)]));
}

function plain(properties: Properties): Properties {
  return strip(properties) as Properties;
}

/** Starts a step as soon as the engine has room for it; its failure is written down. */
function createRunner(parallel: number | undefined, failures: Failure[]) {
  const workers = createWorkers(parallel);
  return async (urn: string, operation: () => Promise<void>): Promise<{ readonly ended: Promise<void> }> => {
    const leave = await workers.enter();
    const ended = operation()
      .catch((error: unknown) => void failures.push({ urn, text: textOf(error) }))
      .finally(leave);
    return { ended };
  };
}

interface Removal {
  readonly urn: string;
  readonly old: Resource;
  readonly isReplaced: boolean;
}

interface Deploying extends EngineOptions {
  readonly lifecycle: Lifecycle;
  readonly state: State;
  readonly program: readonly Registered[];
}

/** One deployment: `preview` executes nothing, `update` does. */
export async function deploy(kind: "preview" | "update", deploying: Deploying): Promise<Deployment> {
  const { lifecycle, state, program, parallel, targets } = deploying;
  const steps: Step[] = [];
  const failures: Failure[] = [];
  const removals: Removal[] = [];
  const run = createRunner(parallel, failures);
  const running = new Map<string, Promise<void>>();
  for (const registered of orderByDependencies(program).filter(({ urn }) => isTargeted(urn, targets))) {
    const { urn } = registered;
    const old = state.get(urn);
    for (const name of registered.options?.dependsOn ?? []) await running.get(name);
    if (kind === "update" && failures.length > 0) break;
    try {
      const { step, inputs } = await generate(lifecycle, registered, old);
      steps.push(step);
      const { first, later } = listReplaced(step, registered, old);
      removals.push(...later);
      if (kind === "preview") continue;
      await Promise.all(first.map((one) => lifecycle.delete(one.old.id, one.old.outputs)));
      const { ended } = await run(urn, () => execute(lifecycle, { step, inputs, old, state }));
      running.set(nameOf(urn), ended);
      // A resource that others depend on ends first. The SDK of a serial run registers one resource after the other.
      if (inputs["__resource"] === "connection" || parallel === 1) await ended;
    } catch (error) {
      failures.push({ urn, text: textOf(error) });
    }
  }
  await Promise.all(running.values());
  const gone = listGone(state, program).filter(([urn]) => isTargeted(urn, targets));
  steps.push(...gone.map(([urn]) => ({ urn, op: "delete", shown: [] }) as const));
  if (kind === "preview" || failures.length > 0) return { steps, failures };
  await removeAll([...removals, ...gone.map(([urn, old]) => ({ urn, old, isReplaced: false }))], {
    run,
    lifecycle,
    state,
  });
  return { steps, failures };
}

/** What a replacement removes, before or after it is made. */
function listReplaced({ urn, op }: Step, { options }: Registered, old: Resource | undefined) {
  const replaced: Removal[] = op === "replace" && old ? [{ urn, old, isReplaced: true }] : [];
  return options?.deleteBeforeReplace === true ? { first: replaced, later: [] } : { first: [], later: replaced };
}

interface Removing extends Pick<Deploying, "lifecycle" | "state"> {
  readonly run: ReturnType<typeof createRunner>;
}

async function removeAll(removals: readonly Removal[], { run, lifecycle, state }: Removing): Promise<void> {
  const ends: Array<Promise<void>> = [];
  for (const { urn, old, isReplaced } of removals) {
    const { ended } = await run(urn, async () => {
      await lifecycle.delete(old.id, old.outputs);
      if (!isReplaced) state.delete(urn);
    });
    ends.push(ended);
  }
  await Promise.all(ends);
}

function listGone(state: State, program: readonly Registered[]): Array<[string, Resource]> {
  return [...state].filter(([urn]) => !program.some((registered) => registered.urn === urn));
}

async function generate(
  lifecycle: Lifecycle,
  { urn, inputs: news, options = {} }: Registered,
  old: Resource | undefined,
): Promise<{ step: Step; inputs: Properties }> {
  const anew = async (op: "create" | "replace", shown: readonly string[] = []) => ({
    step: { urn, op, shown },
    inputs: await check(lifecycle, {}, news),
  });
  if (old === undefined) return anew("create");
  if (options.replace === "targeted") return anew("replace");
  const inputs = await check(lifecycle, old.inputs, ignore(news, old.inputs, options));
  if (options.replace === "triggered") return anew("replace");
  const { changes, replaces } = await lifecycle.diff(old.id, old.outputs, inputs);
  const compared = [...(options.ignoreChanges ?? []), ...(options.ignoreCompared ?? [])];
  const differing = differences(old.inputs, ignore(inputs, old.inputs, { ignoreChanges: compared }));
  if (replaces !== undefined && replaces.length > 0) {
    return anew("replace", differing);
  }
  const acts = changes ?? differing.length > 0;
  if (!acts && old.initErrors.length === 0) return { step: { urn, op: "same", shown: [] }, inputs };
  return { step: { urn, op: "update", shown: changes === undefined ? differing : ["*"] }, inputs };
}

/** Before `check`, and once more where the engine compares: an ignored input is what state has, or is not there. */
function ignore(news: Properties, olds: Properties, { ignoreChanges = [] }: ResourceOptions): Properties {
  const names = ignoreChanges.includes("*") ? Object.keys({ ...olds, ...news }) : ignoreChanges;
  const kept = names.filter((name) => name in olds).map((name) => [name, olds[name]]);
  const rest = Object.entries(news).filter(([name]) => !names.includes(name));
  const inner = Object.fromEntries(rest.map(([name, value]) => [name, ignoreWithin(name, { value, olds, names })]));
  return { ...inner, ...(Object.fromEntries(kept) as Properties) };
}

interface Within {
  readonly value: unknown;
  readonly olds: Properties;
  readonly names: readonly string[];
}

/** A member of a map that both sides have is put back, or taken away. */
function ignoreWithin(name: string, { value, olds, names }: Within): unknown {
  const members = names.flatMap((path) => (path.startsWith(`${name}.`) ? [path.slice(name.length + 1)] : []));
  if (members.length === 0 || typeof value !== "object") return value;
  const before = membersOf(olds[name]);
  const rest = Object.entries(membersOf(value)).filter(([member]) => !members.includes(member));
  const kept = members.filter((member) => member in before).map((member) => [member, before[member]]);
  return Object.fromEntries([...rest, ...kept]);
}

class CheckFailure extends Error {}

async function check(lifecycle: Lifecycle, olds: Properties, news: Properties): Promise<Properties> {
  const { inputs, failures } = await lifecycle.check(olds, news);
  // A named property would be printed with its value.
  for (const { property } of failures) expect(property).toBe("");
  if (failures.length > 0) throw new CheckFailure(failures.map(({ reason }) => reason).join("\n"));
  return { ...plain(inputs), __provider: news["__provider"] };
}

interface Executing {
  readonly step: Step;
  readonly inputs: Properties;
  readonly old: Resource | undefined;
  readonly state: State;
}

async function execute(lifecycle: Lifecycle, { step, inputs, old, state }: Executing): Promise<void> {
  const { urn, op } = step;
  // `same` records the new inputs and keeps the old outputs.
  if (op === "same" && old) return void state.set(urn, { ...old, inputs });
  try {
    if (op === "update" && old) {
      const { outs } = await lifecycle.update(old.id, old.outputs, inputs);
      state.set(urn, { id: old.id, inputs, outputs: withProvider(outs, inputs), initErrors: [] });
    } else {
      const { id, outs } = await lifecycle.create(inputs);
      expect(id).not.toBe("");
      state.set(urn, { id, inputs, outputs: withProvider(outs, inputs), initErrors: [] });
    }
  } catch (error) {
    const partial = error as { id?: string; properties?: Properties; reasons?: readonly string[] };
    if (partial.id !== undefined && partial.properties !== undefined) {
      // Without it the resource could never be deleted; the server does not add it on this path.
      expect(partial.properties["__provider"]).toBe(inputs["__provider"]);
      const initErrors = partial.reasons ?? [];
      state.set(urn, { id: old?.id ?? partial.id, inputs, outputs: plain(partial.properties), initErrors });
    }
    throw error;
  }
}

function withProvider(outs: Properties, inputs: Properties): Properties {
  return { ...plain(outs), __provider: inputs["__provider"] };
}

/** `pulumi refresh`: read everything, forget what is gone. @returns what the engine would show per resource. */
export async function refresh({ lifecycle, state }: { lifecycle: Lifecycle; state: State }): Promise<Deployment> {
  const steps: Step[] = [];
  const failures: Failure[] = [];
  for (const [urn, old] of state) {
    try {
      const { id, props } = await lifecycle.read(old.id, old.outputs);
      if (id === undefined || id === "" || props === undefined) {
        state.delete(urn);
        steps.push({ urn, op: "delete", shown: [] });
        continue;
      }
      const outputs = { ...plain(props), __provider: old.outputs["__provider"] };
      state.set(urn, { ...old, outputs });
      const { changes } = await lifecycle.diff(old.id, outputs, old.inputs);
      steps.push({ urn, op: changes === true ? "update" : "same", shown: [] });
    } catch (error) {
      failures.push({ urn, text: textOf(error) });
    }
  }
  return { steps, failures };
}

/** The engine's own comparison: recorded inputs with new ones, per key within maps. Names with two underscores are not shown. */
function differences(olds: Properties, news: Properties): string[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((name) => !name.startsWith("__"));
  return names.flatMap((name) => {
    const [was, is] = [olds[name], news[name]];
    if (isDeepStrictEqual(was, is)) return [];
    if (name !== "keys" && name !== "retained") return [name];
    const [before, after] = [membersOf(was), membersOf(is)];
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((key) => before[key] !== after[key])
      .sort()
      .map((key) => `${name}.${key}`);
  });
}

/** The two inputs that hold keys: a map of marks, which may be unknown as a whole, and a list of names. */
function membersOf(value: unknown): Properties {
  if (Array.isArray(value)) return Object.fromEntries(value.map((name: string) => [name, true]));
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}

/** Everything that the server would print of an error. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error instanceof CheckFailure ? "" : (error.stack ?? "");
  expect(stack, "a stack trace would reach the user").not.toMatch(/\n\s+at /);
  return [error.message, stack, ...((error as { reasons?: string[] }).reasons ?? [])].join("\n");
}
