// Network side: the Netlify calls that the adapter makes, each answer parsed. https://open-api.netlify.com/

import { SecretSyncError } from "../../../errors.js";
import type { HttpClient } from "../../../http/client.js";
import { isHttpError } from "../../../http/error.js";
import { type BuildApi, createBuildApi } from "./build-api.js";
import { answers, createCalls } from "./calls.js";
import { readContext } from "../contexts.js";
import type { PageQuery, PageReading } from "./pages.js";
import type { NewVariable } from "../program.js";
import {
  type Account,
  accountAnswer,
  dropUnset,
  showsMasks,
  type Site,
  siteAnswer,
  sitesAnswer,
  userAnswer,
  type Variable,
  variableAnswer,
  variablesAnswer,
} from "../wire.js";

/** The owner of variables. A call without a site id means the whole team, so there is no default. */
export interface Owner {
  readonly accountId: string;
  readonly siteId?: string;
}

export interface ListReading extends Pick<PageReading<Variable>, "onPage"> {
  /**
   * Keys that a complete list certainly holds: of an earlier complete one, and of what was written since. Once they are there, only
   * somebody else's newest key can be missing, and a POST of that one is refused, never carried out.
   */
  readonly known?: ReadonlySet<string> | undefined;
}

export interface NetlifyApi extends BuildApi {
  getSite(id: string): Promise<Site | undefined>;
  /** One page of the sites of the token's owner. */
  listSites(): Promise<readonly Site[]>;
  getAccount(id: string): Promise<Account | undefined>;
  whoAmI(): Promise<{ id: string | undefined; name: string | undefined } | undefined>;
  /** All of them, however many pages they come in. */
  listVariables(owner: Owner, reading?: ListReading): Promise<readonly Variable[]>;
  /** The same by another call, to confirm an empty list; undefined where Netlify does not know that call. */
  listSiteVariables(siteId: string): Promise<readonly Variable[] | undefined>;
  getVariable(owner: Owner, key: string): Promise<Variable | undefined>;
  /** One request for all of them. Never repeated by itself: a repeat would fail on the result of the first. */
  createVariables(owner: Owner, variables: readonly NewVariable[]): Promise<void>;
  /** Replaces the variable and every value that it has. */
  replaceVariable(owner: Owner, variable: NewVariable): Promise<void>;
  /**
   * Adds or changes one value.
   *
   * @returns the variable with a value there, as Netlify's own answer shows it; undefined for any other answer
   */
  setValue(owner: Owner, key: string, value: { slot: string; value: string }): Promise<Variable | undefined>;
  deleteValue(owner: Owner, key: string, id: string): Promise<void>;
  deleteVariable(owner: Owner, key: string): Promise<void>;
}

export function createNetlifyApi(http: HttpClient): NetlifyApi {
  const calls = createCalls(http);
  const { find, findSurely } = calls;
  const listVariables = async (path: string, query: PageQuery, { known, onPage }: ListReading = {}) => {
    const isEnough = (all: ReadonlyMap<string, unknown>) =>
      known !== undefined && known.size > 0 && [...known].every((key) => all.has(key));
    const rows = await calls.list({ shape: variablesAnswer, path, query, what: "variables", isEnough, onPage });
    return dropUnset(rows, showsMasks(rows));
  };

  return {
    getSite: (id) => findSurely(siteAnswer, `/api/v1/sites/${encodeURIComponent(id)}`),
    listSites: async () => (await find(sitesAnswer, "/api/v1/sites", { per_page: "100" })) ?? [],
    getAccount: (id) => findSurely(accountAnswer, `/api/v1/accounts/${encodeURIComponent(id)}`),
    whoAmI: async () => {
      const user = await find(userAnswer, "/api/v1/user");
      return user && { id: user.id ?? undefined, name: user.email ?? user.full_name ?? undefined };
    },
    listVariables: (owner, reading) => listVariables(envPath(owner), siteQuery(owner), reading),
    listSiteVariables: (siteId) =>
      listVariables(`/api/v1/sites/${encodeURIComponent(siteId)}/env`, {}).catch((error: unknown) => {
        if (isHttpError(error) && error.status === 404) return undefined;
        throw error;
      }),
    getVariable: (owner, key) => findSurely(variableAnswer, envPath(owner, key), siteQuery(owner)),
    createVariables: async (owner, variables) => {
      const query = siteQuery(owner);
      await http.request({ method: "POST", path: envPath(owner), query, body: variables, repeat: "once" });
    },
    // Sending the same value twice is harmless: PUT, PATCH and DELETE may be repeated.
    replaceVariable: async (owner, variable) => {
      const path = envPath(owner, variable.key);
      await http.request({ method: "PUT", path, query: siteQuery(owner), body: variable, repeat: "safe" });
    },
    setValue: async (owner, key, { slot, value }) => {
      const body = { ...readContext(slot), value };
      const path = envPath(owner, key);
      const answer = await http.request({ method: "PATCH", path, query: siteQuery(owner), body, repeat: "safe" });
      const shown = answers.fit(variableAnswer, answer.body);
      return shown?.key === key && shown.values.some((one) => one.slot === slot) ? shown : undefined;
    },
    deleteValue: async (owner, key, id) => {
      if (id === "") throw withoutId(key);
      const path = `${envPath(owner, key)}/value/${encodeURIComponent(id)}`;
      await http.request({ method: "DELETE", path, query: siteQuery(owner), repeat: "safe", accept: [404] });
    },
    deleteVariable: async (owner, key) => {
      const path = envPath(owner, key);
      await http.request({ method: "DELETE", path, query: siteQuery(owner), repeat: "safe", accept: [404] });
    },
    ...createBuildApi(http, calls),
  };
}

/** The address of no value would be that of all of them. */
function withoutId(key: string): SecretSyncError {
  return new SecretSyncError({
    code: "http.malformed",
    message: `Netlify shows a value of ${key} without an id, so it cannot be removed on its own; remove it at Netlify, then run up again`,
  });
}

function envPath({ accountId }: Owner, key?: string): string {
  const path = `/api/v1/accounts/${encodeURIComponent(accountId)}/env`;
  return key === undefined ? path : `${path}/${encodeURIComponent(key)}`;
}

function siteQuery({ siteId }: Owner): Record<string, string> {
  return siteId === undefined ? {} : { site_id: siteId };
}
