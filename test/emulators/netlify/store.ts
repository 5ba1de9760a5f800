// test world: what the emulator keeps: teams, sites, their variables and builds, and the behaviours that nobody has documented.
import type { AccountRecord, Complaint, SiteRecord, Token, VariableRecord } from "./model.js";
import { newId, notFound, slotOf } from "./model.js";

/** Questions that Netlify's documentation leaves open. A test names the answer that it relies on. */
export interface Behaviour {
  /** Whether the id of a value changes when the value does. */
  valueIds: "stable" | "renewed";
  /** PATCH of one context on a variable with a value for all, and the other way round. */
  mixedContexts: "replace" | "refuse";
  /** Contexts without a value are listed as empty ones. */
  showUnset: boolean;
  /** What becomes of a variable whose last value is deleted. */
  emptyVariable: "keep" | "drop";
  /** One existing key in a bulk POST. */
  postConflict: "refuse-all" | "create-others";
  /** Lists of variables stop after so many rows and honour `page`; no paging is documented. */
  pageSize: number | undefined;
  /** Errors as specified, `{code, message}`, or as the CLI reads them, `{msg}`. */
  errors: "message" | "msg";
}

export const USUAL: Behaviour = {
  valueIds: "stable",
  mixedContexts: "replace",
  showUnset: false,
  emptyVariable: "keep",
  postConflict: "refuse-all",
  pageSize: undefined,
  errors: "message",
};

export interface Store {
  accounts: AccountRecord[];
  sites: SiteRecord[];
  tokens: Map<string, Token>;
  complaints: Complaint[];
  behaviour: Behaviour;
  now: () => number;
  /** How long each state of a deploy lasts. */
  phaseMs: number;
  held: boolean;
  buildsPerMinute: number;
  buildsPerDay: number;
  /** A time for `updated_at` that never comes twice. */
  stamp(): string;
  complain(kind: Complaint["kind"], detail: string): void;
}

export function createStore(given: Pick<Store, "behaviour" | "now" | "phaseMs" | "tokens">): Store {
  let last = 0;
  const store: Store = {
    accounts: [],
    sites: [],
    complaints: [],
    held: false,
    buildsPerMinute: 3,
    buildsPerDay: 100,
    ...given,
    stamp: () => {
      last = Math.max(last + 1, store.now());
      return new Date(last).toISOString();
    },
    complain: (kind, detail) => void store.complaints.push({ kind, detail }),
  };
  return store;
}

/** By id or slug: either works (netlify/cli: src/commands/env/env-set.ts). */
export function findAccount(store: Store, name: string | undefined): AccountRecord {
  const account = store.accounts.find((one) => one.id === name || one.slug === name);
  if (!account) throw notFound();
  return account;
}

/** By id, or by one of its domains. */
export function findSite(store: Store, name: string | undefined): SiteRecord {
  const site = store.sites.find((one) => one.id === name || `${one.name}.netlify.app` === name);
  if (!site) throw notFound();
  return site;
}

export function addAccount(store: Store, given: Partial<AccountRecord> = {}): AccountRecord {
  const count = store.accounts.length + 1;
  const account: AccountRecord = {
    id: newId().replaceAll("-", "").slice(0, 24),
    slug: `team-${count}`,
    name: `Team ${count}`,
    plan: "pro",
    variables: new Map(),
    ...given,
  };
  store.accounts.push(account);
  return account;
}

export function addSite(store: Store, given: Partial<SiteRecord> = {}): SiteRecord {
  const site: SiteRecord = {
    id: newId(),
    name: `site-${store.sites.length + 1}`,
    account: given.account ?? store.accounts[0] ?? addAccount(store),
    linked: true,
    stopBuilds: false,
    hasFunctions: true,
    variables: new Map(),
    builds: [],
    nextFailures: [],
    ...given,
  };
  store.sites.push(site);
  return site;
}

/** What code on Netlify sees: the site's value before the team's, the exact context before `branch-deploy` before `all`. */
export function environmentOf(site: SiteRecord, slot: string, scope?: string): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const variables of [site.account.variables, site.variables]) {
    for (const variable of variables.values()) {
      if (scope !== undefined && !variable.scopes.includes(scope)) continue;
      const value = valueFor(variable, slot);
      if (value !== undefined && value !== "") seen[variable.key] = value;
    }
  }
  return seen;
}

function valueFor(variable: VariableRecord, slot: string): string | undefined {
  const order = slot.startsWith("branch:") ? [slot, "branch-deploy", "all"] : [slot, "all"];
  return order
    .map((one) => variable.values.find((value) => slotOf(value) === one)?.value)
    .find((value) => value !== undefined);
}
