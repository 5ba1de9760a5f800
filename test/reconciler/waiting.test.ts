// Which syncs wait for a deployment: the whole table, and what the engine and the program have told.

import { describe, expect, test } from "vitest";
import { createArrivals } from "../../provider/reconciler/batch/arrivals.js";
import { decideWaiting, nobodyElse, type Outlook } from "../../provider/reconciler/batch/waiting.js";

const none: Outlook = nobodyElse;
const coming = { isComing: true };
const declared = { isDeclared: true };
const elsewhere = { isMoreElsewhere: true };
const pressed = { isPressed: true };
const accompanied = { isAccompanied: true };

describe("who waits", () => {
  test.each([
    [{}, false, "all"],
    [{ ...pressed, ...accompanied }, false, "all"],
    [coming, false, "none"],
    [{ ...coming, ...declared, ...pressed }, false, "none"],
    [declared, false, "one"],
    [{ ...declared, ...accompanied }, false, "one"],
    [{ ...declared, ...pressed }, false, "none"],
    [elsewhere, false, "one"],
    [{ ...elsewhere, ...pressed }, false, "one"],
    [{ ...elsewhere, ...declared }, false, "one"],
    [{}, true, "one"],
    [elsewhere, true, "one"],
    [{ ...elsewhere, ...pressed }, true, "one"],
    [pressed, true, "one"],
    [{ ...pressed, ...accompanied }, true, "none"],
    [coming, true, "none"],
    [declared, true, "one"],
  ] as const)("%j, removal %s: %s", (told, isRemoval, expected) => {
    expect(decideWaiting({ ...none, ...told }, isRemoval)).toBe(expected);
  });
});

/** Syncs of one program, checked as the engine does it. */
function open({ count = 3, steps }: { count?: number; steps?: number } = {}) {
  const arrivals = createArrivals();
  const check = (
    urn: string,
    stage: "checked" | "coming" | "resting" = "coming",
    more: { isUncertain?: boolean; targetId?: string } = {},
  ) => {
    const { isUncertain = false, targetId = "app" } = more;
    const declaration = { group: "0", count, ...(steps === undefined ? {} : { steps }) };
    arrivals.tell(urn, { declared: declaration, isUncertain });
    arrivals.arrive(urn, { targetId, stage });
  };
  const start = (urn: string) => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const step = arrivals.step(urn, () => ended);
    return async () => {
      end();
      await step;
    };
  };
  return { arrivals, check, start, outlook: (leaving = 0) => arrivals.outlook("app", leaving) };
}

describe("syncs that are to come", () => {
  test("are declared until each of them was checked", () => {
    const { check, outlook } = open();
    check("a", "resting");
    expect(outlook()).toMatchObject({ isDeclared: true, isComing: false });
    check("b", "resting");
    check("b", "resting");
    expect(outlook().isDeclared).toBe(true);
    check("c", "resting");
    expect(outlook()).toMatchObject({ isDeclared: false, isComing: false });
  });

  test("are declared as long as one of them is only checked, whatever the others do", () => {
    const { check, outlook } = open({ count: 2 });
    check("a", "checked");
    check("b", "resting");
    expect(outlook()).toMatchObject({ isDeclared: true, isComing: false });
    check("a", "resting");
    expect(outlook().isDeclared).toBe(false);
  });

  test("are certain once they were checked and act, until their step begins", async () => {
    const { check, start, outlook } = open({ count: 1 });
    check("a", "checked");
    expect(outlook()).toMatchObject({ isDeclared: true, isComing: false });
    check("a");
    expect(outlook()).toMatchObject({ isDeclared: false, isComing: true });
    const end = start("a");
    expect(outlook().isComing).toBe(false);
    await end();
    expect(outlook().isComing).toBe(false);
  });

  test("are never certain under ignoreChanges, which may keep the engine from calling them", () => {
    const { check, outlook } = open({ count: 1 });
    check("a", "coming", { isUncertain: true });
    expect(outlook()).toMatchObject({ isDeclared: false, isComing: false });
  });

  test("of another target are nobody's here, and two groups may be one target", () => {
    const { arrivals, check, outlook } = open({ count: 2 });
    check("a", "resting");
    check("b", "coming", { targetId: "other" });
    expect(outlook()).toMatchObject({ isDeclared: false, isComing: false, isMoreElsewhere: true });
    arrivals.tell("c", { declared: { group: "by name", count: 2 }, isUncertain: false });
    arrivals.arrive("c", { targetId: "app", stage: "resting" });
    expect(outlook().isDeclared).toBe(true);
  });

  test("are more when a later tick of the program has declared more", () => {
    const { arrivals, check, outlook } = open({ count: 1 });
    check("a", "resting");
    expect(outlook().isDeclared).toBe(false);
    arrivals.tell("b", { declared: { group: "0", count: 4 }, isUncertain: false });
    expect(outlook().isDeclared).toBe(true);
  });

  test("are unknown where the program tells nothing", () => {
    const { arrivals, outlook } = open();
    arrivals.tell("a", { declared: undefined, isUncertain: false });
    arrivals.arrive("a", { targetId: "app", stage: "resting" });
    expect(outlook()).toEqual(nobodyElse);
  });
});

describe("the steps under way", () => {
  test.each([
    [1, 1],
    [2, 2],
    [8, 4],
    [9, 5],
    [undefined, 4],
  ])("of %s are too many that wait from %s on", async (steps, most) => {
    const { check, start, outlook } = open(steps === undefined ? {} : { steps });
    check("a");
    const ends = Array.from({ length: most }, (_, at) => start(`s${at}`));
    expect([outlook().isPressed, outlook(1).isPressed]).toEqual([true, false]);
    await ends[0]?.();
    expect(outlook().isPressed).toBe(false);
  });

  test("accompany one that stays when the others leave", () => {
    const { start, outlook } = open({ steps: 8 });
    start("a");
    expect([outlook().isAccompanied, outlook(1).isAccompanied]).toEqual([false, false]);
    start("b");
    expect([outlook().isAccompanied, outlook(1).isAccompanied]).toEqual([true, false]);
  });

  test("leave to the last one what is left over, also when they end in one moment", () => {
    const { arrivals, check, start } = open({ steps: 4 });
    check("a");
    for (const urn of ["a", "b", "c"]) start(urn);
    expect(["b", "a", "c"].map((urn) => arrivals.isLast(urn))).toEqual([false, false, true]);
  });

  test("are not the last ones while another sync is certain to come, and never in a serial run", () => {
    const { arrivals, check, start } = open({ steps: 4 });
    check("a");
    check("b");
    start("a");
    expect(arrivals.isLast("a")).toBe(false);
    const serial = open({ steps: 1 });
    serial.check("a");
    serial.start("a");
    expect(serial.arrivals.isLast("a")).toBe(false);
  });

  test.each([
    ["resting", false, "is complete, and ends"],
    ["checked", true, "waits for a sync that is still looked at"],
  ] as const)("take every step unless another target (%s: %s) %s", (stage, isFull, _which) => {
    const { check, start, outlook } = open({ steps: 2, count: 2 });
    check("here");
    check("there", "coming", { targetId: "other" });
    check("beside", stage, { targetId: "other" });
    start("here");
    start("there");
    expect(outlook().isFull).toBe(isFull);
    expect(outlook(1).isFull).toBe(false);
  });

  test("are all taken where no other target has any", () => {
    const { check, start, outlook } = open({ steps: 2, count: 3 });
    for (const urn of ["a", "b"]) check(urn);
    for (const urn of ["a", "b"]) start(urn);
    expect(outlook()).toMatchObject({ isFull: true, isMoreElsewhere: false });
  });

  test("count until they have ended, however they end", async () => {
    const { arrivals, outlook } = open({ steps: 1 });
    arrivals.tell("a", { declared: { group: "0", count: 1, steps: 1 }, isUncertain: false });
    await expect(arrivals.step("a", () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
    expect(outlook().isPressed).toBe(false);
  });
});
