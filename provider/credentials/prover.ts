// Pure: the source or destination that uses an app also proves its credentials with a live call.

import type { Connection, ConnectionApp } from "../../schema/index.js";
import type { Account, Credentials } from "./credentials.js";

/** One live call for one of these apps. */
type Prove<A extends ConnectionApp> = (app: A, credentials: Credentials) => Promise<Account>;

/** Sources say which apps they prove; destinations have to prove every other one, or this does not compile. */
export function createProver<A extends ConnectionApp>(
  sources: { readonly proves: (app: ConnectionApp) => app is A; readonly prove: Prove<A> },
  destinations: { readonly prove: Prove<Exclude<ConnectionApp, A>> },
): (connection: Pick<Connection, "app">, credentials: Credentials) => Promise<Account> {
  return ({ app }, credentials) =>
    sources.proves(app)
      ? sources.prove(app, credentials)
      : destinations.prove(app as Exclude<ConnectionApp, A>, credentials);
}
