// Which resource of a stack's state a sync of the program is: the one with its URN, with its salt, or with one of its aliases.

import { describe, expect, test } from "vitest";
import { deriveRevisionSalt } from "../../provider/core/fingerprint.js";
import { findRecorded, findUrn, keepRecorded } from "../../provider/lifecycle/state/recorded.js";
import type { SyncState } from "../../provider/lifecycle/state/state.js";
import { createMemory } from "../../provider/reconciler/memory.js";
import type { Recorded } from "../../provider/reconciler/past.js";
import type { World } from "../../provider/reconciler/world.js";

const salted = (salt: unknown): Recorded => ({ inputs: { __state: JSON.stringify({ salt }) } });
const listed = new Map([
  ["other", salted("2.other")],
  ["unsalted", { inputs: {} }],
  ["former", salted("2.former")],
  ["former at another host", salted("2.another")],
]);

/** A process that has been told so much about the sync `web`. */
function told({ recorded, aliases }: { recorded?: Recorded; aliases?: readonly string[] } = {}) {
  const world = { memory: createMemory() } as World;
  if (recorded !== undefined) keepRecorded("web", recorded, world);
  if (aliases !== undefined) world.memory.keepAliases("web", aliases);
  return world;
}

const find = (world: World, among: ReadonlyMap<string, Recorded> = listed) => {
  const found = findRecorded("web", among, world);
  return [...among].find(([, one]) => one === found)?.[0];
};

describe("a sync in a listing", () => {
  test("is the one with its URN, whatever else is known", () => {
    const world = told({ recorded: salted("2.former"), aliases: ["former"] });
    expect(find(world, new Map([...listed, ["web", salted("2.new")]]))).toBe("web");
  });

  test("has the salt of its recorded inputs under another URN, also where no alias is sent", () => {
    expect(find(told({ recorded: salted("2.former") }))).toBe("former");
  });

  test("is none of them if no salt is its own, whatever its aliases say", () => {
    expect(find(told({ recorded: salted("2.gone"), aliases: ["former"] }))).toBeUndefined();
  });

  test("that the engine calls new is the first of its aliases that state has", () => {
    expect(find(told({ aliases: ["unknown", "former at another host", "former"] }))).toBe("former at another host");
    expect(find(told({ aliases: ["unknown"] }))).toBeUndefined();
    expect(find(told())).toBeUndefined();
  });

  test("is not known by a salt that an edit of state has broken", () => {
    const broken = new Map([["broken", salted(1)]]);
    expect(find(told({ recorded: salted(1) }), broken)).toBeUndefined();
  });
});

describe("what a delete brings", () => {
  const outputs = { __urn: "former" };
  const state = { record: { salt: deriveRevisionSalt("2.former") } } as SyncState;

  test("belongs to the sync with that salt, of which the process has seen the inputs alone", () => {
    expect(findUrn(outputs, state, told({ recorded: salted("2.former") }))).toBe("web");
  });

  test("belongs to the sync that names it as an alias", () => {
    expect(findUrn(outputs, state, told({ aliases: ["former"] }))).toBe("web");
    expect(findUrn(outputs, undefined, told({ aliases: ["former"] }))).toBe("web");
  });

  test("belongs to no other sync", () => {
    expect(findUrn(outputs, state, told({ recorded: salted("2.other"), aliases: ["other"] }))).toBe("former");
  });
});
