// Generators of deployment histories, and of the run of ours that follows. Plain data: a counterexample reads as a story.

import { randomVariant, SWITCHES } from "../emulators/digitalocean/variant.js";
import * as fc from "fast-check";
import type { End, RunEnd, PlatformOptions } from "./platform.js";
import type { Words } from "./shop.js";
import type { Change } from "./spec-edits.js";

export type Event =
  | { readonly by: "others"; readonly change: Change; readonly ending: RunEnd }
  | { readonly by: "others"; readonly does: "redeploy" | "restart"; readonly ending: RunEnd }
  | { readonly by: "others"; readonly rollsBackTo: number; readonly pin: boolean; readonly ending: RunEnd }
  | { readonly by: "others"; readonly unpins: "commit" | "revert"; readonly ending: RunEnd }
  | { readonly by: "us"; readonly words: Words; readonly end: End; readonly wait: boolean };

export type Operation = "create" | "update" | "remove" | "destroy" | "restore";

/** What a racer does: every event of others but a release of a pin. A new name alone leaves no trace that anybody could find. */
export type Interference = Exclude<Event, { by: "us" } | { unpins: string }>;

export interface History {
  readonly platform: PlatformOptions;
  /** The sync aims at a component instead of the app, and the program follows when it is renamed. */
  readonly aim: "app" | "component";
  readonly follows: boolean;
  readonly events: readonly Event[];
  readonly operation: Operation;
  readonly end: End;
  readonly race: { readonly at: "look" | "write"; readonly nth: number; readonly event: Interference } | undefined;
}

const change = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Change>("image") },
  { weight: 3, arbitrary: fc.constantFrom<Change>("add", "change", "remove") },
  { weight: 1, arbitrary: fc.constantFrom<Change>("rename-component", "rename-app") },
);
const ending = fc.oneof(
  { weight: 2, arbitrary: fc.constant<RunEnd>("ACTIVE") },
  { weight: 5, arbitrary: fc.constantFrom<RunEnd>("ERROR", "ROLLED_BACK", "CANCELED") },
  {
    weight: 3,
    arbitrary: fc.constantFrom<RunEnd>("OPEN_ACTIVE", "OPEN_ERROR", "OPEN_ROLLED_BACK", "OPEN_CANCELED"),
  },
);
const end = fc.oneof(
  { weight: 3, arbitrary: fc.constant<End>("ACTIVE") },
  { weight: 2, arbitrary: fc.constantFrom<End>("ERROR", "ROLLED_BACK", "CANCELED") },
);

const others = fc.constant("others" as const);
const storing = fc.record({ by: others, change, ending });
const deploying = fc.record({ by: others, does: fc.constantFrom("redeploy" as const, "restart" as const), ending });
const rolling = fc.record({ by: others, rollsBackTo: fc.nat({ max: 3 }), pin: fc.boolean(), ending });
const unpinning = fc.record({ by: others, unpins: fc.constantFrom("commit" as const, "revert" as const), ending });
const ourKeys = ["A", "B", "C"];
const words = fc.dictionary(fc.constantFrom(...ourKeys), fc.constantFrom("one", "two"), { minKeys: 1, maxKeys: 3 });
const syncing = fc.record({
  by: fc.constant("us" as const),
  words,
  end,
  wait: fc.boolean(),
});

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 10, arbitrary: storing },
  { weight: 2, arbitrary: deploying },
  { weight: 1, arbitrary: rolling },
  { weight: 1, arbitrary: unpinning },
  { weight: 4, arbitrary: syncing },
);
const interference: fc.Arbitrary<Interference> = fc.oneof(
  { weight: 6, arbitrary: storing },
  { weight: 1, arbitrary: deploying },
  { weight: 1, arbitrary: rolling },
);

const platform: fc.Arbitrary<PlatformOptions> = fc.record({
  birth: fc.oneof(
    { weight: 3, arbitrary: fc.constant("ACTIVE" as const) },
    { weight: 1, arbitrary: fc.constantFrom("ERROR" as const, "CANCELED" as const) },
  ),
  pace: fc.oneof(
    { weight: 5, arbitrary: fc.constant("seconds apart" as const) },
    { weight: 1, arbitrary: fc.constant("within a second" as const) },
  ),
  emulator: fc.record({
    variant: fc.record({
      envOrder: fc.constantFrom(...SWITCHES.envOrder),
      pendingFields: fc.constantFrom(...SWITCHES.pendingFields),
      putWhilePinned: fc.constantFrom(...SWITCHES.putWhilePinned),
      replacedPhase: fc.constantFrom(...SWITCHES.replacedPhase),
    }),
  }),
});

export const histories: fc.Arbitrary<History> = fc.record({
  platform,
  aim: fc.oneof(
    { weight: 3, arbitrary: fc.constant("app" as const) },
    { weight: 1, arbitrary: fc.constant("component" as const) },
  ),
  follows: fc.boolean(),
  events: fc.array(event, { maxLength: 5 }),
  operation: fc.constantFrom<Operation>("create", "update", "remove", "destroy", "restore"),
  end,
  race: fc.option(
    fc.record({
      at: fc.constantFrom("look" as const, "write" as const),
      nth: fc.constantFrom(1, 1, 1, 2),
      event: interference,
    }),
    { nil: undefined },
  ),
});

/** The same on platforms that answer every open question at random. */
export const historiesAnywhere: fc.Arbitrary<History> = fc
  .tuple(histories, fc.integer({ min: 1, max: 1_000_000 }))
  .map(([history, seed]) => {
    // A secret that is sent again and deploys nothing ends in an advice, which no story follows.
    const variant = { ...randomVariant(seed), resubmittedSecret: SWITCHES.resubmittedSecret[0] };
    return { ...history, platform: { ...history.platform, emulator: { variant } } };
  });
