// Composition: which adapter serves which destination. An adapter and its HTTP client load on first use.

import type { Adapter, AdapterOptions } from "./adapter.js";
import type { ConnectionApp, Destination, DestinationType } from "../../schema/index.js";
import type { Account, Credentials, Target } from "./destination.js";
import type { Stocktaker } from "./inventory.js";
import type { BoundPortrait, Portrait } from "./portrait.js";

/** One loader per destination; the compiler finds the missing one. */
const adapters: { readonly [T in DestinationType]: (options: AdapterOptions) => Promise<Adapter<T>> } = {
  "digital-ocean-app-platform": async (options) => (await import("./digitalocean/adapter.js")).createAdapter(options),
  netlify: async (options) => (await import("./netlify/adapter.js")).createAdapter(options),
};

/** One portrait per destination. */
const portraits: { readonly [T in DestinationType]: () => Promise<Portrait<T>> } = {
  "digital-ocean-app-platform": async () => (await import("./digitalocean/portrait.js")).portrait,
  netlify: async () => (await import("./netlify/portrait.js")).portrait,
};

/** What its arguments alone tell of a destination. */
export async function portrayDestination(destination: Destination): Promise<BoundPortrait> {
  // The type picks the portrait, so the destination fits.
  const portrait = (await portraits[destination.type]()) as Portrait;
  return {
    platform: portrait.platform,
    name: portrait.nameOf(destination),
    slotsOf: (key) => portrait.slotsOf(destination, key),
    titleOf: (slot) => portrait.titleOf(slot),
  };
}

/** One stocktaker per destination. */
const stocktakers: { readonly [T in DestinationType]: () => Promise<Stocktaker<T>> } = {
  "digital-ocean-app-platform": async () => (await import("./digitalocean/inventory.js")).stocktaker,
  netlify: async () => (await import("./netlify/inventory.js")).stocktaker,
};

export async function loadStocktaker(type: DestinationType): Promise<Stocktaker> {
  // The type picks the stocktaker, so whatever it addresses fits.
  return (await stocktakers[type]()) as Stocktaker;
}

/** Which destination's adapter proves a connection. */
const provenBy = {
  "digital-ocean": "digital-ocean-app-platform",
  netlify: "netlify",
} as const satisfies Partial<Record<ConnectionApp, DestinationType>>;

/** Apps whose credentials a destination proves; sources prove the others. */
export type DestinationApp = keyof typeof provenBy;

export interface Destinations {
  open(destination: Destination, credentials: Credentials): Promise<Target>;
  prove(app: DestinationApp, credentials: Credentials): Promise<Account>;
}

export function createDestinations(options: AdapterOptions): Destinations {
  const loaded = new Map<DestinationType, Promise<Adapter>>();
  const load = (type: DestinationType): Promise<Adapter> => {
    // The type picks the adapter, so whatever is opened with it fits.
    const adapter = loaded.get(type) ?? (adapters[type](options) as Promise<Adapter>);
    loaded.set(type, adapter);
    return adapter;
  };
  return {
    open: async (destination, credentials) => (await load(destination.type)).open(destination, credentials),
    prove: async (app, credentials) => (await load(provenBy[app])).prove(credentials),
  };
}
