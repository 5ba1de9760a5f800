// A run whose runner is told to stop: it begins no further step, and an update under way is waited for and told.

import { describe, expect, test } from "vitest";
import { SecretSyncError } from "../../../provider/errors.js";
import { playStack, sync, urnOf } from "./played-stack.js";

const changed = () => sync({ wanted: ["A", "B"] });

describe("a runner that is told to stop", () => {
  test("between two looks ends there, and begins neither the second look nor an update", async () => {
    const [web, end] = [sync({ recorded: ["A", "B"], wanted: ["A"] }), new AbortController()];
    const stack = playStack({ web }, { ending: end.signal, sleep: async () => end.abort() });
    expect(await stack.run()).toMatchObject({ result: "stopped", isWhole: false, syncs: [], problems: [] });
    expect(stack.asked).toEqual(["export", "preview web"]);
  });

  test("while it looks whether a file has changed since begins no update", async () => {
    const end = new AbortController();
    let looks = 0;
    const readFiles = async () => ((looks += 1) === 2 ? end.abort() : undefined, new Map([[urnOf("web"), "1"]]));
    const stack = playStack({ web: changed() }, { ending: end.signal, readFiles });
    expect((await stack.run()).result).toBe("stopped");
    expect(stack.asked).toEqual(["export", "preview web"]);
  });

  test("while it looks is not failed by a look that was cut off", async () => {
    const end = new AbortController();
    const { context, syncs } = playStack({ web: changed() });
    const preview = async () => (
      end.abort(),
      { code: -1, stdout: "", stderr: "error: canceled", cut: "signal" as const }
    );
    const running = playStack(syncs, { cli: { ...context.cli, preview }, ending: end.signal });
    expect(await running.run()).toMatchObject({ result: "stopped", isWhole: false, problems: [] });
  });

  test("while it asks what is there does not look", async () => {
    const end = new AbortController();
    const stack = playStack({ web: changed() }, { ending: end.signal });
    const { cli } = stack.context;
    const read: typeof cli.export = (order) => (end.abort(), cli.export(order));
    const running = playStack(stack.syncs, { cli: { ...cli, export: read }, ending: end.signal });
    expect((await running.run()).result).toBe("stopped");
    expect(stack.asked).toEqual(["export"]);
  });

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
