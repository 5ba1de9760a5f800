// Network side: one build for all syncs that were written, within Netlify's limits, and how its deploy stands.
// https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#rate-limiting: 3 deploys a minute, 100 a day

import type { Clock } from "../../clock.js";
import { isAmbiguous, SecretSyncError } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import type { Progress } from "../destination.js";
import type { BuildRequest, NetlifyApi } from "./api.js";
import type { Build, Deploy } from "./wire.js";

const minute = 60_000;
const day = 24 * 60 * minute;
const mostPerMinute = 3;
const mostPerDay = 100;

export interface Builder {
  readonly api: NetlifyApi;
  readonly clock: Clock;
  /** Hides values in what a build says. */
  readonly clean: (text: string) => string;
}

/** Starts one build per branch that is asked for, which normally is one. @returns the ids to follow, as one text. */
export async function startBuilds(builder: Builder, siteId: string, orders: readonly BuildRequest[]): Promise<string> {
  const branches = new Map<string, BuildRequest>();
  for (const { branch, clearCache } of orders) {
    const known = branches.get(branch ?? "");
    branches.set(branch ?? "", { branch, clearCache: clearCache || known?.clearCache === true });
  }
  const ids: string[] = [];
  for (const [, order] of [...branches].sort(([a], [b]) => (a < b ? -1 : 1)))
    ids.push(await startBuild(builder, siteId, order));
  return ids.join(",");
}

async function startBuild(builder: Builder, siteId: string, order: BuildRequest): Promise<string> {
  for (let send = 1; ; send += 1) {
    const before = await waitForRoom(builder, siteId);
    try {
      return nameBuild(await builder.api.startBuild(siteId, order));
    } catch (error) {
      if (!isAmbiguous(error)) throw explainRefusal(error, siteId);
      // A build that was not there before is the one that was asked for.
      const known = new Set(before.map(({ id }) => id));
      const begun = (await builder.api.listBuilds(siteId)).find(({ id }) => !known.has(id));
      if (begun) return nameBuild(begun);
      if (send >= 2) throw error;
    }
  }
}

/** A deploy is followed by its own id; a build that has none yet, by the build's. */
function nameBuild({ id, deploy_id }: Build): string {
  return deploy_id ? deploy_id : `build:${id}`;
}

/** Waits until a fourth build within a minute would not be refused; a hundred and first of the day is told at once. */
async function waitForRoom({ api, clock }: Builder, siteId: string): Promise<readonly Build[]> {
  for (;;) {
    const builds = await api.listBuilds(siteId);
    const starts = builds.map(({ created_at }) => Date.parse(created_at ?? "")).filter((at) => !Number.isNaN(at));
    const now = clock.now();
    if (starts.filter((at) => at > now - day).length >= mostPerDay) throw exhausted();
    const recent = starts.filter((at) => at > now - minute).sort((a, b) => a - b);
    const blocking = recent.at(-mostPerMinute);
    if (recent.length < mostPerMinute || blocking === undefined) return builds;
    await clock.sleep(Math.max(1_000, blocking + minute - now + 1_000));
  }
}

function exhausted(): SecretSyncError {
  return new SecretSyncError({
    code: "build.limit",
    message:
      "Netlify takes 100 deploys a day, and the last 24 hours had as many; run up again later, or deploy by another way",
    retryable: true,
  });
}

function explainRefusal(error: unknown, siteId: string): unknown {
  if (!isHttpError(error)) return error;
  if (error.status === 429) {
    return new SecretSyncError({
      code: "build.limit",
      message: `Netlify takes no more builds of site ${siteId} now ("${error.vendorMessage ?? "429"}"); run up again later`,
      retryable: true,
    });
  }
  if (error.status === undefined || error.status >= 500) return error;
  return new SecretSyncError({
    code: "build.refused",
    message: `Netlify does not build site ${siteId} ("${error.vendorMessage ?? `status ${error.status}`}"); link it to a repository and activate its builds, or set destination.build.trigger to false and deploy with "netlify deploy"`,
  });
}

/** How the deploys of an id text stand: the worst of them counts. */
export async function pollBuilds(builder: Builder, ids: string): Promise<Progress> {
  const all = await Promise.all(ids.split(",").map((id) => pollBuild(builder, id)));
  const failed = all.find((one) => one.state === "failed");
  return failed ?? all.find((one) => one.state !== "done") ?? { state: "done" };
}

async function pollBuild(builder: Builder, id: string): Promise<Progress> {
  const build = id.startsWith("build:") ? await builder.api.getBuild(id.slice(6)) : undefined;
  if (build?.error) return failure(id, builder.clean(build.error));
  const deployId = id.startsWith("build:") ? build?.deploy_id : id;
  if (!deployId) {
    if (build === undefined) return failure(id, "Netlify does not know it any more");
    return build.done === true ? { state: "done" } : { state: "pending", detail: `${id} waits for its deploy` };
  }
  const deploy = await builder.api.getDeploy(deployId);
  return deploy === undefined ? failure(deployId, "Netlify does not know it any more") : progressOf(builder, deploy);
}

/** An unheard-of state counts as under way: the timeout ends it. */
function progressOf({ clean }: Builder, { id, state, error_message }: Deploy): Progress {
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
      retryable: true,
    },
  };
}
