// One run of one stack, with a CLI that the test plays: what it is asked for, in which order, and what is not.

import { describe, expect, test } from "vitest";
import { SecretSyncError } from "../../../provider/errors.js";
import { answer, connection, playStack, sync, urnOf } from "./played-stack.js";

const changed = () => sync({ wanted: ["A", "B"] });
const results = ({ syncs }: { syncs: ReadonlyArray<{ sync: string; result: string }> }) =>
  Object.fromEntries(syncs.map(({ sync: name, result }) => [name, result]));

describe("a run", () => {
  test("looks, writes what it has seen, and tells what the state says afterwards", async () => {
    const told: string[] = [];
    const onSyncs = async (syncs: ReadonlyArray<{ resource: string }>) =>
      void told.push(...syncs.map(({ resource }) => resource));
    const stack = playStack({ web: changed() }, { onSyncs });
    const outcome = await stack.run({ causes: ["file"] });
    expect(told).toEqual(["web"]);
    expect(stack.asked).toEqual(["export", "preview web", "up web", "export"]);
    expect(outcome).toMatchObject({ result: "synced", changes: [{ sync: "web", did: "version 2", keys: 2 }] });
  });

  test("tells the update what caused it, and how long its deployments may take", async () => {
    const given: unknown[] = [];
    const stack = playStack({ web: changed() });
    const { cli } = stack.context;
    const up: typeof cli.up = (order) => (given.push(order), cli.up(order));
    await playStack({ web: changed() }, { cli: { ...cli, up } }).run({ causes: ["file", "interval"] });
    expect(given).toEqual([
      {
        targets: [urnOf("web")],
        files: ["1"],
        message: "pulumi-secret-sync watch: file, interval",
        limit: 600_000 + 1_800_000,
      },
    ]);
  });

  test("with nothing to do is a preview and no more", async () => {
    const stack = playStack({ web: sync() });
    expect((await stack.run()).result).toBe("unchanged");
    expect(stack.asked).toEqual(["export", "preview web"]);
  });

  test("of a stack without automatic syncs does not even preview", async () => {
    const stack = playStack({});
    expect((await stack.run()).result).toBe("unchanged");
    expect(stack.asked).toEqual(["export"]);
  });

  test("that only tries tells what it would write", async () => {
    const stack = playStack({ web: changed(), other: sync() }, { isDryRun: true });
    const outcome = await stack.run();
    expect(outcome.result).toBe("planned");
    expect(results(outcome)).toEqual({ web: "planned", other: "unchanged" });
    expect(stack.asked).toEqual(["export", "preview web other"]);
  });

  test("does not tell as its own what an update of a killed runner has written in between", async () => {
    const web = changed();
    const stack = playStack({ web });
    const { cli } = stack.context;
    const up: typeof cli.up = (order) => {
      Object.assign(web, { recorded: web.wanted, version: 2 });
      return cli.up(order);
    };
    const outcome = await playStack({ web }, { cli: { ...cli, up } }).run();
    expect(outcome).toMatchObject({ result: "unchanged", changes: [] });
  });
});

describe("a runner that is told to stop", () => {
  test("while it looks begins no update", async () => {
    const stack = playStack({ web: changed() });
    const { cli } = stack.context;
    const preview: typeof cli.preview = (order) => (stack.end.abort(), cli.preview(order));
    const ending = stack.end.signal;
    expect((await playStack({ web: changed() }, { cli: { ...cli, preview }, ending }).run()).result).toBe("stopped");
    expect(stack.asked).toEqual(["export", "preview web"]);
  });

  test("waits for an update under way, and reads what it has done", async () => {
    const stack = playStack({ web: changed() });
    const { cli } = stack.context;
    const up: typeof cli.up = (order) => (stack.end.abort(), cli.up(order));
    const exported: boolean[] = [];
    const read: typeof cli.export = (order) => (exported.push(order.ending.aborted), cli.export(order));
    const running = playStack({ web: changed() }, { cli: { ...cli, up, export: read }, ending: stack.end.signal });
    expect((await running.run()).result).toBe("synced");
    expect(exported).toEqual([false, false]);
  });

  test("does not report as nothing what it has written, when the state cannot be read afterwards", async () => {
    const stack = playStack({ web: changed() });
    const { cli } = stack.context;
    const up: typeof cli.up = (order) => (stack.end.abort(), cli.up(order));
    const read: typeof cli.export = async (order) => {
      if (stack.end.signal.aborted)
        throw new SecretSyncError({ code: "stack.unreadable", message: "the state of prod cannot be read" });
      return cli.export(order);
    };
    const running = playStack({ web: changed() }, { cli: { ...cli, up, export: read }, ending: stack.end.signal });
    expect(await running.run()).toMatchObject({
      result: "failed",
      isWhole: true,
      problems: [{ code: "stack.unreadable" }],
      syncs: [{ sync: "web", result: "synced" }],
    });
  });

  test("is not failed by a state that it did not finish reading", async () => {
    const broken = async () => {
      throw new SecretSyncError({ code: "stack.unreadable", message: "the state of prod cannot be read" });
    };
    const stack = playStack({ web: sync() });
    const cli = { ...stack.context.cli, export: broken };
    expect(await playStack({}, { cli }).run()).toMatchObject({
      result: "failed",
      isWhole: true,
      problems: [{ code: "stack.unreadable" }],
    });
    stack.end.abort();
    expect((await playStack({}, { cli, ending: stack.end.signal }).run()).result).toBe("stopped");
  });
});

describe("a sync that cannot be previewed", () => {
  const missing = "source.unreadable: file source: it does not exist";

  test("does not keep the others from being written, and all problems are told at once", async () => {
    const stack = playStack({
      a: sync({ problem: missing }),
      b: changed(),
      c: sync({ problem: "destination.not_found: there is no such app" }),
      d: sync(),
    });
    const outcome = await stack.run();
    expect(stack.asked).toEqual(["export", "preview a b c d", "preview b c d", "preview b d", "up b", "export"]);
    expect(outcome).toMatchObject({ result: "failed", isWhole: false, changes: [{ sync: "b" }] });
    expect(results(outcome)).toEqual({ a: "failed", b: "synced", c: "failed", d: "unchanged" });
    expect(outcome.problems.map(({ code, urn }) => [code, urn])).toEqual([
      ["source.unreadable", urnOf("a")],
      ["destination.not_found", urnOf("c")],
    ]);
  });

  test("is left out while it rests, and told as such", async () => {
    const stack = playStack({ a: sync({ problem: missing }), b: sync() });
    const outcome = await stack.run({ resting: [urnOf("a")] });
    expect(stack.asked).toEqual(["export", "preview b"]);
    expect(results(outcome)).toEqual({ a: "resting", b: "unchanged" });
    expect(outcome).toMatchObject({ result: "failed", isWhole: false, problems: [] });
  });

  test("because of its connection stops those that stand on the connection, and only them", async () => {
    const problem = "connection.forbidden: the token may not write";
    const stack = playStack({
      a: sync({ problem, connected: true }),
      b: sync({ wanted: ["A", "B"], connected: true }),
      c: changed(),
    });
    const { cli } = stack.context;
    const read: typeof cli.export = async (order) => {
      const state = await cli.export(order);
      const ocean = { urn: connection, type: "pulumi-nodejs:dynamic/secret-sync:Connection" };
      return { deployment: { resources: [...(state.deployment?.resources ?? []), ocean] } };
    };
    const outcome = await playStack(stack.syncs, { cli: { ...cli, export: read } }).run();
    expect(results(outcome)).toEqual({ a: "failed", b: "failed", c: "synced" });
  });

  test("one of very many ends the look after 25 previews; those that it has not seen are due at once", async () => {
    const names = Array.from({ length: 30 }, (_, nr) => `s${String(nr).padStart(2, "0")}`);
    const stack = playStack(Object.fromEntries(names.map((name) => [name, sync({ problem: missing })])));
    const outcome = await stack.run();
    expect(stack.asked.filter((call) => call.startsWith("preview"))).toHaveLength(25);
    expect(outcome.syncs).toHaveLength(25);
    expect(outcome).toMatchObject({ result: "failed", isWhole: false, again: 0 });
  });

  test("is another thing than a program that fails: then nothing is written", async () => {
    const stack = playStack({ web: changed() });
    const message = "error: Running program 'index.js' failed with an unhandled exception:\nError: broken\n    at x";
    const preview = async () => answer({ diagnostics: [{ severity: "error", message }] }, 1);
    const outcome = await playStack(stack.syncs, { cli: { ...stack.context.cli, preview } }).run();
    expect(outcome).toMatchObject({ result: "failed", isWhole: true, problems: [{ code: "program.failed" }] });
    expect(stack.asked).toEqual(["export"]);
  });
});

describe("an update in which one sync fails", () => {
  test("has written the others", async () => {
    const stack = playStack({ a: { ...changed(), failure: "deployment.failed: it failed" }, b: changed() });
    const outcome = await stack.run();
    expect(outcome).toMatchObject({ result: "failed", isWhole: false, changes: [{ sync: "b" }] });
    expect(results(outcome)).toEqual({ a: "failed", b: "synced" });
  });

  test("and that ends before it came to another one looks at that again soon, and does not call it well", async () => {
    const failed = "source.changed: the file has changed since it was looked at";
    const stack = playStack({ a: changed(), b: { ...changed(), failure: failed } });
    const { cli } = stack.context;
    const up: typeof cli.up = (order) => cli.up({ ...order, targets: order.targets.slice(1) });
    const outcome = await playStack(stack.syncs, { cli: { ...cli, up } }).run();
    expect(results(outcome)).toEqual({ a: "held", b: "failed" });
    expect(outcome).toMatchObject({ result: "failed", isWhole: false, changes: [], again: 2000 });
    expect(outcome.holds).toMatchObject([{ sync: "a", kind: "soon" }]);
  });

  test("that finds the stack locked has written nothing, and tells who holds the lock", async () => {
    const stack = playStack({ web: changed() });
    const said = [
      "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.",
      "  file:///x.json: created by me@elsewhere (pid 7) at 1970-01-12T13:40:00Z",
    ].join("\n");
    const up = async () => ({ code: 255, stdout: "", stderr: said });
    const outcome = await playStack(stack.syncs, { cli: { ...stack.context.cli, up } }).run();
    expect(outcome).toMatchObject({ result: "locked", isWhole: true, problems: [{ code: "stack.locked" }] });
    expect(outcome.problems[0]?.message).toContain("held by me@elsewhere (process 7) for 7 min");
  });
});

describe("a file that is being written", () => {
  const cut = () => sync({ recorded: ["A", "B"], wanted: ["A"] });

  test("removes nothing before a second look, ten seconds later, agrees", async () => {
    const stack = playStack({ web: cut() });
    expect((await stack.run()).result).toBe("synced");
    expect(stack.asked).toEqual(["export", "preview web", "sleep 10000", "export", "preview web", "up web", "export"]);
  });

  test.each<[string, (web: ReturnType<typeof sync>) => void]>([
    ["has all its keys again", (web) => Object.assign(web, { wanted: ["A", "B"], file: "2" })],
    ["lacks other keys", (web) => Object.assign(web, { wanted: ["B"], file: "2" })],
    ["lacks the same keys, and has been written since", (web) => Object.assign(web, { file: "2" })],
  ])("loses no key when at the second look it %s", async (_, change) => {
    const web = cut();
    const stack = playStack({ web }, { sleep: async () => change(web) });
    const outcome = await stack.run();
    expect(stack.asked).not.toContain("up web");
    expect(["held", "unchanged"]).toContain(outcome.result);
    if (outcome.result === "held")
      expect(outcome).toMatchObject({ holds: [{ sync: "web", kind: "soon" }], again: 2000 });
  });

  test("is not written when it changes while it is looked at; others are", async () => {
    const [web, other] = [changed(), changed()];
    const stack = playStack({ web, other });
    const { cli } = stack.context;
    const preview: typeof cli.preview = (order) => {
      web.file = "2";
      return cli.preview(order);
    };
    const outcome = await playStack(stack.syncs, { cli: { ...cli, preview } }).run();
    expect(results(outcome)).toEqual({ web: "held", other: "synced" });
    expect(outcome.again).toBe(2000);
  });
});

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

  test("a change of the program lets them go, too", async () => {
    const web = sync({ wanted: ["A", "B"], failure: "deployment.failed: it failed", plan: repeated });
    const stack = playStack({ web });
    for (let attempt = 1; attempt <= 3; attempt += 1) await stack.run();
    expect((await stack.run()).result).toBe("held");
    web.program = { syncOptions: { keySchema: "X_{{secretKey}}" } };
    expect((await stack.run()).result).toBe("failed");
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
      holds: [{ sync: "web", kind: "person", until: 60 * 60_000 }],
      problems: [{ code: "drift.contested", urn: urnOf("web") }],
    });
    expect(alarm.problems[0]?.message).toContain("app/A");
    stack.now = 61 * 60_000;
    expect((await stack.run()).result).toBe("synced");
  });

  test("an app is deployed no more often than asked for, whichever sync it is, and also after a new start", async () => {
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
    const ahead = new Date(1_000_000_000 + 10_000).toISOString();
    const other = playStack({ web: sync({ wanted: ["A", "B"], lastSyncedAt: ahead }) }, { rules });
    expect((await other.run()).result).toBe("synced");
  });
});
