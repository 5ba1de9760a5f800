// Pure: a live proof of credentials is made by whoever uses the app: its source or its destination.

import type { Connection } from "../../schema/index.js";
import type { Destinations } from "../destinations/registry.js";
import type { Sources } from "../sources/registry.js";
import type { Account, Authority } from "./authority.js";

/** One live call. The compiler finds an app that nobody proves. */
export function createProver(
  sources: Pick<Sources, "prove" | "proves">,
  destinations: Pick<Destinations, "prove">,
): (connection: Pick<Connection, "app">, authority: Authority) => Promise<Account> {
  return ({ app }, authority) =>
    sources.proves(app) ? sources.prove(app, authority) : destinations.prove(app, authority);
}
