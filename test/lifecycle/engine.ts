// A small stand-in for Pulumi's engine. It keeps state, decides steps and records inputs as the real one was measured to do.

import { expect } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { Provider, Registered, Resource } from "./host.js";
import { ignoreInputs } from "./ignored-inputs.js";
import { Unfinished } from "./unfinished.js";
import { createWorkers, type EngineOptions, isTargeted, nameOf, orderByDependencies } from "./workers.js";

export type { Registered, Resource, ResourceOptions } from "./host.js";

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

interface Recorded {
  readonly urn: string;
  readonly old: Resource;
}

/** A replaced resource that is still to be removed: under its own URN, while state has it under that of its replacement. */
export interface Pending extends Recorded {
  by: string;
}

interface Removal extends Recorded {
  /** Takes it out of what the engine keeps. */
  readonly forget: () => void;
}

interface Deploying extends EngineOptions {
  readonly provider: Provider;
  readonly state: State;
  readonly program: readonly Registered[];
  /** What earlier runs have replaced and not removed; this run adds what it leaves. */
  readonly pending: Set<Pending>;
}

/** One deployment: `preview` executes nothing, `update` does. */
export async function deploy(kind: "preview" | "update", deploying: Deploying): Promise<Deployment> {
  const { provider, state, program, parallel, targets, continueOnError = false, pending } = deploying;
  const steps: Step[] = [];
  const failures: Failure[] = [];
  const isOver = () => kind === "update" && failures.length > 0 && !continueOnError;
  const run = createRunner(parallel, failures);
  const running = new Map<string, Promise<void>>();
  for (const registered of orderByDependencies(program).filter(({ urn }) => isTargeted(urn, targets))) {
    const { urn } = registered;
    const { was, old } = findRecorded(state, registered);
    for (const name of registered.options?.dependsOn ?? []) await running.get(name);
    if (isOver()) break;
    try {
      const { step, inputs } = await generate(provider, registered, old);
      steps.push(step);
      const { first, later } = listReplaced(step, registered, old && { urn: was, old });
      const planned = { step, inputs, old };
      if (kind === "preview") {
        await preview(provider, planned);
        continue;
      }
      await removeFirst(first, { provider, state });
      const making = { ...planned, registered, was, replaced: later, state, pending };
      const { ended } = await run(urn, () => make(provider, making));
      running.set(nameOf(urn), ended);
      // A resource that others depend on ends first. The SDK of a serial run registers one resource after the other.
      if (registered.kind === "connection" || parallel === 1) await ended;
    } catch (error) {
      failures.push({ urn, text: textOf(error) });
    }
  }
  await Promise.all(running.values());
  const gone = listGone(state, program).filter(([urn]) => isTargeted(urn, targets));
  steps.push(...gone.map(([urn]) => ({ urn, op: "delete", shown: [] }) as const));
  if (kind === "preview" || isOver()) return { steps, failures };
  await removeAll(
    [
      ...[...pending].map((one) => ({ ...one, forget: () => void pending.delete(one) })),
      ...gone.map(([urn, old]) => ({ urn, old, forget: () => void state.delete(urn) })),
    ],
    { run, provider },
  );
  return { steps, failures };
}

interface Making extends Planned {
  readonly state: State;
  readonly registered: Registered;
  readonly was: string;
  readonly replaced: readonly Recorded[];
  readonly pending: Set<Pending>;
}

/** A step, and what becomes of the resource that it replaces, or that had another URN. */
async function make(provider: Provider, making: Making): Promise<void> {
  const { registered, was, replaced, pending, old, state } = making;
  const { urn, options } = registered;
  try {
    await execute(provider, { ...making, customTimeouts: options?.customTimeouts });
  } finally {
    // One whose replacement is in state, whole or not, is still to be removed.
    if (state.get(urn) !== old) for (const one of replaced) pending.add({ ...one, by: urn });
    if (was !== urn && state.has(urn)) rename({ state, pending }, was, urn);
  }
}

/** Whatever state has under an alias has the new URN from then on. */
function rename({ state, pending }: Pick<Making, "state" | "pending">, was: string, urn: string): void {
  state.delete(was);
  for (const one of pending) if (one.by === was) one.by = urn;
}

/** What state has of a resource, under its own URN or that of the option `aliases`. One that waits for its replacement is a new one. */
function findRecorded(state: State, { urn, options = {} }: Registered): { was: string; old: Resource | undefined } {
  const former = `${urn.slice(0, -nameOf(urn).length)}${options.alias ?? ""}`;
  const was = state.has(former) && !state.has(urn) ? former : urn;
  const old = state.get(was);
  return { was, old: old?.isRemoved === true ? undefined : old };
}

/** What a replacement removes, before or after it is made. */
function listReplaced({ op }: Step, { options }: Registered, was: Recorded | undefined) {
  const replaced: Recorded[] = op === "replace" && was ? [was] : [];
  return options?.deleteBeforeReplace === true ? { first: replaced, later: [] } : { first: [], later: replaced };
}

async function removeFirst(removals: readonly Recorded[], { provider, state }: Pick<Deploying, "provider" | "state">) {
  for (const { urn, old } of removals) {
    await provider.delete(urn, old);
    state.set(urn, { ...old, isRemoved: true });
  }
}

interface Removing extends Pick<Deploying, "provider"> {
  readonly run: ReturnType<typeof createRunner>;
}

async function removeAll(removals: readonly Removal[], { run, provider }: Removing): Promise<void> {
  const ends: Array<Promise<void>> = [];
  for (const { urn, old, forget } of removals) {
    const { ended } = await run(urn, async () => {
      // One whose replacement was not made is forgotten without a word to its provider.
      if (old.isRemoved !== true) await provider.delete(urn, old);
      forget();
    });
    ends.push(ended);
  }
  await Promise.all(ends);
}

function listGone(state: State, program: readonly Registered[]): Array<[string, Resource]> {
  return [...state].filter(([urn]) => !program.some((registered) => findRecorded(state, registered).was === urn));
}

async function generate(
  provider: Provider,
  { urn, inputs: news, options = {} }: Registered,
  old: Resource | undefined,
): Promise<{ step: Step; inputs: Properties }> {
  const anew = async (op: "create" | "replace", shown: readonly string[] = []) => ({
    step: { urn, op, shown },
    inputs: await check(provider, { urn, olds: {}, news }),
  });
  if (old === undefined) return anew("create");
  if (options.replace === "targeted") return anew("replace");
  const given = ignoreInputs(news, old.inputs, options.ignoreChanges ?? []);
  const inputs = await check(provider, { urn, olds: old.inputs, news: given });
  if (options.replace === "triggered") return anew("replace");
  const { acts, replaces, shown } = await provider.diff({ urn, old, news: inputs, options });
  if (replaces) return anew("replace", shown);
  if (!acts && old.initErrors.length === 0) return { step: { urn, op: "same", shown: [] }, inputs };
  return { step: { urn, op: "update", shown: acts ? shown : ["*"] }, inputs };
}

class CheckFailure extends Error {}

async function check(
  provider: Provider,
  { urn, olds, news }: { urn: string; olds: Properties; news: Properties },
): Promise<Properties> {
  const { inputs, reasons } = await provider.check(urn, olds, news);
  if (reasons.length > 0) throw new CheckFailure(reasons.join("\n"));
  return inputs;
}

interface Planned {
  readonly step: Step;
  readonly inputs: Properties;
  readonly old: Resource | undefined;
}

interface Executing extends Planned, Pick<Resource, "customTimeouts"> {
  readonly state: State;
}

async function preview(provider: Provider, { step: { urn, op }, inputs, old }: Planned): Promise<void> {
  if (op !== "same") await provider.preview(urn, inputs, op === "update" ? old : undefined);
}

async function execute(provider: Provider, { step, inputs, old, state, customTimeouts }: Executing): Promise<void> {
  const { urn, op } = step;
  // `same` records the new inputs and keeps the old outputs.
  if (op === "same" && old) return void state.set(urn, { ...old, inputs });
  const isUpdate = op === "update" && old !== undefined;
  try {
    const { id, outputs } = isUpdate
      ? await provider.update(urn, inputs, { ...old, customTimeouts })
      : await provider.create(urn, inputs, customTimeouts);
    expect(id).not.toBe("");
    state.set(urn, { id, inputs, outputs, initErrors: [], customTimeouts });
  } catch (error) {
    if (error instanceof Unfinished) {
      const { id, outputs } = error.left;
      state.set(urn, { id: old?.id ?? id, inputs, outputs, initErrors: error.reasons, customTimeouts });
    }
    throw error;
  }
}

/** `pulumi refresh`: read everything, forget what is gone. @returns what the engine would show per resource. */
export async function refresh({ provider, state }: { provider: Provider; state: State }): Promise<Deployment> {
  const steps: Step[] = [];
  const failures: Failure[] = [];
  for (const [urn, old] of state) {
    try {
      const outputs = await provider.read(urn, old);
      if (outputs === undefined) {
        state.delete(urn);
        steps.push({ urn, op: "delete", shown: [] });
        continue;
      }
      const read = { ...old, outputs };
      state.set(urn, read);
      const { acts, replaces } = await provider.diff({ urn, old: read, news: old.inputs, options: {} });
      steps.push({ urn, op: replaces ? "replace" : acts ? "update" : "same", shown: [] });
    } catch (error) {
      failures.push({ urn, text: textOf(error) });
    }
  }
  return { steps, failures };
}

/** `pulumi import`: no program runs, and state gets what the provider has read. */
export async function importResource(
  { provider, state }: { provider: Provider; state: State },
  { urn, id }: { readonly urn: string; readonly id: string },
): Promise<Deployment> {
  try {
    state.set(urn, await provider.import(urn, id));
    return { steps: [], failures: [] };
  } catch (error) {
    return { steps: [], failures: [{ urn, text: textOf(error) }] };
  }
}

/** Everything that the server would print of an error. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error instanceof CheckFailure ? "" : (error.stack ?? "");
  expect(stack, "a stack trace would reach the user").not.toMatch(/\n\s+at /);
  return [
    error.message,
    ...(stack === error.message ? [] : [stack]),
    ...((error as { reasons?: string[] }).reasons ?? []),
  ].join("\n");
}
