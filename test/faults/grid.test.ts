// Every fault at every request of every operation: nothing is lost, nothing leaks, and one more run converges.

import { afterAll, describe, expect, test } from "vitest";
import { listBlows } from "./faults.js";
import { type Clean, type Row, runCase, runClean } from "./grid.js";
import type { Operation } from "./operation.js";
import { operations } from "./operations.js";
import { recordRows } from "./record.js";

const rows: Row[] = [];
const cleanRuns = new Map<Operation, Promise<Clean>>();

function cleanRunOf(operation: Operation): Promise<Clean> {
  const run = cleanRuns.get(operation) ?? runClean(operation);
  cleanRuns.set(operation, run);
  return run;
}

describe.each(operations)("$name", (operation) => {
  test("sends the requests that the grid is made of", async () => {
    expect((await cleanRunOf(operation)).requests).toEqual(operation.requests);
  });

  for (const blow of listBlows(operation)) {
    const { fault, at, request, lasting } = blow;
    test.concurrent(`survives ${fault.name} ${lasting ? "from" : "at"} request ${at}, ${request}`, async () => {
      const row = await runCase({ operation, blow }, await cleanRunOf(operation));
      rows.push(row);
      expect(row.complaints).toEqual([]);
    });
  }
});

test("there are at least 250 cases", () => {
  expect(rows.length).toBeGreaterThanOrEqual(250);
});

afterAll(() => recordRows("grid", rows));
