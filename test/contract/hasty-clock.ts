// A clock on which the time that somebody sleeps has passed at once. Shared with an emulator, it moves both.
import type { Clock } from "../../provider/clock.js";

/** @param stands Whether no other time passes, so that nothing depends on how fast the machine is. */
export function createHastyClock({ stands = false } = {}): Clock & { readonly slept: number[] } {
  const begun = Date.now();
  let ahead = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => (stands ? begun : Date.now()) + ahead,
    sleep: async (ms) => {
      slept.push(ms);
      ahead += ms;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
  };
}
