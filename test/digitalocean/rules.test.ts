// Where a key goes on App Platform, how it looks there, and which values and places are refused, in which words.

import { describe, expect, test } from "vitest";
import type { AppPlatformDestination } from "../../schema/index.js";
import { buildDesired, type DesiredRequest } from "../../provider/core/desired.js";
import type { Change, Plan } from "../../provider/core/plan.js";
import {
  compareEnv,
  defaultSlots,
  inspectDesired,
  keyGrammar,
  placeKey,
  revealEnv,
} from "../../provider/destinations/digitalocean/rules.js";
import type { RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";
import { redact } from "../../provider/redacted.js";

const argsOf = (more: Partial<AppPlatformDestination> = {}): AppPlatformDestination => ({
  type: "digital-ocean-app-platform",
  appName: "shop",
  ...more,
});

function inspect(values: Record<string, string>, more: Partial<AppPlatformDestination> = {}, given: Given = {}) {
  const args = argsOf(more);
  const { spec, plan = [], emptyValues } = given;
  const source = new Map(Object.entries(values).map(([key, value]) => [key, redact(value)]));
  const place = (key: string) => placeKey(args, key);
  const request = { sources: [source], keySchema: undefined, environment: "", salt: "salt", emptyValues, place };
  return inspectDesired(args, buildDesired(request), spec && { spec, plan });
}
interface Given extends Pick<DesiredRequest, "emptyValues"> {
  readonly spec?: Spec;
  readonly plan?: Plan;
}

test.each([
  ["A", true],
  ["_a9", true],
  ["a_B_1", true],
  ["9A", false],
  ["A-B", false],
  ["A.B", false],
  ["A B", false],
  ["", false],
])("%j is a key: %s", (key, isKey) => {
  expect(keyGrammar.pattern.test(key)).toBe(isKey);
});

describe("a key", () => {
  const looks = (more: Partial<AppPlatformDestination>, key = "KEY") =>
    placeKey(argsOf(more), key).map(({ slot, label }) => `${slot} ${label}`);

  test.each<[string, Partial<AppPlatformDestination>, string[]]>([
    ["is a secret of the app at run time", {}, ["app SECRET RUN_TIME"]],
    [
      "has the platform's own scope where it can be read",
      { variableType: "GENERAL" },
      ["app GENERAL RUN_AND_BUILD_TIME"],
    ],
    ["has the scope that is asked for", { scope: "BUILD_TIME" }, ["app SECRET BUILD_TIME"]],
    [
      "stands once in each component",
      { components: ["web", "web", "app"] },
      ["web SECRET RUN_TIME", "component:app SECRET RUN_TIME"],
    ],
    [
      "has what its override says, and the rest from the sync",
      { scope: "BUILD_TIME", components: ["web"], variables: { KEY: { variableType: "GENERAL" }, OTHER: {} } },
      ["web GENERAL BUILD_TIME"],
    ],
    [
      "goes where its override says",
      { components: ["web"], variables: { KEY: { components: ["api", "api"], scope: "RUN_TIME" } } },
      ["api SECRET RUN_TIME"],
    ],
    [
      "is not met by the override of another",
      { variables: { OTHER: { variableType: "GENERAL" } } },
      ["app SECRET RUN_TIME"],
    ],
  ])("%s", (_what, more, placed) => {
    expect(looks(more)).toEqual(placed);
  });

  test("that every object has is not overridden by that", () => {
    expect(looks({ variables: {} }, "constructor")).toEqual(["app SECRET RUN_TIME"]);
  });

  test("goes to the app where no component is named", () => {
    expect([defaultSlots(argsOf()), defaultSlots(argsOf({ components: ["web", "web"] }))]).toEqual([["app"], ["web"]]);
  });
});

describe("a value", () => {
  const codes = (...given: Parameters<typeof inspect>) => inspect(...given).map(({ code }) => code);

  test.each([
    ["***", ["value.masked"]],
    ["*******", ["value.masked"]],
    ["[REDACTED]", ["value.masked"]],
    ["**", []],
    ["***a", []],
    ["a***", []],
    ["x[REDACTED]", []],
    ["[REDACTED]x", []],
    ["EV[1:x:y]", ["value.encrypted"]],
    ["not EV[1:x:y]", []],
    ["${db.URL}", ["value.bindable"]],
    ["$db", []],
    ["", ["value.empty"]],
    [" ", []],
  ])("of %j is told as %j", (value, told) => {
    expect(codes({ KEY: value })).toEqual(told);
  });

  test("is told with its key and the remedy, and never itself", () => {
    expect(inspect({ A: "***", B: "EV[canary", C: "${canary", D: "" }).map(({ message }) => message)).toEqual([
      "A is a masked value; put the plain value into the source",
      'B begins with "EV[", which is App Platform\'s ciphertext; put the plain value into the source',
      'C contains "${", which App Platform replaces as a bindable variable; set destination.allowBindables if you mean a reference',
      'D is empty, and an empty SECRET blanks the running variable while App Platform still shows a ciphertext; give it a value, exclude it, make it GENERAL in destination.variables, or set syncOptions.emptyValues to "skip" or "write"',
    ]);
  });

  test("may be empty where it can be read, and where somebody says what becomes of it", () => {
    expect(codes({ KEY: "" }, { variableType: "GENERAL" })).toEqual([]);
    expect(codes({ KEY: "" }, {}, { emptyValues: "write" })).toEqual([]);
  });

  test("is refused where it is a secret in one of several places", () => {
    expect(codes({ KEY: "", OTHER: "" }, { variables: { OTHER: { variableType: "GENERAL" } } })).toEqual([
      "value.empty",
    ]);
  });

  test("may be a reference where the sync says so, to what there is", () => {
    const spec = { services: [{ name: "web" }] };
    expect(codes({ KEY: "${web.URL}" }, { allowBindables: true })).toEqual([]);
    expect(codes({ KEY: "${wbe.URL}" }, { allowBindables: true })).toEqual([]);
    expect(codes({ KEY: "${web.URL}" }, { allowBindables: true }, { spec })).toEqual([]);
    expect(codes({ KEY: "${wbe.URL}" }, { allowBindables: true }, { spec })).toEqual(["value.unknown_bindable"]);
    expect(codes({ KEY: "${wbe.URL}" }, { allowBindables: false }, { spec })).toEqual(["value.bindable"]);
  });
});

describe("a reference to nothing", () => {
  const told = (value: string, spec: Spec) =>
    inspect({ KEY: value }, { allowBindables: true }, { spec }).map(({ message }) => message);
  const missing = (name: string, has: string) =>
    `KEY refers to "\${${name}.…}", and the app has no component or database of that name; it has ${has}; correct the name in the value`;

  test("is told with every name of the spec, once and in order, whatever else its lists hold", () => {
    const spec = {
      name: "shop",
      features: ["buildpack-stack=ubuntu-22"],
      domains: [{ domain: "example.com" }, { name: 7 }, null, 1],
      services: [
        { name: "web", log_destinations: [{ name: "logs" }, { papertrail: {} }, null] },
        { name: "api", log_destinations: {} },
      ],
      databases: [{ name: "db" }],
      agents: [{ name: "newer" }, { name: "db" }],
      ingress: { name: "no list" },
    };
    expect(told("${dbb.URL}", spec)).toEqual([missing("dbb", "api, db, logs, newer, web")]);
    expect(told("${newer.URL} ${logs.URL} ${_self.URL}", spec)).toEqual([]);
  });

  test("is told once for each name, and says that there is none", () => {
    expect(told("${a.X}${b.X}${a.Y}", {})).toEqual([missing("a", "none"), missing("b", "none")]);
  });

  test.each([
    ["${a.X}", 1],
    ["${a.pool.X}", 1],
    ["${_a-9.x_Y-1}", 1],
    [`\${${"a".repeat(64)}.X}`, 1],
    [`\${${"a".repeat(65)}.X}`, 0],
    ["${a}", 0],
    ["${a.}", 0],
    ["${.X}", 0],
    ["${9a.X}", 0],
    ["${a b.X}", 0],
    ["${a.X y}", 0],
    ["${a.X", 0],
    ["$a.X}", 0],
    ["{a.X}", 0],
  ])("is what is exactly of that form: %s is %d", (value, count) => {
    expect(told(value, {})).toHaveLength(count);
  });
});

describe("a component that the app has not", () => {
  const spec = { services: [{ name: "web" }, { name: "api" }] };
  const told = (more: Partial<AppPlatformDestination>, given: Given = { spec }) =>
    inspect({ KEY: "1" }, more, given).map(({ code, message }) => `${code}: ${message}`);
  const missing = (name: string, rest: string) =>
    `destination.unknown_component: the app has no component "${name}"; it has ${rest}`;

  test("is told with those that it has", () => {
    expect(told({ components: ["web"] })).toEqual([]);
    expect(told({})).toEqual([]);
    expect(told({ components: ["zzz", "mailer"] })).toEqual([
      missing("mailer", "web, api"),
      missing("zzz", "web, api"),
    ]);
    expect(told({ components: ["mailer"] }, { spec: {} })).toEqual([missing("mailer", "none")]);
  });

  test("is told with what was probably meant", () => {
    expect(told({ components: ["wbe"] })).toEqual([missing("wbe", 'web, api; did you mean "web"?')]);
  });

  test("is told by its own name where it is called as the app level is", () => {
    expect(told({ components: ["app"] }, { spec: { services: [{ name: "web" }] } })).toEqual([missing("app", "web")]);
    const named = { services: [{ name: "app", envs: [{ key: "A" }] }] };
    const plan = [create("A")];
    expect(told({ components: ["wbe"] }, { spec: named, plan })).toEqual([
      missing(
        "wbe",
        'app; "app" holds a key that this sync wrote to "wbe": if it was renamed, name it in the destination',
      ),
    ]);
    expect(told({ components: ["aps"] }, { spec: named })).toEqual([missing("aps", 'app; did you mean "app"?')]);
  });

  test("is told when an override alone names it, and when no key goes there", () => {
    expect(told({ variables: { KEY: { components: ["mailer"] } } })).toEqual([missing("mailer", "web, api")]);
    expect(told({ components: ["mailer"], variables: { KEY: { components: ["web"] } } })).toEqual([
      missing("mailer", "web, api"),
    ]);
  });

  const create = (key: string, more: object = {}): Change => ({
    slot: "wbe",
    key,
    action: "create",
    label: "SECRET RUN_TIME",
    drift: true,
    ...more,
  });
  const holding = (held: Record<string, string[]>, app: string[] = []) => ({
    envs: app.map((key) => ({ key })),
    services: Object.entries(held).map(([name, keys]) => ({ name, envs: keys.map((key) => ({ key })) })),
  });
  const guess = (held: Record<string, string[]>, plan: Plan, app: string[] = []) =>
    told({ components: ["wbe"] }, { spec: holding(held, app), plan })[0]?.replace(/^.*"wbe"; it has [^;]*/, "");

  // [what, who holds which keys, the plan, what is guessed]
  test.each<[string, Record<string, string[]>, Plan, string | undefined]>([
    [
      "holds a key of it",
      { site: ["A"] },
      [create("A")],
      '; "site" holds a key that this sync wrote to "wbe": if it was renamed, name it in the destination',
    ],
    [
      "holds most of its keys",
      { site: ["A", "B"], api: ["A"] },
      [create("A"), create("B")],
      '; "site" holds 2 keys that this sync wrote to "wbe": if it was renamed, name it in the destination',
    ],
    [
      "comes later and holds most",
      { api: ["A"], site: ["A", "B"] },
      [create("A"), create("B")],
      '; "site" holds 2 keys that this sync wrote to "wbe": if it was renamed, name it in the destination',
    ],
    ["holds as many as another", { site: ["A"], api: ["A"] }, [create("A")], ""],
    ["holds keys of its own", { site: ["OTHER"] }, [create("A")], ""],
    ["holds a key that is new", { site: ["A"] }, [create("A", { drift: false })], ""],
    ["holds a key that is gone from elsewhere", { site: ["A"] }, [create("A", { slot: "api" })], ""],
    ["holds a key that changes", { site: ["A"] }, [create("A", { action: "unchanged" })], ""],
    [
      "has nearly its name",
      { web: ["A"] },
      [create("A")],
      '; "web" holds a key that this sync wrote to "wbe": if it was renamed, name it in the destination',
    ],
    ["has nearly its name and no key", { web: [] }, [create("A")], '; did you mean "web"?'],
  ])("is what was renamed where another one %s", (_what, ...[held, plan, guessed]) => {
    expect(guess(held, plan)).toBe(guessed);
  });

  test("is not the app level, nor what the sync aims at already", () => {
    expect(guess({ site: [] }, [create("A")], ["A"])).toBe("");
    const both = told({ components: ["wbe", "site"] }, { spec: holding({ site: ["A"] }), plan: [create("A")] });
    expect(both).toEqual([missing("wbe", "site")]);
  });
});

describe("what stands at a place", () => {
  // [what, the variable, what is its value, whether it is "plain"]
  test.each<[string, RawEnv | undefined, string | undefined, boolean | undefined]>([
    ["nothing", undefined, undefined, undefined],
    ["a text", { key: "A", value: "plain" }, "plain", true],
    ["another text", { key: "A", value: "other" }, "other", false],
    ["a text that is empty", { key: "A", value: "" }, "", false],
    ["a text that is left out", { key: "A" }, "", false],
    ["a secret", { key: "A", value: "EV[1:x:y]", type: "SECRET" }, undefined, undefined],
    ["a secret without a value", { key: "A", type: "SECRET" }, undefined, undefined],
    ["ciphertext under another type", { key: "A", value: "EV[1:x:y]" }, undefined, undefined],
    ["a reference", { key: "A", value: "${plain}" }, undefined, false],
  ])("%s has that value", (_what, ...[env, value, isPlain]) => {
    expect(revealEnv(argsOf(), env)?.reveal()).toBe(value);
    expect(compareEnv(env, redact("plain"))).toBe(isPlain);
  });

  test("a reference is a value of a sync that may write some, and left-out text is empty", () => {
    expect(revealEnv(argsOf({ allowBindables: true }), { key: "A", value: "${x}" })?.reveal()).toBe("${x}");
    expect(revealEnv(argsOf({ allowBindables: false }), { key: "A", value: "${x}" })).toBeUndefined();
    expect(compareEnv({ key: "A" }, redact(""))).toBe(true);
  });
});
