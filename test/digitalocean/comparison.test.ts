// What two looks at a spec have in common: orders and defaults of answers are no change, and everything else is one.

import { describe, expect, test } from "vitest";
import type { Edit } from "../../provider/core/entry.js";
import {
  keepsChange,
  observeEdit,
  sameAt,
  sameContent,
  sameStored,
  withoutEdited,
} from "../../provider/destinations/digitalocean/write/comparison.js";
import { indexEnvs } from "../../provider/destinations/digitalocean/spec.js";
import type { RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";
import { redact } from "../../provider/redacted.js";

const a = { key: "A", value: "1" };
const b = { key: "B", value: "2" };
const withEnvs = (...envs: RawEnv[]): Spec => ({ name: "shop", envs });
const withWeb = (web: object): Spec => ({ name: "shop", services: [{ name: "web", ...web }] });

describe("two specs deploy the same", () => {
  test.each<[string, Spec, Spec]>([
    ["in another order of variables", withEnvs(a, b), withEnvs(b, a)],
    [
      "in another order of a key that stands twice",
      withEnvs(a, { ...a, value: "2" }),
      withEnvs({ ...a, value: "2" }, a),
    ],
    [
      "in another order of a key that stands there once for each scope",
      withEnvs({ ...a, scope: "RUN_TIME" }, { ...a, scope: "BUILD_TIME" }),
      withEnvs({ ...a, scope: "BUILD_TIME" }, { ...a, scope: "RUN_TIME" }),
    ],
    ["with another name", withEnvs(a), { ...withEnvs(a), name: "store" }],
    ["without a name", withEnvs(a), { envs: [a] }],
    ["with and without the default type", withEnvs(a), withEnvs({ ...a, type: "GENERAL" })],
    ["with and without an empty type", withEnvs(a), withEnvs({ ...a, type: "" })],
    ["with and without the default scope", withEnvs(a), withEnvs({ ...a, scope: "RUN_AND_BUILD_TIME" })],
    ["with a scope that is not set", withEnvs({ ...a, scope: "UNSET" }), withEnvs({ ...a, scope: "" })],
    ["with and without an empty value", withEnvs({ key: "A", value: "" }), withEnvs({ key: "A" })],
    ["with no variables and no list of them", withEnvs(), { name: "shop" }],
    ["with null for no list of variables", { name: "shop", envs: null }, withEnvs()],
    ["with an empty list in a component", withWeb({ envs: [] }), withWeb({})],
    ["with null in a component", withWeb({ envs: null }), withWeb({ envs: [] })],
    ["with another order of a component's variables", withWeb({ envs: [a, b] }), withWeb({ envs: [b, a] })],
    [
      "with another order of members",
      { name: "shop", region: "fra", envs: [a] },
      { envs: [a], region: "fra", name: "shop" },
    ],
  ])("%s", (_what, one, other) => {
    expect(sameContent(one, other)).toBe(true);
    expect(sameContent(other, one)).toBe(true);
  });

  test.each<[string, Spec, Spec]>([
    ["another value", withEnvs(a), withEnvs({ ...a, value: "2" })],
    ["another key", withEnvs(a), withEnvs({ ...a, key: "B" })],
    ["another type", withEnvs(a), withEnvs({ ...a, type: "SECRET" })],
    ["another scope", withEnvs(a), withEnvs({ ...a, scope: "RUN_TIME" })],
    ["one more variable", withEnvs(a), withEnvs(a, b)],
    ["a value instead of none", withEnvs({ key: "A" }), withEnvs({ key: "A", value: "1" })],
    ["another field of a variable", withEnvs(a), withEnvs({ ...a, x_future: true })],
    ["another number", withWeb({ instance_count: 1 }), withWeb({ instance_count: 2 })],
    ["another text, deep inside", withWeb({ image: { tag: "v1" } }), withWeb({ image: { tag: "v2" } })],
    ["another component", withWeb({}), { name: "shop", services: [{ name: "api" }] }],
    ["another kind of component", withWeb({}), { name: "shop", workers: [{ name: "web" }] }],
    ["the variable of another component", withWeb({ envs: [a] }), withEnvs(a)],
  ])("but not with %s", (_what, one, other) => {
    expect(sameContent(one, other)).toBe(false);
    expect(sameContent(other, one)).toBe(false);
  });

  test("and are stored the same under one name only", () => {
    expect(sameStored(withEnvs(a, b), withEnvs(b, a))).toBe(true);
    expect(sameStored(withEnvs(a), { ...withEnvs(a), name: "store" })).toBe(false);
    expect(sameStored(withEnvs(a), withEnvs(b))).toBe(false);
  });
});

test("a spec without what edits touch keeps everything else", () => {
  const spec = { ...withEnvs(a, b), services: [{ name: "web", envs: [a, b] }] };
  const edits: Edit[] = [
    { action: "remove", slot: "app", key: "A" },
    { action: "restore", slot: "web", key: "B", prior: b },
  ];
  expect(withoutEdited(spec, edits)).toEqual({ ...withEnvs(b), services: [{ name: "web", envs: [a] }] });
});

describe("a look at an edit", () => {
  const place = { slot: "app", key: "A" };
  const sealed = (text: string): RawEnv => ({ key: "A", value: `EV[1:x:${text}]`, type: "SECRET", scope: "RUN_TIME" });
  const plain = (value: string): RawEnv => ({ key: "A", value, scope: "RUN_TIME" });
  const set = (value: string, type = "SECRET"): Edit => ({
    ...place,
    action: "set",
    value: redact(value),
    attributes: { type, scope: "RUN_TIME" },
    label: `${type} RUN_TIME`,
  });
  const remove: Edit = { ...place, action: "remove" };
  const restore = (prior: RawEnv): Edit => ({ ...place, action: "restore", prior });

  // [what, edit, before, now, told]
  test.each<[string, Edit, RawEnv | undefined, RawEnv | undefined, string]>([
    ["a removed key that is gone", remove, plain("1"), undefined, "shown"],
    ["a removed key that still stands there", remove, plain("1"), plain("1"), "missing"],
    ["a removed key that somebody made", remove, undefined, plain("1"), "missing"],
    ["a removed key that never was", remove, undefined, undefined, "same"],
    ["a new key", set("1"), undefined, sealed("1"), "shown"],
    ["a new key that is not there", set("1"), undefined, undefined, "missing"],
    ["a key that went away instead", set("1"), sealed("0"), undefined, "missing"],
    ["another ciphertext", set("1"), sealed("0"), sealed("1"), "shown"],
    ["the ciphertext of before, which may be kept", set("1"), sealed("0"), sealed("0"), "same"],
    [
      "the ciphertext of before under a type that should be another",
      set("1", "GENERAL"),
      sealed("0"),
      sealed("0"),
      "missing",
    ],
    ["another text", set("1", "GENERAL"), plain("0"), plain("1"), "shown"],
    ["the text of before, which is what was written", set("0", "GENERAL"), plain("0"), plain("0"), "same"],
    ["the text of before, which is another one", set("1", "GENERAL"), plain("0"), plain("0"), "missing"],
    ["the empty text of before, left out", set("", "GENERAL"), { key: "A", scope: "RUN_TIME" }, plain(""), "same"],
    ["a text where nothing was shown", set("1", "GENERAL"), { key: "A", scope: "RUN_TIME" }, plain(""), "missing"],
    ["what was put back", restore(plain("0")), plain("1"), plain("0"), "shown"],
    ["what was put back and stood there", restore(plain("0")), plain("0"), plain("0"), "same"],
    ["what was not put back", restore(plain("0")), plain("1"), plain("1"), "missing"],
  ])("that shows %s", (_what, ...[edit, before, now, told]) => {
    const look = (env: RawEnv | undefined) => indexEnvs(withEnvs(...(env ? [env] : []), b));
    expect(observeEdit(edit, { before: look(before), now: look(now) })).toBe(told);
  });
});

test("a place looks the same in two specs when both have the same variable there, or none", () => {
  const [none, one, alike, other] = [
    withEnvs(),
    withEnvs(a),
    withEnvs({ ...a, type: "GENERAL" }),
    withEnvs({ ...a, value: "2" }),
  ].map((spec) => indexEnvs(spec));
  const sameIn = (left: typeof none, right: typeof none) => left && right && sameAt("app/A", left, right);
  expect(sameIn(none, none)).toBe(true);
  expect(sameIn(one, alike)).toBe(true);
  expect(sameIn(none, one)).toBe(false);
  expect(sameIn(one, none)).toBe(false);
  expect(sameIn(one, other)).toBe(false);
});

describe("somebody's change", () => {
  const before = { ...withEnvs(a, b), region: "fra" };
  const theirs = { ...withEnvs({ ...a, value: "theirs" }, b), region: "fra" };
  const moved = { ...before, region: "nyc" };

  // [what, theirs, now, whether it is kept]
  test.each<[string, Spec, Spec, boolean]>([
    ["is kept where it still stands", theirs, theirs, true],
    [
      "is kept where it was changed once more",
      theirs,
      { ...withEnvs({ ...a, value: "later" }, b), region: "fra" },
      true,
    ],
    ["is kept where another place was changed since", theirs, { ...theirs, envs: [{ ...a, value: "theirs" }] }, true],
    ["is lost where the place looks as before", theirs, before, false],
    ["that adds a variable is lost with it", { ...before, envs: [a, b, { key: "C", value: "3" }] }, before, false],
    ["that removes a variable is lost where it is back", { ...before, envs: [a] }, before, false],
    ["that removes a variable is kept where it is gone", { ...before, envs: [a] }, { ...before, envs: [a] }, true],
    ["beside the variables is kept where it still stands", moved, moved, true],
    ["beside the variables is kept where it was changed once more", moved, { ...before, region: "sfo" }, true],
    ["beside the variables is lost where it looks as before", moved, before, false],
    ["of which a half looks as before is lost", { ...theirs, region: "nyc" }, { ...before, region: "nyc" }, false],
    ["of which the other half looks as before is lost", { ...theirs, region: "nyc" }, theirs, false],
    ["that changes nothing cannot be lost", before, before, true],
  ])("%s", (_what, ...[did, now, isKept]) => {
    expect(keepsChange({ before, theirs: did, now })).toBe(isKept);
  });
});
