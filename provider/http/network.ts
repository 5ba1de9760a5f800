// Leaf of the network side: what every client takes from the composition root.

import type { Clock } from "../clock.js";
import type { Redacted } from "../redacted.js";
import type { VendorCall } from "../vendor-calls.js";

export interface Network {
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Values of this run, to be hidden in any text of a vendor. */
  readonly mask: () => Iterable<Redacted>;
  /** Called for each request that was sent. */
  readonly onCall?: ((call: VendorCall) => void) | undefined;
  /** For one try. @default the client's own */
  readonly timeoutMs?: number | undefined;
}
