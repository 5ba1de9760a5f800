// test world: a stateful, strict emulator of DigitalOcean's App Platform API, and the handles by which tests steer it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { controlRequest } from "./control.js";
import { activeDeployment, advance, cancel, findDeployment, isInProgress, newCommit, resume } from "./deployments.js";
import type { DeploymentTiming } from "./deployments.js";
import { Faults, Hooks } from "../faults.js";
import type { Hook, RequestMatch } from "../faults.js";
import { RequestLimits } from "./limits.js";
import type { RateLimit } from "./limits.js";
import { clone } from "./model.js";
import type { AppRecord, Complaint, DeploymentRecord, Failure, LoggedRequest, Phase, Spec } from "./model.js";
import { rollBackTo } from "./rollbacks.js";
import { serve } from "./server.js";
import {
  advanceAll,
  createApp,
  findApp,
  openValue,
  replaceSpec,
  runningVariables,
  setArchived,
  start,
} from "./store.js";
import type { RunningVariable, Store } from "./store.js";
import { ALL_SCOPES, DEFAULT_TOKEN } from "./tokens.js";
import type { Token } from "./tokens.js";

export type { Fault, Hook, RequestMatch } from "../faults.js";
export type { AppRecord, Complaint, DeploymentRecord, EnvEntry, Failure, LoggedRequest, Phase, Spec } from "./model.js";
export type { RunningVariable } from "./store.js";
export { ALL_SCOPES } from "./tokens.js";
export type { Token } from "./tokens.js";
export { validateAnswer, validateRequest } from "./schema.js";

export interface DigitalOceanOptions {
  port?: number;
  tokens?: Record<string, Token>;
  deployment?: Partial<DeploymentTiming>;
  rateLimit?: RateLimit;
  /** Answers list variables in another order than they were sent. */
  reorderEnvs?: boolean;
  /** By default a `pending_deployment` holds `id` and `spec` only, as in the documentation. */
  fullPending?: boolean;
  putWhilePinned?: "refuse" | "store";
  /** Values that match are refused with a message that quotes them, as real validation messages may. */
  refuseValue?: RegExp;
  clock?: () => number;
  /** Serve the control surface over HTTP under /_emulator/ as well. */
  control?: boolean;
}

export interface DigitalOceanEmulator {
  readonly url: string;
  /** The first token, for callers that need just one. */
  readonly token: string;
  readonly tokens: Map<string, Token>;
  readonly requests: readonly LoggedRequest[];
  readonly complaints: readonly Complaint[];
  readonly faults: Faults;
  close(): Promise<void>;

  createApp(spec: unknown, identity?: { id?: string; settled?: boolean }): AppRecord;
  app(id: string): AppRecord;
  apps(): AppRecord[];
  deployments(appId: string): DeploymentRecord[];
  /** What the containers of the active deployment see: component, then key. */
  running(appId: string): Record<string, Record<string, RunningVariable>>;
  decrypt(appId: string, ev: string): string;

  editConsole(appId: string, edit: (spec: Spec) => void): DeploymentRecord | undefined;
  pushCommit(appId: string): string;
  deploy(appId: string): DeploymentRecord;
  cancelDeployment(appId: string): DeploymentRecord;
  failNextDeployment(appId: string, failure: Failure): void;
  holdDeployments(phase?: Phase): void;
  release(): void;
  /** Lets the deployments of an app run to their end at once. */
  settle(appId: string): void;
  pin(appId: string, deploymentId?: string): DeploymentRecord;
  archive(appId: string, archived?: boolean): DeploymentRecord;

  onRequest(match: RequestMatch, run: Hook): () => void;
  onAnswer(match: RequestMatch, run: Hook): () => void;
  /** Handled requests by "METHOD /path/{template}". */
  counts(): Record<string, number>;
  resetCounts(): void;
}

export async function startDigitalOcean(options: DigitalOceanOptions = {}): Promise<DigitalOceanEmulator> {
  const store: Store = {
    apps: new Map(),
    complaints: [],
    now: options.clock ?? Date.now,
    timing: { phaseMs: 10, buildSkippedForRuntimeOnly: false, replacedPhase: "CANCELED", ...options.deployment },
    hold: undefined,
    reorderEnvs: options.reorderEnvs ?? false,
    fullPending: options.fullPending ?? false,
    putWhilePinned: options.putWhilePinned ?? "refuse",
    refuseValue: options.refuseValue,
  };
  const tokens = new Map(Object.entries(options.tokens ?? { [DEFAULT_TOKEN]: { scopes: ALL_SCOPES } }));
  const exchange = {
    store,
    tokens,
    limits: new RequestLimits(options.rateLimit),
    faults: new Faults(),
    before: new Hooks(),
    after: new Hooks(),
    requests: [],
  };
  const server = createServer((request, response) => {
    const controlled = options.control === true && request.url?.startsWith("/_emulator/") === true;
    const answered = controlled ? controlRequest(emulator, request, response) : serve(exchange, request, response);
    // A bug in the emulator or in a hook must not look like an answer of the vendor.
    answered.catch((error: unknown) => {
      console.error("DigitalOcean emulator:", error);
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const emulator: DigitalOceanEmulator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: [...tokens.keys()][0] ?? "",
    tokens,
    requests: exchange.requests,
    complaints: store.complaints,
    faults: exchange.faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    ...appControls(store),
    ...deploymentControls(store),
    ...trafficControls(exchange),
  };
  return emulator;
}

type AppControls = Pick<
  DigitalOceanEmulator,
  "createApp" | "app" | "apps" | "deployments" | "running" | "decrypt" | "editConsole" | "pushCommit"
>;

/** A handle sees the app as it is by now, as a request would. */
function current(store: Store, appId: string): AppRecord {
  advanceAll(store);
  return findApp(store, appId);
}

function appControls(store: Store): AppControls {
  return {
    createApp: (spec, { id, settled = true } = {}) => {
      const app = createApp(store, spec, { id });
      if (settled) settle(store, app);
      return app;
    },
    app: (id) => current(store, id),
    apps: () => {
      advanceAll(store);
      return [...store.apps.values()];
    },
    deployments: (appId) => current(store, appId).deployments,
    running: (appId) => runningVariables(current(store, appId)),
    decrypt: (appId, ev) => openValue(current(store, appId), ev),
    editConsole: (appId, edit) => {
      const app = current(store, appId);
      const spec = clone(app.spec);
      edit(spec);
      return replaceSpec(store, app, { spec });
    },
    pushCommit: (appId) => (current(store, appId).head = newCommit()),
  };
}

type DeploymentControls = Pick<
  DigitalOceanEmulator,
  "deploy" | "cancelDeployment" | "failNextDeployment" | "holdDeployments" | "release" | "settle" | "pin" | "archive"
>;

function deploymentControls(store: Store): DeploymentControls {
  return {
    deploy: (appId) => {
      const app = current(store, appId);
      return start(store, app, { cause: "manual", type: "MANUAL", action: "CREATE_DEPLOYMENT", commit: app.head });
    },
    cancelDeployment: (appId) => {
      const running = current(store, appId).deployments.find(isInProgress);
      if (!running) throw new Error(`no deployment of app ${appId} is in progress`);
      cancel(running, store.now());
      return running;
    },
    failNextDeployment: (appId, failure) => void current(store, appId).nextFailures.push(failure),
    holdDeployments: (phase) => {
      advanceAll(store);
      store.hold = phase === undefined ? {} : { phase };
    },
    release: () => {
      advanceAll(store);
      store.hold = undefined;
      for (const app of store.apps.values()) resume(app, store.now());
    },
    settle: (appId) => settle(store, current(store, appId)),
    pin: (appId, deploymentId) => {
      const app = current(store, appId);
      const target = findDeployment(app, deploymentId) ?? activeDeployment(app);
      return rollBackTo(store, app, { deploymentId: target?.id, skipPin: false });
    },
    archive: (appId, archived = true) => setArchived(store, current(store, appId), archived),
  };
}

/** Deployments of this app end now, whatever the pace and the hold. */
function settle(store: Store, app: AppRecord): void {
  advance(app, { now: store.now(), timing: { ...store.timing, phaseMs: 0 } });
}

type TrafficControls = Pick<DigitalOceanEmulator, "onRequest" | "onAnswer" | "counts" | "resetCounts">;

function trafficControls(exchange: { before: Hooks; after: Hooks; requests: LoggedRequest[] }): TrafficControls {
  let countedFrom = 0;
  return {
    onRequest: (match, run) => exchange.before.add(match, run),
    onAnswer: (match, run) => exchange.after.add(match, run),
    counts: () => {
      const counts: Record<string, number> = {};
      for (const { method, template } of exchange.requests.slice(countedFrom)) {
        counts[`${method} ${template}`] = (counts[`${method} ${template}`] ?? 0) + 1;
      }
      return counts;
    },
    resetCounts: () => void (countedFrom = exchange.requests.length),
  };
}
