// Network side: the App Platform calls that the adapter makes, each answer parsed. https://docs.digitalocean.com/reference/api/reference/apps/

import { createAnswerReader } from "../../http/answer.js";
import type { HttpClient } from "../../http/client.js";
import { HttpError } from "../../http/error.js";
import {
  accountAnswer,
  app as appShape,
  type App,
  type AppsAnswer,
  appAnswer,
  appsAnswer,
  type Database,
  databasesAnswer,
  type Deployment,
  deploymentAnswer,
  deploymentsAnswer,
  errorAnswer,
  isId,
  type Spec,
} from "./wire.js";

const answers = createAnswerReader("DigitalOcean");

export interface AppList {
  readonly apps: readonly App[];
  /** Set if not every app could be read: then it is unknown whether there is one of a given name. */
  readonly unread?: HttpError;
}

export interface AppPlatformApi {
  /** @returns undefined when there is no such app. */
  getApp(id: string): Promise<App | undefined>;
  /** Every app of the account, page by page. */
  listApps(): Promise<AppList>;
  /** Replaces the whole spec. Never repeated by itself: its outcome has to be observed. */
  putApp(id: string, spec: Spec): Promise<App>;
  getDeployment(appId: string, id: string): Promise<Deployment | undefined>;
  /** The latest deployments, newest first. */
  listDeployments(appId: string): Promise<readonly Deployment[]>;
  /** Asks whether a rollback would be valid. Needs `app:update` and changes nothing. */
  validateRollback(appId: string, deploymentId: string): Promise<void>;
  /** Asks whether the platform would take this spec. Needs `app:read` and changes nothing. One quick try. */
  proposeApp(appId: string, spec: Spec): Promise<void>;
  /** Some databases of the account. One quick try. */
  listDatabases(): Promise<readonly Database[]>;
  /** The cheapest call that proves a token: `app:read` is enough. @returns any app, if there is one */
  proveToken(): Promise<App | undefined>;
  /** Who the token belongs to; undefined when it may not say. */
  whoAmI(): Promise<string | undefined>;
}

const pageSize = 200;
const mostPages = 50;
const mostDeployments = 20;
/** For questions that a run can do without. */
const quick = { timeoutMs: 10_000, patienceMs: 0 } as const;

export function createAppPlatformApi(http: HttpClient): AppPlatformApi {
  const getApp = async (id: string) => {
    const path = `/v2/apps/${encodeURIComponent(id)}`;
    // What the platform answers to an invalid id, such as a name, is not documented.
    const accept = isId(id) ? [404] : [400, 404, 422];
    const answer = await http.request({ method: "GET", path, repeat: "safe", accept });
    if (!accept.includes(answer.status)) return answers.parse(appAnswer, answer.body, "app").app;
    // "There is no such app" takes a sync out of state, so a page of a gateway must not say it.
    if (answers.fit(errorAnswer, answer.body) === undefined) throw answers.foreign("the app");
    return undefined;
  };

  return {
    getApp,
    listApps: () => listEveryApp(http),
    putApp: async (id, spec) => {
      const body = { spec, update_all_source_versions: false };
      const answer = await http.request({
        method: "PUT",
        path: `/v2/apps/${encodeURIComponent(id)}`,
        repeat: "once",
        body,
      });
      const stored = answers.fit(appAnswer, answer.body);
      if (stored !== undefined) return stored.app;
      // The vendor said yes but did not show what it stored: look again, never send again.
      throw new HttpError("http.ambiguous", "DigitalOcean accepted the spec, but its answer is not a complete app", {
        status: answer.status,
      });
    },
    getDeployment: async (appId, id) => {
      const path = `/v2/apps/${encodeURIComponent(appId)}/deployments/${encodeURIComponent(id)}`;
      const answer = await http.request({ method: "GET", path, repeat: "safe", accept: [404] });
      return answer.status === 404 ? undefined : answers.parse(deploymentAnswer, answer.body, "deployment").deployment;
    },
    listDeployments: (appId) => listLatest(http, appId),
    validateRollback: async (appId, deploymentId) => {
      const path = `/v2/apps/${encodeURIComponent(appId)}/rollback/validate`;
      await http.request({
        method: "POST",
        path,
        repeat: "safe",
        body: { deployment_id: deploymentId },
        accept: [400, 404, 409, 422],
      });
    },
    proposeApp: async (appId, spec) => {
      // Without the app's id the spec counts as that of a new app, where nothing may be encrypted yet.
      const body = { app_id: appId, spec };
      await http.request({ method: "POST", path: "/v2/apps/propose", repeat: "safe", body, ...quick });
    },
    listDatabases: async () => {
      // No paging is documented for this list.
      const answer = await http.request({ method: "GET", path: "/v2/databases", repeat: "safe", ...quick });
      return answers.parse(databasesAnswer, answer.body, "list of databases").databases ?? [];
    },
    proveToken: async () => {
      const answer = await http.request({ method: "GET", path: "/v2/apps", repeat: "safe", query: { per_page: 1 } });
      const { apps } = answers.parse(appsAnswer, answer.body, "list of apps");
      return apps?.map((one) => answers.fit(appShape, one))[0];
    },
    whoAmI: async () => {
      const answer = await http.request({
        method: "GET",
        path: "/v2/account",
        repeat: "safe",
        accept: [401, 403, 404],
      });
      return answers.fit(accountAnswer, answer.body)?.account.email ?? undefined;
    },
  };
}

async function listEveryApp(http: HttpClient): Promise<AppList> {
  const apps: unknown[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const query = { page, per_page: pageSize };
    const answer = await http.request({ method: "GET", path: "/v2/apps", repeat: "safe", query });
    const parsed = answers.parse(appsAnswer, answer.body, "list of apps");
    apps.push(...(parsed.apps ?? []));
    const { apps: shown, ...rest } = parsed;
    const isMissing = (shown ?? []).length === 0 && apps.length < (parsed.meta?.total ?? (shown ? 0 : 1));
    // "There is no such app" takes a sync out of state, so a list that is missing or cut off must not say it.
    if (isMissing) throw answers.malformed("list of apps", "apps");
    if (isLastPage({ length: shown?.length ?? 0, ...rest }, { soFar: apps.length, size: pageSize }))
      return readApps(apps);
  }
  throw answers.malformed("list of apps", "more pages than expected");
}

function readApps(rows: readonly unknown[]): AppList {
  const all = rows.map((row) => answers.fit(appShape, row));
  const apps = all.filter((one) => one !== undefined);
  if (apps.length === rows.length) return { apps };
  return { apps, unread: answers.malformed("list of apps", `apps.${all.indexOf(undefined)}`) };
}

/** Normally one page: a platform may put less on a page than requested. */
async function listLatest(http: HttpClient, appId: string): Promise<readonly Deployment[]> {
  const path = `/v2/apps/${encodeURIComponent(appId)}/deployments`;
  const latest: Deployment[] = [];
  for (let page = 1; latest.length < mostDeployments; page += 1) {
    const query = { page, per_page: mostDeployments };
    const answer = await http.request({ method: "GET", path, repeat: "safe", accept: [404], query });
    if (answer.status === 404) break;
    const { deployments, ...rest } = answers.parse(deploymentsAnswer, answer.body, "list of deployments");
    latest.push(...(deployments ?? []));
    const shown = { length: deployments?.length ?? 0, ...rest };
    if (isLastPage(shown, { soFar: latest.length, size: mostDeployments })) break;
  }
  return latest;
}

interface Page extends Pick<AppsAnswer, "meta" | "links"> {
  readonly length: number;
}

/** By the total if there is one; a short page without a next link also ends the list. */
function isLastPage({ length, meta, links }: Page, { soFar, size }: { soFar: number; size: number }): boolean {
  if (typeof meta?.total === "number" && soFar >= meta.total) return true;
  return length === 0 || (length < size && !links?.pages?.next);
}
