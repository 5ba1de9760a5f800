// One case of the grid: a fault at one request of an operation, one more run, and everything that must hold.

import { isDeepStrictEqual } from "node:util";
import type { LoggedRequest, Spec } from "../emulators/digitalocean/index.js";
import { type Program, puts, type Run, said, type Stack, stackOn } from "../lifecycle/stack.js";
import { type Fault, patienceMs, strike } from "./faults.js";
import { openScene, type Operation, ours, type Scene } from "./operations.js";

export interface Case {
  readonly operation: Operation;
  readonly fault: Fault;
  /** Which request of the run, counted from 1. */
  readonly at: number;
  readonly lasting: boolean;
}

export interface Row {
  readonly operation: string;
  readonly request: string;
  readonly fault: string;
  readonly lasting: boolean;
  /** Codes of the failures of a run, or `ok`. */
  readonly firstRun: string;
  readonly secondRun: string;
  /** `ok1`: the first run went through. `ok2`: one more up. `adopt`: one more up that adopts, which the second run asked for. */
  readonly verdict: "ok1" | "ok2" | "adopt" | "FAIL";
  readonly complaints: readonly string[];
}

/** What an operation does when nothing goes wrong. */
export interface Clean {
  readonly requests: readonly string[];
  /** Deployments of the run and of the one after it. */
  readonly deployments: number;
}

export async function runClean(operation: Operation): Promise<Clean> {
  const scene = await openScene();
  try {
    await operation.prepare(scene);
    const [request, deployment] = [scene.cloud.requests.length, deploymentsOf(scene)];
    await operation.act(scene.stack, scene);
    const requests = scene.cloud.requests.slice(request).map(nameOf);
    await scene.stack.up(operation.program(scene));
    return { requests, deployments: deploymentsOf(scene) - deployment };
  } finally {
    await scene.cloud.close();
  }
}

function deploymentsOf({ cloud, appId }: Scene): number {
  return cloud.deployments(appId).length;
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
  const scene = await openScene();
  try {
    return await play(one, clean, scene);
  } finally {
    await scene.cloud.close();
  }
}

async function play({ operation, fault, at, lasting }: Case, clean: Clean, scene: Scene): Promise<Row> {
  const { cloud, appId } = scene;
  const before = structuredClone(cloud.app(appId).spec);
  await operation.prepare(scene);
  const prepared = { spec: structuredClone(cloud.app(appId).spec), deployments: deploymentsOf(scene) };
  const begun = cloud.requests.length;
  const request = operation.requests[at - 1] ?? "";
  const blow = strike(cloud, { fault, at, lasting });
  const firstRun = await runStruck(operation, { scene, fault, reached: blow.reached });
  blow.stop();
  cloud.faults.clear();
  cloud.app(appId).nextFailures.length = 0;
  delete scene.stack.timeoutMs;

  const afterwards = structuredClone(cloud.app(appId).spec);
  const hasWritten = !isDeepStrictEqual(afterwards, prepared.spec);
  const struck = cloud.requests[begun + at - 1];
  const complaints = [
    ...unless(struck !== undefined && nameOf(struck) === request, "the run did not get to this request"),
    ...unless(isForeignKept(before, afterwards), "a foreign byte changed in the first run"),
    ...operation.lasting.flatMap((key) => unless(has(afterwards, key), `${key} was lost in the first run`)),
    ...unless(operation.name !== "preview" || !hasWritten, "a preview wrote"),
    // A run that reports success must have told the truth.
    ...(firstRun !== undefined && claimsSuccess(firstRun) && writes(operation) ? lacks(operation, scene) : []),
    ...oddities(firstRun),
  ];

  const secondRun = await scene.stack.up(operation.program(scene));
  const end = await adoptIfAsked(operation.program(scene), { scene, secondRun });
  // A deployment that nobody follows any more ends by itself.
  cloud.settle(appId);
  const deployments = deploymentsOf(scene) - prepared.deployments;
  const allowed = clean.deployments + (isUnheardOf(firstRun, hasWritten) ? 1 : 0);
  complaints.push(
    ...oddities(secondRun),
    ...end.complaints,
    ...lacks(operation, scene),
    ...unless(isForeignKept(before, cloud.app(appId).spec), "a foreign byte changed"),
    ...unless(deployments <= allowed, `${deployments} deployments instead of ${allowed}`),
    ...blindResends(cloud.requests.slice(begun)),
    ...(await disquiets(scene.stack, end.program)),
    ...cloud.complaints.map(({ kind, detail }) => `the vendor would object: ${kind} ${detail}`),
  );
  return {
    operation: operation.name,
    request: `${at}. ${request}`,
    fault: fault.name,
    lasting,
    firstRun: firstRun === undefined ? "killed" : codesOf(firstRun),
    secondRun: codesOf(secondRun),
    verdict: complaints.length > 0 ? "FAIL" : verdictOf(firstRun, secondRun),
    complaints,
  };
}

function unless(holds: boolean, complaint: string): string[] {
  return holds ? [] : [complaint];
}

function verdictOf(firstRun: Run | undefined, secondRun: Run): Row["verdict"] {
  if (secondRun.problems !== "") return "adopt";
  return firstRun?.problems === "" ? "ok1" : "ok2";
}

/**
 * Where one deployment more cannot be helped: the process died after a write that state never heard of, or nobody could be
 * asked what became of it. A secret cannot be compared, so the next run sends it again.
 */
function isUnheardOf(firstRun: Run | undefined, hasWritten: boolean): boolean {
  return firstRun === undefined ? hasWritten : firstRun.problems.includes("write.unconfirmed");
}

/** Keys of a create that was killed look foreign: the second run names them, and says how to take them over. */
async function adoptIfAsked(program: Program, { scene, secondRun }: { scene: Scene; secondRun: Run }) {
  if (secondRun.problems === "") return { program, complaints: [] };
  if (!isAdoptionAsked(secondRun)) return { program, complaints: [`the second run failed: ${secondRun.problems}`] };
  const adopting = program.map((one) => ({ ...one, args: { ...one.args, syncOptions: { adoptExisting: true } } }));
  const { problems } = await scene.stack.up(adopting);
  return { program: adopting, complaints: unless(problems === "", `the adopting run failed: ${problems}`) };
}

interface Striking {
  readonly scene: Scene;
  readonly fault: Fault;
  readonly reached: Promise<unknown>;
}

/** The run under the fault. Undefined when its process was killed: what it had learnt is gone, and state is what it was. */
async function runStruck(operation: Operation, { scene, fault, reached }: Striking): Promise<Run | undefined> {
  const { stack, cloud } = scene;
  if (fault.slow !== undefined) stack.timeoutMs = patienceMs;
  if (fault.kill === undefined) return operation.act(stack, scene);
  const survivor = stackOn(cloud);
  for (const [urn, resource] of stack.state) survivor.state.set(urn, resource);
  for (const canary of stack.canaries) survivor.canaries.add(canary);
  const dying = operation.act(stack, scene).catch(() => undefined);
  await Promise.race([reached, dying]);
  scene.stack = survivor;
  return undefined;
}

/** A destroy whose deployment could not be followed says so in a warning: there is no state left to fail. */
function claimsSuccess(run: Run): boolean {
  return run.problems === "" && !said(run).includes("deployment.unseen");
}

function writes({ name }: Operation): boolean {
  return name !== "preview" && name !== "refresh";
}

/** What the containers would see, against what they should. */
function lacks(operation: Operation, scene: Scene): string[] {
  const { cloud, appId, values } = scene;
  const expected = {
    FOREIGN: { value: "f", scope: "RUN_TIME" },
    THEIRS: { value: values.theirs, scope: "RUN_TIME" },
    ...operation.wanted(scene),
    WEB_FOREIGN: { value: "w", scope: "RUN_AND_BUILD_TIME" },
  };
  const running = cloud.running(appId)["web"] ?? {};
  const wrong = [...new Set([...Object.keys(expected), ...Object.keys(running)])].filter(
    (key) => !isDeepStrictEqual(running[key], (expected as Record<string, unknown>)[key]),
  );
  return wrong.map((key) => `the app runs with a wrong ${key}`);
}

function has({ envs = [] }: Spec, key: string): boolean {
  return envs.some((env) => env.key === key);
}

function isForeignKept(before: Spec, now: Spec): boolean {
  const rest = (now.envs ?? []).filter(({ key }) => !ours.includes(key));
  return isDeepStrictEqual({ ...now, envs: rest }, before);
}

/** Stable codes, a way out, and neither a crash nor a trace. Values are looked for by the stack itself, in every run. */
function oddities(run: Run | undefined): string[] {
  const texts = run?.failures.map(({ text }) => text) ?? [];
  return texts.flatMap((text) => {
    const odd: string[] = [];
    if (!/^(?:\d+ problems:\n {2}- )?[a-z]+(?:\.[a-z_]+)+: /.test(text)) odd.push(`no code: ${text}`);
    if (!/\b(?:run (?:up )?again|check|give|create a new|raise|look at|change|set|pick|add|needs)\b/.test(text))
      odd.push(`no remedy: ${text}`);
    if (/internal\.|\n\s+at |undefined|\[object/.test(text)) odd.push(`a crash: ${text}`);
    return odd;
  });
}

function isAdoptionAsked({ problems }: Run): boolean {
  return ours.every((key) => problems.includes(`conflict.exists: app/${key}`)) && problems.includes("adoptExisting");
}

/** After a PUT of unknown outcome comes a look before the next PUT. A 429 is known: it was not carried out. */
function blindResends(requests: readonly LoggedRequest[]): string[] {
  let unknown = false;
  return requests.flatMap(({ method, status }) => {
    const blind = method === "PUT" && unknown;
    unknown = method === "PUT" && (status === 0 || status >= 500);
    return blind ? ["a PUT was sent again without a look"] : [];
  });
}

/** Nothing changed, so the next run does nothing: the ledger is right. */
async function disquiets(stack: Stack, program: Program): Promise<string[]> {
  const run = await stack.up(program);
  const restless = run.steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} of ${urn}`);
  return [
    ...(run.problems === "" ? [] : [`an unchanged up failed: ${run.problems}`]),
    ...(puts(run) === 0 ? [] : ["an unchanged up wrote"]),
    ...restless.map((step) => `an unchanged up wants ${step}`),
  ];
}

function codesOf(run: Run): string {
  const codes = run.problems.match(/[a-z]+\.[a-z_]+(?=: )/g) ?? [];
  return run.problems === "" ? "ok" : [...new Set(codes)].join(", ");
}
