// Every fault at every request of every operation: nothing is lost, nothing leaks, and one more run converges.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Fault, faults, lastingFaults, telling } from "./faults.js";
import { type Clean, type Row, runCase, runClean } from "./grid.js";
import { type Operation, operations } from "./operations.js";

const rows: Row[] = [];
const cleanRuns = new Map<Operation, Promise<Clean>>();

function cleanRunOf(operation: Operation): Promise<Clean> {
  const run = cleanRuns.get(operation) ?? runClean(operation);
  cleanRuns.set(operation, run);
  return run;
}

/** Every fault once at every request, and the lasting ones from there to the end of the run. */
function blowsOf({
  requests,
  thorough,
}: Operation): Array<{ fault: Fault; at: number; lasting: boolean; request: string }> {
  return requests.flatMap((request, index) => [
    ...(thorough ? faults : faults.filter(({ name }) => telling.has(name))).map((fault) => ({
      fault,
      at: index + 1,
      lasting: false,
      request,
    })),
    ...(thorough ? lastingFaults : []).map((fault) => ({ fault, at: index + 1, lasting: true, request })),
  ]);
}

describe.each(operations)("$name", (operation) => {
  test("sends the requests that the grid is made of", async () => {
    expect((await cleanRunOf(operation)).requests).toEqual(operation.requests);
  });

  for (const { fault, at, lasting, request } of blowsOf(operation)) {
    test.concurrent(`survives ${fault.name} ${lasting ? "from" : "at"} request ${at}, ${request}`, async () => {
      const row = await runCase({ operation, fault, at, lasting }, await cleanRunOf(operation));
      rows.push(row);
      expect(row.complaints).toEqual([]);
    });
  }
});

test("there are at least 250 cases", () => {
  expect(rows.length).toBeGreaterThanOrEqual(250);
});

// `npm run faults` prints them as a table.
afterAll(() => {
  const file = process.env["FAULTS_FILE"];
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(rows));
});
