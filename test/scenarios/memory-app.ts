// One App Platform app in memory, behind the adapter's own calls. Everything above the calls is the real thing.

import type { AppPlatformDestination } from "../../schema/index.js";
import type { Clock } from "../../provider/clock.js";
import type { Target } from "../../provider/destinations/destination.js";
import type { AppPlatformApi } from "../../provider/destinations/digitalocean/api.js";
import { openAppPlatform } from "../../provider/destinations/digitalocean/target.js";
import { createAppReader, createSpecReader } from "../../provider/destinations/digitalocean/live/reader.js";
import { listEnvs } from "../../provider/destinations/digitalocean/spec.js";
import type { App, Deployment, RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";
import { HttpError } from "../../provider/http/error.js";
import { createPlatform } from "../digitalocean/platform.js";

/** What happens to one PUT: it is refused, or its answer is lost before or after the platform took the spec. */
export type PutOutcome = "rejected" | "lost-before" | "lost-after" | "lost-both";

/** How a deployment goes: every look at it is one phase further. */
export type DeploymentOutcome = "works" | "fails" | "hangs" | "canceled" | "vanishes";

export type Moment = "before" | "after" | "look";

export interface MemoryApp {
  readonly api: AppPlatformApi;
  spec(): Spec;
  /** Variables as a person would list them: `KEY = value`, with the slot unless it is the app, and what is unusual. */
  list(): string[];
  envAt(slot: string, key: string): RawEnv | undefined;
  /** Somebody else stores a spec; it runs at once unless it is said to deploy. */
  replace(edit: (spec: Spec) => Spec, how?: { readonly deploys: boolean }): void;
  /** Runs once: right before the next PUT is taken, right after its answer, or right before the next look at the app. */
  around(moment: Moment, event: () => void): void;
  nextPut(outcome: PutOutcome): void;
  nextDeployment(outcome: DeploymentOutcome): void;
  /** The next looks at the app fail. */
  blind(looks: number): void;
  /** The next looks at a deployment fail. */
  blindToDeployments(looks: number): void;
  pin(): void;
  /** Deployments are shown without their spec from now on. */
  hideSpecs(): void;
  /** The spec of every PUT that was taken. */
  readonly puts: readonly Spec[];
}

interface Run {
  readonly id: string;
  readonly spec: Spec;
  /** When it was created, in milliseconds. */
  readonly at: number;
  phase: string;
  outcome: DeploymentOutcome;
}

const phases = ["PENDING_BUILD", "BUILDING", "DEPLOYING", "ACTIVE"];
const underWay = new Set(phases.slice(0, 3));

export function createMemoryApp(initial: Spec): MemoryApp {
  const platform = createPlatform();
  const puts: Spec[] = [];
  const events: Partial<Record<Moment, (() => void) | undefined>> = {};
  const next: { put?: PutOutcome | undefined; deployment: DeploymentOutcome } = { deployment: "works" };
  let blindLooks = 0;
  let blindPolls = 0;
  let pinned = false;
  let isHiding = false;
  let searches = 0;
  let stored = platform.store(initial);
  let active: Run = { id: "run-0", spec: stored, at: 1, phase: "ACTIVE", outcome: "works" };
  const runs: Run[] = [active];

  const take = (spec: Spec, deploys: boolean) => {
    stored = platform.store(spec);
    const run: Run = {
      id: `run-${runs.length}`,
      spec: stored,
      at: runs.length + 1,
      phase: "PENDING_BUILD",
      outcome: next.deployment,
    };
    next.deployment = "works";
    for (const other of runs) if (underWay.has(other.phase)) other.phase = "SUPERSEDED";
    runs.push(run);
    if (!deploys) finish(run);
  };
  const finish = (run: Run) => {
    run.phase = "ACTIVE";
    active = run;
  };
  const advance = (run: Run) => {
    if (!underWay.has(run.phase) || run.outcome === "hangs") return;
    const later = phases[phases.indexOf(run.phase) + 1] ?? "ACTIVE";
    if (later === "DEPLOYING" && run.outcome === "fails") run.phase = "ERROR";
    else if (later === "DEPLOYING" && run.outcome === "canceled") run.phase = "CANCELED";
    else if (later === "ACTIVE") finish(run);
    else run.phase = later;
  };
  const shown = (run: Run): Deployment => ({
    id: run.id,
    phase: run.phase,
    created_at: new Date(run.at).toISOString(),
    ...(isHiding ? {} : { spec: structuredClone(run.spec) }),
  });
  const answer = (): App => {
    const current = runs.findLast(({ phase }) => underWay.has(phase));
    return {
      id: "id",
      spec: structuredClone(stored),
      last_deployment_created_at: new Date(runs.at(-1)?.at ?? 0).toISOString(),
      active_deployment: shown(active),
      ...(current === undefined ? {} : { pending_deployment: shown(current) }),
      ...(pinned ? { pinned_deployment: shown(active) } : {}),
    };
  };
  const happen = (moment: Moment) => {
    const event = events[moment];
    events[moment] = undefined;
    event?.();
  };
  const putApp = async (_: string, spec: Spec): Promise<App> => {
    happen("before");
    const outcome = next.put;
    next.put = outcome === "lost-both" ? "lost-before" : undefined;
    if (outcome === "rejected") throw new HttpError("http.rejected", "no", { status: 400, vendorMessage: "no" });
    if (outcome === "lost-before" || outcome === "lost-both") throw new HttpError("http.ambiguous", "lost", {});
    puts.push(structuredClone(spec));
    take(spec, true);
    const said = answer();
    happen("after");
    if (outcome === "lost-after") throw new HttpError("http.ambiguous", "lost", {});
    return said;
  };

  return {
    puts,
    spec: () => stored,
    list: () => listEnvs(stored).map(({ slot, env }) => describeEnv(slot, env, platform.open(env))),
    envAt: (slot, key) => listEnvs(stored).find((entry) => entry.slot === slot && entry.key === key)?.env,
    replace: (edit, how = { deploys: false }) => take(edit(structuredClone(stored)), how.deploys),
    around: (moment, event) => {
      events[moment] = event;
    },
    nextPut: (outcome) => {
      next.put = outcome;
    },
    nextDeployment: (outcome) => {
      next.deployment = outcome;
    },
    blind: (looks) => {
      blindLooks = looks;
    },
    blindToDeployments: (looks) => {
      blindPolls = looks;
    },
    pin: () => {
      pinned = true;
    },
    hideSpecs: () => {
      isHiding = true;
    },
    api: {
      getApp: async () => {
        if (blindLooks-- > 0) throw new HttpError("http.unavailable", "cannot look at the app", { status: 503 });
        happen("look");
        return answer();
      },
      listApps: async () => ({ apps: [answer()] }),
      putApp,
      getDeployment: async (_, id) => {
        if (blindPolls-- > 0) throw new HttpError("http.unavailable", "cannot look at the deployment", { status: 503 });
        const run = runs.find((candidate) => candidate.id === id);
        if (run?.outcome === "vanishes" && (searches += 1) > 500) throw new Error("searched for it without end");
        if (run === undefined || run.outcome === "vanishes") return undefined;
        advance(run);
        return shown(run);
      },
      listDeployments: async () => runs.toReversed().map(shown),
      validateRollback: async () => undefined,
      proposeApp: async () => undefined,
      listDatabases: async () => [],
      proveToken: async () => undefined,
      whoAmI: async () => undefined,
    },
  };
}

function describeEnv(slot: string, { key, type = "GENERAL", scope }: RawEnv, value: string): string {
  const unusual = [type === "SECRET" ? [] : "plain", !scope || scope === "RUN_TIME" ? [] : scope.toLowerCase()].flat();
  const place = slot === "app" ? key : `${slot}/${key}`;
  const usual = unusual.filter((word) => word !== "run_and_build_time");
  return `${place} = ${value}${usual.length > 0 ? ` (${usual.join(", ")})` : ""}`;
}

/** The real adapter over the app, for one token. */
export function openTarget(
  app: MemoryApp,
  args: Partial<AppPlatformDestination>,
  { clock, credentialsId = "token" }: { readonly clock: Clock; readonly credentialsId?: string },
): Target {
  const destination: AppPlatformDestination = { type: "digital-ocean-app-platform", appId: "id", ...args };
  const reader = createAppReader(app.api, clock);
  return openAppPlatform(destination, credentialsId, {
    api: app.api,
    reader,
    clock,
    specs: createSpecReader(),
    clean: (text) => text,
    probed: new Map(),
    validator: undefined,
  });
}
