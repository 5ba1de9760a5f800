// Network side: keeps the pace of one token. Requests pass in order of arrival.

import type { Clock } from "../clock.js";
import {
  closeUntil,
  decidePace,
  endRequest,
  forgetBefore,
  freshPace,
  type PaceLimits,
  type PaceState,
  startRequest,
} from "./pace.js";
import type { RateHeaders } from "./rate-headers.js";

export interface Gate {
  /** Waits for a turn. Resolves at once to `refused` when the server asks for more patience than there is. */
  enter(patienceMs: number): Promise<Turn>;
  /** After a 429, no call sends a request before this time, not only the one that received it. */
  close(until: number): void;
}

export type Turn =
  | { readonly kind: "entered"; leave(rates: RateHeaders | undefined): void }
  | { readonly kind: "refused"; readonly askedMs: number };

export function createGate(clock: Clock, limits: PaceLimits): Gate {
  let state: PaceState = freshPace;
  let queue: Promise<unknown> = Promise.resolve();
  let wake: () => void = () => undefined;

  const leave = (rates: RateHeaders | undefined) => {
    const now = clock.now();
    state = forgetBefore(endRequest(state, now, rates), now - limits.windowMs);
    wake();
  };

  const waitForTurn = async (patienceMs: number): Promise<Turn> => {
    for (;;) {
      const now = clock.now();
      const decision = decidePace(state, now, limits);
      if (decision.kind === "go") {
        state = startRequest(state);
        return { kind: "entered", leave };
      }
      if (decision.kind === "crowded") {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const wait = decision.until - now;
      if (decision.asked && wait > patienceMs) return { kind: "refused", askedMs: wait };
      await clock.sleep(wait);
    }
  };

  return {
    enter: (patienceMs) => {
      const turn = queue.then(() => waitForTurn(patienceMs));
      queue = turn.catch(() => undefined);
      return turn;
    },
    close: (until) => {
      state = closeUntil(state, until);
    },
  };
}
