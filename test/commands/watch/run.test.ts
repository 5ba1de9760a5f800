// One run of one stack, with a CLI that the test plays: what it is asked for, in which order, and what is not.

import { describe, expect, test } from "vitest";
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

  test("of a stack that holds no automatic sync looks at its state only", async () => {
    const stack = playStack({});
    expect(await stack.run()).toMatchObject({ result: "unchanged", syncs: [] });
    expect(stack.asked).toEqual(["export"]);
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

  test("gives the update the time that the deployments of each of its syncs may take", async () => {
    const limits: number[] = [];
    const wait = (timeoutSeconds: number) =>
      sync({ wanted: ["A", "B"], app: "shop", program: { destination: { deployment: { timeoutSeconds } } } });
    const stack = playStack({ a: wait(60), b: wait(3600), c: wait(600) });
    const { cli } = stack.context;
    const up: typeof cli.up = (order) => (limits.push(order.limit), cli.up(order));
    await playStack(stack.syncs, { cli: { ...cli, up } }).run();
    expect(limits).toEqual([600_000 + 60_000 + 3_600_000 + 600_000]);
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

  test("beside a failure that concerns no sync is one of the stack: nothing is looked at without it", async () => {
    const stack = playStack({ a: sync(), b: changed() });
    const own = { urn: urnOf("a"), severity: "error", message: `resource 'a' has a problem: ${missing}` };
    const other = { severity: "error", message: "error: the plugin of another package ended" };
    let previews = 0;
    const preview = async () => {
      previews += 1;
      return answer({ diagnostics: [own, other] }, 1);
    };
    const outcome = await playStack(stack.syncs, { cli: { ...stack.context.cli, preview } }).run();
    expect(outcome).toMatchObject({ result: "failed", isWhole: true, changes: [] });
    expect(previews).toBe(1);
  });
});

test("of several syncs each is told its own repairs", async () => {
  const drift = (...keys: string[]) =>
    `drift: ${keys.length} keys of shop changed outside this program\n${keys.map((key) => `  ~ app/${key}: value changed at the destination (SECRET)\n`).join("")}`;
  const stack = playStack({
    a: sync({ plan: drift("A", "B") }),
    b: changed(),
    c: sync({ plan: drift("A") }),
  });
  const { changes } = await stack.run();
  expect(changes.map(({ sync: name, repaired }) => [name, repaired])).toEqual([
    ["a", 2],
    ["b", undefined],
    ["c", 1],
  ]);
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
    expect(outcome.holds).toMatchObject([
      { sync: "a", kind: "soon", reason: expect.stringMatching(/^the update ended before it.*looked at again$/) },
    ]);
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
    const gone = { now: 1_000_000_000, host: "elsewhere", isAlive: () => false };
    const left = await playStack(stack.syncs, { cli: { ...stack.context.cli, up }, witness: () => gone }).run();
    expect(left).toMatchObject({
      result: "locked",
      isWhole: true,
      syncs: [],
      problems: [{ code: "stack.lock_stale" }],
    });
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
    ["lacks other keys, although the file is the same", (web) => Object.assign(web, { wanted: ["B"] })],
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
    expect(outcome).toMatchObject({ holds: [{ sync: "web", reason: expect.stringMatching(/still being written/) }] });
    expect(outcome.again).toBe(2000);
  });
});
