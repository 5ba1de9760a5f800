// Composition: which adapter serves which destination. An adapter and its HTTP client load on first use.

import type { Clock } from "../clock.js";
import type { Redacted } from "../redacted.js";
import type { Connection, Destination, DestinationType } from "../../schema/index.js";
import type { Account, Authority, Target } from "./destination.js";

export interface Surroundings {
  readonly clock: Clock;
  readonly random: () => number;
  /** Values of this run, to be hidden in whatever a vendor says. */
  readonly mask: () => Iterable<Redacted>;
  /** For one try of a request. @default 30_000 */
  readonly timeoutMs?: number | undefined;
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

/** Which destination's adapter proves a connection. */
const provenBy: { readonly [A in Connection["app"]]: DestinationType } = {
  "digital-ocean": "digital-ocean-app-platform",
  netlify: "netlify",
};

export interface Destinations {
  open(destination: Destination, authority: Authority): Promise<Target>;
  prove(app: Connection["app"], authority: Authority): Promise<Account>;
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
