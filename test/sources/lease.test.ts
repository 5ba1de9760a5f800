// The keeper of a short-lived token, by its clock.

import { expect, test } from "vitest";
import { redact } from "../../provider/redacted.js";
import { createLeaseKeeper, type Lease } from "../../provider/sources/remote/lease.js";
import { createHastyClock } from "./reading.js";

function keeperOf(given: Partial<Lease> = {}) {
  const clock = createHastyClock();
  const calls: string[] = [];
  let refuse = false;
  const give = async (call: string): Promise<Lease> => {
    calls.push(call);
    await Promise.resolve();
    if (call === "renew" && refuse) throw new Error("refused");
    return { token: redact(`${call} ${calls.length}`), lifetimeMs: 600_000, renewable: true, ...given };
  };
  const keeper = createLeaseKeeper(clock, { login: () => give("login"), renew: () => give("renew") });
  return { clock, calls, keeper, refuseRenewal: () => (refuse = true) };
}

test("one login serves all who ask at the same time", async () => {
  const { calls, keeper } = keeperOf();
  const tokens = await Promise.all([keeper.current(), keeper.current(), keeper.current()]);
  expect(new Set(tokens).size).toBe(1);
  expect(calls).toEqual(["login"]);
});

test("a token with time left is used, one near its end renewed, one past it replaced", async () => {
  const { clock, calls, keeper } = keeperOf();
  await keeper.current();
  clock.advance(500_000);
  await keeper.current();
  expect(calls).toEqual(["login"]);
  clock.advance(80_000);
  await keeper.current();
  expect(calls).toEqual(["login", "renew"]);
  clock.advance(600_001);
  await keeper.current();
  expect(calls).toEqual(["login", "renew", "login"]);
});

test("of a short life the last tenth is its end, and of a long one half a minute", async () => {
  for (const [lifetimeMs, used] of [
    [100_000, 89_000],
    [3_600_000, 3_569_000],
  ] as const) {
    const { clock, calls, keeper } = keeperOf({ lifetimeMs });
    await keeper.current();
    clock.advance(used);
    await keeper.current();
    expect(calls).toEqual(["login"]);
    clock.advance(2_000);
    await keeper.current();
    expect(calls).toEqual(["login", "renew"]);
  }
});

test("a token that cannot be renewed, or whose renewal is refused, is replaced", async () => {
  const fixed = keeperOf({ renewable: false });
  await fixed.keeper.current();
  fixed.clock.advance(590_000);
  await fixed.keeper.current();
  expect(fixed.calls).toEqual(["login", "login"]);
  const refused = keeperOf();
  await refused.keeper.current();
  refused.refuseRenewal();
  refused.clock.advance(590_000);
  await refused.keeper.current();
  expect(refused.calls).toEqual(["login", "renew", "login"]);
});

test("a token without an end is kept, and a refused one forgotten once", async () => {
  const { clock, calls, keeper } = keeperOf({ lifetimeMs: undefined });
  const first = await keeper.current();
  clock.advance(1e12);
  expect(await keeper.current()).toBe(first);
  const second = await keeper.replace(first);
  expect(await keeper.current()).toBe(second);
  // The same refusal told late by a call that ran beside.
  expect(await keeper.replace(first)).toBe(second);
  expect(calls).toEqual(["login", "login"]);
});
