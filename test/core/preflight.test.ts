// What is known to fail before anything is written.

import { describe, expect, test } from "vitest";
import {
  checkAdoptions,
  checkConflicts,
  checkEmptyValues,
  checkKeys,
  findIdleOverrides,
  type KeyGrammar,
} from "../../provider/core/preflight.js";
import { redact } from "../../provider/redacted.js";
import { at, see, want, wish } from "./entries.js";
import { buildPlan } from "../../provider/core/plan.js";

describe("the key grammar of a destination", () => {
  const grammar: KeyGrammar = { pattern: /^[A-Z]+$/, rule: "capital letters", maxLength: 3 };

  test("lets good keys pass and reports every bad one, with the rule and the remedy", () => {
    const problems = checkKeys(["ABC", "abc", "ABCD"], grammar);
    expect(problems.map(({ code }) => code)).toEqual(["key.invalid", "key.invalid"]);
    expect(problems[0]?.message).toContain('"abc" is not a valid key at the destination (capital letters)');
    expect(problems[0]?.message).toContain("rename it in the source, exclude it, or change syncOptions.keySchema");
  });

  test("refuses the one name that state cannot keep, whatever the destination accepts", () => {
    const any: KeyGrammar = { pattern: /./, rule: "anything" };
    expect(checkKeys(["__proto__", "_proto_"], any)).toMatchObject([
      { message: expect.stringContaining('"__proto__" is not') },
    ]);
  });

  test("has no greatest length unless the destination gives one", () => {
    expect(checkKeys(["A".repeat(500)], { pattern: /^[A-Z]+$/, rule: "capital letters" })).toEqual([]);
  });

  test("quotes a key that holds control characters, so that it cannot write into the terminal", () => {
    expect(checkKeys(["\u001B[31m"], grammar)[0]?.message).toMatch(/^"\\u001b\[31m" /);
  });
});

describe("conflicts", () => {
  test("each key that somebody else made is named with what was found and how to adopt it", () => {
    const live = [see("A"), see("web/B")];
    const plan = buildPlan({ desired: [want("A"), want("web/B"), want("C")], ledger: {}, live, adopt: false });
    const problems = checkConflicts(plan);
    expect(problems.map(({ code }) => code)).toEqual(["conflict.exists", "conflict.exists"]);
    expect(problems[1]?.message).toContain("web/B already exists at the destination (SECRET RUN_TIME)");
    expect(problems[1]?.message).toContain('add "B" to syncOptions.adoptExisting');
  });

  test("a plan without conflicts has no problem", () => {
    expect(checkConflicts([{ ...at("A"), action: "foreign" }])).toEqual([]);
  });
});

describe("empty values", () => {
  const values = new Map([
    ["A", redact("")],
    ["B", redact("b")],
  ]);

  test("are refused by name if the program says so", () => {
    const problems = checkEmptyValues({ ...wish(want("A"), want("B")), values, emptyValues: "refuse" });
    expect(problems).toMatchObject([{ code: "value.empty" }]);
    expect(problems[0]?.message).toMatch(/^A is empty, .*"skip" or "write"$/);
  });

  test.each(["skip", "write", undefined] as const)("are left to the destination with %s", (emptyValues) => {
    expect(
      checkEmptyValues({ ...wish(want("A")), values, ...(emptyValues === undefined ? {} : { emptyValues }) }),
    ).toEqual([]);
  });
});

describe("the adoption of everything", () => {
  const adopt = (name: string, keepsValue?: boolean) => ({
    ...at(name),
    action: "adopt" as const,
    label: "SECRET RUN_TIME",
    found: "SECRET RUN_TIME #m1",
    ...(keepsValue === undefined ? {} : { keepsValue }),
  });

  const create = { ...at("NEW"), action: "create", label: "SECRET RUN_TIME", drift: false } as const;

  test("is refused if it would replace a different value, and names every key that has to be listed", () => {
    const plan = [adopt("A", false), adopt("B", true), adopt("C"), adopt("web/A", false), create];
    const [problem] = checkAdoptions(plan);
    expect(problem).toMatchObject({ code: "conflict.value", lines: ["app/A", "web/A"] });
    expect(problem?.message).toMatch(/would replace the values of 2 keys; /);
    expect(problem?.message).toMatch(/ if you want that, or copy from the destination into the source:$/);
    expect(problem?.message).toContain('set syncOptions.adoptExisting to ["A","B","C"] if you want that');
    expect(checkAdoptions([adopt("A", false)])[0]?.message).toContain("would replace the value of 1 key; ");
  });

  test("does not write out a list of more keys than anybody reads", () => {
    const plan = Array.from({ length: 51 }, (_, index) => adopt(`KEY_${index}`, false));
    expect(checkAdoptions(plan)[0]?.message).toMatch(/; list every key that this sync takes over in /);
    expect(checkAdoptions(plan.slice(1))[0]?.message).toMatch(/; set syncOptions\.adoptExisting to \["KEY_1",/);
  });

  test("is allowed if the value stays, cannot be compared, or was agreed to", () => {
    expect(checkAdoptions([adopt("A", true), adopt("B")])).toEqual([]);
    expect(checkAdoptions([adopt("A", false)], ["A"])).toEqual([]);
    expect(checkAdoptions([adopt("A", false)], ["B"])).toHaveLength(1);
  });
});

describe("overrides", () => {
  test("that name a key which no source gives are found", () => {
    expect(findIdleOverrides(["Z", "A", "TYPO"], wish(want("A")))).toEqual(["TYPO", "Z"]);
  });
});

test("what has changed since it was imported is reported as such, and may be tried again", () => {
  const change = { ...at("KEY"), action: "conflict", found: "SECRET RUN_TIME #m2", changed: true } as const;
  expect(checkConflicts([change])).toEqual([
    {
      code: "import.changed",
      message: "app/KEY has changed at the destination since it was imported, and was not taken over; run up again",
    },
  ]);
});
