// A key that was removed and still runs: only a deployment ends that, so a secret of ours is sent again where nothing else is written.

import { describe, expect, test } from "vitest";
import { buildPlan, type PlanRequest } from "../../provider/core/plan.js";
import { own, secret, see, want } from "./entries.js";

const token = `${secret} #m1`;

describe("a removed key that still runs", () => {
  const sealed = (name: string) => ({ ...see(name), sealed: true });
  const given: PlanRequest = {
    adopt: false,
    desired: [want("A"), want("B"), want("C")],
    ledger: own({ A: {}, B: {}, C: {} }),
    live: [see("A"), sealed("B"), sealed("C")],
    lingers: true,
  };
  const actions = (more: Partial<PlanRequest>) =>
    buildPlan({ ...given, ...more }).map(({ key, action }) => `${key} ${action}`);

  test("is carried away by the first secret of ours that is sent again, and by that one alone", () => {
    const sent = { action: "update", label: secret, because: ["removal"], expected: token, found: token };
    expect(buildPlan(given)).toEqual([
      { slot: "app", key: "A", action: "unchanged" },
      { slot: "app", key: "B", ...sent },
      { slot: "app", key: "C", action: "unchanged" },
    ]);
  });

  test("goes with whatever else is written", () => {
    expect(actions({ desired: [...given.desired, want("D")] })).toEqual([
      "A unchanged",
      "B unchanged",
      "C unchanged",
      "D create",
    ]);
  });

  test("stays where nothing of ours could start a deployment by being sent again", () => {
    const kept = ["A unchanged", "B unchanged", "C unchanged"];
    expect(actions({ live: [see("A"), see("B"), see("C")] })).toEqual(kept);
    expect(actions({ lingers: false })).toEqual(kept);
    expect(actions({ desired: [], ledger: {}, live: [sealed("B")] })).toEqual(["B foreign"]);
  });
});
