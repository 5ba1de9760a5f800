// What is known of resources from before this run: from the engine call by call, and from the stack's state.

import { expect, test } from "vitest";
import { createPast } from "../../provider/reconciler/past.js";

test("what two calls of the engine bring of a resource is known together, and nothing of one that it has not named", () => {
  const past = createPast();
  past.keepRecorded("urn:web", { inputs: { a: 1 }, hasMoved: true });
  past.keepRecorded("urn:web", { outputs: { b: 2 } });
  expect(past.recorded("urn:web")).toEqual({ inputs: { a: 1 }, outputs: { b: 2 }, hasMoved: true });
  expect(past.recorded("urn:api")).toEqual({});
});

test("a sync of state is found in the program by its salt, and by the aliases of its URN", () => {
  const past = createPast();
  past.identify("salt", "urn:new");
  past.keepAliases("urn:web", ["urn:older", "urn:old"]);
  past.keepAliases("urn:api", []);
  expect([past.urnOf("salt"), past.urnOf("other")]).toEqual(["urn:new", undefined]);
  expect([past.aliasesOf("urn:web"), past.aliasesOf("urn:far")]).toEqual([["urn:older", "urn:old"], []]);
  expect(["urn:old", "urn:older", "urn:web"].map((alias) => past.urnOfAlias(alias))).toEqual([
    "urn:web",
    "urn:web",
    undefined,
  ]);
});

test("the past of those that are meant is what the engine and state have, with what waits for its removal", () => {
  const past = createPast();
  const [replaced, engine, state] = [{ inputs: { n: 0 } }, { inputs: { n: 1 } }, { inputs: { n: 2 } }];
  expect(past.listPast(() => true)).toEqual([]);
  past.keepRecorded("urn:web", { ...engine, pending: [replaced] });
  past.keepStack(new Map([["urn:gone", { inputs: { n: 9 } }]]));
  past.keepStack(new Map([["urn:web", state]]));
  past.keepRecorded("urn:api", { inputs: { n: 3 } });
  expect(past.listPast((urn) => urn === "urn:web")).toEqual([{ ...engine, pending: [replaced] }, replaced, state]);
  expect(past.listPast((_urn, { inputs }) => inputs?.["n"] === 3)).toEqual([{ inputs: { n: 3 } }]);
  expect(past.listPast((urn) => urn === "urn:gone")).toEqual([]);
});
