// One stack of the runner over its whole life, with a CLI that the test plays.

import { beforeEach, describe, expect, test } from "vitest";
import { type KeepOrder, keepStack } from "../../../provider/commands/watch/kept-stack.js";
import type { Report } from "../../../provider/commands/watch/report.js";
import { readSettings } from "../../../provider/commands/watch/settings.js";
import { playStack, type PlayedSync, sync } from "./played-stack.js";

let reports: Report[];
let released: number;
beforeEach(() => {
  [reports, released] = [[], 0];
});

function keep(syncs: Record<string, PlayedSync>, over: Partial<KeepOrder> = {}) {
  const { context, asked } = playStack(syncs);
  const { cli, readFiles, writes } = context;
  const opened = {
    label: "shop/prod",
    cli,
    readFiles,
    filesOf: () => [],
    lock: { release: async () => void (released += 1) },
    holds: { read: async () => new Map(), write: async () => undefined, forget: async () => undefined },
    calls: { path: "", take: async () => new Map([["netlify", { calls: 3 }]]) as never },
  };
  const kept = keepStack({
    choice: { directory: "./shop", stack: "prod" },
    opened,
    settings: readSettings({ programs: [], options: { once: true } }, {}),
    ending: context.ending,
    inTurn: (work) => work(),
    writes,
    onEnd: (report) => void reports.push(report),
    say: () => undefined,
    ...over,
  });
  return { kept, asked, cli };
}

describe("a stack that is kept", () => {
  test("with --once runs once, tells how, and ends", async () => {
    const { kept, asked } = keep({ web: sync({ wanted: ["A", "B"] }) });
    const { loop, label } = await kept;
    await loop.done;
    expect(label).toBe("shop/prod");
    expect(asked).toEqual(["export", "preview web", "up web", "export"]);
    expect(reports).toMatchObject([{ stack: "shop/prod", causes: ["start"], outcome: { result: "synced" } }]);
    expect(reports[0]?.outcome.vendors).toEqual(new Map([["netlify", { calls: 3 }]]));
  });

  test("is updating from the beginning of a write to the end of its run, and not while it looks", async () => {
    const seen: Array<[string, boolean]> = [];
    const note = (when: string) => seen.push([when, stack.isUpdating()]);
    const inTurn: KeepOrder["inTurn"] = async (work) => {
      await new Promise((later) => setImmediate(later));
      await work();
    };
    const { kept, cli } = keep({ web: sync({ wanted: ["A", "B"] }) }, { inTurn, onEnd: () => void note("end") });
    for (const call of ["export", "preview", "up"] as const) {
      const ask = cli[call] as (order: never) => Promise<never>;
      Object.assign(cli, { [call]: (order: never) => (note(call), ask(order)) });
    }
    const stack = await kept;
    await stack.loop.done;
    expect(seen).toEqual([
      ["export", false],
      ["preview", false],
      ["up", true],
      ["export", true],
      ["end", false],
    ]);
  });

  test("gives its lock back when it is closed", async () => {
    const { loop, close } = await keep({ web: sync() }).kept;
    await loop.done;
    expect(released).toBe(0);
    await close();
    expect(released).toBe(1);
  });

  test("that cannot be opened is named by its folder, and tells why", async () => {
    const choice = { directory: "./nowhere", stack: "prod" };
    const { kept, asked } = keep({}, { opened: undefined, choice });
    const { loop, label } = await kept;
    await loop.done;
    expect(label).toBe("./nowhere#prod");
    expect(asked).toEqual([]);
    expect(reports).toMatchObject([
      { outcome: { result: "failed", isWhole: true, problems: [{ code: "program.missing" }] } },
    ]);
  });
  test("that is told to stop while it is opened calls that no failure", async () => {
    const choice = { directory: "./nowhere", stack: "prod" };
    const { loop } = await keep({}, { opened: undefined, choice, ending: AbortSignal.abort() }).kept;
    await loop.done;
    expect(reports).toMatchObject([{ outcome: { result: "stopped", isWhole: false, problems: [] } }]);
  });
});
