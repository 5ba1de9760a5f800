// The comparison with the benchmark on record: what got worse is named, what merely varies is not.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listWorse, readRecorded } from "./comparison.js";

const row = (what: string, measured: string) => ({ what, measured });

describe("a figure is worse than the one on record", () => {
  test.each([
    ["one request more", "1 GET apps/{id}, 1 PUT apps/{id}", "1 GET apps/{id}, 2 PUT apps/{id}"],
    ["another request beside it", "1 GET apps/{id}", "1 GET apps/{id}, 1 POST apps/propose"],
    ["one byte more", "304", "305"],
    ["a time beyond what varies", "2.2 s", "2.8 s"],
    ["memory beyond what varies", "342 MB", "430 MB"],
    ["a ratio beyond what varies", "1.65 x 1.3 s", "2.10 x 1.3 s"],
  ])("by %s", (_, before, after) => {
    expect(listWorse([row("up", before)], [row("up", after)])).toEqual([`up: ${after}, ${before} on record`]);
    expect(listWorse([row("up", after)], [row("up", before)]), "and better the other way round").toEqual([]);
  });

  test("and is not, where it only varies", () => {
    expect(listWorse([row("up", "2.2 s")], [row("up", "2.7 s")])).toEqual([]);
    expect(listWorse([row("ratio", "1.01 (median 1.02)")], [row("ratio", "1.2 (median 1.3)")])).toEqual([]);
  });
});

test("a dashed row is named by the one above it", () => {
  const before = [row("preview", "a"), row("- writes", "0"), row("up", "b"), row("- writes", "1")];
  const after = [row("preview", "a"), row("- writes", "0"), row("up", "b"), row("- writes", "2")];
  expect(listWorse(before, after)).toEqual(["up - writes: 2, 1 on record"]);
});

test("a figure that is gone is told, a new one is not", () => {
  expect(listWorse([row("up", "1")], [row("down", "9")])).toEqual(["up: 1 on record, not measured any more"]);
});

test("the table on record can be read, and is no worse than itself", async () => {
  const recorded = readRecorded(await readFile(join(__dirname, "RESULTS.md"), "utf8"));
  expect(recorded.length).toBeGreaterThan(30);
  expect(recorded.find(({ what }) => what === "8 syncs, 1 app: unchanged up")?.measured).toBe("1 GET apps/{id}");
  expect(listWorse(recorded, recorded)).toEqual([]);
  expect(listWorse(recorded, [])).toHaveLength(recorded.length);
});
