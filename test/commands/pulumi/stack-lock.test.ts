// The lock of a stack as the CLI tells it: when to wait, and when only a person can help.

import { expect, test } from "vitest";
import { findLockProblem, type LockWitness } from "../../../provider/commands/pulumi/stack-lock.js";

const since = Date.UTC(2026, 0, 2, 3, 0);
const minutes = 60_000;

/** As the CLI prints it over a state that lies in files; seen with 3.259. */
const locked = (owner = "ops@here", pid = 4711) =>
  [
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
    `  file:///srv/state/.pulumi/locks/organization/shop/prod/25eed6cd.json?no_tmp_dir=true: created by ${owner} (pid ${pid}) at 2026-01-02T03:00:00Z`,
  ].join("\n");

const find = (said: string, over: Partial<LockWitness> = {}) =>
  findLockProblem(said, { now: since + 5 * minutes, host: "here", isAlive: () => true, ...over });

test.each<[string, string, Partial<LockWitness>, string, RegExp]>([
  [
    "a living process here",
    locked(),
    {},
    "stack.locked",
    /held by ops@here \(process 4711\) for 5 min; watch tries again/,
  ],
  [
    "a dead process here",
    locked(),
    { isAlive: () => false },
    "stack.lock_stale",
    /that process is gone.*pulumi cancel/,
  ],
  ["a process elsewhere", locked("ops@there"), { isAlive: () => false }, "stack.locked", /ops@there/],
  [
    "elsewhere for an hour",
    locked("ops@there"),
    { now: since + 61 * minutes },
    "stack.lock_stale",
    /for 61 min; .*pulumi cancel/,
  ],
  [
    "elsewhere for exactly an hour",
    locked("ops@there"),
    { now: since + 60 * minutes },
    "stack.locked",
    /for 60 min; watch/,
  ],
  [
    "elsewhere for two hours",
    locked("ops@there"),
    { now: since + 120 * minutes },
    "stack.lock_stale",
    /for 2 h, |for 2 h; /,
  ],
  ["elsewhere for days", locked("ops@there"), { now: since + 3000 * minutes }, "stack.lock_stale", /for 50 h/],
  [
    "here, while the clock stands before its time",
    locked(),
    { now: since - 90 * minutes },
    "stack.locked",
    /for 0 min/,
  ],
  [
    "Pulumi Cloud, which names nobody",
    "error: [409] Conflict: Another update is currently in progress.",
    {},
    "stack.locked",
    /^another/,
  ],
  ["an empty lock file", "error: unexpected end of JSON input\n", {}, "stack.lock_stale", /cut off.*pulumi cancel/],
  [
    "a lock file of garbage",
    "error: invalid character 'x' looking for beginning of value",
    {},
    "stack.lock_stale",
    /cut off/,
  ],
])("held by %s", (...[, said, witness, code, message]) => {
  expect(find(said, witness)).toMatchObject({ code, message: expect.stringMatching(message) as string });
});

test("of several holders a dead one decides: the others have to wait for it, too", () => {
  const both = `${locked("ops@here", 1)}\n${locked("ops@here", 2).split("\n")[1]}`;
  expect(find(both, { isAlive: (pid) => pid === 1 })?.message).toContain("process 2");
});

test("is no reason for any other failure", () => {
  expect(find("error: no stack named 'prod' found")).toBeUndefined();
  expect(find('error: web: source.unparsable: unexpected end of JSON input in "a.json"')).toBeUndefined();
});
