// Pure: which looks of other syncs still count. This process does not know which address comes from a resource of the run that may just
// have written to the same app, such as a `digitalocean.App`. Syncs that wait for none are checked in one burst; others come after it.

/** Between two requests of a burst the engine and the program do little. */
const longestIdleMs = 500;

/** No resource that deploys an app is done sooner; a source may keep a check busy for longer. */
const longestBurstMs = 2_000;

export interface Burst {
  /** A request begins. @returns since when looks count */
  enter(): number;
  leave(): void;
}

/** Time during a request is this process's own, however slow the machine is; only the time between requests counts. */
export function createBurst(now: () => number): Burst {
  let [began, left] = [-Infinity, -Infinity];
  let idle = 0;
  let underWay = 0;
  return {
    enter: () => {
      const time = now();
      if (underWay === 0) idle += time - left;
      if (idle > longestIdleMs) [began, idle] = [time, 0];
      underWay += 1;
      return Math.max(began, time - longestBurstMs);
    },
    leave: () => {
      underWay -= 1;
      left = now();
    },
  };
}
