// A stateful, strict emulator of DigitalOcean's App Platform API, and what a test sees of it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { controlRequest } from "./control.js";
import type { DatabaseRecord, DatabaseSeed } from "./databases.js";
import type { DeploymentTiming } from "./deployments.js";
import { Faults, Hooks } from "../faults.js";
import type { Hook, RequestMatch } from "../faults.js";
import { appControls, deploymentControls, platformControls, trafficControls } from "./handles.js";
import { RequestLimits } from "./limits.js";
import type { RateLimit } from "./limits.js";
import type { AppRecord, Complaint, DeploymentRecord, Failure, LoggedRequest, Phase, Spec } from "./model.js";
import type { SpecRule } from "./refusals.js";
import { seededRandom } from "./seeded-random.js";
import { serve } from "./server.js";
import type { RunningVariable, Store } from "./store.js";
import { ALL_SCOPES, DEFAULT_TOKEN } from "./tokens.js";
import type { Token } from "./tokens.js";
import { completeVariant } from "./variant.js";
import type { Variant } from "./variant.js";

export type { Fault, Hook, RequestMatch } from "../faults.js";
export type { AppRecord, Complaint, DeploymentRecord, EnvEntry, Failure, LoggedRequest, Phase, Spec } from "./model.js";
export type { RunningVariable } from "./store.js";
export { ALL_SCOPES } from "./tokens.js";
export type { Token } from "./tokens.js";
export { validateAnswer, validateRequest } from "./schema.js";
export type { DatabaseRecord, DatabaseSeed } from "./databases.js";
export type { SpecRule } from "./refusals.js";
export { ALTERNATIVES, describeVariant, randomVariant, readVariant, SWITCHES, switchNames } from "./variant.js";
export type { Variant } from "./variant.js";

export interface DigitalOceanOptions {
  port?: number;
  tokens?: Record<string, Token>;
  deployment?: Partial<DeploymentTiming>;
  rateLimit?: RateLimit;
  /** How the platform answers the undocumented questions. */
  variant?: Partial<Variant>;
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
  /** In force for the next request: `ocean.variant.envOrder = "reversed"`. */
  readonly variant: Variant;
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
  /** Lets the deployments of all apps go on, or those of one. */
  release(appId?: string): void;
  /** Lets the deployments of an app run to their end at once. */
  settle(appId: string): void;
  pin(appId: string, deploymentId?: string): DeploymentRecord;
  archive(appId: string, archived?: boolean): DeploymentRecord;

  /** A managed cluster of the account. Dev databases are no clusters, and are only in an app's spec. */
  addDatabase(seed: DatabaseSeed): DatabaseRecord;
  /** Makes PUT and propose refuse the specs to which the rule objects. Call the result to end it. */
  refuseSpec(rule: SpecRule): () => void;

  onRequest(match: RequestMatch, run: Hook): () => void;
  onAnswer(match: RequestMatch, run: Hook): () => void;
  /** Handled requests by "METHOD /path/{template}". */
  counts(): Record<string, number>;
  resetCounts(): void;
}

const SHUFFLE_SEED = 11;

export async function startDigitalOcean(options: DigitalOceanOptions = {}): Promise<DigitalOceanEmulator> {
  const store: Store = {
    apps: new Map(),
    complaints: [],
    now: options.clock ?? Date.now,
    databases: new Map(),
    timing: { phaseMs: 10, ...options.deployment },
    hold: undefined,
    variant: completeVariant(options.variant),
    random: seededRandom(SHUFFLE_SEED),
    refuseValue: options.refuseValue,
    specRules: new Set(),
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
    variant: store.variant,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    ...appControls(store),
    ...deploymentControls(store),
    ...platformControls(store),
    ...trafficControls(exchange),
  };
  return emulator;
}
