// Which syncs of a run are still to come, told by check, plan and step: what counts after a failure, and what is never forgotten.

import { describe, expect, test } from "vitest";
import { createArrivals } from "../../provider/reconciler/batch/arrivals.js";

type Stage = "checked" | "coming" | "resting";

interface Checked {
  readonly stage?: Stage;
  readonly targetId?: string;
  readonly isUncertain?: boolean;
  readonly count?: number;
  readonly steps?: number;
  readonly group?: string;
}

function open() {
  const arrivals = createArrivals();
  const check = (urn: string, more: Checked = {}) => {
    const { stage = "coming", targetId = "app", isUncertain = false, count = 1, steps, group = "0" } = more;
    arrivals.tell(urn, { declared: { group, count, steps }, isUncertain });
    arrivals.arrive(urn, { targetId, stage });
  };
  const start = (urn: string) => void arrivals.step(urn, () => new Promise(() => undefined));
  return { arrivals, check, start, outlook: (leaving = 0) => arrivals.outlook("app", leaving) };
}

describe("what the program has declared", () => {
  test("is the most that any sync says, in whatever order they come", () => {
    const { check, outlook } = open();
    check("a", { stage: "resting", count: 3 });
    check("b", { stage: "resting", count: 2 });
    expect(outlook().isDeclared).toBe(true);
    check("c", { stage: "resting", count: 1 });
    expect(outlook().isDeclared).toBe(false);
  });

  test("of steps stays where a later sync says nothing of them", () => {
    const { check, start, outlook } = open();
    check("a", { steps: 1 });
    check("b");
    start("a");
    expect(outlook()).toMatchObject({ isPressed: true, isFull: true });
  });

  test("is known of a group from a sync whose own target is not known yet", () => {
    const { arrivals, check, outlook } = open();
    check("a", { stage: "resting" });
    arrivals.tell("b", { declared: { group: "0", count: 3 }, isUncertain: false });
    expect(outlook().isDeclared).toBe(true);
  });
});

describe("a sync that was checked", () => {
  test("is looked at again with every check, also if its step had begun", () => {
    const { arrivals, check, start, outlook } = open();
    check("a");
    start("a");
    expect(outlook()).toMatchObject({ isComing: false, isDeclared: false });
    arrivals.tell("a", { declared: undefined, isUncertain: false });
    expect(outlook()).toMatchObject({ isComing: false, isDeclared: true });
  });

  test("is certain to come also beside others of its target that will write nothing, or that nobody has told of", () => {
    const { arrivals, check, outlook } = open();
    check("a", { stage: "resting" });
    arrivals.arrive("b", { targetId: "app", stage: "coming" });
    expect(outlook()).toMatchObject({ isComing: true, isDeclared: false });
  });

  test("keeps its target where a later call does not tell it", () => {
    const { arrivals, check, outlook } = open();
    check("a");
    arrivals.arrive("a", { stage: "checked" });
    expect(outlook()).toMatchObject({ isComing: false, isDeclared: true });
  });

  test("under ignoreChanges counts as declared until it is known whether it acts", () => {
    const { check, outlook } = open();
    check("a", { stage: "checked", isUncertain: true });
    expect(outlook()).toMatchObject({ isComing: false, isDeclared: true });
    check("a", { isUncertain: true });
    expect(outlook()).toMatchObject({ isComing: false, isDeclared: false });
  });

  test("elsewhere is to come as well, whether it is certain, only looked at, or only declared", () => {
    for (const stage of ["coming", "checked"] as const) {
      const { check, outlook } = open();
      check("b", { stage, targetId: "other", group: "1" });
      expect(outlook()).toMatchObject({ isComing: false, isDeclared: false, isMoreElsewhere: true });
    }
    const { check, outlook } = open();
    check("b", { stage: "resting", targetId: "other", group: "1", count: 2 });
    expect(outlook().isMoreElsewhere).toBe(true);
    check("c", { stage: "resting", targetId: "other", group: "1", count: 2 });
    expect(outlook().isMoreElsewhere).toBe(false);
  });

  test("here is nobody elsewhere", () => {
    const { check, outlook } = open();
    check("a");
    expect(outlook()).toMatchObject({ isComing: true, isMoreElsewhere: false });
  });
});

describe("after a failure", () => {
  test("no other sync of the target is counted on, whatever was known of it", () => {
    const { arrivals, check, outlook } = open();
    check("a", { count: 9 });
    check("b", { stage: "checked" });
    arrivals.fail("c");
    expect(outlook()).toMatchObject({ isComing: false, isDeclared: false });
  });

  test("the failed one itself is none that comes elsewhere", () => {
    const { arrivals, check, outlook } = open();
    check("b", { targetId: "other", group: "1" });
    arrivals.fail("b");
    expect(outlook().isMoreElsewhere).toBe(false);
  });

  test.each([1, 8])(
    "the step that is alone is the last one, also in a run of %s steps with others to come",
    (steps) => {
      const { arrivals, check, start } = open();
      check("a", { steps });
      check("b", { steps });
      start("a");
      arrivals.fail("c");
      expect(arrivals.isLast("a")).toBe(true);
    },
  );

  test("a step beside others is not the last one", () => {
    const { arrivals, check, start } = open();
    check("a", { steps: 8 });
    start("a");
    start("b");
    arrivals.fail("c");
    expect([arrivals.isLast("a"), arrivals.isLast("b")]).toEqual([false, true]);
  });
});

describe("all steps are taken", () => {
  test("as long as the others are of syncs that nobody has checked, or wait for more of their own target", () => {
    const { check, start, outlook } = open();
    check("here", { steps: 2 });
    start("here");
    start("unknown");
    expect(outlook().isFull).toBe(true);
  });

  test("by a target that is complete itself: none of its own is about to make room for it", () => {
    const { check, start, outlook } = open();
    check("a", { steps: 2, count: 2 });
    check("b", { steps: 2, count: 2 });
    start("a");
    start("b");
    expect([outlook().isFull, outlook(1).isFull]).toEqual([true, false]);
  });

  test("unless nobody knows how many there are", () => {
    const { check, start, outlook } = open();
    check("a");
    for (const urn of ["a", "b", "c", "d", "e"]) start(urn);
    expect(outlook()).toMatchObject({ isFull: false, isPressed: true });
  });
});

test("a step gives what its operation gives, and counts as ended then", async () => {
  const { arrivals, check, outlook } = open();
  check("a", { steps: 1 });
  expect(await arrivals.step("a", async () => outlook().isPressed)).toBe(true);
  expect(outlook()).toMatchObject({ isPressed: false, isComing: false });
});
