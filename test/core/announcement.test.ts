// A plan as a message: every key by name, few of them in a line each, many of them below one sentence.

import { describe, expect, test } from "vitest";
import { announcePlan, renderDrift } from "../../provider/core/announcement.js";
import type { Change, Plan } from "../../provider/core/plan.js";
import { checkConflicts } from "../../provider/core/preflight.js";
import { at, secret } from "./entries.js";

const place = at("web/KEY");
const update = (because: Extract<Change, { action: "update" }>["because"], found = `${secret} #m1`): Change => ({
  ...place,
  action: "update",
  label: "GENERAL RUN_TIME",
  because,
  expected: `${secret} #m1`,
  found,
});
const create = (name: string): Change => ({ ...at(name), action: "create", label: secret, drift: false });
const names = Array.from(
  { length: 500 },
  (_, index) => `A_NAME_OF_THIRTY_CHARACTERS_${String(index).padStart(3, "0")}`,
);
const shop = { target: "shop", isFirst: false };

describe("a plan as a message", () => {
  test("names the target, counts, and has one line per key", () => {
    const kept: Change = { ...at("B"), action: "unchanged" };
    expect(announcePlan([create("A"), kept, update(["value"])], shop)).toBe(
      [
        "1 to add, 1 to change, 1 unchanged: plan for shop",
        "  + app/A (SECRET RUN_TIME)",
        "  ~ web/KEY: new value",
      ].join("\n"),
    );
  });

  test("says when it is the first", () => {
    expect(announcePlan([create("A")], { ...shop, isFirst: true })).toMatch(/^1 to add: first sync to shop\n/);
  });

  test("says that the first one has no key, and a later one nothing", () => {
    const foreign: Change = { ...at("THEIRS"), action: "foreign" };
    expect(announcePlan([foreign], { ...shop, isFirst: true })).toBe(
      "nothing to do: first sync to shop\n  no source gives a key that this sync takes; check include and exclude",
    );
    expect(announcePlan([foreign], shop)).toBeUndefined();
    expect(announcePlan([{ ...at("B"), action: "unchanged" }], { ...shop, isFirst: true })).toBeUndefined();
  });

  test("says what was done if nothing has said it before", () => {
    const done = { ...shop, isDone: true };
    expect(announcePlan([create("A")], done)).toMatch(/^1 added: sync to shop\n/);
    expect(announcePlan([create("A")], { ...done, isFirst: true })).toMatch(/^1 added: first sync to shop\n/);
  });

  test("shows what is written into a source before anything else", () => {
    const imports = [{ sign: "^", name: "A", text: ": will be added to the vault source" }] as const;
    expect(announcePlan([create("A")], { ...shop, isFirst: true, imports })).toBe(
      "1 to add: first sync to shop\n  ^ A: will be added to the vault source\n  + app/A (SECRET RUN_TIME)",
    );
  });

  test("shows in one line each where entries of ours were found again, even if there is nothing to do", () => {
    const moves = [
      { from: "web", to: "site", keys: ["A", "B"], renamed: true },
      { from: "api", to: "site", keys: ["C"], renamed: false },
    ];
    const lines = [
      "shop: web was renamed to site, and 2 keys of this sync went with it",
      "shop: 1 key of this sync moved from api to site",
    ];
    expect(announcePlan([], { ...shop, moves })).toBe(lines.join("\n"));
    expect(announcePlan([create("A")], { ...shop, moves })).toMatch(
      /^shop: web .*\nshop: 1 key .*\n1 to add: plan for shop\n/,
    );
  });

  test("names the source of a value and the platform, and says what was done", () => {
    const told = { nameSource: () => "shop.env", platform: "Netlify" };
    const plan = [update(["value"]), { ...update(["drift"], `${secret} #m2`), key: "OTHER" }];
    expect(announcePlan(plan, { ...shop, ...told, isDone: true })).toBe(
      [
        "drift: 1 key of shop changed outside this program",
        "  ~ web/OTHER: value changed at Netlify; written again",
        "1 changed: sync to shop",
        "  ~ web/KEY: new value (from shop.env)",
      ].join("\n"),
    );
  });

  test("names the likely cause when every key is gone at once", () => {
    const gone = ["A", "B"].map((name): Change => ({ ...create(name), drift: true }) as Change);
    expect(announcePlan(gone, { ...shop, wipeHint: "somebody has replaced the spec" })).toMatch(
      /\n {2}somebody has replaced the spec$/,
    );
    expect(announcePlan(gone, shop)).not.toContain("undefined");
  });

  test("shows drift before what the program changes", () => {
    expect(announcePlan([create("A"), update(["drift"])], shop)).toMatch(
      /^drift: 1 key .*\n.*web\/KEY.*\n1 to add: plan for shop\n/,
    );
    expect(announcePlan([update(["drift"])], shop)).toMatch(/^drift: 1 key [^\n]*\n[^\n]*$/);
  });

  test("shows keys that are empty in the source only beside other news, and each key once", () => {
    const skipped = ["EMPTY", "OURS"];
    const theirs: Change = { ...at("EMPTY"), action: "foreign" };
    const left: Change = { ...at("OURS"), action: "delete", because: "left", empty: true };
    const said = "EMPTY: is empty in the source, and emptyValues skips it";
    expect(announcePlan([left, theirs], { ...shop, skipped })).toBe(
      [
        "1 to remove: plan for shop",
        "  - app/OURS: is empty in the source, and emptyValues skips it",
        `  . ${said}`,
      ].join("\n"),
    );
    expect(announcePlan([], { ...shop, skipped: ["EMPTY"], isFirst: true })).toBe(
      `nothing to do: first sync to shop\n  . ${said}`,
    );
    expect(announcePlan([], { ...shop, skipped })).toBeUndefined();
  });

  test("is silent when nothing is to be done", () => {
    expect(
      announcePlan(
        [
          { ...at("B"), action: "unchanged" },
          { ...at("C"), action: "foreign" },
        ],
        shop,
      ),
    ).toBeUndefined();
  });
});

describe("a plan of 500 keys", () => {
  const cases: ReadonlyArray<readonly [string, (name: string) => Change, string]> = [
    ["created", create, "  + 500 keys (SECRET RUN_TIME)"],
    [
      "adopted",
      (name) => ({ ...at(name), action: "adopt", label: secret, found: `GENERAL RUN_TIME #${name}` }),
      "  > 500 keys: will be adopted, value cannot be compared and will be replaced by the one of the source (GENERAL RUN_TIME becomes SECRET RUN_TIME)",
    ],
    [
      "drifted",
      (name) => ({ ...update(["drift"], `${secret} #${name}`), ...at(name) }),
      "  ~ 500 keys: value changed at the destination; will be written again",
    ],
    ["left", (name) => ({ ...at(name), action: "delete", because: "left" }), "  - 500 keys: has left the source"],
  ];

  test.each(cases)("%s is one sentence with every name below it", (_what, change, sentence) => {
    const [, head, ...rest] = announcePlan(names.map(change), shop)?.split("\n") ?? [];
    expect(head).toBe(sentence);
    expect(rest).toEqual(names.map((name) => `      app/${name}`));
  });

  test("keeps apart what differs, and counts a single key as one", () => {
    const plan: Plan = [...names.map(create), update(["value"])];
    expect(announcePlan(plan, shop)).toContain("\n  ~ 1 key: new value\n      web/KEY");
  });

  test.each([
    [50, 51],
    [51, 53],
  ])("of %i has %i lines: fifty are listed one by one", (count, lines) => {
    expect(announcePlan(names.slice(0, count).map(create), shop)?.split("\n")).toHaveLength(lines);
  });

  test.each([
    [50, 50],
    [51, 1],
  ])("of %i that conflict are %i problems", (count, problems) => {
    const conflicts = names
      .slice(0, count)
      .map((name): Change => ({ ...at(name), action: "conflict", found: "x #m1" }));
    expect(checkConflicts(conflicts)).toHaveLength(problems);
  });

  test("that all conflict is one problem that names every one, and who wrote it", () => {
    const problems = checkConflicts(
      names.map((name) => ({ ...at(name), action: "conflict", found: `${secret} #m1`, by: "Ada" })),
    );
    expect(problems).toHaveLength(1);
    for (const name of names)
      expect(problems[0]?.lines).toContain(`app/${name} (SECRET RUN_TIME, last changed by Ada)`);
    expect(problems[0]?.message).toMatch(/^500 keys already exist .*adoptExisting/);
  });
});

describe("drift in words", () => {
  test("is one message with one line per key", () => {
    const gone: Change = { ...at("A"), action: "create", label: secret, drift: true };
    const kept: Change = { ...at("B"), action: "unchanged" };
    expect(renderDrift([gone, kept, update(["drift"], `${secret} #m2`)], { target: "shop" })).toBe(
      [
        "drift: 2 keys of shop changed outside this program",
        "  + app/A (SECRET RUN_TIME): gone from the destination, will be written again",
        "  ~ web/KEY: value changed at the destination; will be written again",
      ].join("\n"),
    );
  });

  test("names the likely cause when every key is gone at once, and only then", () => {
    const gone = (name: string): Change => ({ ...at(name), action: "create", label: secret, drift: true });
    const kept: Change = { ...at("C"), action: "unchanged" };
    const fresh: Change = { ...at("D"), action: "create", label: secret, drift: false };
    const hint = "another tool has probably replaced the whole spec";
    const theirs: Change = { ...at("E"), action: "foreign" };
    expect(renderDrift([gone("A"), gone("B"), fresh, theirs], { target: "shop", wipeHint: hint })).toContain(hint);
    expect(renderDrift([gone("A"), gone("B"), kept], { target: "shop", wipeHint: hint })).not.toContain(hint);
    expect(renderDrift([gone("A"), gone("B"), update(["value"])], { target: "shop", wipeHint: hint })).not.toContain(
      hint,
    );
    expect(renderDrift([gone("A")], { target: "shop", wipeHint: hint })).not.toContain(hint);
  });

  test("counts a single key as one", () => {
    expect(renderDrift([{ ...place, action: "forget", because: "gone" }], { target: "shop" })).toMatch(
      /^drift: 1 key of shop /,
    );
  });

  test("is silent when there is none", () => {
    expect(renderDrift([update(["value"])], { target: "shop" })).toBeUndefined();
  });
});
