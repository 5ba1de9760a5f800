// The whole diff rule as one table, and what must hold in every row of it.

import { expect, test } from "vitest";
import { decideDiff, type Facts } from "../../provider/lifecycle/diff.js";

const any = [false, true];
const [no, yes] = [[false], [true]];

/** moved, inputs differ, plan acts, live tells, last run succeeded: each row covers every combination of its cells. */
const table = [
  { result: "replace", cells: [yes, any, any, any, any] },
  { result: "per key", cells: [no, yes, any, any, any] },
  { result: "per key", cells: [no, no, yes, yes, any] },
  { result: "whole", cells: [no, no, yes, no, any] },
  { result: "whole", cells: [no, no, no, any, no] },
  { result: "none", cells: [no, no, no, any, yes] },
] as const;

const answers = {
  replace: { changes: undefined, replaces: ["destination"] },
  "per key": { changes: undefined },
  whole: { changes: true },
  none: { changes: false },
};

function factsOf([
  moved,
  inputsDiffer,
  planActs,
  liveTells,
  lastRunSucceeded,
]: readonly (readonly boolean[])[]): Facts[] {
  const facts: Facts[] = [];
  for (const a of moved ?? [])
    for (const b of inputsDiffer ?? [])
      for (const c of planActs ?? [])
        for (const d of liveTells ?? [])
          for (const e of lastRunSucceeded ?? [])
            facts.push({ moved: a, inputsDiffer: b, planActs: c, liveTells: d, lastRunSucceeded: e });
  return facts;
}

const rows = table.flatMap(({ result, cells }) => factsOf(cells).map((facts) => ({ result, facts })));

test("the table covers every combination once", () => {
  expect(rows).toHaveLength(2 ** 5);
  expect(new Set(rows.map(({ facts }) => JSON.stringify(facts))).size).toBe(2 ** 5);
});

test.each(rows)("$facts is answered with $result", ({ result, facts }) => {
  expect(decideDiff(facts)).toEqual(answers[result]);
});

test("the comparison is left to the engine only where it surely sees a difference", () => {
  const left = rows.filter(({ facts }) => decideDiff(facts).changes === undefined);
  expect(left.filter(({ facts }) => !(facts.moved || facts.inputsDiffer || facts.liveTells))).toEqual([]);
});

test("nothing that has to be done is answered with no change", () => {
  const unchanged = rows.filter(({ facts }) => decideDiff(facts).changes === false);
  expect(unchanged.filter(({ facts }) => facts.planActs || facts.inputsDiffer || !facts.lastRunSucceeded)).toEqual([]);
});
