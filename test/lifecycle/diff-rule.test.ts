// The whole diff rule as one table, and what must hold in every row of it.

import { expect, test } from "vitest";
import { decideDiff, type Facts } from "../../provider/lifecycle/diff.js";

const any = [false, true];
const [no, yes] = [[false], [true]];

/** moved, inputs differ, inputs tell, plan acts, live tells, last run succeeded: each row covers every combination of its cells. */
const table = [
  { result: "replace", cells: [yes, any, any, any, any, any] },
  { result: "per key", cells: [no, yes, yes, any, any, any] },
  { result: "whole", cells: [no, yes, no, any, any, any] },
  { result: "per key", cells: [no, no, any, yes, yes, any] },
  { result: "whole", cells: [no, no, any, yes, no, any] },
  { result: "whole", cells: [no, no, any, no, any, no] },
  { result: "none", cells: [no, no, any, no, any, yes] },
] as const;

const answers = {
  replace: { changes: undefined, replaces: ["destination"] },
  "per key": { changes: undefined },
  whole: { changes: true },
  none: { changes: false },
};

const names = ["moved", "inputsDiffer", "inputsTell", "planActs", "liveTells", "lastRunSucceeded"] as const;

function factsOf(cells: readonly (readonly boolean[])[]): Facts[] {
  const combinations = cells.reduce<boolean[][]>(
    (rows, cell) => rows.flatMap((row) => cell.map((value) => [...row, value])),
    [[]],
  );
  return combinations.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])) as unknown as Facts);
}

const rows = table.flatMap(({ result, cells }) => factsOf(cells).map((facts) => ({ result, facts })));

test("the table covers every combination once", () => {
  expect(rows).toHaveLength(2 ** 6);
  expect(new Set(rows.map(({ facts }) => JSON.stringify(facts))).size).toBe(2 ** 6);
});

test.each(rows)("$facts is answered with $result", ({ result, facts }) => {
  expect(decideDiff(facts)).toEqual(answers[result]);
});

test("the comparison is left to the engine only where it surely sees a difference", () => {
  const left = rows.filter(({ facts }) => decideDiff(facts).changes === undefined);
  expect(left.filter(({ facts }) => !(facts.moved || facts.inputsTell || facts.liveTells))).toEqual([]);
});

test("nothing that has to be done is answered with no change", () => {
  const unchanged = rows.filter(({ facts }) => decideDiff(facts).changes === false);
  expect(unchanged.filter(({ facts }) => facts.planActs || facts.inputsDiffer || !facts.lastRunSucceeded)).toEqual([]);
});
