// What a run does not write for now: what has failed or was repaired too often, and what was written lately, each target for itself.

import { describe, expect, test } from "vitest";
import { rememberLive, rememberWrites } from "../../../provider/commands/watch/holds.js";
import { playStack, sync, urnOf } from "./played-stack.js";

const changed = () => sync({ wanted: ["A", "B"] });
const results = ({ syncs }: { syncs: ReadonlyArray<{ sync: string; result: string }> }) =>
  Object.fromEntries(syncs.map(({ sync: name, result }) => [name, result]));

describe("writes that are held back", () => {
  const repeated = "plan for shop: 1 changed\n  ~ app/A: stored, but not in the running deployment\n";

  test("values whose deployment has failed three times wait until something changes", async () => {
    const web = sync({ wanted: ["A", "B"], failure: "deployment.failed: it failed" });
    const stack = playStack({ web });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect((await stack.run()).result).toBe("failed");
      web.plan = repeated;
    }
    const before = stack.asked.length;
    const held = await stack.run();
    expect(held).toMatchObject({ result: "held", holds: [{ sync: "web", kind: "person" }] });
    expect(stack.asked.slice(before)).toEqual(["export", "preview web"]);
    web.plan = "plan for shop: 1 changed\n  ~ app/A: new value\n";
    await stack.run();
    expect(stack.asked.at(-2)).toBe("up web");
  });

  test("so do values that were rolled back each time, until the source has others", async () => {
    const counted = { recorded: 1, wanted: 2 };
    const failure = "deployment.failed: it failed; the earlier entries were restored";
    const web = sync({ counted, failure, plan: "1 to change: plan for shop\n  ~ app/A: new value\n" });
    const stack = playStack({ web });
    for (let attempt = 1; attempt <= 3; attempt += 1) expect((await stack.run()).result).toBe("failed");
    const held = await stack.run();
    expect(held).toMatchObject({ result: "held", holds: [{ sync: "web", kind: "person" }] });
    expect(held.holds[0]?.reason).toMatch(
      /^3 deployments of the same values have failed, and .* run pulumi up yourself$/,
    );
    web.plan =
      "drift: 1 key of shop changed outside this program\n  ~ app/A: value changed at the destination (SECRET)\n";
    expect((await stack.run()).result).toBe("failed");
    web.plan = "1 to change: plan for shop\n  ~ app/A: new value\n";
    counted.wanted = 3;
    expect((await stack.run()).result).toBe("failed");
  });

  test("so does a build that fails, whose plan writes nothing", async () => {
    const plan =
      "what an earlier run wrote was not seen to go live: one more deployment is started, and nothing is written\n";
    const web = sync({ counted: { recorded: 1, wanted: 2 }, failure: "deployment.failed: it failed", plan });
    const stack = playStack({ web });
    for (let attempt = 1; attempt <= 3; attempt += 1) expect((await stack.run()).result).toBe("failed");
    const held = await stack.run();
    expect(held.holds[0]?.reason).toMatch(/have failed; it waits until source, target or program changes$/);
  });

  test("values that were live in between are tried again once they are lost, with a new count", async () => {
    const failure = "deployment.failed: it failed";
    const web = sync({ wanted: ["A", "B"], failure, plan: repeated });
    const stack = playStack({ web });
    for (let attempt = 1; attempt <= 3; attempt += 1) await stack.run();
    expect((await stack.run()).result).toBe("held");
    const [lost, live] = [
      { wanted: ["A", "B"], plan: repeated },
      { wanted: ["A"], plan: undefined },
    ];
    Object.assign(web, live);
    expect((await stack.run({ resting: [urnOf("web")] })).syncs).toMatchObject([{ result: "resting" }]);
    Object.assign(web, lost);
    expect((await stack.run()).result).toBe("held");
    Object.assign(web, live);
    expect((await stack.run()).result).toBe("unchanged");
    Object.assign(web, lost);
    for (let attempt = 1; attempt <= 3; attempt += 1) expect((await stack.run()).result).toBe("failed");
    expect((await stack.run()).result).toBe("held");
  });

  test("values that are live begin a new count, whatever else the run writes", async () => {
    const web = sync({ wanted: ["A", "B"], failure: "deployment.failed: it failed", plan: repeated });
    const stack = playStack({ web, other: sync() });
    for (let attempt = 1; attempt <= 3; attempt += 1) await stack.run();
    Object.assign(web, { wanted: ["A"], plan: undefined });
    Object.assign(stack.syncs["other"] ?? {}, { wanted: ["A", "B"] });
    expect(results(await stack.run())).toEqual({ web: "unchanged", other: "synced" });
    Object.assign(web, { wanted: ["A", "B"], plan: repeated });
    expect(results(await stack.run())).toEqual({ web: "failed", other: "unchanged" });
  });

  test("a change of the program releases them, too", async () => {
    const web = sync({ wanted: ["A", "B"], failure: "deployment.failed: it failed", plan: repeated });
    const stack = playStack({ web });
    for (let attempt = 1; attempt <= 3; attempt += 1) await stack.run();
    expect((await stack.run()).result).toBe("held");
    web.program = { syncOptions: { keySchema: "X_{{secretKey}}" } };
    expect((await stack.run()).result).toBe("failed");
  });

  test("a change of one sync's arguments releases only that sync", async () => {
    const bad = () => sync({ wanted: ["A", "B"], failure: "deployment.failed: it failed", plan: repeated });
    const stack = playStack({ a: bad(), b: bad() });
    for (let attempt = 1; attempt <= 3; attempt += 1) await stack.run();
    expect(results(await stack.run())).toEqual({ a: "held", b: "held" });
    Object.assign(stack.syncs["b"] ?? {}, { program: { syncOptions: { keySchema: "X_{{secretKey}}" } } });
    expect(results(await stack.run())).toEqual({ a: "held", b: "failed" });
  });

  test("a key that somebody else changes again and again is an alarm after three repairs within an hour", async () => {
    const plan =
      "drift: 1 key of shop changed outside this program\n  ~ app/A: value changed at the destination (SECRET)\n";
    const web = sync({ plan });
    const stack = playStack({ web });
    for (let repair = 1; repair <= 3; repair += 1) {
      expect(await stack.run()).toMatchObject({ result: "synced", changes: [{ sync: "web", repaired: 1 }] });
      stack.now += 5 * 60_000;
    }
    const alarm = await stack.run();
    expect(alarm).toMatchObject({
      result: "held",
      holds: [{ sync: "web", kind: "person", reason: "somebody else keeps changing app/A", until: 60 * 60_000 }],
      problems: [{ code: "drift.contested", urn: urnOf("web") }],
    });
    expect(alarm.problems[0]?.message).toContain("app/A");
    stack.now = 61 * 60_000;
    expect((await stack.run()).result).toBe("synced");
  });

  test("an app is deployed no more often than allowed, whichever sync it is, and after a restart, too", async () => {
    const rules = { mostBadDeployments: 3, mostRepairs: 3, minDeployInterval: 60_000 };
    const one = sync({ wanted: ["A", "B"], app: "shop" });
    const stack = playStack({ one, two: sync({ app: "shop" }) }, { rules });
    expect((await stack.run()).result).toBe("synced");
    stack.now = 20_000;
    (stack.syncs["two"] as { wanted: string[] }).wanted = ["A", "B"];
    expect(await stack.run()).toMatchObject({ result: "held", holds: [{ sync: "two", kind: "soon" }], again: 60_000 });
    stack.now = 60_000;
    expect((await stack.run()).result).toBe("synced");

    const refused = playStack({ web: { ...changed(), failure: "destination.rejected: it is refused" } }, { rules });
    for (let attempt = 1; attempt <= 2; attempt += 1) expect((await refused.run()).result).toBe("failed");

    const lately = new Date(1_000_000_000 - 10_000).toISOString();
    const later = playStack({ web: sync({ wanted: ["A", "B"], lastSyncedAt: lately }) }, { rules });
    expect(await later.run()).toMatchObject({ result: "held", again: 50_000 });
    const now = new Date(1_000_000_000).toISOString();
    const atOnce = playStack({ web: sync({ wanted: ["A", "B"], lastSyncedAt: now }) }, { rules });
    expect(await atOnce.run()).toMatchObject({ result: "held", again: 60_000 });
    const ahead = new Date(1_000_000_000 + 10_000).toISOString();
    const other = playStack({ web: sync({ wanted: ["A", "B"], lastSyncedAt: ahead }) }, { rules });
    expect((await other.run()).result).toBe("synced");
  });
});

describe("the least time between two deployments", () => {
  const rules = { mostBadDeployments: 3, mostRepairs: 3, minDeployInterval: 60_000 };
  const wish = (one: object | undefined, ...wanted: string[]) => Object.assign(one ?? {}, { wanted });

  test.each([
    ["a", "b"],
    ["b", "a"],
  ])("is that of each app alone: that of %s, written lately, does not hold back %s", async (written, other) => {
    const stack = playStack({ a: sync(), b: sync() }, { rules });
    wish(stack.syncs[written], "A", "B");
    expect(results(await stack.run())).toEqual({ [written]: "synced", [other]: "unchanged" });
    stack.now = 20_000;
    wish(stack.syncs[written], "A");
    wish(stack.syncs[other], "A", "B");
    // The keys that go are looked at twice, ten seconds apart.
    const outcome = await stack.run();
    expect(results(outcome)).toEqual({ [written]: "held", [other]: "synced" });
    expect(outcome).toMatchObject({ holds: [{ sync: written, kind: "soon" }], again: 60_000 });
  });

  test.each(["limit", "signal"] as const)(
    "counts an update that was cut off by its %s, because its effect is unknown",
    async (cut) => {
      const stack = playStack({ web: changed() }, { rules });
      const { cli } = stack.context;
      const up = async () => ({ code: -1, stdout: "", stderr: "", cut });
      const cutOff = playStack(stack.syncs, { rules, cli: { ...cli, up } });
      expect((await cutOff.run()).result).toBe("failed");
      cutOff.now = 59_000;
      expect(await cutOff.run()).toMatchObject({
        result: "held",
        holds: [{ sync: "web", kind: "soon" }],
        again: 60_000,
      });
      cutOff.now = 60_000;
      expect((await cutOff.run()).result).toBe("failed");
    },
  );

  test("is counted from the last write, however long the runner runs", async () => {
    const stack = playStack({ web: changed() }, { rules });
    stack.now = 1_000_000;
    expect((await stack.run()).result).toBe("synced");
    stack.now += 59_000;
    wish(stack.syncs["web"], "A", "B", "C");
    expect(await stack.run()).toMatchObject({ result: "held", again: 1_060_000 });
  });

  test("does not hold back a sync whose first run has not reached its target", async () => {
    const stack = playStack({ a: sync({ wanted: ["A", "B"], app: "" }), b: sync({ app: "" }) }, { rules });
    expect(results(await stack.run())).toEqual({ a: "synced", b: "unchanged" });
    wish(stack.syncs["b"], "A", "B");
    expect(results(await stack.run())).toEqual({ a: "unchanged", b: "synced" });
  });
});

describe("what is remembered", () => {
  const urn = urnOf("web");
  const planned = { urn, sync: "web", targetId: "1", program: "p", isTriedAgain: false };
  const drifted = (key: string) =>
    `drift: 1 key of shop changed outside this program\n  ~ ${key}: value changed at the destination (SECRET)\n`;
  const end = (now: number) => ({ now, well: new Set([urn]), notLive: new Set<string>() });

  test("is the same as before when there is no count to end", () => {
    const memory = new Map([[urn, { badDeployments: 0, program: "p", repairs: new Map() }]]);
    expect(rememberLive(memory, [urn, urnOf("another")])).toBe(memory);
    const failing = new Map([[urn, { badDeployments: 2, program: "p", repairs: new Map([["app/A", [1]]]) }]]);
    expect(rememberLive(failing, [urn]).get(urn)).toEqual({ ...failing.get(urn), badDeployments: 0 });
  });

  test("does not grow with keys that were repaired long ago", () => {
    const hour = 60 * 60_000;
    const first = rememberWrites(new Map(), [{ ...planned, plan: drifted("app/A") }], end(0));
    const second = rememberWrites(first, [{ ...planned, plan: drifted("app/B") }], end(hour - 1));
    expect(second.get(urn)?.repairs).toEqual(
      new Map([
        ["app/A", [0]],
        ["app/B", [hour - 1]],
      ]),
    );
    const third = rememberWrites(second, [{ ...planned, plan: "" }], end(hour));
    expect(third.get(urn)?.repairs).toEqual(new Map([["app/B", [hour - 1]]]));
  });
});
