// One case of the grid: an operation, a fault at one of its requests or none, one more run, and everything that must hold.

import { isDeepStrictEqual } from "node:util";
import { describeVariant, type LoggedRequest, type Variant } from "../emulators/digitalocean/index.js";
import { type Run, stackOn } from "../lifecycle/stack.js";
import { type Advice, followAdvice, isAdoptionAsked } from "./advice.js";
import { type Blow, patienceMs, strike } from "./faults.js";
import * as laws from "./laws.js";
import type { Operation } from "./operation.js";
import { openScene, type Scene } from "./scene.js";

export interface Case {
  readonly operation: Operation;
  /** What the platform does otherwise than by default. */
  readonly variant?: Partial<Variant>;
  /** Undefined when nothing goes wrong. */
  readonly blow: Blow | undefined;
}

export interface Row {
  /** The switches that are moved, or `defaults`. */
  readonly variant: string;
  readonly operation: string;
  readonly request: string;
  readonly fault: string;
  readonly lasting: boolean;
  /** Codes of the failures of a run, or `ok`. */
  readonly firstRun: string;
  readonly secondRun: string;
  /**
   * `ok1`: the first run went through. `ok2`: one more up. What the second run asked for, and one more up: `adopt`, the keys of a
   * killed create; `deploy`, once by other means.
   */
  readonly verdict: "ok1" | "ok2" | "adopt" | "deploy" | "FAIL";
  readonly complaints: readonly string[];
}

/** What an operation does when nothing goes wrong. */
export interface Clean {
  readonly requests: readonly string[];
  /** Deployments of the run and of the one after it. */
  readonly deployments: number;
  /** Codes of its failures, or `ok`. */
  readonly outcome: string;
}

export async function runClean(operation: Operation): Promise<Clean> {
  const scene = await openScene();
  try {
    await operation.prepare(scene);
    const [request, deployment] = [scene.cloud.requests.length, deploymentsOf(scene)];
    const run = await operation.act(scene.stack, scene);
    const requests = scene.cloud.requests.slice(request).map(nameOf);
    await scene.stack.up(operation.program(scene));
    return { requests, deployments: deploymentsOf(scene) - deployment, outcome: laws.codesOf(run) };
  } finally {
    await scene.cloud.close();
  }
}

/** The platform's own rollback is none of ours. */
function deploymentsOf({ cloud, appId }: Scene): number {
  return cloud.deployments(appId).filter(({ type }) => type !== "AUTO_ROLLBACK").length;
}

const nouns: Readonly<Record<string, string>> = {
  "/v2/apps/{id}": "app",
  "/v2/apps/{app_id}/deployments": "deployments",
  "/v2/apps/{app_id}/deployments/{deployment_id}": "deployment",
  "/v2/apps/{app_id}/rollback/validate": "rollback/validate",
  "/v2/apps/propose": "propose",
};

function nameOf({ method, template }: LoggedRequest): string {
  return `${method} ${nouns[template] ?? template.replace("/v2/", "")}`;
}

export async function runCase(one: Case, clean: Clean): Promise<Row> {
  return (await runTold(one, clean)).row;
}

/** The same, with the requests of the first run. */
export async function runTold(one: Case, clean: Clean): Promise<{ row: Row; requests: readonly string[] }> {
  const scene = await openScene(one.variant);
  try {
    return await play(one, clean, scene);
  } finally {
    await scene.cloud.close();
  }
}

async function play({ operation, blow, variant = {} }: Case, clean: Clean, scene: Scene) {
  const first = await runFirst(operation, { scene, blow });
  const secondRun = await scene.stack.up(operation.program(scene));
  const end = await followAdvice(operation.program(scene), { scene, secondRun });
  const complaints = [
    ...laws.unless(
      blow?.request === (blow && first.requests[blow.at - 1]),
      `the run did not get to this request: ${first.requests.join(", ")}`,
    ),
    ...first.complaints,
    ...laws.unless(blow !== undefined || isUsual(first.run, clean, scene), "it fails, and nothing went wrong"),
    ...laws.oddities(secondRun),
    ...end.complaints,
    ...(await judgeEnd({ operation, scene, first, blow, clean, end })),
  ];
  const row: Row = {
    variant: describeVariant(variant),
    operation: operation.name,
    request: blow === undefined ? "" : `${blow.at}. ${blow.request}`,
    fault: blow?.fault.name ?? "none",
    lasting: blow?.lasting ?? false,
    firstRun: first.run === undefined ? "killed" : laws.codesOf(first.run),
    secondRun: laws.codesOf(secondRun),
    verdict: complaints.length > 0 ? "FAIL" : verdictOf(first.run, secondRun),
    complaints,
  };
  return { row, requests: first.requests };
}

/** A run that meets no fault ends as by default. */
function isUsual(run: Run | undefined, { outcome }: Clean, { cloud }: Scene): boolean {
  const codes = run && laws.codesOf(run);
  return codes === outcome || (codes === "deployment.stale" && cloud.variant.resubmittedSecret === "kept");
}

function verdictOf(firstRun: Run | undefined, secondRun: Run): Row["verdict"] {
  if (secondRun.problems !== "") return isAdoptionAsked(secondRun) ? "adopt" : "deploy";
  return firstRun?.problems === "" ? "ok1" : "ok2";
}

/** The run that the fault hits, and what it left. */
interface First {
  /** Undefined when its process was killed: what it had learnt is gone, and state is what it was. */
  readonly run: Run | undefined;
  readonly hasWritten: boolean;
  readonly requests: readonly string[];
  /** Requests and deployments before it. */
  readonly begun: number;
  readonly deployments: number;
  readonly complaints: readonly string[];
}

async function runFirst(operation: Operation, { scene, blow }: { scene: Scene; blow: Case["blow"] }): Promise<First> {
  const { cloud, appId } = scene;
  const specNow = () => structuredClone(cloud.app(appId).spec);
  await operation.prepare(scene);
  const [prepared, deployments, begun] = [specNow(), deploymentsOf(scene), cloud.requests.length];
  const run = blow === undefined ? await operation.act(scene.stack, scene) : await runStruck(operation, scene, blow);
  cloud.faults.clear();
  cloud.app(appId).nextFailures.length = 0;
  const afterwards = specNow();
  const hasWritten = !isDeepStrictEqual(afterwards, prepared);
  const requests = cloud.requests.slice(begun).map(nameOf);
  const complaints = [
    ...laws.unless(laws.isForeignKept(scene), "a foreign byte changed in the first run"),
    ...operation.lasting.flatMap((key) => laws.unless(laws.has(afterwards, key), `${key} was lost in the first run`)),
    ...laws.unless(operation.name !== "preview" || !hasWritten, "a preview wrote"),
    // A run that reports success must have told the truth.
    ...(run !== undefined && laws.claimsSuccess(run) && laws.writes(operation) ? laws.lacks(operation, scene) : []),
    ...laws.oddities(run),
  ];
  return { run, hasWritten, requests, begun, deployments, complaints };
}

async function runStruck(operation: Operation, scene: Scene, blow: Blow): Promise<Run | undefined> {
  const { stack, cloud } = scene;
  const { fault } = blow;
  const { reached, stop } = strike(cloud, blow);
  if (fault.slow !== undefined) stack.timeoutMs = patienceMs;
  if (fault.kill === undefined) {
    const run = await operation.act(stack, scene);
    delete stack.timeoutMs;
    stop();
    return run;
  }
  const survivor = stackOn(cloud, stack.clock);
  for (const [urn, resource] of stack.state) survivor.state.set(urn, resource);
  for (const canary of stack.canaries) survivor.canaries.add(canary);
  const dying = operation.act(stack, scene).catch(() => undefined);
  await Promise.race([reached, dying]);
  stop();
  scene.stack = survivor;
  return undefined;
}

interface Ended {
  readonly operation: Operation;
  readonly scene: Scene;
  readonly first: First;
  readonly blow: Blow | undefined;
  readonly clean: Clean;
  readonly end: Advice;
}

async function judgeEnd({ operation, scene, first, blow, clean, end }: Ended): Promise<string[]> {
  const { cloud, appId, stack } = scene;
  // A deployment that nothing follows any longer ends by itself.
  cloud.settle(appId);
  const deployments = deploymentsOf(scene) - first.deployments;
  const allowed = clean.deployments + end.deployments + (isUnheardOf(first) || isUnseen(scene, blow) ? 1 : 0);
  return [
    ...laws.lacks(operation, scene),
    ...laws.unless(laws.isForeignKept(scene), "a foreign byte changed"),
    ...laws.unless(deployments <= allowed, `${deployments} deployments instead of ${allowed}`),
    ...laws.blindResends(cloud.requests.slice(first.begun)),
    ...(await laws.disquiets(stack, end.program)),
    ...laws.objections(cloud),
  ];
}

/**
 * Whether one more deployment is unavoidable: the process died after a write that is not in state, or there was no way to find out
 * what became of it. A secret cannot be compared, so the next run sends it again.
 */
function isUnheardOf({ run, hasWritten }: First): boolean {
  return run === undefined ? hasWritten : run.problems.includes("write.unconfirmed");
}

/** A write that deploys and changes nothing to be seen: when its answer is lost, no look finds it, and it is sent again. */
function isUnseen({ cloud }: Scene, blow: Blow | undefined): boolean {
  const { resubmittedSecret, unchangedPut } = cloud.variant;
  return blow?.request === "PUT app" && resubmittedSecret === "kept" && unchangedPut === "deployed";
}
