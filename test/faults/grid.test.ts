// Every fault at every request of every operation: nothing is lost, nothing leaks, and one more run converges.

import { afterAll, describe, expect, test } from "vitest";
import { seededRandom } from "../emulators/digitalocean/seeded-random.js";
import { host } from "../lifecycle/host.js";
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

/** One in twelve against the other host: what a fault does to the loop is the same, and what it does to the answer is not. */
function chooseBlows(operation: Operation): ReturnType<typeof listBlows> {
  if (host.name === "dynamic") return listBlows(operation);
  const random = seededRandom(operations.indexOf(operation));
  return listBlows(operation).filter(() => random() < 1 / 12);
}

describe.each(operations)("$name", (operation) => {
  test("sends the requests that the grid is made of", async () => {
    expect((await cleanRunOf(operation)).requests).toEqual(operation.requests);
  });

  for (const blow of chooseBlows(operation)) {
    const { fault, at, request, lasting } = blow;
    test.concurrent(`survives ${fault.name} ${lasting ? "from" : "at"} request ${at}, ${request}`, async () => {
      const row = await runCase({ operation, blow }, await cleanRunOf(operation));
      rows.push(row);
      expect(row.complaints).toEqual([]);
    });
  }
});

test("there are cases enough", () => {
  expect(rows.length).toBeGreaterThanOrEqual(host.name === "dynamic" ? 250 : 20);
});

afterAll(() => recordRows("grid", rows));
