// The planner's truth table, row by row, and what is read off a plan.

import { describe, expect, test } from "vitest";
import {
  buildPlan,
  type Change,
  changesToWrite,
  findDrift,
  type Plan,
  type PlanRequest,
} from "../../provider/core/plan.js";
import { own, secret, see, want } from "./entries.js";

interface Row {
  readonly title: string;
  readonly given: Partial<PlanRequest>;
  /** The one change at `app/KEY`; undefined where there is nothing to say. */
  readonly change: Record<string, unknown>;
  readonly writes: boolean;
  readonly drift: boolean;
}

const general = "GENERAL RUN_TIME";
const token = `${secret} #m1`;
const moved = `${secret} #m2`;

const table: readonly Row[] = [
  {
    title: "wanted, not ours, not there: create",
    given: { desired: [want("KEY")] },
    change: { action: "create", label: secret, drift: false },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, not ours, there: conflict",
    given: { desired: [want("KEY")], live: [see("KEY")] },
    change: { action: "conflict", found: token },
    writes: false,
    drift: false,
  },
  {
    title: "wanted, not ours, there, adoption of everything: adopt",
    given: { desired: [want("KEY")], live: [see("KEY")], adopt: true },
    change: { action: "adopt", label: secret, found: token },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, not ours, there as it was imported: adopt",
    given: { desired: [want("KEY")], live: [see("KEY")], adopt: ["KEY"], seen: { "app/KEY": token } },
    change: { action: "adopt", label: secret, found: token },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, not ours, there and changed since it was imported: conflict, whatever may be adopted",
    given: { desired: [want("KEY")], live: [see("KEY")], adopt: true, seen: { "app/KEY": "SECRET RUN_TIME #m0" } },
    change: { action: "conflict", found: token, changed: true },
    writes: false,
    drift: false,
  },
  {
    title: "wanted, not ours, there, named for adoption: adopt",
    given: { desired: [want("KEY")], live: [see("KEY")], adopt: ["OTHER", "KEY"] },
    change: { action: "adopt", label: secret, found: token },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, not ours, there with the same value and settings: adopt without a write",
    given: { desired: [want("KEY")], live: [see("KEY")], adopt: true, compare: () => true },
    change: { action: "adopt", label: secret, found: token, keepsValue: true, recordOnly: true },
    writes: false,
    drift: false,
  },
  {
    title: "wanted, not ours, there with the same value and other settings: adopt",
    given: {
      desired: [{ ...want("KEY"), label: general }],
      live: [see("KEY")],
      adopt: true,
      compare: () => true,
    },
    change: { action: "adopt", label: general, found: token, keepsValue: true },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, not ours, there with the same value, and not in what runs: adopt",
    given: {
      desired: [want("KEY")],
      live: [see("KEY")],
      adopt: true,
      compare: () => true,
      notLive: new Set(["app/KEY"]),
    },
    change: { action: "adopt", label: secret, found: token, keepsValue: true },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, not ours, there, another key named for adoption: conflict",
    given: { desired: [want("KEY")], live: [see("KEY")], adopt: ["OTHER"] },
    change: { action: "conflict", found: token },
    writes: false,
    drift: false,
  },
  {
    title: "wanted, ours, as written, same value: unchanged",
    given: { desired: [want("KEY")], ledger: own({ KEY: {} }), live: [see("KEY")] },
    change: { action: "unchanged" },
    writes: false,
    drift: false,
  },
  {
    title: "wanted, ours, as written, other value: update",
    given: { desired: [want("KEY", "f2")], ledger: own({ KEY: {} }), live: [see("KEY")] },
    change: { action: "update", label: secret, because: ["value"], expected: token, found: token },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, ours, as written, value not known yet: update",
    given: { desired: [{ ...want("KEY"), fingerprint: undefined }], ledger: own({ KEY: {} }), live: [see("KEY")] },
    change: { action: "update", label: secret, because: ["value"], expected: token, found: token },
    writes: true,
    drift: false,
  },
  {
    title: "wanted with another label, ours, as written: update",
    given: { desired: [want("KEY", "f1", general)], ledger: own({ KEY: {} }), live: [see("KEY")] },
    change: { action: "update", label: general, because: ["attributes"], expected: token, found: token },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, ours, another value there: update for drift",
    given: { desired: [want("KEY")], ledger: own({ KEY: {} }), live: [see("KEY", "m2")] },
    change: { action: "update", label: secret, because: ["drift"], expected: token, found: moved },
    writes: true,
    drift: true,
  },
  {
    title: "wanted, ours, another label there: update for drift, not for attributes",
    given: { desired: [want("KEY")], ledger: own({ KEY: {} }), live: [see("KEY", "m1", { label: general })] },
    change: { action: "update", label: secret, because: ["drift"], expected: token, found: `${general} #m1` },
    writes: true,
    drift: true,
  },
  {
    title: "wanted, ours, everything differs: one update with every reason",
    given: {
      desired: [want("KEY", "f2", general)],
      ledger: own({ KEY: {} }),
      live: [see("KEY", "m2")],
      notLive: new Set(["app/KEY"]),
    },
    change: {
      action: "update",
      label: general,
      because: ["value", "attributes", "drift", "not-live"],
      expected: token,
      found: moved,
    },
    writes: true,
    drift: true,
  },
  {
    title: "wanted, ours but unconfirmed, there: update, and the label is not compared",
    given: { desired: [want("KEY", "f1", general)], ledger: own({ KEY: { unconfirmed: {} } }), live: [see("KEY")] },
    change: { action: "update", label: general, because: ["drift"], expected: undefined, found: token },
    writes: true,
    drift: true,
  },
  {
    title: "wanted, ours, gone: create again",
    given: { desired: [want("KEY")], ledger: own({ KEY: {} }) },
    change: { action: "create", label: secret, drift: true },
    writes: true,
    drift: true,
  },
  {
    title: "wanted, ours, as written, but not what runs: update",
    given: { desired: [want("KEY")], ledger: own({ KEY: {} }), live: [see("KEY")], notLive: new Set(["app/KEY"]) },
    change: { action: "update", label: secret, because: ["not-live"], expected: token, found: token },
    writes: true,
    drift: false,
  },
  {
    title: "wanted, ours, as written, and another key is not what runs: unchanged",
    given: { desired: [want("KEY")], ledger: own({ KEY: {} }), live: [see("KEY")], notLive: new Set(["app/OTHER"]) },
    change: { action: "unchanged" },
    writes: false,
    drift: false,
  },
  {
    title: "left, ours, as written: delete",
    given: { ledger: own({ KEY: {} }), live: [see("KEY")] },
    change: { action: "delete", because: "left" },
    writes: true,
    drift: false,
  },
  {
    title: "left, ours but unconfirmed, there: delete",
    given: { ledger: own({ KEY: { unconfirmed: {} } }), live: [see("KEY")] },
    change: { action: "delete", because: "left" },
    writes: true,
    drift: false,
  },
  {
    title: "left, ours, another value there: forget, somebody else has taken it over",
    given: { ledger: own({ KEY: {} }), live: [see("KEY", "m2")] },
    change: { action: "forget", because: "taken-over", found: moved },
    writes: false,
    drift: true,
  },
  {
    title: "left, ours, gone: forget",
    given: { ledger: own({ KEY: {} }) },
    change: { action: "forget", because: "gone" },
    writes: false,
    drift: true,
  },
  {
    title: "neither wanted nor ours, there: foreign",
    given: { live: [see("KEY")] },
    change: { action: "foreign" },
    writes: false,
    drift: false,
  },
];

function planOf(given: Partial<PlanRequest>): Plan {
  return buildPlan({ desired: [], ledger: {}, live: [], adopt: false, ...given });
}

describe("the planner's truth table", () => {
  test.each(table)("$title", ({ given, change, writes, drift }) => {
    const plan = planOf(given);
    expect(plan).toStrictEqual([{ slot: "app", key: "KEY", ...change }]);
    expect(changesToWrite(plan)).toHaveLength(writes ? 1 : 0);
    expect(findDrift(plan)).toHaveLength(drift ? 1 : 0);
  });

  test("a place that nobody knows of is not in the plan", () => {
    expect(planOf({})).toEqual([]);
  });

  test("one key at two slots is two places, each with its own change", () => {
    const plan = planOf({
      desired: [want("web/KEY"), want("api/KEY")],
      ledger: own({ "web/KEY": {} }),
      live: [see("web/KEY")],
    });
    expect(plan.map(({ slot, action }) => `${slot} ${action}`)).toEqual(["api create", "web unchanged"]);
  });

  test("a key that the program wants at other places has left this one, and not the source", () => {
    const ledger = own({ "web/KEY": {}, "api/KEY": {}, "api/GONE": {}, "api/LEFT": {} });
    const live = [see("web/KEY"), see("api/KEY"), see("api/LEFT")];
    const plan = planOf({ desired: [want("web/KEY"), want("web/GONE")], ledger, live });
    expect(plan.filter(({ slot }) => slot === "api")).toEqual([
      { slot: "api", key: "GONE", action: "forget", because: "gone", elsewhere: true },
      { slot: "api", key: "KEY", action: "delete", because: "left", elsewhere: true },
      { slot: "api", key: "LEFT", action: "delete", because: "left" },
    ]);
  });

  test("a key that the source has without a value is told from one that has left it", () => {
    const plan = planOf({ ledger: own({ A: {}, B: {} }), live: [see("A"), see("B")], skipped: ["A"] });
    expect(plan).toStrictEqual([
      { slot: "app", key: "A", action: "delete", because: "left", empty: true },
      { slot: "app", key: "B", action: "delete", because: "left" },
    ]);
  });

  test("all that the vendor tells of an author goes with the change", () => {
    const told = { by: "Ada", byKey: true, among: ["dev"] } as const;
    const plan = planOf({ desired: [want("KEY")], ledger: own({ KEY: {} }), live: [{ ...see("KEY", "m2"), ...told }] });
    expect(plan).toMatchObject([{ action: "update", ...told }]);
  });

  test("names of the prototype are keys like any other", () => {
    const plan = planOf({ desired: [want("constructor"), want("toString/hasOwnProperty")] });
    expect(plan.map(({ action }) => action)).toEqual(["create", "create"]);
  });
});

describe("reading a plan", () => {
  const place = { slot: "app", key: "KEY" };
  const actions: ReadonlyArray<readonly [Change, boolean]> = [
    [{ ...place, action: "create", label: secret, drift: false }, true],
    [{ ...place, action: "adopt", label: secret, found: token }, true],
    [{ ...place, action: "update", label: secret, because: ["value"], expected: token, found: token }, true],
    [{ ...place, action: "delete", because: "pruned" }, true],
    [{ ...place, action: "restore" }, true],
    [{ ...place, action: "retain" }, false],
    [{ ...place, action: "forget", because: "released" }, false],
    [{ ...place, action: "conflict", found: token }, false],
    [{ ...place, action: "unchanged" }, false],
    [{ ...place, action: "foreign" }, false],
  ];

  test.each(actions)("$action touches the target or not", (change, writes) => {
    expect(changesToWrite([change])).toEqual(writes ? [change] : []);
  });

  test.each(["released", "slot-gone", "unreadable"] as const)("a forgotten key (%s) is not drift", (because) => {
    expect(findDrift([{ ...place, action: "forget", because }])).toEqual([]);
  });

  test("the plan is sorted by slot and then by key", () => {
    const plan = planOf({ live: [see("web/B"), see("app/Z"), see("web/A"), see("app/A")] });
    expect(plan.map(({ slot, key }) => `${slot}/${key}`)).toEqual(["app/A", "app/Z", "web/A", "web/B"]);
  });
});
