// Pure but for its memory and the calls it is given: keeps a short-lived token fresh. There are never two logins at the same time.

import type { Clock } from "../../clock.js";
import type { Redacted } from "../../redacted.js";

export interface Lease {
  readonly token: Redacted;
  /** Milliseconds from the moment it was given; undefined when it does not end. */
  readonly lifetimeMs: number | undefined;
  /** Whether it can be renewed; else a new login is due. */
  readonly renewable: boolean;
}

export interface LeaseCalls {
  login(): Promise<Lease>;
  renew(token: Redacted): Promise<Lease>;
}

export interface LeaseKeeper {
  /** A token with time left. */
  current(): Promise<Redacted>;
  /**
   * A token instead of one that the server has refused: a later one, or that of a new login. If the login fails, the old one stays: the
   * server may have refused the request itself.
   */
  replace(token: Redacted): Promise<Redacted>;
}

/** A token is replaced this long before its end, or in the last tenth of a shorter lifetime. */
const marginMs = 30_000;

export function createLeaseKeeper(clock: Clock, calls: LeaseCalls): LeaseKeeper {
  let held: { lease: Lease; since: number } | undefined;
  let pending: Promise<Redacted> | undefined;

  const take = async (ask: (since: number) => Promise<Lease>): Promise<Redacted> => {
    const since = clock.now();
    const lease = await ask(since);
    held = { lease, since };
    return lease.token;
  };
  const takeOnce = (ask: (since: number) => Promise<Lease>): Promise<Redacted> => {
    pending ??= take(ask).finally(() => {
      pending = undefined;
    });
    return pending;
  };
  const current = (): Promise<Redacted> => {
    if (held !== undefined && timeLeft(held, clock.now()) === "enough") return Promise.resolve(held.lease.token);
    return takeOnce((since) => askForLease(held, { since, calls }));
  };

  return {
    current,
    replace: (token) => (held?.lease.token === token ? takeOnce(() => calls.login()) : current()),
  };
}

/** A given token that cannot be replaced. */
export function keepReady(token: Redacted): LeaseKeeper {
  return { current: () => Promise.resolve(token), replace: () => Promise.resolve(token) };
}

async function askForLease(
  held: { lease: Lease; since: number } | undefined,
  { since, calls }: { since: number; calls: LeaseCalls },
): Promise<Lease> {
  if (held !== undefined && held.lease.renewable && timeLeft(held, since) === "little") {
    // A renewal may be refused for many reasons (maximum lifetime, uses spent); a login settles all of them.
    const renewed = await calls.renew(held.lease.token).catch(() => undefined);
    if (renewed !== undefined) return renewed;
  }
  return calls.login();
}

function timeLeft({ lease, since }: { lease: Lease; since: number }, now: number): "enough" | "little" | "none" {
  if (lease.lifetimeMs === undefined) return "enough";
  const left = since + lease.lifetimeMs - now;
  if (left <= 0) return "none";
  return left > Math.min(marginMs, lease.lifetimeMs / 10) ? "enough" : "little";
}
