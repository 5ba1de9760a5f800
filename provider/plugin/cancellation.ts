// Provider process: a cancel of the engine. What is under way ends its waits and starts nothing more, as if the engine had ended.

import type { Clock } from "../clock.js";

export interface Cancellation {
  cancel(): void;
  isCancelled(): boolean;
  /** A clock whose waits a cancel ends. */
  attend(clock: Clock): Clock;
}

export function createCancellation(): Cancellation {
  const waiting = new Set<() => void>();
  let isCancelled = false;
  return {
    cancel: () => {
      isCancelled = true;
      for (const end of waiting) end();
    },
    isCancelled: () => isCancelled,
    attend: (clock) => ({
      ...clock,
      sleep: async (ms) => {
        if (isCancelled) return;
        let end = () => {};
        const cancelled = new Promise<void>((resolve) => {
          end = resolve;
          waiting.add(end);
        });
        await Promise.race([clock.sleep(ms), cancelled]).finally(() => waiting.delete(end));
      },
    }),
  };
}
