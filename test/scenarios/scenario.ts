// A small language: what named syncs and people do to one app, one after the other, and what is then to be seen.

import { expect, test } from "vitest";
import type { AppPlatformDestination } from "../../schema/index.js";
import type { Rules } from "../../provider/core/decision.js";
import { buildDesired, type Desired, nothing } from "../../provider/core/desired.js";
import type { Claim } from "../../provider/core/claims.js";
import { type Ledger, type Place, placeName } from "../../provider/core/entry.js";
import { isIn, ledgerPlaces } from "../../provider/core/ledger.js";
import { mayAdopt } from "../../provider/core/plan.js";
import { renderDrift } from "../../provider/core/announcement.js";
import { formatLine, renderPlan } from "../../provider/core/render.js";
import type { Target } from "../../provider/destinations/destination.js";
import type { RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";
import type { Job, Outcome } from "../../provider/reconciler/batch/job.js";
import { reconcileBatch } from "../../provider/reconciler/reconcile.js";
import { createTargetQueue } from "../../provider/reconciler/target-queue.js";
import { listProblems } from "../../provider/errors.js";
import { redact } from "../../provider/redacted.js";
import { defaultRules } from "../core/entries.js";
import { mapEnvs } from "../digitalocean/platform.js";
import { createQueuedClock } from "../http/simulated-clock.js";
import { createMemoryApp, type MemoryApp, openTarget } from "./memory-app.js";

export type Values = Readonly<Record<string, string>>;

/** How a sync is set up; it stays so until it is said otherwise. */
export interface Setup extends Partial<Omit<Rules, "destroy">> {
  readonly destination?: Partial<AppPlatformDestination>;
  /** Syncs of one stack know each other's claims. */
  readonly stack?: string;
}

export type Step =
  | { readonly kind: "declare"; readonly sync: string; readonly values: Values; readonly setup: Setup }
  | { readonly kind: "destroy"; readonly sync: string; readonly onDestroy: "delete" | "retain" | "restore" }
  | { readonly kind: "undeclare"; readonly sync: string }
  | { readonly kind: "together"; readonly steps: readonly Step[] }
  | { readonly kind: "app"; readonly act: (app: MemoryApp) => void };

/** The program declares these keys for a sync, and `up` runs it. */
export const declare = (sync: string, values: Values, setup: Setup = {}): Step => ({
  kind: "declare",
  sync,
  values,
  setup,
});
export const destroy = (sync: string, onDestroy: "delete" | "retain" | "restore" = "delete"): Step => ({
  kind: "destroy",
  sync,
  onDestroy,
});
/** The program no longer has this sync, and claims nothing for it; its state is still there, to be destroyed later. */
export const undeclare = (sync: string): Step => ({ kind: "undeclare", sync });
/** Steps that the engine runs at the same time. */
export const together = (...steps: readonly Step[]): Step => ({ kind: "together", steps });
/** Something that befalls the app. */
export const befalls = (act: (app: MemoryApp) => void): Step => ({ kind: "app", act });
/** A person edits variables in the console: a text is stored as plain, null removes. */
export const inConsole = (edits: Readonly<Record<string, string | null>>): Step =>
  befalls((app) => app.replace((spec) => editByHand(spec, edits)));
/** A `digitalocean.App` without env lists puts its spec. */
export const wipe: Step = befalls((app) => app.replace((spec) => mapEnvs(spec, () => [])));

/** What a person does to variables of a spec. */
export function editByHand(spec: Spec, edits: Readonly<Record<string, string | null>>): Spec {
  const asked = Object.entries(edits).map(([name, value]) => {
    const slash = name.lastIndexOf("/");
    return { slot: slash < 0 ? "app" : name.slice(0, slash), key: name.slice(slash + 1), value };
  });
  return mapEnvs(spec, (envs, slot) => {
    const own = asked.filter((edit) => edit.slot === slot);
    const kept = envs.filter(({ key }) => !own.some((edit) => edit.key === key && edit.value === null));
    const edited = kept.map((env) => ({ ...env, ...plainOf(own.find((edit) => edit.key === env.key)?.value) }));
    const added = own.filter(({ key, value }) => value !== null && !envs.some((env) => env.key === key));
    return [...edited, ...added.map(({ key, value }): RawEnv => ({ key, value: value ?? "" }))];
  });
}

function plainOf(value: string | null | undefined): Partial<RawEnv> {
  return typeof value === "string" ? { value, type: "GENERAL" } : {};
}

/** What is to be seen in the end. What is left out is not asked. */
export interface ScenarioEnd {
  readonly document?: readonly string[];
  /** Places that each sync owns. */
  readonly owners?: Readonly<Record<string, readonly string[]>>;
  /** Problems of the whole story, as `sync: code`. */
  readonly problems?: readonly string[];
  /** PUTs of the whole story. */
  readonly writes?: number;
  /** Plan of each sync's last run, in words. */
  readonly plans?: Readonly<Record<string, readonly string[]>>;
}

/** Every scenario is about this app, with what people put there first. */
const shop: Spec = {
  name: "shop",
  region: "fra",
  services: [{ name: "web", http_port: 8080 }],
  workers: [{ name: "queue" }],
};

/** A test that reads like a rule: what happens, and what is to be seen then. */
export function scenario(title: string, steps: readonly Step[], ending: ScenarioEnd): void {
  // oxlint-disable-next-line vitest/valid-title -- the title is a literal where the scenario is written
  test(title, async () => {
    const end = await play(shop, steps);
    const asked = Object.keys(ending) as Array<keyof ScenarioEnd>;
    expect(Object.fromEntries(asked.map((part) => [part, end[part]]))).toEqual(ending);
  });
}

interface Sync {
  readonly name: string;
  setup: Setup;
  desired: Desired;
  ledger: Ledger;
  ran: boolean;
  /** In this step. */
  isRefused: boolean;
  said: readonly string[];
}

/** Plays the steps and returns everything that an ending may check. */
async function play(start: Spec, steps: readonly Step[]): Promise<Required<ScenarioEnd> & { app: MemoryApp }> {
  const app = createMemoryApp(start);
  const clock = createQueuedClock();
  const queue = createTargetQueue(clock, (jobs, door) => reconcileBatch(jobs, clock, door));
  const syncs = new Map<string, Sync>();
  const problems: string[] = [];

  const run = async (step: Step): Promise<void> => {
    if (step.kind === "app") return step.act(app);
    if (step.kind === "together") {
      await Promise.all(step.steps.map(prepare).map((go) => go()));
      return;
    }
    return prepare(step)();
  };
  /** All checks of a run come before its writes: every claim is known when the first write is planned. */
  const prepare = (step: Step): (() => Promise<void>) => {
    if (step.kind === "app" || step.kind === "together") return () => run(step);
    const sync = syncs.get(step.sync) ?? newSync(step.sync);
    syncs.set(step.sync, sync);
    if (step.kind === "undeclare") {
      sync.desired = nothing;
      return async () => undefined;
    }
    sync.isRefused = false;
    const onDestroy = step.kind === "destroy" ? step.onDestroy : undefined;
    if (step.kind === "declare") sync.setup = { ...sync.setup, ...step.setup };
    const target = openTarget(app, sync.setup.destination ?? {}, { clock });
    sync.desired = step.kind === "declare" ? desire(step.values, sync, target) : nothing;
    return async () => {
      const job = jobOf(sync, { target, onDestroy, others: [...syncs.values()] });
      await queue.enqueue(job).then(
        (outcome) => settle(sync, outcome, problems),
        (error: unknown) => problems.push(...listProblems(error).map(({ code }) => `${sync.name}: ${code}`)),
      );
    };
  };

  for (const step of steps) await clock.run(run(step));
  const owners = [...syncs.values()].map(({ name, ledger }) => [name, ledgerPlaces(ledger).map(nameOf)] as const);
  return {
    app,
    document: app.list(),
    owners: Object.fromEntries(owners),
    problems,
    writes: app.puts.length,
    plans: Object.fromEntries([...syncs.values()].map(({ name, said }) => [name, said])),
  };
}

function newSync(name: string): Sync {
  return { name, setup: {}, desired: nothing, ledger: {}, ran: false, isRefused: false, said: [] };
}

function nameOf(place: { slot: string; key: string }): string {
  return place.slot === "app" ? place.key : placeName(place);
}

function desire(values: Values, { name, setup }: Sync, target: Target): Desired {
  return buildDesired({
    sources: [new Map(Object.entries(values).map(([key, value]) => [key, redact(value)]))],
    keySchema: setup.keySchema,
    environment: setup.environment ?? "",
    salt: name,
    place: (key) => target.place(key),
  });
}

interface Occasion {
  readonly target: Target;
  readonly onDestroy: "delete" | "retain" | "restore" | undefined;
  readonly others: readonly Sync[];
}

function jobOf(sync: Sync, { target, onDestroy, others }: Occasion): Job {
  const { name, setup, ledger, ran } = sync;
  const { destination: _destination, stack = "", ...rules } = setup;
  const siblings = others.filter((other) => other !== sync && (other.setup.stack ?? "") === stack);
  return {
    owner: name,
    target,
    desired: sync.desired,
    ledger,
    rules: {
      ...defaultRules,
      keepPrior: true,
      ...rules,
      overwrite: rules.overwrite === true && !ran,
      destroy: onDestroy,
    },
    salt: name,
    removed: [],
    owesDeployment: false,
    claims: () => siblings.map(claimOf),
    withdraw: () => {
      sync.isRefused = true;
    },
    report: () => undefined,
  };
}

/** Until its plan is made, a sync takes from others what it may adopt; once that is refused, nothing. */
function claimOf({ name, desired: { entries: places }, setup, ledger, isRefused }: Sync): Claim {
  const owns = isIn(ledger);
  const isBarred = (place: Place) => !owns(place) && (isRefused || !mayAdopt(setup.adopt ?? false, place.key));
  return { owner: name, places, barred: places.filter(isBarred), owned: places.filter(owns) };
}

function settle(sync: Sync, { ledger, plan, problem }: Outcome, problems: string[]): void {
  sync.ledger = ledger;
  sync.ran = true;
  const drift = renderDrift(plan, { target: "the app" }) === undefined ? [] : ["(drift)"];
  sync.said = [...renderPlan(plan).map(formatLine), ...drift];
  if (problem !== undefined) problems.push(`${sync.name}: ${problem.code}`);
}
