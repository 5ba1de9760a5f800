// Leaf of the network side: what every client takes from the composition root.

import type { Clock } from "../clock.js";
import type { Redacted } from "../redacted.js";

export interface Network {
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Values of this run, to be hidden in whatever a vendor says. */
  readonly mask: () => Iterable<Redacted>;
  /** For one try. @default the client's own */
  readonly timeoutMs?: number | undefined;
}
