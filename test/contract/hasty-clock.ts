// A clock that is real until somebody sleeps; then that time has passed at once. Shared with an emulator, it moves both.
import type { Clock } from "../../provider/clock.js";

export function createHastyClock(): Clock & { readonly slept: number[] } {
  let ahead = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now() + ahead,
    sleep: async (ms) => {
      slept.push(ms);
      ahead += ms;
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
  };
}
