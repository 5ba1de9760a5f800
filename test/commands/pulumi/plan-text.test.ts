// A plan as a preview prints it, read back: what drifted, and whether a write would only repeat an earlier one.

import { expect, test } from "vitest";
import { announcePlan } from "../../../provider/core/announcement.js";
import type { Change } from "../../../provider/core/plan.js";
import { listPlans } from "../../../provider/commands/pulumi/diagnostics.js";
import {
  driftedKeys,
  isRepetition,
  isTriedAgain,
  readPlan,
  removedKeys,
} from "../../../provider/commands/pulumi/plan-text.js";

const say = (...plan: Change[]) => announcePlan(plan, { target: "shop", isFirst: false }) ?? "";
const place = (key: string) => ({ slot: "app", key });
const update = (key: string, ...because: Array<"value" | "drift" | "not-live" | "removal">): Change => ({
  ...place(key),
  action: "update",
  label: "SECRET",
  because,
  expected: "SECRET #1",
  found: "SECRET #2",
});

test("the keys that drifted are those below the line that says so, and no others", () => {
  const plan = say(
    update("A", "drift"),
    { ...place("B"), action: "create", label: "SECRET", drift: true },
    update("C", "value"),
    { ...place("D"), action: "delete", because: "left" },
  );
  expect(driftedKeys(plan)).toEqual(["app/A", "app/B"]);
  expect(driftedKeys(say(update("C", "value")))).toEqual([]);
});

test("drift is read from the document of a preview, in which it makes the plan a warning", () => {
  const urn = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";
  const message = `warning: ${say(update("A", "drift"), update("B", "value"))}\n`;
  const plans = listPlans(JSON.stringify({ diagnostics: [{ urn, message, severity: "warning" }] }));
  expect(driftedKeys(plans.get(urn) ?? "")).toEqual(["app/A"]);
});

test("what is no line of a plan is a note, with the lines below it", () => {
  const text = ["  said before any head", "one head", "    below it", "", "    still below", "another"].join("\n");
  expect(readPlan(text)).toMatchObject({ lines: [], target: undefined });
  expect(readPlan(text).notes).toEqual(["said before any head", "one head\n    below it\n    still below", "another"]);
});

test("a name below a head of none is no key, and a line of many keys names none by itself", () => {
  const { lines, notes } = readPlan("1 to change: plan for shop\n  ~ app/A: new value\n      app/B\nhead\n      app/C");
  expect(lines.map(({ name }) => name)).toEqual(["app/A"]);
  expect(notes).toEqual(["app/B", "head\n      app/C"]);
  const grouped = readPlan("2 to change: plan for shop\n  ~ 2 keys: new value\n      app/A\n    app/B\n      app/C");
  expect(grouped.lines.map(({ name, text }) => [name, text])).toEqual([
    ["app/A", "new value"],
    ["app/C", "new value"],
  ]);
  expect(grouped.counts).toEqual(new Map([["to change", 2]]));
});

test("each of many keys that drifted alike is one", () => {
  const keys = Array.from({ length: 60 }, (_, at) => `KEY_${at}`);
  expect(driftedKeys(say(...keys.map((key) => update(key, "drift")))).toSorted()).toEqual(
    keys.map((key) => `app/${key}`).toSorted(),
  );
});

test("a write is a repetition when all of it is stored already", () => {
  expect(isRepetition(say(update("A", "not-live"), update("B", "not-live")))).toBe(true);
  expect(isRepetition(say(update("A", "removal")))).toBe(true);
  for (const other of [update("B", "value"), update("B", "drift"), update("B", "value", "not-live")])
    expect(isRepetition(say(update("A", "not-live"), other))).toBe(false);
  expect(isRepetition("")).toBe(false);
});

test("keys are removed when the program's inputs have had them and have them no longer", () => {
  const state = (...keys: string[]) => ({ inputs: { keys: Object.fromEntries(keys.map((key) => [key, "[secret]"])) } });
  const step = { op: "update", urn: "u", oldState: state("A", "B", "C"), newState: state("B", "D") };
  expect(removedKeys(step)).toEqual(["A", "C"]);
  expect(removedKeys({ op: "create", urn: "u", oldState: null, newState: state("A") })).toEqual([]);
  expect(
    removedKeys({ op: "update", urn: "u", oldState: { inputs: { keys: "[secret]" } }, newState: state() }),
  ).toEqual([]);
});

test("values are tried again if the inputs have counted no other value since", () => {
  const step = (before: unknown, now: unknown) => ({
    op: "update",
    urn: "urn",
    oldState: { inputs: { keys: before } },
    newState: { inputs: { keys: now } },
  });
  expect(isTriedAgain(step({ A: 2, B: 1 }, { B: 1, A: 2 }))).toBe(true);
  // State of an earlier form counts nothing.
  for (const [before, now] of [
    [{ A: 1 }, { A: 2 }],
    [{ A: 1 }, { A: 1, B: 1 }],
    [{ A: "[secret]" }, { A: "[secret]" }],
    [undefined, undefined],
    [null, null],
  ])
    expect(isTriedAgain(step(before, now))).toBe(false);
  expect(isTriedAgain({ op: "create", urn: "urn", newState: { inputs: { keys: { A: 1 } } } })).toBe(false);
});
