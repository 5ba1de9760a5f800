// Random histories of a program: what its author changes, what others do at the destination, and how its runs fail.

import * as fc from "fast-check";
import { keys } from "./place.js";

const sync = fc.nat({ max: 2 });
const key = fc.constantFrom(...keys);
/** Which of the keys that a sync has. */
const which = fc.nat({ max: keys.length - 1 });

function operation<K extends string, T extends object = object>(
  does: K,
  fields?: { [F in keyof T]: fc.Arbitrary<T[F]> },
) {
  return fc.record({ does: fc.constant(does), sync, ...fields }) as unknown as fc.Arbitrary<
    { does: K; sync: number } & T
  >;
}

const operations = {
  set: operation("set", { key }),
  drop: operation("drop", { which }),
  /** To the next sync. */
  handOver: operation("handOver", { which, adopts: fc.boolean() }),
  adopt: operation("adopt"),
  /** To the other app. */
  move: operation("move"),
  /** Indexes of slots. */
  place: operation("place", { slots: fc.constantFrom([0], [1], [2], [1, 2]) }),
  dress: operation("dress", {
    scope: fc.constantFrom("RUN_TIME", "BUILD_TIME"),
    variableType: fc.constantFrom("SECRET", "GENERAL"),
  }),
  rename: operation("rename", { hasAlias: fc.boolean() }),
  replace: operation("replace", {
    replace: fc.constantFrom("targeted" as const, "triggered" as const),
    deleteBeforeReplace: fc.boolean(),
  }),
  enable: operation("enable"),
  declare: operation("declare"),
  reorder: operation("reorder"),
  retain: operation("retain"),
  end: operation("end", { onDestroy: fc.constantFrom(undefined, "restore", "retain") }),
  /** How its first run at an app begins; later ones do not change. */
  begin: operation("begin", {
    behaviour: fc.constantFrom(
      "merge" as const,
      "overwrite-destination" as const,
      "import-prioritize-source" as const,
      "import-prioritize-destination" as const,
    ),
  }),
  /** `pulumi import`, from the place of this index; the plugin alone can do it. */
  import: operation("import", { slot: fc.nat({ max: 2 }) }),
  fail: operation("fail", { onFailure: fc.constantFrom("report", "restore") }),
};

export type Operations = {
  [K in keyof typeof operations]: (typeof operations)[K] extends fc.Arbitrary<infer T> ? T : never;
};
export type Operation = Operations[keyof Operations];

/** Keys are set and handed over more often than anything else happens. */
const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: operations.set },
  { weight: 3, arbitrary: operations.handOver },
  ...Object.values<fc.Arbitrary<Operation>>(operations),
);

/** What a person does in the console. */
const edit = fc.record({
  app: fc.nat({ max: 1 }),
  slot: fc.constantFrom(0, 0, 0, 1, 2),
  key,
  what: fc.constantFrom("set", "remove"),
  type: fc.constantFrom("SECRET" as const, "GENERAL" as const),
});
export type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/**
 * `halfway`: every write but the first is refused. `lost`: the write never arrives. `unheard`: its answer does not. `cut`: another sync of
 * the program is refused. `killed`: the run ends after a write, before state says so. `split`: one value for several slots does not become
 * several values.
 */
export type Fault = "refused" | "halfway" | "lost" | "unheard" | "deployment" | "cut" | "killed" | "split";

// What gets lost takes a hundred times as long, because the provider asks again and again.
const fault = fc.constantFrom<Fault[]>(
  "refused",
  "halfway",
  "deployment",
  "cut",
  "killed",
  "refused",
  "halfway",
  "deployment",
  "cut",
  "killed",
  "split",
  "lost",
  "unheard",
);

const round = fc.record({
  operations: fc.array(anyOperation, { minLength: 1, maxLength: 3 }),
  edits: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(edit) }),
  refresh: fc.constantFrom(false, false, false, false, true),
  fault: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fault }),
  /** Where in the program a run is cut short, and after which write it is killed. */
  at: fc.nat({ max: 3 }),
  parallel: fc.constantFrom(undefined, undefined, 1, 2),
  hasPreview: fc.boolean(),
  /** The syncs that `--target` names; the preview of such a run is left out. */
  targets: fc.oneof(
    { weight: 7, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.subarray([0, 1, 2], { minLength: 1 }) },
  ),
  continueOnError: fc.constantFrom(false, false, true),
});
export type Round = typeof round extends fc.Arbitrary<infer T> ? T : never;

export const histories = fc.record({
  count: fc.constantFrom(2, 3),
  foreign: fc.uniqueArray(edit, { maxLength: 5, selector: (one) => `${one.app}/${one.slot}/${one.key}` }),
  first: fc.array(fc.oneof({ weight: 5, arbitrary: operations.set }, operations.begin, operations.import), {
    minLength: 1,
    maxLength: 5,
  }),
  rounds: fc.array(round, { minLength: 1, maxLength: 6 }),
});
export type History = typeof histories extends fc.Arbitrary<infer T> ? T : never;
