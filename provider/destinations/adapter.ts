// Pure: the interface of one vendor's adapter, and what it is made of.

import type { Network } from "../http/network.js";
import type { Destination, DestinationType } from "../../schema/index.js";
import type { Account, Credentials, Target } from "./destination.js";

/** What an adapter takes from the composition root: its client's part, and the environment with a person's switches. */
export interface AdapterOptions extends Network {
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** One vendor's adapter: opens targets and proves credentials. It keeps one client per set of credentials. */
export interface Adapter<T extends DestinationType = DestinationType> {
  open(destination: Extract<Destination, { type: T }>, credentials: Credentials): Target;
  prove(credentials: Credentials): Promise<Account>;
}
