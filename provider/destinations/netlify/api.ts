// Network side: the Netlify calls that the adapter makes, each answer parsed. https://open-api.netlify.com/

import { createAnswerReader } from "../../http/answer.js";
import type { ZodType } from "zod";
import type { HttpCall, HttpClient } from "../../http/client.js";
import { HttpError } from "../../http/error.js";
import { contextOf } from "./contexts.js";
import { readBody } from "./digits.js";
import { type PageQuery, type PageReading, readPages } from "./pages.js";
import type { NewVariable } from "./variables.js";
import {
  type Account,
  accountAnswer,
  type Build,
  buildAnswer,
  buildsAnswer,
  type Deploy,
  deployAnswer,
  dropUnset,
  showsMasks,
  type Site,
  siteAnswer,
  userAnswer,
  type Variable,
  variableAnswer,
  variablesAnswer,
} from "./wire.js";

const answers = createAnswerReader("Netlify");

/** Whose variables. A call without a site id means the whole team, so there is no default. */
export interface Owner {
  readonly accountId: string;
  readonly siteId?: string;
}

export interface BuildRequest {
  readonly branch: string | undefined;
  readonly clearCache: boolean;
}

export type ListReading = Pick<PageReading<Variable>, "known" | "onPage">;

export interface NetlifyApi {
  getSite(id: string): Promise<Site | undefined>;
  getAccount(id: string): Promise<Account | undefined>;
  whoAmI(): Promise<{ id: string | undefined; name: string | undefined } | undefined>;
  /** All of them, however many pages they come in. */
  listVariables(owner: Owner, reading?: ListReading): Promise<readonly Variable[]>;
  /** The same by another call, to confirm an empty list. */
  listSiteVariables(siteId: string): Promise<readonly Variable[]>;
  getVariable(owner: Owner, key: string): Promise<Variable | undefined>;
  /** One request for all of them. Never repeated by itself: a second one would fail on its own first. */
  createVariables(owner: Owner, variables: readonly NewVariable[]): Promise<void>;
  /** Replaces the variable and every value that it has. */
  replaceVariable(owner: Owner, variable: NewVariable): Promise<void>;
  /** Adds or changes one value. */
  setValue(owner: Owner, key: string, value: { slot: string; value: string }): Promise<void>;
  deleteValue(owner: Owner, key: string, id: string): Promise<void>;
  deleteVariable(owner: Owner, key: string): Promise<void>;
  /** Never repeated by itself: every request is a build. */
  startBuild(siteId: string, request: BuildRequest): Promise<Build>;
  /** The newest hundred. */
  listBuilds(siteId: string): Promise<readonly Build[]>;
  getBuild(id: string): Promise<Build | undefined>;
  getDeploy(id: string): Promise<Deploy | undefined>;
}

export function createNetlifyApi(http: HttpClient): NetlifyApi {
  const get = async <T>(shape: ZodType<T>, path: string, query: HttpCall["query"] = {}) =>
    answers.parse(shape, readBody(await http.request({ method: "GET", path, query, repeat: "safe" })), path);
  const find = async <T>(shape: ZodType<T>, path: string, query: HttpCall["query"] = {}): Promise<T | undefined> => {
    const answer = await http.request({ method: "GET", path, query, repeat: "safe", accept: [404] });
    return answer.status === 404 ? undefined : answers.parse(shape, readBody(answer), path);
  };
  const listAll = async (path: string, query: PageQuery, reading: ListReading = {}) => {
    const read = async (page: PageQuery) => {
      // Only a page behind the first one may be missing without the list itself being so.
      const accept = Object.keys(page).length === 0 ? [] : [404];
      const answer = await http.request({ method: "GET", path, query: { ...page, ...query }, repeat: "safe", accept });
      if (answer.status === 404) return undefined;
      return { rows: answers.parse(variablesAnswer, readBody(answer), path), link: answer.headers["link"] };
    };
    const rows = await readPages({ read, ...reading });
    if (rows === undefined) throw answers.malformed("list of variables", "more pages than expected");
    return dropUnset(rows, showsMasks(rows));
  };

  return {
    getSite: (id) => find(siteAnswer, `/api/v1/sites/${encodeURIComponent(id)}`),
    getAccount: (id) => find(accountAnswer, `/api/v1/accounts/${encodeURIComponent(id)}`),
    whoAmI: async () => {
      const user = await find(userAnswer, "/api/v1/user");
      return user && { id: user.id ?? undefined, name: user.email ?? user.full_name ?? undefined };
    },
    listVariables: (owner, reading) => listAll(envPath(owner), siteQuery(owner), reading),
    listSiteVariables: (siteId) => listAll(`/api/v1/sites/${encodeURIComponent(siteId)}/env`, {}),
    getVariable: (owner, key) => find(variableAnswer, envPath(owner, key), siteQuery(owner)),
    createVariables: async (owner, variables) => {
      const query = siteQuery(owner);
      await http.request({ method: "POST", path: envPath(owner), query, body: variables, repeat: "once" });
    },
    // The same value twice is the same value: PUT, PATCH and DELETE may be sent again.
    replaceVariable: async (owner, variable) => {
      const path = envPath(owner, variable.key);
      await http.request({ method: "PUT", path, query: siteQuery(owner), body: variable, repeat: "safe" });
    },
    setValue: async (owner, key, { slot, value }) => {
      const body = { ...contextOf(slot), value };
      await http.request({ method: "PATCH", path: envPath(owner, key), query: siteQuery(owner), body, repeat: "safe" });
    },
    deleteValue: async (owner, key, id) => {
      if (id === "") throw answers.malformed(envPath(owner, key), "a value without id cannot be deleted by itself");
      const path = `${envPath(owner, key)}/value/${encodeURIComponent(id)}`;
      await http.request({ method: "DELETE", path, query: siteQuery(owner), repeat: "safe", accept: [404] });
    },
    deleteVariable: async (owner, key) => {
      const path = envPath(owner, key);
      await http.request({ method: "DELETE", path, query: siteQuery(owner), repeat: "safe", accept: [404] });
    },
    startBuild: async (siteId, { branch, clearCache }) => {
      const path = `/api/v1/sites/${encodeURIComponent(siteId)}/builds`;
      const query = {
        branch,
        clear_cache: clearCache ? true : undefined,
        title: "variables written by pulumi-secret-sync",
      };
      const answer = await http.request({ method: "POST", path, query, repeat: "once" });
      const build = answers.fit(buildAnswer, readBody(answer));
      if (build !== undefined) return build;
      throw new HttpError("http.ambiguous", "Netlify took the build, but its answer does not name it", {
        status: answer.status,
      });
    },
    listBuilds: (siteId) =>
      get(buildsAnswer, `/api/v1/sites/${encodeURIComponent(siteId)}/builds`, { page: 1, per_page: 100 }),
    getBuild: (id) => find(buildAnswer, `/api/v1/builds/${encodeURIComponent(id)}`),
    getDeploy: (id) => find(deployAnswer, `/api/v1/deploys/${encodeURIComponent(id)}`),
  };
}

function envPath({ accountId }: Owner, key?: string): string {
  const path = `/api/v1/accounts/${encodeURIComponent(accountId)}/env`;
  return key === undefined ? path : `${path}/${encodeURIComponent(key)}`;
}

function siteQuery({ siteId }: Owner): Record<string, string> {
  return siteId === undefined ? {} : { site_id: siteId };
}
