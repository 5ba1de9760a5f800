// One app on the emulator, with time and the ends of deployments in the test's hands.

import { type DeploymentRecord, type DigitalOceanOptions, startDigitalOcean } from "../emulators/digitalocean/index.js";
import type { DigitalOceanEmulator } from "../emulators/digitalocean/index.js";
import { firstSpec } from "./spec-edits.js";

/** ROLLED_BACK: it ends in ERROR, and a deployment of the platform brings the last good one back. */
export type End = "ACTIVE" | "ERROR" | "ROLLED_BACK" | "CANCELED";
/** OPEN: it is under way until a newer one replaces it; where none does, it ends so once somebody follows it. */
export type RunEnd = End | `OPEN_${End}`;

/** Whether what people do has different times, as the vendor's answers tell whole seconds. A deployment always takes its time. */
export type Pace = "seconds apart" | "within a second";

export interface PlatformOptions {
  readonly pace?: Pace;
  /** How the deployment ended with which the app began. */
  readonly birth?: "ACTIVE" | "ERROR" | "CANCELED";
  readonly emulator?: Pick<DigitalOceanOptions, "variant" | "tokens">;
}

export interface Platform {
  readonly cloud: DigitalOceanEmulator;
  readonly appId: string;
  /** A second goes by, where things happen seconds apart. */
  readonly tick: () => void;
  /** What is under way ends. */
  readonly pass: () => void;
  /** Starts a deployment and lets it end. */
  readonly deploy: (ending: RunEnd, start: () => MaybePromise<DeploymentRecord | undefined>) => Promise<void>;
  /** The deployment that starts next ends so. */
  readonly script: (end: End) => void;
  /** Somebody cancels this deployment while it is followed. */
  readonly doom: (deploymentId: string) => void;
}

type MaybePromise<T> = T | Promise<T>;

const secondMs = 1_000;
/** Longer than a deployment, a failure and the rollback after it. */
const longMs = 20 * secondMs;
/** Thousands of requests of one token would meet the hourly limit. */
const unlimited = { perHour: 1_000_000, perMinute: 1_000_000 };

export async function openPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const { pace = "seconds apart", birth = "ACTIVE", emulator } = options;
  const stepMs = pace === "within a second" ? 0 : secondMs;
  // Neither the clock of this machine nor that of the provider: who compares them with the vendor's is wrong.
  let now = Date.UTC(2020, 0, 1);
  const cloud = await startDigitalOcean({
    ...emulator,
    rateLimit: unlimited,
    deployment: { phaseMs: secondMs },
    clock: () => now,
  });
  const app = cloud.createApp(firstSpec, { settled: false });
  const doomed = new Set<string>();
  const underWay = () => cloud.deployments(app.id).filter(isUnderWay);
  const tick = () => void (now += stepMs);

  const pass = () => {
    const victim = underWay().find(({ id }) => doomed.has(id));
    if (victim === undefined) return void (now += longMs);
    // One that waits for an older one is cancelled once it has begun.
    while (underWay()[0]?.id !== victim.id) now += secondMs;
    cloud.cancelDeployment(app.id);
  };
  const script = (end: End) => {
    cloud.app(app.id).nextFailures.length = 0;
    if (end === "ERROR" || end === "ROLLED_BACK")
      cloud.failNextDeployment(app.id, { step: "deploy", autoRollback: end === "ROLLED_BACK" });
  };
  const deploy: Platform["deploy"] = async (ending, start) => {
    const [isOpen, end] = readEnding(ending);
    tick();
    script(end);
    const deployment = await start();
    script("ACTIVE");
    if (deployment === undefined) return;
    if (end === "CANCELED") doomed.add(deployment.id);
    if (!isOpen) pass();
  };

  const initial = app.deployments.at(0);
  if (initial !== undefined && birth === "ERROR") initial.failure = { step: "build" };
  if (initial !== undefined && birth === "CANCELED") doomed.add(initial.id);
  pass();
  return {
    cloud,
    appId: app.id,
    tick,
    pass,
    deploy,
    script,
    doom: (deploymentId) => void doomed.add(deploymentId),
  };
}

function readEnding(ending: RunEnd): [isOpen: boolean, end: End] {
  const end = ending.replace("OPEN_", "") as End;
  return [end !== ending, end];
}

function isUnderWay({ phase }: DeploymentRecord): boolean {
  return ["PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING"].includes(phase);
}
