// Composition: which adapter serves which destination. An adapter and its HTTP client load on first use.

import type { Adapter, AdapterOptions } from "./adapter.js";
import type { ConnectionApp, Destination, DestinationType } from "../../schema/index.js";
import type { Account, Credentials, Target } from "./destination.js";
import type { VariableLister } from "./variable-lister.js";
import type { BoundDisplayNames, DisplayNames } from "./display-names.js";

/** One loader per destination; the compiler finds the missing one. */
const adapters: { readonly [T in DestinationType]: (options: AdapterOptions) => Promise<Adapter<T>> } = {
  "digital-ocean-app-platform": async (options) => (await import("./digitalocean/index.js")).createAdapter(options),
  netlify: async (options) => (await import("./netlify/index.js")).createAdapter(options),
};

/** The display names of each destination. */
const displayNames: { readonly [T in DestinationType]: () => Promise<DisplayNames<T>> } = {
  "digital-ocean-app-platform": async () => (await import("./digitalocean/display-names.js")).displayNames,
  netlify: async () => (await import("./netlify/display-names.js")).displayNames,
};

/** What its arguments alone say about a destination. */
export async function nameDestination(destination: Destination): Promise<BoundDisplayNames> {
  // The type picks the display names, so the destination fits.
  const names = (await displayNames[destination.type]()) as DisplayNames;
  return {
    platform: names.platform,
    name: names.nameOf(destination),
    slotsOf: (key) => names.slotsOf(destination, key),
    labelOf: (key) => names.labelOf(destination, key),
    titleOf: (slot) => names.titleOf(slot),
  };
}

/** One lister per destination. */
const variableListers: { readonly [T in DestinationType]: () => Promise<VariableLister<T>> } = {
  "digital-ocean-app-platform": async () => (await import("./digitalocean/variable-lister.js")).variableLister,
  netlify: async () => (await import("./netlify/variable-lister.js")).variableLister,
};

export async function loadVariableLister(type: DestinationType): Promise<VariableLister> {
  // The type picks the lister, so whatever it addresses fits.
  return (await variableListers[type]()) as VariableLister;
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
