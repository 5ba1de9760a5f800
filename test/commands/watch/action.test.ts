// The unattended runner as a whole, in this process: its exit code, what it prints, and what signals do. The test plays the CLI.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { WatchOptions } from "../../../provider/commands/watch/settings.js";
import { writeExecutable } from "../../executable.js";
import { onEnd } from "../../running.js";
import { waitFor } from "../../waiting.js";
import { hearEach, playProgram, portOf, refused, say, stop, urn, watch, well } from "./played-runner.js";

const heard = hearEach();

describe("with --once", () => {
  test("a stack with nothing to do is one line, and 0", async () => {
    const runner = watch([playProgram()], { once: true });
    expect(await runner.ended).toBe(0);
    expect(heard.printed).toMatch(/^\S+Z shop\/prod: nothing to do, after start, \d+\.\d s\n$/);
    expect(heard.complained).toBe("");
    expect(runner.close).toHaveBeenCalledOnce();
  });

  test("a run that fails is told on both streams, and 1", async () => {
    const preview = refused("resource 'web' has a problem: source.not_found: no such folder");
    expect(await watch([playProgram({ ...well, preview })], { once: true, json: true }).ended).toBe(1);
    expect(heard.reports()).toMatchObject([{ stack: "shop/prod", result: "failed", code: "source.not_found" }]);
    expect(heard.complained).toBe("shop/prod: source.not_found: web: no such folder\n");
  });

  test("what waits for a person is 3", async () => {
    const preview = say({ steps: [{ op: "delete", urn }], diagnostics: [], changeSummary: { delete: 1 } });
    expect(await watch([playProgram({ ...well, preview })], { once: true }).ended).toBe(3);
    expect(heard.printed).toContain("waiting: web is no longer in the program: run pulumi up yourself");
  });

  test("a stack that cannot be opened does not keep the others from running", async () => {
    const folder = playProgram();
    const nowhere = path.join(folder, "nowhere");
    expect(await watch([nowhere, folder], { once: true, json: true }).ended).toBe(1);
    expect(heard.reports()).toMatchObject([
      { stack: `${nowhere}#`, result: "failed", code: "program.missing" },
      { stack: "shop/prod", result: "unchanged" },
    ]);
  });
});

describe("a runner that does not start", () => {
  test.each<{ title: string; options: WatchOptions; told: string; code: number; programs?: string[] }>([
    {
      title: "for wrong arguments ends with 2",
      options: { interval: "soon" },
      told: "argument.invalid: --interval soon",
      code: 2,
    },
    {
      title: "for programs that are nowhere tells the first one, and ends with 1",
      options: {},
      programs: ["/nowhere/one", "/nowhere/two"],
      told: "program.missing: there is no folder /nowhere/one;",
      code: 1,
    },
  ])("$title", async ({ options, told, code, programs }) => {
    const runner = watch(programs ?? [playProgram()], options);
    expect(await runner.ended).toBe(code);
    expect(heard.complained).toContain(`error: ${told}`);
    expect(heard.complained).not.toContain("two");
    expect(heard.printed).toBe("");
    expect(runner.close).toHaveBeenCalledOnce();
  });

  test("because another one watches the stack ends with 4, and the other one goes on", async () => {
    const folder = playProgram();
    const first = watch([folder]);
    await first.server;
    expect(await watch(["/nowhere", folder]).ended).toBe(4);
    expect(heard.complained).toContain(`error: watch.held: process ${process.pid} `);
    expect(await stop(first)).toBe(0);
    expect(await watch([folder], { once: true }).ended).toBe(0);
  });

  test("because its port is in use ends with 1 before anything has run", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    onEnd(() => busy.close());
    await waitFor(() => expect(busy.address()).not.toBeNull());
    expect(await watch([playProgram()], { healthPort: String(portOf(busy)) }).ended).toBe(1);
    expect(heard.complained).toMatch(/^error: watch\.port: cannot listen on 127\.0\.0\.1 port \d+ \(EADDRINUSE\)/);
    expect(heard.printed).toBe("");
  });

  test("because it is told to end while it opens says nothing, and ends with 0", async () => {
    const folder = playProgram({ ...well, list: "exec sleep 30" });
    const runner = watch([folder, "/nowhere"]);
    setTimeout(() => runner.end.abort(), 200);
    expect(await runner.ended).toBe(0);
    expect([heard.printed, heard.complained]).toEqual(["", ""]);
  });
});

describe("a runner that is up", () => {
  test("runs at once, again when it is told to, and ends with 0 when it is told to", async () => {
    const runner = watch([playProgram()], { json: true });
    const { onRunNow, busy } = await runner.server;
    await waitFor(() => expect(heard.reports()).toHaveLength(1));
    expect(busy()).toEqual([]);
    onRunNow();
    await waitFor(() => expect(heard.reports()).toHaveLength(2));
    expect(heard.reports().map(({ cause }) => cause)).toEqual([["start"], ["signal"]]);
    expect(await stop(runner)).toBe(0);
    expect(heard.complained).toBe("");
  });

  test("reads the project again when it is told to", async () => {
    const folder = playProgram();
    const runner = watch([folder], { json: true });
    const { onReload } = await runner.server;
    await waitFor(() => expect(heard.reports()).toHaveLength(1));
    writeFileSync(path.join(folder, "Pulumi.yaml"), "runtime: nodejs\n");
    onReload();
    await waitFor(() => expect(heard.reports()).toHaveLength(2));
    expect(heard.reports()[1]).toMatchObject({ cause: ["signal"], result: "failed" });
    await stop(runner);
  });

  test("names the stack whose update is under way", async () => {
    const step = { op: "update", urn, oldState: { inputs: {} }, newState: { inputs: {} } };
    const preview = say({ steps: [step], diagnostics: [], changeSummary: { update: 1 } });
    const folder = playProgram({ ...well, preview, up: "touch up.begun; while [ ! -e up.go ]; do sleep 0.1; done" });
    const runner = watch([folder], { json: true });
    const { busy } = await runner.server;
    await waitFor(() => expect(existsSync(path.join(folder, "up.begun"))).toBe(true));
    expect(busy()).toEqual(["shop/prod"]);
    const ended = stop(runner);
    writeFileSync(path.join(folder, "up.go"), "");
    expect(await ended).toBe(0);
    expect(heard.reports()).toHaveLength(1);
  });

  test("notifies the program of a run that has begun to fail, and complains about one that is missing", async () => {
    const folder = playProgram({ ...well, preview: refused("resource 'web' has a problem: source.not_found: no") });
    const program = path.join(folder, "notify");
    writeExecutable(program, `#!/bin/sh\ncat > ${folder}/notice\n`);
    expect(await watch([folder], { once: true, notify: program }).ended).toBe(1);
    const notice: unknown = JSON.parse(readFileSync(path.join(folder, "notice"), "utf8"));
    expect(notice).toMatchObject({ event: "failing", stack: "shop/prod", syncs: ["web"] });
    heard.complained = "";
    expect(await watch([folder], { once: true, notify: `${program}.missing` }).ended).toBe(1);
    expect(heard.complained).toMatch(/the notice "failing web" was not delivered \(.*ENOENT\)/);
  });
});
