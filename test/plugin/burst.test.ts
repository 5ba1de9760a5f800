// Which looks of other syncs count: those of one burst of checks, on any machine.

import { expect, test } from "vitest";
import { createBurst } from "../../provider/plugin/burst.js";

/** Requests one after the other. @returns whether the look of the first one counts for the last one */
function counts(requests: ReadonlyArray<{ readonly after: number; readonly takes: number }>): boolean {
  let time = 1_000_000;
  const burst = createBurst(() => time);
  let [first, last] = [0, 0];
  for (const [index, { after, takes }] of requests.entries()) {
    time += after;
    if (index === 0) first = time;
    last = burst.enter();
    time += takes;
    burst.leave();
  }
  return first >= last;
}

const many = (count: number, request: { after: number; takes: number }) => Array.from({ length: count }, () => request);

test.each([
  ["a single one", many(1, { after: 0, takes: 50 }), true],
  ["six on a quick machine", many(6, { after: 5, takes: 10 }), true],
  ["six on a slow machine", many(6, { after: 40, takes: 280 }), true],
  [
    "one that waited for another resource",
    [
      { after: 0, takes: 20 },
      { after: 900, takes: 20 },
    ],
    false,
  ],
  ["one after a pause in a burst", [...many(5, { after: 10, takes: 20 }), { after: 600, takes: 20 }], false],
  ["one after many short pauses", many(20, { after: 60, takes: 1 }), false],
  [
    "one after a source that took its time",
    [
      { after: 0, takes: 5_000 },
      { after: 1, takes: 1 },
    ],
    false,
  ],
])("for %s", (_, requests, expected) => expect(counts(requests)).toBe(expected));

test("requests beside each other leave no pause", () => {
  let time = 0;
  const burst = createBurst(() => time);
  const began = burst.enter();
  burst.enter();
  time = 900;
  burst.leave();
  time = 1_000;
  expect(burst.enter()).toBe(began);
});
