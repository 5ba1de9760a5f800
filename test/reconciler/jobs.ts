// Jobs for the loop: real targets over an app in memory, wishes from plain values.

import { expect } from "vitest";
import type { AppPlatformDestination } from "../../schema/index.js";
import type { Clock } from "../../provider/clock.js";
import type { Rules } from "../../provider/core/decision.js";
import { buildDesired } from "../../provider/core/desired.js";
import { type Ledger, placeName } from "../../provider/core/entry.js";
import { type Claim } from "../../provider/core/claims.js";
import { ledgerPlaces } from "../../provider/core/ledger.js";
import type { Snapshot, Target } from "../../provider/destinations/destination.js";
import type { Spec } from "../../provider/destinations/digitalocean/wire.js";
import type { Door } from "../../provider/reconciler/batch/door.js";
import type { Job, Outcome } from "../../provider/reconciler/batch/job.js";
import { reconcileBatch } from "../../provider/reconciler/reconcile.js";
import { type Problem, listProblems } from "../../provider/errors.js";
import { redact } from "../../provider/redacted.js";
import { defaultRules } from "../core/entries.js";
import { createJumpingClock, type JumpingClock } from "../http/simulated-clock.js";
import { closedDoor } from "./closed-door.js";
import { createMemoryApp, type MemoryApp, openTarget } from "../scenarios/memory-app.js";

export interface Stage {
  readonly app: MemoryApp;
  readonly clock: JumpingClock;
  readonly reports: string[];
  readonly job: (owner: string, values: Readonly<Record<string, string>>, more?: Partial<JobSetup>) => Job;
  /** Runs the jobs as one batch and shows how each of them ended. */
  readonly run: (...jobs: readonly Job[]) => Promise<readonly End[]>;
  /** The same where others of the run are known, or arrive. */
  readonly runBeside: (door: Door, ...jobs: readonly Job[]) => Promise<readonly End[]>;
  /** The same for one job, and for those that come through the door. */
  readonly runBefore: (door: Door, first: Job, ...late: readonly Job[]) => Promise<readonly End[]>;
}

interface JobSetup {
  readonly destination: Partial<AppPlatformDestination>;
  readonly ledger: Ledger;
  readonly rules: Partial<Rules>;
  readonly claims: readonly Claim[];
}

/** How a job ended: with an outcome, or refused before anything of it was written. */
export type End =
  | { readonly outcome: Outcome; readonly refused?: undefined }
  | { readonly outcome?: undefined; readonly refused: readonly Problem[] };

export function setStage(spec: Spec = { name: "shop" }): Stage {
  const app = createMemoryApp(spec);
  const clock = createJumpingClock(0);
  const reports: string[] = [];
  const runBeside: Stage["runBeside"] = async (door, ...jobs) => {
    const results = await reconcileBatch(jobs, clock, door);
    return jobs.map((job) => endOf(job, results));
  };
  return {
    app,
    clock,
    reports,
    job: (owner, values, more = {}) => makeJob({ owner, values, more }, { app, clock, reports }),
    run: (...jobs) => runBeside(closedDoor(), ...jobs),
    runBeside,
    runBefore: async (door, first, ...late) => {
      const results = await reconcileBatch([first], clock, door);
      return [first, ...late].map((job) => endOf(job, results));
    },
  };
}

function endOf(job: Job, results: Awaited<ReturnType<typeof reconcileBatch>>): End {
  const result = results.get(job);
  if (result === undefined) throw new Error(`no answer for ${job.owner}`);
  return result.status === "fulfilled" ? { outcome: result.value } : { refused: listProblems(result.reason) };
}

interface Wish {
  readonly owner: string;
  readonly values: Readonly<Record<string, string>>;
  readonly more: Partial<JobSetup>;
}

function makeJob(
  { owner, values, more }: Wish,
  { app, clock, reports }: { app: MemoryApp; clock: Clock; reports: string[] },
): Job {
  const target = openTarget(app, more.destination ?? {}, { clock });
  const source = new Map(Object.entries(values).map(([key, value]) => [key, redact(value)]));
  const rules = { ...defaultRules, ...more.rules };
  const { keySchema, environment } = rules;
  return {
    owner,
    target,
    desired: buildDesired({
      sources: [source],
      keySchema,
      environment,
      salt: owner,
      place: (key) => target.place(key),
    }),
    ledger: more.ledger ?? {},
    rules,
    salt: owner,
    removed: [],
    owesDeployment: false,
    claims: () => more.claims ?? [],
    report: (status) => reports.push(`${owner}: ${status}`),
  };
}

/** The same job at a target that deploys only when it is told to, and that does not show what runs. */
export function deploysApart(job: Job, more: Partial<Target & { readonly order: unknown }> = {}): Job {
  const { target } = job;
  const { order, ...rest } = more;
  const hide = (snapshot: Snapshot): Snapshot => ({ ...snapshot, busyWith: undefined, notLive: undefined });
  return {
    ...job,
    target: {
      ...target,
      capabilities: { ...target.capabilities, writeDeploys: false },
      deployment: { ...target.deployment, order },
      observe: async (look) => hide(await target.observe(look)),
      write: async (snapshot, edits) => {
        const receipt = await target.write(snapshot, edits);
        return { ...receipt, deploymentId: undefined, snapshot: hide(receipt.snapshot) };
      },
      ...rest,
    },
  };
}

/** What a job asks of its target. */
export interface Calls {
  readonly looks: boolean[];
  readonly polls: string[];
  /** How many edits each write has. */
  readonly writes: number[];
}

/** The same job, and what it asks of its target. */
export function recordCalls(job: Job): { readonly job: Job; readonly calls: Calls } {
  const { target } = job;
  const calls: Calls = { looks: [], polls: [], writes: [] };
  const recorded: Target = {
    ...target,
    observe: (look) => {
      calls.looks.push(look.fresh);
      return target.observe(look);
    },
    poll: (deploymentId) => {
      calls.polls.push(deploymentId);
      return target.poll(deploymentId);
    },
    write: (snapshot, edits) => {
      calls.writes.push(edits.length);
      return target.write(snapshot, edits);
    },
  };
  return { job: { ...job, target: recorded }, calls };
}

export function owned(ledger: Ledger): string[] {
  return ledgerPlaces(ledger).map(placeName);
}

/** The outcome of a job that was not refused. */
export function outcomeOf(end: End | undefined): Outcome {
  if (end?.outcome === undefined) return expect.fail(`refused: ${JSON.stringify(end?.refused)}`);
  return end.outcome;
}

/** Why a job was refused. */
export function refusalOf(end: End | undefined): string[] {
  return (end?.refused ?? expect.fail("was not refused")).map(({ code }) => code);
}
