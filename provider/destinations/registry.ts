// Composition: which adapter serves which destination. An adapter and its HTTP client load on first use.

import type { Network } from "../http/network.js";
import type { ConnectionApp, Destination, DestinationType } from "../../schema/index.js";
import type { Account, Authority, Target } from "./destination.js";
import type { Stocktaker } from "./inventory.js";
import type { BoundPortrait, Portrait } from "./portrait.js";

/** What an adapter takes from the composition root: its client's part, and where a person's switches stand. */
export interface Surroundings extends Network {
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** One vendor's adapter: opens targets and proves credentials. It keeps one client per authority. */
export interface Adapter<T extends DestinationType = DestinationType> {
  open(destination: Extract<Destination, { type: T }>, authority: Authority): Target;
  prove(authority: Authority): Promise<Account>;
}

/** One loader per destination; the compiler finds the missing one. */
const adapters: { readonly [T in DestinationType]: (surroundings: Surroundings) => Promise<Adapter<T>> } = {
  "digital-ocean-app-platform": async (surroundings) =>
    (await import("./digitalocean/adapter.js")).createAdapter(surroundings),
  netlify: async (surroundings) => (await import("./netlify/adapter.js")).createAdapter(surroundings),
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
  open(destination: Destination, authority: Authority): Promise<Target>;
  prove(app: DestinationApp, authority: Authority): Promise<Account>;
}

export function createDestinations(surroundings: Surroundings): Destinations {
  const loaded = new Map<DestinationType, Promise<Adapter>>();
  const load = (type: DestinationType): Promise<Adapter> => {
    // The type picks the adapter, so whatever is opened with it fits.
    const adapter = loaded.get(type) ?? (adapters[type](surroundings) as Promise<Adapter>);
    loaded.set(type, adapter);
    return adapter;
  };
  return {
    open: async (destination, authority) => (await load(destination.type)).open(destination, authority),
    prove: async (app, authority) => (await load(provenBy[app])).prove(authority),
  };
}
