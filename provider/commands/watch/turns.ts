// Command line: how many stacks work at the same time. One that works for long lets the next begin, so that it holds up no other.

import type { Clock } from "../../clock.js";
import type { LoopOrder } from "./loop.js";

export interface TurnRules {
  readonly places: number;
  readonly clock: Clock;
  /** Milliseconds after which a place is passed on, although the work goes on: it waits for a vendor, or hangs. */
  readonly patience: number;
}

/** In order of request. */
export function createTurns({ places, clock, patience }: TurnRules): LoopOrder["inTurn"] {
  let free = places;
  const queue: Array<() => void> = [];
  const giveOn = () => {
    const next = queue.shift();
    if (next) next();
    else free += 1;
  };
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((begin) => queue.push(begin));
    const ended = new AbortController();
    const place = clock.sleep(patience, ended.signal).then(giveOn);
    try {
      await work();
    } finally {
      ended.abort();
      await place;
    }
  };
}
