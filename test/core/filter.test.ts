// Include and exclude globs on flat keys.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Filter, makeFilter } from "../../provider/core/filter.js";

function pass(keys: readonly string[], filter: Filter): string[] {
  return keys.filter(makeFilter(filter));
}

describe("the filter", () => {
  test("lets everything pass when nothing is said", () => {
    expect(pass(["A", ".hidden", "a/b"], {})).toEqual(["A", ".hidden", "a/b"]);
  });

  interface Row {
    readonly keys: readonly string[];
    readonly include?: readonly string[];
    readonly exclude?: readonly string[];
    readonly passing: readonly string[];
  }
  const table: readonly Row[] = [
    { keys: ["APP_A", "DB_A"], include: ["APP_*"], passing: ["APP_A"] },
    { keys: ["APP_A", "APP_B"], include: ["APP_*"], exclude: ["*_B"], passing: ["APP_A"] },
    { keys: ["A", "B"], exclude: ["A"], passing: ["B"] },
    { keys: ["A", "B", "C"], include: ["A", "B"], passing: ["A", "B"] },
    { keys: ["A", "B"], include: [], passing: [] },
    { keys: ["A", "B"], exclude: [], passing: ["A", "B"] },
    { keys: ["A1", "A2", "AB"], include: ["A?"], passing: ["A1", "A2", "AB"] },
    { keys: ["A1", "A2", "A3"], include: ["A[12]"], passing: ["A1", "A2"] },
    { keys: ["APP_A", "DB_A", "API_A"], include: ["{APP,DB}_*"], passing: ["APP_A", "DB_A"] },
    {
      keys: ["database.url", "database.port", "name"],
      include: ["database.*"],
      passing: ["database.url", "database.port"],
    },
    { keys: [".hidden", ".a.b"], include: ["*"], passing: [".hidden", ".a.b"] },
    { keys: ["a/b", "a/b/c", "b"], include: ["a/*"], passing: ["a/b", "a/b/c"] },
    { keys: ["a/b", "b"], include: ["*b"], passing: ["a/b", "b"] },
    { keys: ["a/b"], exclude: ["*"], passing: [] },
    { keys: ["!A", "A"], include: ["!A"], passing: ["!A"] },
    { keys: ["A", "a"], include: ["a"], passing: ["a"] },
    { keys: ["A+B", "AAB"], include: ["A+B"], passing: ["A+B"] },
    { keys: ["A", "B", "!A"], include: ["!A"], passing: ["!A"] },
  ];

  test.each(table)(
    "of $keys, include $include and exclude $exclude let $passing pass",
    ({ keys, passing, ...filter }) => {
      expect(pass(keys, filter)).toEqual(passing);
    },
  );

  // The matcher takes `.` and `..` between slashes for folders; no source makes such keys.
  const isFolder = (name: string) => name === "." || name === "..";
  const key = fc.stringMatching(/^[A-Za-z0-9_./-]{1,12}$/).filter((name) => !name.split("/").some(isFolder));

  test("with a star matches every key, whatever it is made of", () => {
    fc.assert(
      fc.property(key, (name) => {
        expect(pass([name], { include: ["*"] })).toEqual([name]);
      }),
    );
  });

  test("with a plain key matches that key and no other", () => {
    fc.assert(
      fc.property(key, key, (name, other) => {
        fc.pre(name !== other);
        expect(pass([name, other], { include: [name] })).toEqual([name]);
      }),
    );
  });

  test("excludes exactly what including it would let pass", () => {
    const glob = fc.tuple(key, key).map(([head, tail]) => `${head}*${tail}`);
    fc.assert(
      fc.property(fc.uniqueArray(key), glob, (names, pattern) => {
        const passing = new Set(pass(names, { include: [pattern] }));
        expect(pass(names, { exclude: [pattern] })).toEqual(names.filter((name) => !passing.has(name)));
      }),
    );
  });
});

test("one key is asked by the same rules", () => {
  expect(makeFilter({ include: ["DB_*"], exclude: ["DB_ROOT"] })("DB_HOST")).toBe(true);
  expect(makeFilter({ include: ["DB_*"], exclude: ["DB_ROOT"] })("DB_ROOT")).toBe(false);
  expect(makeFilter({})("ANY")).toBe(true);
});
