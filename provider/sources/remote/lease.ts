// Pure but for its memory and the calls it is given: keeps a short-lived token fresh. Nobody logs in twice at the same time.

import type { Clock } from "../../clock.js";
import type { Redacted } from "../../redacted.js";

export interface Lease {
  readonly token: Redacted;
  /** Milliseconds from the moment it was given; undefined when it does not end. */
  readonly lifetimeMs: number | undefined;
  /** Whether a renewal may be asked for; else a new login is due. */
  readonly renewable: boolean;
}

export interface LeaseCalls {
  login(): Promise<Lease>;
  renew(token: Redacted): Promise<Lease>;
}

export interface LeaseKeeper {
  /** A token with time left. */
  current(): Promise<Redacted>;
  /** The server has refused this token: the next `current` logs in. A token that came later stays. */
  forget(token: Redacted): void;
}

/** A token is replaced this long before its end, or in the last tenth of a shorter life. */
const marginMs = 30_000;

export function createLeaseKeeper(clock: Clock, calls: LeaseCalls): LeaseKeeper {
  let held: { lease: Lease; since: number } | undefined;
  let pending: Promise<Redacted> | undefined;

  const replace = async (): Promise<Redacted> => {
    const since = clock.now();
    const lease = await askForLease(held, { since, calls });
    held = { lease, since };
    return lease.token;
  };

  return {
    current: () => {
      if (held !== undefined && timeLeft(held, clock.now()) === "enough") return Promise.resolve(held.lease.token);
      pending ??= replace().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    forget: (token) => {
      if (held?.lease.token === token) held = undefined;
    },
  };
}

async function askForLease(
  held: { lease: Lease; since: number } | undefined,
  { since, calls }: { since: number; calls: LeaseCalls },
): Promise<Lease> {
  if (held !== undefined && held.lease.renewable && timeLeft(held, since) === "little") {
    // A renewal may be refused for many reasons (longest life reached, uses spent); a login settles all of them.
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
