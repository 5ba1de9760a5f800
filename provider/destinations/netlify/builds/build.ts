// Network side: one build for all syncs that were written, within Netlify's limits, and the state of its deploy.
// https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#rate-limiting: 3 deploys a minute, 100 a day

import type { Clock } from "../../../clock.js";
import { firstProblem, SecretSyncError } from "../../../errors.js";
import { type HttpError, isHttpError } from "../../../http/error.js";
import type { Deployed, Progress } from "../../destination.js";
import { type BuildApi, type BuildRequest, nameBuild } from "../api/build-api.js";
import { mayHaveArrived } from "../write/write-progress.js";
import type { Build, Deploy } from "../wire.js";

const minute = 60_000;
const day = 24 * 60 * minute;
const mostPerMinute = 3;
const mostPerDay = 100;

export interface Builder {
  readonly api: BuildApi;
  readonly clock: Clock;
  /** Hides values in what a build says. */
  readonly clean: (text: string) => string;
}

/** Starts one build per requested branch, which normally is one. A refusal for one branch does not keep the others. */
export async function startBuilds(
  builder: Builder,
  siteId: string,
  orders: readonly BuildRequest[],
): Promise<Deployed> {
  const branches = new Map<string, BuildRequest[]>();
  for (const order of orders) {
    const branch = order.branch ?? "";
    branches.set(branch, [...(branches.get(branch) ?? []), order]);
  }
  const ids: string[] = [];
  const failed: Array<Deployed["failed"][number]> = [];
  for (const [, alike] of [...branches].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const request = { branch: alike[0]?.branch, clearCache: alike.some(({ clearCache }) => clearCache) };
    try {
      ids.push(await startBuild(builder, siteId, request));
    } catch (error) {
      failed.push(...alike.map((order) => ({ order, error })));
    }
  }
  return { deploymentId: ids.length === 0 ? undefined : ids.join(","), failed };
}

/** What is not to be seen may be there a moment later: when to look, in milliseconds. */
const looksAfterMs = [0, 1_000, 3_000];
const mostSends = 2;

async function startBuild(builder: Builder, siteId: string, order: BuildRequest): Promise<string> {
  const before = await waitForRoom(builder, siteId);
  let open: { error: unknown } | undefined;
  for (let send = 1; send <= mostSends; send += 1) {
    try {
      if (open !== undefined) await waitForRoom(builder, siteId);
      return nameBuild(await builder.api.startBuild(siteId, order));
    } catch (error) {
      if (open === undefined && !mayHaveArrived(error)) throw explainRefusal(error, siteId);
      // Whatever follows, the first request may have been accepted.
      open ??= { error };
      const { hasLooked, begun } = await findBegun(builder, { siteId, order, before }).catch((reason: unknown) => {
        throw unconfirmed(siteId, reason);
      });
      if (begun !== undefined) return nameBuild(begun);
      if (!hasLooked) break;
    }
  }
  throw unconfirmed(siteId, open?.error);
}

interface BuildStart {
  readonly siteId: string;
  readonly order: BuildRequest;
  /** The builds that were there before the request. */
  readonly before: readonly Build[];
}

/**
 * The build started by a request without an answer. Somebody else's build of the same branch is as good: it began after the values
 * were written, so it has them.
 */
async function findBegun(
  builder: Builder,
  { siteId, order, before }: BuildStart,
): Promise<{ hasLooked: boolean; begun?: Build }> {
  const known = new Set(before.flatMap(({ id, deploy_id }) => [id, deploy_id].filter(Boolean)));
  let hasLooked = false;
  for (const wait of looksAfterMs) {
    if (wait > 0) await builder.clock.sleep(wait);
    const builds = await builder.api.listBuilds(siteId, isEnough(builder.clock.now())).catch(() => undefined);
    if (builds === undefined) continue;
    hasLooked = true;
    for (const begun of builds) {
      if (nameBuild(begun) === "" || known.has(begun.id) || known.has(begun.deploy_id)) continue;
      if (await listIs(builder, begun, order)) return { hasLooked, begun };
    }
  }
  return { hasLooked };
}

/** Whether a build is of the requested branch, as far as its deploy shows. */
export async function listIs({ api }: Builder, { deploy_id }: Build, { branch }: BuildRequest): Promise<boolean> {
  const deploy = deploy_id ? await api.getDeploy(deploy_id).catch(() => undefined) : undefined;
  const [wanted, told] = branch === undefined ? ["production", deploy?.context] : [branch, deploy?.branch];
  return !told || told === wanted;
}

/** Waits until a fourth build within a minute would not be refused; the 101st of the day is reported at once. */
async function waitForRoom({ api, clock }: Builder, siteId: string): Promise<readonly Build[]> {
  for (;;) {
    const now = clock.now();
    const builds = await api.listBuilds(siteId, isEnough(now));
    const starts = listStarts(builds);
    if (starts.filter((at) => at > now - day).length >= mostPerDay) throw exhausted();
    const recent = starts.filter((at) => at > now - minute).sort((a, b) => a - b);
    const blocking = recent.at(-mostPerMinute);
    if (recent.length < mostPerMinute || blocking === undefined) return builds;
    await clock.sleep(Math.max(1_000, blocking + minute - now + 1_000));
  }
}

export function listStarts(builds: readonly Build[]): number[] {
  return builds.map(({ created_at }) => Date.parse(created_at ?? "")).filter((at) => !Number.isNaN(at));
}

/**
 * The newest builds, and those of the last day, or as many as may be started in one. No order is documented: only if the builds visibly
 * get older are the later ones older still.
 */
export function isEnough(now: number): (builds: readonly Build[]) => boolean {
  return (builds) => {
    const starts = listStarts(builds);
    const [first, last] = [starts.at(0), starts.at(-1)];
    if (first === undefined || last === undefined || first <= last || starts.length < builds.length) return false;
    return last <= now - day || builds.length >= mostPerDay;
  };
}

/** The request was sent, and may or may not have been accepted. */
class UnconfirmedBuild extends SecretSyncError {
  override readonly ambiguous = true;
}

function unconfirmed(siteId: string, error: unknown): UnconfirmedBuild {
  return new UnconfirmedBuild({
    code: "build.unconfirmed",
    message: `Netlify may or may not have started a build of site ${siteId} (${firstProblem(error).message}); check its deploys, or run up again, which starts one`,
  });
}

function exhausted(): SecretSyncError {
  return new SecretSyncError({
    code: "build.limit",
    message:
      "Netlify allows 100 deploys a day, and the last 24 hours had that many; run up again later, or deploy another way",
  });
}

function explainRefusal(error: unknown, siteId: string): unknown {
  if (!isHttpError(error)) return error;
  if (error.status === 429) {
    return new SecretSyncError({
      code: "build.limit",
      message: `Netlify accepts no more builds of site ${siteId} for now ("${error.vendorWords ?? "429"}"); run up again later`,
    });
  }
  // Not even sent: an earlier answer said to wait.
  if (error.status === undefined) return error;
  return new SecretSyncError({
    code: "build.refused",
    message: `Netlify refused to build site ${siteId} ("${error.vendorWords ?? `status ${error.status}`}"); link it to a repository and activate its builds, or set destination.build.trigger to false and deploy with "netlify deploy"`,
  });
}

/** The state of the deploys of an id text: the worst of them counts. */
export async function pollBuilds(builder: Builder, ids: string): Promise<Progress> {
  const all = await Promise.all(ids.split(",").map((id) => pollBuild(builder, id)));
  const failed = all.find((one) => one.state === "failed");
  return failed ?? all.find((one) => one.state !== "done") ?? { state: "done" };
}

async function pollBuild(builder: Builder, id: string): Promise<Progress> {
  const { api } = builder;
  const build = id.startsWith("build:") ? await askAgain(() => api.getBuild(id.slice(6)), builder) : undefined;
  if (build?.error) return failure(id, builder.clean(build.error));
  const deployId = id.startsWith("build:") ? build?.deploy_id : id;
  if (!deployId) {
    if (build === undefined) return failure(id, "Netlify does not know it any more");
    return build.done === true ? { state: "done" } : { state: "pending", detail: `${id} waits for its deploy` };
  }
  const deploy = await askAgain(() => api.getDeploy(deployId), builder);
  if (deploy === undefined) return failure(deployId, "Netlify does not know it any more");
  const progress = readProgress(builder, deploy);
  return progress.state === "done" ? judgePublished(builder, deploy) : progress;
}

/** A build that has just begun may not be shown yet, and a gateway knows none: it is unknown only if it stays so. */
async function askAgain<T>(ask: () => Promise<T | undefined>, { clock }: Builder): Promise<T | undefined> {
  let gateway: HttpError | undefined;
  for (const wait of looksAfterMs) {
    if (wait > 0) await clock.sleep(wait);
    try {
      const found = await ask();
      if (found !== undefined) return found;
      gateway = undefined;
    } catch (error) {
      if (!isHttpError(error) || error.status !== 404) throw error;
      gateway = error;
    }
  }
  if (gateway !== undefined) throw gateway;
  return undefined;
}

/** On a locked site, a deploy goes live only if somebody publishes it. A branch has its own address. */
async function judgePublished({ api }: Builder, { id, context, site_id: siteId }: Deploy): Promise<Progress> {
  if (context !== "production" || !siteId) return { state: "done" };
  // Without an answer, it counts as live.
  const { id: published, locked } = (await api.getPublished(siteId).catch(() => undefined)) ?? {};
  if (locked !== true || !published || published === id) return { state: "done" };
  return {
    state: "failed",
    problem: {
      code: "build.locked",
      message: `the variables are written and deploy ${id} is built, but the site is locked to deploy ${published} and still runs with the earlier ones; publish the deploy at Netlify, or start auto publishing, then run up again`,
    },
  };
}

/** An unheard-of state counts as under way: the timeout ends it. */
function readProgress({ clean }: Builder, { id, state, error_message }: Deploy): Progress {
  switch (state ?? "new") {
    case "ready":
      return { state: "done" };
    case "error":
    case "rejected":
      return failure(id, error_message ? clean(error_message) : `it ended as ${state}`);
    default:
      return { state: "pending", detail: `deploy ${id} ${state ?? "new"}` };
  }
}

function failure(id: string, said: string): Progress {
  return {
    state: "failed",
    problem: {
      code: "deployment.failed",
      message: `the variables are written, but deploy ${id} failed (${said}), so the site still runs with the earlier ones; read its log at Netlify, then run up again`,
    },
  };
}
