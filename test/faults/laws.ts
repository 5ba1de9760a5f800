// What must hold after a case of the grid, each law as the complaints about what broke it.

import { isDeepStrictEqual } from "node:util";
import type { DigitalOceanEmulator, EnvEntry, LoggedRequest, Spec } from "../emulators/digitalocean/index.js";
import { type Program, puts, type Run, said, type Stack } from "../lifecycle/stack.js";
import type { Operation } from "./operation.js";
import { besideOurs, type Scene } from "./scene.js";

export function unless(holds: boolean, complaint: string): string[] {
  return holds ? [] : [complaint];
}

/** Codes of the failures of a run, or `ok`. */
export function codesOf(run: Run): string {
  const codes = run.problems.match(/[a-z]+\.[a-z_]+(?=: )/g) ?? [];
  return run.problems === "" ? "ok" : [...new Set(codes)].join(", ");
}

/** A destroy whose deployment could not be followed says so in a warning: there is no state left to fail. */
export function claimsSuccess(run: Run): boolean {
  return run.problems === "" && !said(run).includes("deployment.unseen");
}

export function writes({ name }: Operation): boolean {
  return name !== "preview" && name !== "refresh";
}

/** What the containers would see, against what they should. */
export function lacks(operation: Operation, scene: Scene): string[] {
  const { cloud, appId, beside } = scene;
  const expected: Readonly<Record<string, unknown>> = { ...beside, ...operation.wanted(scene) };
  const running = cloud.running(appId)[scene.component] ?? {};
  const wrong = [...new Set([...Object.keys(expected), ...Object.keys(running)])].filter(
    (key) => !isDeepStrictEqual(running[key], expected[key]),
  );
  return wrong.map((key) => `the app runs with a wrong ${key}`);
}

/** Wherever it stands. */
export function has(spec: Spec, key: string): boolean {
  return [spec, ...(spec.services ?? [])].some(({ envs = [] }) => envs.some((env) => env.key === key));
}

/** Every byte of what anybody stored last. What was shown in another order can only be put in that order. */
export function isForeignKept({ cloud, appId, foreign }: Scene): boolean {
  const order = cloud.variant.envOrder === "kept" ? (spec: Spec) => spec : sortEnvs;
  return isDeepStrictEqual(order(besideOurs(cloud.app(appId).spec)), order(foreign));
}

function sortEnvs(spec: Spec): Spec {
  const sort = <Holder extends { envs?: EnvEntry[] }>(holder: Holder): Holder =>
    holder.envs === undefined
      ? holder
      : { ...holder, envs: holder.envs.toSorted((one, other) => (one.key < other.key ? -1 : 1)) };
  return { ...sort(spec), ...(spec.services === undefined ? {} : { services: spec.services.map(sort) }) };
}

/** Stable codes, a way out, and neither a crash nor a trace. Values are looked for by the stack itself, in every run. */
export function oddities(run: Run | undefined): string[] {
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

/** After a PUT of unknown outcome comes a look before the next PUT. A 429 is known: it was not carried out. */
export function blindResends(requests: readonly LoggedRequest[]): string[] {
  let unknown = false;
  return requests.flatMap(({ method, status }) => {
    const blind = method === "PUT" && unknown;
    unknown = method === "PUT" && (status === 0 || status >= 500);
    return blind ? ["a PUT was sent again without a look"] : [];
  });
}

/** Nothing changed, so the next run does nothing: the ledger is right. */
export async function disquiets(stack: Stack, program: Program): Promise<string[]> {
  const run = await stack.up(program);
  const restless = run.steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} of ${urn}`);
  return [
    ...(run.problems === "" ? [] : [`an unchanged up failed: ${run.problems}`]),
    ...(puts(run) === 0 ? [] : ["an unchanged up wrote"]),
    ...restless.map((step) => `an unchanged up wants ${step}`),
  ];
}

/** What a strict reader of the documentation would object to. Whether a dry run is forbidden is learnt by asking for one. */
export function objections({ complaints, variant }: DigitalOceanEmulator): string[] {
  const isAsked = (detail: string) => variant.propose === "forbidden" && detail === "POST /v2/apps/propose";
  return complaints
    .filter(({ kind, detail }) => kind !== "forbidden" || !isAsked(detail))
    .map(({ kind, detail }) => `the vendor would object: ${kind} ${detail}`);
}
