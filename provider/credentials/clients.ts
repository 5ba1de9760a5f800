// Pure but for its memory: one client per credentials and origin, so that syncs share its login, its connections and its pace.

import type { Credentials } from "./credentials.js";
import { identifyCredentials } from "./identity.js";

/** What a client is opened for. */
export interface ClientPlace {
  readonly credentials: Credentials;
  /** Where its requests go. */
  readonly origin: string;
  /** The namespace or region, if the vendor has them; else empty. */
  readonly part: string;
}

/** Opens a client on first use, and shares it among all callers with the same credentials, origin and part. */
export function shareClients<C>(
  findOrigin: (credentials: Credentials) => string,
  open: (place: ClientPlace) => C,
): (credentials: Credentials, part?: string) => C {
  const clients = new Map<string, C>();
  return (credentials, part = "") => {
    const origin = findOrigin(credentials);
    const name = identifyCredentials(credentials, origin, part);
    const client = clients.get(name) ?? open({ credentials, origin, part });
    clients.set(name, client);
    return client;
  };
}
