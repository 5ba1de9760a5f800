// Network side: the App Platform adapter. It wires calls and pure translation to the destination interface.

import type { Clock } from "../../clock.js";
import { placeName } from "../../core/entry.js";
import type { Problem } from "../../errors.js";
import type { AppPlatformDestination } from "../../../schema/index.js";
import type { DeploymentPolicy, Receipt, Snapshot, Target } from "../destination.js";
import type { AppPlatformApi } from "./api.js";
import { createFinder } from "./live/finder.js";
import { busyDeployment, findObstacles, readProgress } from "./deployments/deployment.js";
import { findNotLive, isLeftOpen } from "./deployments/liveness.js";
import { mayUpdate } from "./permission.js";
import { listReadable } from "./live/readable-values.js";
import type { AppReader, SpecReader } from "./live/reader.js";
import { explainName } from "./live/renamed-app.js";
import {
  adviseScope,
  adviseStatic,
  compareEnv,
  defaultSlots,
  inspectDesired,
  keyGrammar,
  placeKey,
  revealEnv,
} from "./rules.js";
import { envAt, listSlots, readName } from "./spec.js";
import type { App, Deployment, Spec } from "./wire.js";
import type { Validator } from "./validation.js";
import { putSpec } from "./write/write.js";

/** The calls of one set of credentials, shared by every sync that uses it. */
export interface AppPlatform {
  readonly api: AppPlatformApi;
  readonly reader: AppReader;
  readonly clock: Clock;
  readonly specs: SpecReader;
  /** Hides values in foreign texts, and cuts them. */
  readonly clean: (text: string) => string;
  /** Apps whose write permission was already checked in this run. */
  readonly probed: Map<string, Promise<readonly Problem[]>>;
  /** Undefined when the preview is not to ask what the platform would say to the write. */
  readonly validator: Validator | undefined;
}

const wipeHint =
  "every key is gone at once: another tool has probably replaced the whole spec; with a digitalocean.App in the same program use ignoreEnvChanges, and run up with --refresh";

const defaultTimeoutSeconds = 1800;

/** Binds the arguments of one sync to the calls of its credentials. */
export function openAppPlatform(args: AppPlatformDestination, credentialsId: string, platform: AppPlatform): Target {
  const { api, reader, specs } = platform;
  const finder = createFinder(args, platform);
  return {
    capabilities: { granularity: "document", writeDeploys: true, keyGrammar, platform: "App Platform", wipeHint },
    deployment: readPolicy(args),
    credentialsId,
    type: args.type,
    overrides: Object.keys(args.variables ?? {}),
    slots: defaultSlots(args),
    addressOf: (targetId) => ({
      type: args.type,
      appId: targetId,
      ...(args.deployment === undefined ? {} : { deployment: args.deployment }),
    }),
    place: (key) => placeKey(args, key),
    inspect: (desired, snapshot, plan) =>
      inspectDesired(args, desired, snapshot && { spec: (snapshot.document as App).spec, plan }),
    advise: (_desired, snapshot, plan) => [...adviseScope(args, plan), ...adviseStatic(readSpec(snapshot), plan)],
    resolve: () => finder.resolve(),
    explainAddress: async (earlierId, now) => {
      const { appId, appName } = args;
      // An id never changes its meaning.
      if (appId !== undefined || appName === undefined) return undefined;
      const earlier = await reader.byId(earlierId, { fresh: false });
      return explainName({ appName, earlierId, earlier, otherId: now?.targetId });
    },
    observe: async (look) => observeApp(api, await finder.find(look)),
    read: (snapshot, salt) => specs.entries(readSpec(snapshot), salt),
    probe: async (snapshot, { edits }) => {
      const app = snapshot.document as App;
      const permission = probeOnce(app, platform);
      const validator = args.deployment?.validate === false ? undefined : platform.validator;
      return validator?.validate(app, edits, permission) ?? { problems: await permission, warnings: [] };
    },
    reveal: (snapshot, place) => revealEnv(args, specs.index(readSpec(snapshot)).get(placeName(place))),
    compare: (snapshot, place, value) => compareEnv(specs.index(readSpec(snapshot)).get(placeName(place)), value),
    listReadable: (snapshot, ledger) => listReadable(snapshot.document as App, ledger),
    remember: (snapshot, spot) =>
      spot.nth === undefined ? specs.index(readSpec(snapshot)).get(placeName(spot)) : envAt(readSpec(snapshot), spot),
    write: async (snapshot, edits) => {
      const before = snapshot.document as App;
      reader.forget(before.id);
      const { app, deploymentId, ...written } = await putSpec(platform, before, edits);
      return { ...written, deploymentId, snapshot: toSnapshot(app) } satisfies Receipt;
    },
    poll: async (deploymentId) => {
      const appId = await finder.resolve();
      const deployment = await api.getDeployment(appId, deploymentId);
      if (deployment === undefined) return { state: "superseded", detail: `deployment ${deploymentId} is gone` };
      return readProgress(deployment, { appId, clean: platform.clean });
    },
  };
}

function readPolicy({ deployment }: AppPlatformDestination): DeploymentPolicy {
  return {
    wait: deployment?.wait ?? true,
    timeoutMs: (deployment?.timeoutSeconds ?? defaultTimeoutSeconds) * 1000,
    onFailure: deployment?.onFailure ?? "report",
  };
}

function readSpec({ document }: Snapshot): Spec {
  return (document as App).spec;
}

/** If the token may not list deployments, the look alone has to do. */
async function observeApp(api: AppPlatformApi, app: App): Promise<Snapshot> {
  const listed = isLeftOpen(app) ? await api.listDeployments(app.id).catch(() => undefined) : undefined;
  return toSnapshot(app, listed);
}

function toSnapshot(app: App, listed?: readonly Deployment[]): Snapshot {
  return {
    targetId: app.id,
    targetName: readName(app.spec, app.id),
    targetUrl: [app.live_url, app.default_ingress].find((url) => typeof url === "string" && url !== "") ?? undefined,
    slots: listSlots(app.spec),
    obstacles: findObstacles(app),
    busyWith: busyDeployment(app),
    notLive: findNotLive(app, listed),
    document: app,
  };
}

/** One question per app and run. */
function probeOnce(app: App, { api, probed }: AppPlatform): Promise<readonly Problem[]> {
  const known = probed.get(app.id);
  if (known) return known;
  const answer = mayUpdate(api, app).then((may) => (may ? [] : [readOnly(app)]));
  probed.set(app.id, answer);
  return answer;
}

function readOnly(app: App): Problem {
  return {
    code: "connection.read_only",
    message: `the token may read app ${readName(app.spec, app.id)} but not update it; give it the scope app:update`,
  };
}
