// Whatever App Platform does where it does not say, the laws of the fault grid hold: each switch alone, and many at once.

import { afterAll, expect, test } from "vitest";
import type { Row } from "./grid.js";
import { recordRows } from "./record.js";
import { describeRow, listTrials, playTrial } from "./variants.js";

/** `sample`, `all`, or one platform: `npm run faults` asks for more than `npm test`. */
const { FAULTS_VARIANTS: extent = "sample", FAULTS_PART: part = "1/1" } = process.env;
const [nth = 1, parts = 1] = part.split("/").map(Number);
const trials = listTrials(extent).filter((_, index) => index % parts === nth - 1);
const rows: Row[] = [];

test.concurrent.for(trials)(
  "$title: nothing is lost, and one more up converges",
  { timeout: 1_800_000 },
  async (trial) => {
    const played = await playTrial(trial);
    rows.push(...played);
    expect(played.filter(({ verdict }) => verdict === "FAIL").map(describeRow)).toEqual([]);
  },
);

afterAll(() => recordRows(`variants-${nth}`, rows));
