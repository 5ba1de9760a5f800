// The detailed diff: one path for each key, whoever changed it.

import { expect, test } from "vitest";
import type { Change } from "../../provider/core/plan.js";
import { describeDetails } from "../../provider/plugin/detail.js";

const shown = (recorded: object, news: object, more: { plan?: readonly Change[]; replaces?: readonly string[] } = {}) =>
  Object.fromEntries(
    [
      ...describeDetails({
        recorded: { ...recorded },
        news: { ...news },
        plan: more.plan ?? [],
        replaces: more.replaces ?? [],
      }),
    ].map(([path, { kind, isReplaced }]) => [path, isReplaced ? `${kind} replaces` : kind]),
  );

test("keys that came, went and changed are named one by one", () => {
  const [recorded, news] = [{ keys: { A: "1", B: "1", C: "1" } }, { keys: { A: "1", B: "2", D: "1" } }];
  expect(shown(recorded, news)).toEqual({ "keys.B": "update", "keys.C": "delete", "keys.D": "add" });
});

test("a name that is no identifier is quoted as the engine reads it", () => {
  expect(shown({ keys: {} }, { keys: { "a-b": "1", 'q"q': "1" } })).toEqual({
    'keys["a-b"]': "add",
    'keys["q\\"q"]': "add",
  });
});

test("a key that has a name of JavaScript's objects comes and goes as any other", () => {
  const [none, some] = [{ keys: {} }, { keys: { constructor: "1", toString: "1" } }];
  expect(shown(none, some)).toEqual({ "keys.constructor": "add", "keys.toString": "add" });
  expect(shown(some, none)).toEqual({ "keys.constructor": "delete", "keys.toString": "delete" });
});

test("what a run keeps for the next one is no difference", () => {
  expect(shown({ salt: "1", __targetId: "a" }, { salt: "2", __targetId: "b" })).toEqual({});
});

test("drift is named where no input differs, and a change of the program counts more", () => {
  const plan: Change[] = [
    { slot: "app", key: "A", action: "create", label: "SECRET", drift: true },
    { slot: "app", key: "B", action: "update", label: "SECRET", because: ["drift"], expected: "x", found: "y" },
    { slot: "app", key: "C", action: "forget", because: "gone" },
    { slot: "app", key: "D", action: "create", label: "SECRET", drift: false },
  ];
  expect(shown({ keys: { B: "1" } }, { keys: {} }, { plan })).toEqual({
    "keys.A": "add",
    "keys.B": "delete",
    "keys.C": "delete",
  });
});

test("another target replaces the sync, and says by which argument", () => {
  const [recorded, news] = [{ destination: { appId: "a", components: ["x"] } }, { destination: { appId: "b" } }];
  expect(shown(recorded, news, { replaces: ["destination"] })).toEqual({
    "destination.appId": "update replaces",
    "destination.components": "delete replaces",
  });
});

test("lists are compared place by place", () => {
  expect(shown({ source: [{ path: "a" }, { path: "b" }] }, { source: [{ path: "a" }, { path: "c" }, {}] })).toEqual({
    "source[1].path": "update",
    "source[2]": "add",
  });
});
