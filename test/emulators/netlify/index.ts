// A stateful, strict emulator of Netlify's environment variables and builds, and the handles by which tests steer it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Faults, type Hook, Hooks, type RequestMatch } from "../faults.js";
import { runningOf } from "./builds.js";
import {
  ALL_SCOPES,
  type AccountRecord,
  type Complaint,
  type LoggedRequest,
  type SiteRecord,
  slotOf,
  type Token,
  type User,
  type VariableRecord,
} from "./model.js";
import { serve } from "./server.js";
import { addAccount, addSite, createStore, environmentOf, type Store } from "./store.js";
import { usualVariant, type Variant } from "./variant.js";

export type { AccountRecord, Complaint, LoggedRequest, SiteRecord, Token, VariableRecord } from "./model.js";
export { MASK } from "./model.js";
export { validateAnswer, validateRequest } from "./schema.js";
export type { Variant } from "./variant.js";

export const DEFAULT_TOKEN = `nfp_${"e".repeat(36)}`;
export const MACHINE: User = { id: "1001", full_name: "Sync Machine", email: "sync@example.com" };
export const JANE: User = { id: "1002", full_name: "Jane Doe", email: "jane@example.com" };

export interface NetlifyOptions {
  port?: number;
  tokens?: Record<string, Token>;
  /** What Netlify does not document; the rest is as usual. */
  variant?: Partial<Variant>;
  /** Per state of a deploy. @default 0: live at once */
  phaseMs?: number;
  clock?: () => number;
  perMinute?: number;
  buildsPerMinute?: number;
  buildsPerDay?: number;
}

/** A value as somebody sets it, and what they do to its variable with it. */
export interface Seed {
  value: string;
  isSecret?: boolean;
  scopes?: readonly string[];
  by?: User;
}

type Owner = SiteRecord | AccountRecord;

export interface NetlifyEmulator {
  readonly url: string;
  readonly token: string;
  readonly tokens: Map<string, Token>;
  readonly requests: LoggedRequest[];
  readonly complaints: Complaint[];
  readonly faults: Faults;
  /** May be changed, or exchanged, while it runs. */
  variant: Variant;
  close(): Promise<void>;
  addAccount(given?: Partial<AccountRecord>): AccountRecord;
  addSite(given?: Partial<SiteRecord>): SiteRecord;
  /** Somebody else's hand in the dashboard: sets one value, and creates the variable when it is not there. */
  edit(owner: Owner, place: { key: string; slot: string }, seed: string | Seed): VariableRecord;
  /** Somebody removes one value; the variable goes with the last one. */
  drop(owner: Owner, place: { key: string; slot: string }): void;
  /** Values as they are, not as they are shown: key, then slot. */
  values(owner: Owner): Record<string, Record<string, string>>;
  /** What code would see after the next deploy. */
  environment(site: SiteRecord, slot: string): Record<string, string>;
  /** What code sees now. */
  running(site: SiteRecord, slot?: string): Record<string, string>;
  holdBuilds(held: boolean): void;
  onRequest(match: RequestMatch, run: Hook): () => void;
  onAnswer(match: RequestMatch, run: Hook): () => void;
  /** Requests that were not reads, as "METHOD /path". */
  writes(): string[];
}

export async function startNetlify(options: NetlifyOptions = {}): Promise<NetlifyEmulator> {
  const store = createStore({
    variant: { ...usualVariant, ...options.variant },
    now: options.clock ?? Date.now,
    phaseMs: options.phaseMs ?? 0,
    tokens: new Map(Object.entries(options.tokens ?? { [DEFAULT_TOKEN]: { user: MACHINE } })),
  });
  store.buildsPerMinute = options.buildsPerMinute ?? store.buildsPerMinute;
  store.buildsPerDay = options.buildsPerDay ?? store.buildsPerDay;
  const exchange = {
    store,
    faults: new Faults(),
    before: new Hooks(),
    after: new Hooks(),
    requests: [] as LoggedRequest[],
    perMinute: options.perMinute ?? 500,
  };
  const server = createServer((request, response) => {
    serve(exchange, request, response).catch((error: unknown) => {
      // A bug in the emulator or in a hook must not look like an answer of the vendor.
      console.error("Netlify emulator:", error);
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: [...store.tokens.keys()][0] ?? "",
    tokens: store.tokens,
    requests: exchange.requests,
    complaints: store.complaints,
    faults: exchange.faults,
    get variant() {
      return store.variant;
    },
    set variant(variant) {
      store.variant = variant;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    addAccount: (given) => addAccount(store, given),
    addSite: (given) => addSite(store, given),
    edit: (owner, place, given) => {
      const seed = typeof given === "string" ? { value: given } : given;
      return edit(owner, { ...place, seed, at: store.stamp(), store });
    },
    drop: (owner, { key, slot }) => {
      const variable = owner.variables.get(key);
      if (!variable) throw new Error(`no variable ${key}`);
      variable.values = variable.values.filter((one) => slotOf(one) !== slot);
      if (store.variant.removalTime === "moves")
        Object.assign(variable, { updated_at: store.stamp(), updated_by: JANE });
      if (variable.values.length === 0) owner.variables.delete(key);
    },
    values: (owner) =>
      Object.fromEntries(
        [...owner.variables].map(([key, { values }]) => [
          key,
          Object.fromEntries(values.map((one) => [slotOf(one), one.value])),
        ]),
      ),
    environment: (site, slot) => environmentOf(site, slot),
    running: (site, slot = "production") => runningOf(store, site, slot),
    holdBuilds: (held) => void (store.held = held),
    onRequest: (match, run) => exchange.before.add(match, run),
    onAnswer: (match, run) => exchange.after.add(match, run),
    writes: () => exchange.requests.filter((one) => one.method !== "GET").map((one) => `${one.method} ${one.path}`),
  };
}

interface Editing {
  key: string;
  slot: string;
  seed: Seed;
  at: string;
  store: Store;
}

function edit(owner: Owner, { key, slot, seed, at, store }: Editing): VariableRecord {
  const { value } = seed;
  const scopes = seed.scopes ?? (seed.isSecret ? ["builds", "functions", "runtime"] : ALL_SCOPES);
  const isNew = !owner.variables.has(key);
  const variable = owner.variables.get(key) ?? {
    key,
    scopes: [...scopes],
    values: [],
    is_secret: seed.isSecret ?? false,
    updated_at: at,
    updated_by: JANE,
  };
  if (seed.isSecret !== undefined) variable.is_secret = seed.isSecret;
  if (seed.scopes !== undefined) variable.scopes = [...seed.scopes];
  owner.variables.set(key, variable);
  const known = variable.values.find((one) => slotOf(one) === slot);
  const [context = "", branch] = slot.split(/:(.*)/s);
  if (known) {
    known.value = value;
    if (store.variant.valueIds === "renewed") known.id = store.newId();
  } else {
    variable.values.push({
      id: store.newId(),
      context,
      ...(branch === undefined ? {} : { context_parameter: branch }),
      value,
    });
  }
  if (isNew || store.variant.patchTime === "moves")
    Object.assign(variable, { updated_at: at, updated_by: seed.by ?? JANE });
  return variable;
}
