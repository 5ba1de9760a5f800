// What follows a write that met another writer: whose keys stay, what is sent again, and what a person has to compare.

import { describe, expect, test } from "vitest";
import type { Edit } from "../../provider/core/entry.js";
import type { LostUpdate } from "../../provider/destinations/digitalocean/write/lost-update.js";
import { type Encounter, planSequel } from "../../provider/destinations/digitalocean/write/merge.js";
import { editSpec } from "../../provider/destinations/digitalocean/spec.js";
import type { Deployment, RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";
import { redact } from "../../provider/redacted.js";

const specOf = (values: Record<string, string>, more: object = {}): Spec => ({
  name: "shop",
  envs: Object.entries(values).map(([key, value]) => ({ key, value })),
  ...more,
});
const theirs: Deployment = { id: "theirs" };
const set = (key: string, value: string): Edit => ({
  action: "set",
  slot: "app",
  key,
  value: redact(value),
  attributes: { type: "GENERAL", scope: "RUN_AND_BUILD_TIME" },
  label: "GENERAL RUN_AND_BUILD_TIME",
});
const remove = (key: string): Edit => ({ action: "remove", slot: "app", key });
const restore = (prior: RawEnv): Edit => ({ action: "restore", slot: "app", key: prior.key, prior });

interface Given extends Partial<Omit<Encounter, "lost" | "own">> {
  readonly lost: Spec;
  readonly since?: Spec | null;
  readonly own: Spec | readonly Spec[];
}
function plan({ lost: spec, since, own, before = specOf({}), base = before, edits = [] }: Given) {
  const later = since === undefined ? undefined : { id: "since", spec: since };
  const lost: LostUpdate = { kind: "found", deployment: theirs, spec, since: later };
  return planSequel({ lost, before, own: Array.isArray(own) ? own : [own], base, edits });
}

const again = (more: object) => ({ kind: "again", theirs, isMerge: false, yielded: false, ...more });
const done = (yielded: boolean) => ({ kind: "done", yielded });

test("nothing that we replaced: done", () => {
  const given = { before: specOf({}), own: [specOf({ A: "1" })], base: specOf({}), edits: [set("A", "1")] };
  expect(planSequel({ ...given, lost: { kind: "none" } })).toEqual(done(false));
});

test("it cannot be told what we replaced: a person has to compare", () => {
  const given = { before: specOf({}), own: [specOf({ A: "1" })], base: specOf({}), edits: [set("A", "1")] };
  expect(planSequel({ ...given, lost: { kind: "unclear", deployment: theirs } })).toEqual({ kind: "unmerged", theirs });
});

describe("what they stored before our write", () => {
  test("stays, with our edits on it", () => {
    const edits = [set("A", "1")];
    const lost = specOf({ THEIRS: "2" });
    expect(plan({ lost, own: specOf({ A: "1" }), edits })).toEqual(again({ base: lost, edits, isMerge: true }));
  });

  test("is sent again as it was where a key of ours stands there twice by now", () => {
    const before = specOf({ A: "0" });
    const lost = {
      name: "shop",
      envs: [
        { key: "A", value: "theirs", scope: "BUILD_TIME" },
        { key: "A", value: "0" },
      ],
    };
    for (const edit of [set("A", "1"), remove("A")]) {
      const own = edit.action === "set" ? specOf({ A: "1" }) : specOf({});
      const sequel = plan({ before, lost, own, edits: [edit] });
      expect(sequel).toEqual(again({ base: lost, edits: [], isMerge: true, yielded: true }));
    }
  });

  test("is not sent again where it changes our keys only: that is drift", () => {
    const before = specOf({ A: "0", B: "2" });
    const edits = [set("A", "1")];
    expect(plan({ before, lost: specOf({ A: "theirs", B: "2" }), own: specOf({ A: "1", B: "2" }), edits })).toEqual(
      done(false),
    );
  });

  test("is compared with the last of our writes", () => {
    const before = specOf({ A: "0" });
    const own = [specOf({ A: "1" }), specOf({ A: "1" }), specOf({ A: "1", THEIRS: "2" })];
    const edits = [set("A", "1")];
    expect(plan({ before, lost: specOf({ A: "theirs", THEIRS: "2" }), own, edits })).toEqual(done(false));
    expect(plan({ before, lost: specOf({ A: "theirs" }), own, edits })).toMatchObject({ kind: "again" });
  });

  test("under another name is sent again", () => {
    const lost = specOf({}, { name: "store" });
    expect(plan({ lost, own: specOf({ A: "1" }), edits: [set("A", "1")] })).toMatchObject({
      kind: "again",
      base: lost,
    });
  });

  // [what, our edit, what stood there, what they stored]
  test.each<[string, Edit, Record<string, string>, Record<string, string>]>([
    ["they made the key that we meant to make", set("A", "1"), {}, { A: "theirs" }],
    ["they gave the key that we meant to remove another value", remove("A"), { A: "0" }, { A: "theirs" }],
    [
      "they gave the key that we meant to put back another value",
      restore({ key: "A", value: "1" }),
      { A: "0" },
      { A: "theirs" },
    ],
  ])("stands alone where %s", (_what, ...[edit, before, stored]) => {
    const lost = specOf({ ...stored, MORE: "3" });
    const own = specOf(edit.action === "remove" ? {} : { A: "1" });
    expect(plan({ before: specOf(before), lost, own, edits: [edit] })).toEqual(
      again({ base: lost, edits: [], isMerge: true, yielded: true }),
    );
  });

  // [what, our edit, what stood there, what they stored]
  test.each<[string, Edit, Record<string, string>, Record<string, string>]>([
    ["they removed the key that we meant to remove", remove("A"), { A: "0" }, {}],
    ["they left the key that we meant to remove", remove("A"), { A: "0" }, { A: "0" }],
    ["they left the key that we meant to put back", restore({ key: "A", value: "1" }), { A: "0" }, { A: "0" }],
    ["they changed the key that we meant to change", set("A", "1"), { A: "0" }, { A: "theirs" }],
    ["they did not make the key that we meant to make", set("A", "1"), {}, {}],
    ["they built on the key that we had made", set("A", "1"), {}, { A: "1" }],
  ])("takes no key of ours where %s", (_what, ...[edit, before, stored]) => {
    const lost = specOf({ ...stored, MORE: "3" });
    const own = specOf(edit.action === "remove" ? {} : { A: "1" });
    expect(plan({ before: specOf(before), lost, own, edits: [edit] })).toEqual(
      again({ base: lost, edits: [edit], isMerge: true }),
    );
  });

  test("may build on any of our writes", () => {
    const own = [specOf({ A: "first" }), specOf({ A: "second" })];
    const edits = [set("A", "second")];
    for (const value of ["first", "second"])
      expect(plan({ lost: specOf({ A: value, MORE: "3" }), own, edits })).toMatchObject({ yielded: false });
    expect(plan({ lost: specOf({ A: "third", MORE: "3" }), own, edits })).toMatchObject({ yielded: true });
  });

  test("is found in one of several keys", () => {
    const edits = [set("A", "1"), set("B", "2")];
    const lost = specOf({ B: "theirs" });
    expect(plan({ lost, own: specOf({ A: "1", B: "2" }), edits })).toMatchObject({ edits: [], yielded: true });
  });
});

describe("what they stored before and after our write", () => {
  const before = specOf({ OLD: "0" });
  const edits = [set("A", "1"), set("B", "2"), remove("OLD")];
  const own = specOf({ A: "1", B: "2" });
  const lost = specOf({ OLD: "0", THEIRS: "3" });

  test("is left alone where their change outlived ours", () => {
    const since = specOf({ A: "1", B: "2", THEIRS: "3" });
    expect(plan({ before, lost, since, own, edits })).toEqual(done(false));
  });

  test("keeps their variable of a key of ours in another scope, whichever stands first", () => {
    const theirsToo: RawEnv = { key: "B", value: "theirs", scope: "BUILD_TIME" };
    const mine: RawEnv = { key: "B", value: "2" };
    for (const envs of [
      [theirsToo, mine],
      [mine, theirsToo],
    ]) {
      const since = { name: "shop", envs };
      const back = { ...remove("B"), beside: [theirsToo] };
      const sequel = plan({ before: specOf({}), lost, since, own: specOf({ B: "2" }), edits: [set("B", "2")] });
      expect(sequel).toEqual(again({ base: since, edits: [back], yielded: true }));
      expect(editSpec(since, [back])["envs"]).toEqual([theirsToo]);
    }
  });

  test("has to be compared by a person where it did not", () => {
    const since = specOf({ A: "1", B: "2", OTHER: "4" });
    expect(plan({ before, lost, since, own, edits })).toEqual({ kind: "unmerged", theirs });
  });

  test("takes our edits back where it takes one of our keys: made ones go, and earlier ones return", () => {
    const given = specOf({ OLD: "0", GONE: "5" });
    const mine = [...edits, set("GONE", "6")];
    const since = specOf({ A: "theirs", B: "2", GONE: "6" });
    expect(plan({ before: given, lost, since, own: specOf({ A: "1", B: "2", GONE: "6" }), edits: mine })).toEqual(
      again({
        base: since,
        edits: [remove("B"), restore({ key: "OLD", value: "0" }), restore({ key: "GONE", value: "5" })],
        yielded: true,
      }),
    );
  });

  test("takes back only what of our writes still stands there, of whichever of them", () => {
    const given = specOf({ OLD: "0", CHANGED: "7" });
    const mine = [...edits, set("CHANGED", "8")];
    const first = specOf({ A: "1", B: "2", CHANGED: "8" });
    const since = specOf({ A: "theirs", B: "2", OLD: "theirs", CHANGED: "theirs" });
    const last = specOf({ A: "1", B: "3", CHANGED: "8" });
    expect(plan({ before: given, lost, since, own: [first, last], edits: mine })).toEqual(
      again({ base: since, edits: [remove("B")], yielded: true }),
    );
  });

  test("keeps what it has where nothing of ours is left", () => {
    const since = specOf({ A: "theirs", B: "theirs", OLD: "theirs" });
    expect(plan({ before, lost, since, own, edits })).toEqual(done(true));
  });

  test("without a spec counts as nothing stored after ours", () => {
    expect(plan({ before, lost, since: null, own, edits })).toEqual(again({ base: lost, edits, isMerge: true }));
  });
});
