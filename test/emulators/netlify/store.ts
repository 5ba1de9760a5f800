// What the emulator keeps: teams, sites, their variables and builds.
import { randomUUID } from "node:crypto";
import type { AccountRecord, Complaint, SiteRecord, Token, VariableRecord } from "./model.js";
import { notFound, slotOf } from "./model.js";
import type { Plan, Variant } from "./variant.js";

export interface Store {
  accounts: AccountRecord[];
  sites: SiteRecord[];
  tokens: Map<string, Token>;
  complaints: Complaint[];
  variant: Variant;
  now: () => number;
  /** How long each state of a deploy lasts. */
  phaseMs: number;
  held: boolean;
  buildsPerMinute: number;
  buildsPerDay: number;
  /** A time for `updated_at` that never comes twice. */
  stamp(): string;
  newId(): string;
  complain(kind: Complaint["kind"], detail: string): void;
}

export function createStore(given: Pick<Store, "variant" | "now" | "phaseMs" | "tokens">): Store {
  let last = 0;
  let numbers = 100_000;
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
    newId: () => {
      const { ids } = store.variant;
      if (ids === "text") return randomUUID();
      numbers += 1;
      return ids === "numbers" ? String(numbers) : `9007199254740${numbers}`;
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

export function planOf(store: Store, account: AccountRecord): Plan {
  return account.plan ?? store.variant.plan;
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
    id: store.newId().replaceAll("-", "").slice(0, 24),
    slug: `team-${count}`,
    name: `Team ${count}`,
    variables: new Map(),
    ...given,
  };
  store.accounts.push(account);
  return account;
}

export function addSite(store: Store, given: Partial<SiteRecord> = {}): SiteRecord {
  const site: SiteRecord = {
    id: store.newId(),
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
