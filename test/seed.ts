// Property tests take the same examples in every run, so that no change is refused by chance. `npm run explore` takes others.

import * as fc from "fast-check";

/** The seed of a property: a fixed number, moved by that of an exploration. */
export function seedOf(fixed: number): number {
  return fixed + Number(process.env["EXPLORE_SEED"] ?? "0");
}

fc.configureGlobal({ seed: seedOf(1) });
