// How long an update may take: what its deployments may, one after the other where they share a target.

import { expect, test } from "vitest";
import { updateLimit } from "../../../provider/commands/watch/limits.js";

const limit = (...writes: Array<[string, unknown]>) =>
  updateLimit(
    writes.map(([target, destination]) => ({ target, destination })),
    60_000,
  ) / 1000;

test("a deployment or build has half an hour, or what the program gives it", () => {
  expect(limit(["a", { deployment: { wait: true } }])).toBe(60 + 1800);
  expect(limit(["a", { deployment: { timeoutSeconds: 90 } }])).toBe(60 + 90);
  expect(limit(["a", { build: { timeoutSeconds: 100 } }])).toBe(60 + 100);
  expect(limit()).toBe(60);
});

test("one that cannot be read, because it is secret or not known yet, has half an hour", () => {
  for (const destination of [
    undefined,
    "[secret]",
    { deployment: "[secret]" },
    { deployment: { timeoutSeconds: "04da6b54" } },
  ])
    expect(limit(["a", destination]), JSON.stringify(destination)).toBe(60 + 1800);
});

test("syncs of one target are counted one after the other, those of several at the same time", () => {
  const short = { deployment: { timeoutSeconds: 100 } };
  expect(limit(["a", short], ["a", short], ["b", short])).toBe(60 + 200);
});
