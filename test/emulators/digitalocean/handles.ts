// The handles by which a test steers the emulator: apps, deployments, the rules of the platform, and what comes in.
import { newDatabase } from "./databases.js";
import { activeDeployment, cancel, findDeployment, isInProgress, newCommit, resume } from "./deployments.js";
import type { Hooks } from "../faults.js";
import type { DigitalOceanEmulator } from "./index.js";
import { clone } from "./model.js";
import type { AppRecord, LoggedRequest } from "./model.js";
import { rollBackTo } from "./rollbacks.js";
import {
  advanceAll,
  createApp,
  findApp,
  openValue,
  replaceSpec,
  runningVariables,
  setArchived,
  settle,
  start,
} from "./store.js";
import type { Store } from "./store.js";

type AppControls = Pick<
  DigitalOceanEmulator,
  "createApp" | "app" | "apps" | "deployments" | "running" | "decrypt" | "editConsole" | "pushCommit"
>;

/** A handle sees the app as it is now, as a request would. */
function current(store: Store, appId: string): AppRecord {
  advanceAll(store);
  return findApp(store, appId);
}

export function appControls(store: Store): AppControls {
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
      return replaceSpec(store, app, { spec, fromConsole: true });
    },
    pushCommit: (appId) => (current(store, appId).head = newCommit()),
  };
}

type DeploymentControls = Pick<
  DigitalOceanEmulator,
  "deploy" | "cancelDeployment" | "failNextDeployment" | "holdDeployments" | "release" | "settle" | "pin" | "archive"
>;

export function deploymentControls(store: Store): DeploymentControls {
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
      store.hold = { ...(phase === undefined ? {} : { phase }), released: new Set() };
    },
    release: (appId) => {
      advanceAll(store);
      const apps = appId === undefined ? [...store.apps.values()] : [current(store, appId)];
      if (appId === undefined) store.hold = undefined;
      else store.hold?.released.add(appId);
      for (const app of apps) resume(app, store.now());
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

type PlatformControls = Pick<DigitalOceanEmulator, "addDatabase" | "refuseSpec">;

export function platformControls(store: Store): PlatformControls {
  return {
    addDatabase: (seed) => {
      const database = newDatabase(seed, store.now());
      store.databases.set(database.id, database);
      return database;
    },
    refuseSpec: (rule) => {
      store.specRules.add(rule);
      return () => void store.specRules.delete(rule);
    },
  };
}

type TrafficControls = Pick<DigitalOceanEmulator, "onRequest" | "onAnswer" | "counts" | "resetCounts">;

export function trafficControls(exchange: { before: Hooks; after: Hooks; requests: LoggedRequest[] }): TrafficControls {
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
