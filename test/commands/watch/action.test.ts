// The unattended runner as a whole, in this process: its exit code, what it prints, its ports and its signals. The test plays the CLI.

import { createHmac } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchStacks } from "../../../provider/commands/watch/action.js";
import type { WatchOptions } from "../../../provider/commands/watch/settings.js";
import type { SignalServer } from "../../../provider/commands/watch/stopping.js";
import { writeExecutable } from "../../executable.js";
import { type Played, playPulumi } from "../../package/played-pulumi.js";
import { onEnd } from "../../running.js";
import { waitFor } from "../../waiting.js";

const urn = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";
const source = { type: "infisical", projectId: "p", environment: "prod", secretPath: "/web" };
const state = (sourceOfWeb: object) => ({
  version: 3,
  deployment: {
    resources: [
      {
        urn,
        type: "pulumi-nodejs:dynamic/secret-sync:SecretSync",
        inputs: { name: "web", source: [sourceOfWeb], destination: { type: "netlify", siteId: "s" } },
        outputs: {
          syncStatus: "succeeded",
          lastSyncMessage: "",
          version: 1,
          managedKeys: [],
          targetId: "s",
          drift: [],
        },
      },
    ],
  },
});
const say = (answer: unknown) => `echo '${JSON.stringify(answer)}'`;
const nothingToDo = say({ steps: [], diagnostics: [], changeSummary: { same: 1 } });
const refused = (message: string) =>
  `${say({ steps: [], diagnostics: [{ urn, severity: "error", message }] })}; exit 1`;
const well: Played = { export: say(state(source)), preview: nothingToDo };

let printed: string;
let complained: string;
beforeEach(() => {
  [printed, complained] = ["", ""];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((complained += String(text)), true));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A folder with a program, and a runner's own folder that others do not share. */
function playProgram(played: Played = well): string {
  const { folder } = playPulumi(played);
  vi.stubEnv("PATH", `${folder}${path.delimiter}${process.env["PATH"]}`);
  vi.stubEnv("PULUMI_HOME", path.join(folder, "home"));
  return folder;
}

interface Runner {
  readonly ended: Promise<number>;
  /** Once it is up. */
  readonly server: Promise<SignalServer>;
  readonly end: AbortController;
  readonly close: ReturnType<typeof vi.fn<() => void>>;
}

function watch(programs: readonly string[], options: WatchOptions = {}, end = new AbortController()): Runner {
  let serve: ((server: SignalServer) => void) | undefined;
  const server = new Promise<SignalServer>((up) => (serve = up));
  const close = vi.fn<() => void>();
  const signals = { ending: end.signal, serve: (given: SignalServer) => serve?.(given), close };
  return { ended: watchStacks({ programs, options, signals }), server, end, close };
}

/** As a signal does that ends the runner. */
async function stop({ server, end, ended }: Runner): Promise<number> {
  end.abort();
  (await server).onStop();
  return ended;
}

const lines = () => printed.split("\n").filter(Boolean);
const reports = () => lines().map((line) => JSON.parse(line) as Record<string, unknown>);

describe("with --once", () => {
  test("a stack with nothing to do is one line, and 0", async () => {
    const runner = watch([playProgram()], { once: true });
    expect(await runner.ended).toBe(0);
    expect(printed).toMatch(/^\S+Z shop\/prod: nothing to do, after start, \d+\.\d s\n$/);
    expect(complained).toBe("");
    expect(runner.close).toHaveBeenCalledOnce();
  });

  test("a run that fails is told on both streams, and 1", async () => {
    const preview = refused("resource 'web' has a problem: source.not_found: no such folder");
    expect(await watch([playProgram({ ...well, preview })], { once: true, json: true }).ended).toBe(1);
    expect(reports()).toMatchObject([{ stack: "shop/prod", result: "failed", code: "source.not_found" }]);
    expect(complained).toBe("shop/prod: source.not_found: web: no such folder\n");
  });

  test("what waits for a person is 3", async () => {
    const preview = say({ steps: [{ op: "delete", urn }], diagnostics: [], changeSummary: { delete: 1 } });
    expect(await watch([playProgram({ ...well, preview })], { once: true }).ended).toBe(3);
    expect(printed).toContain("waiting: web is no longer in the program: run pulumi up yourself");
  });

  test("a stack that cannot be opened does not keep the others from running", async () => {
    const folder = playProgram();
    const nowhere = path.join(folder, "nowhere");
    expect(await watch([nowhere, folder], { once: true, json: true }).ended).toBe(1);
    expect(reports()).toMatchObject([
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
    expect(complained).toContain(`error: ${told}`);
    expect(complained).not.toContain("two");
    expect(printed).toBe("");
    expect(runner.close).toHaveBeenCalledOnce();
  });

  test("because another one watches the stack ends with 4, and the other one goes on", async () => {
    const folder = playProgram();
    const first = watch([folder]);
    await first.server;
    expect(await watch(["/nowhere", folder]).ended).toBe(4);
    expect(complained).toContain(`error: watch.held: process ${process.pid} `);
    expect(await stop(first)).toBe(0);
    expect(await watch([folder], { once: true }).ended).toBe(0);
  });

  test("because its port is in use ends with 1 before anything has run", async () => {
    const busy = createServer().listen(0, "127.0.0.1");
    onEnd(() => busy.close());
    await waitFor(() => expect(busy.address()).not.toBeNull());
    expect(await watch([playProgram()], { healthPort: String(portOf(busy)) }).ended).toBe(1);
    expect(complained).toMatch(/^error: watch\.port: cannot listen on 127\.0\.0\.1 port \d+ \(EADDRINUSE\)/);
    expect(printed).toBe("");
  });

  test("because it is told to end while it opens says nothing, and ends with 0", async () => {
    const folder = playProgram({ ...well, list: "exec sleep 30" });
    const runner = watch([folder, "/nowhere"]);
    setTimeout(() => runner.end.abort(), 200);
    expect(await runner.ended).toBe(0);
    expect([printed, complained]).toEqual(["", ""]);
  });
});

describe("a runner that is up", () => {
  test("runs at once, again when it is told to, and ends with 0 when it is told to", async () => {
    const runner = watch([playProgram()], { json: true });
    const { onRunNow, busy } = await runner.server;
    await waitFor(() => expect(reports()).toHaveLength(1));
    expect(busy()).toEqual([]);
    onRunNow();
    await waitFor(() => expect(reports()).toHaveLength(2));
    expect(reports().map(({ cause }) => cause)).toEqual([["start"], ["signal"]]);
    expect(await stop(runner)).toBe(0);
    expect(complained).toBe("");
  });

  test("reads the project again when it is told to", async () => {
    const folder = playProgram();
    const runner = watch([folder], { json: true });
    const { onReload } = await runner.server;
    await waitFor(() => expect(reports()).toHaveLength(1));
    writeFileSync(path.join(folder, "Pulumi.yaml"), "runtime: nodejs\n");
    onReload();
    await waitFor(() => expect(reports()).toHaveLength(2));
    expect(reports()[1]).toMatchObject({ cause: ["signal"], result: "failed" });
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
    expect(reports()).toHaveLength(1);
  });

  test("answers health checks: ready once its run was well, live, and with its figures", async () => {
    const port = await findPort();
    const runner = watch([playProgram()], { healthPort: port });
    await runner.server;
    const ask = async (page: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/${page}`);
      return { status: answer.status, type: answer.headers.get("content-type"), body: await answer.text() };
    };
    await waitFor(() => expect(lines()).toHaveLength(1));
    const ready = { stacks: [{ stack: "shop/prod", fine: true, result: "unchanged" }] };
    for (const page of ["ready", "health"]) {
      const { status, body } = await ask(page);
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject(ready);
    }
    expect(await ask("live")).toEqual({ status: 200, type: "application/json", body: '{"live":true}\n' });
    const metrics = await ask("metrics");
    expect(metrics).toMatchObject({ status: 200, type: expect.stringMatching(/^text\/plain; version=/) });
    expect(metrics.body).toContain('stack="shop/prod"');
    await stop(runner);
    await expect(ask("live")).rejects.toThrow("fetch failed");
  });

  test("is not ready while its run fails", async () => {
    const port = await findPort();
    const runner = watch(
      [playProgram({ ...well, preview: refused("resource 'web' has a problem: source.not_found: no") })],
      {
        healthPort: port,
      },
    );
    await runner.server;
    await waitFor(() => expect(lines()).toHaveLength(1));
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(503);
    expect((await fetch(`http://127.0.0.1:${port}/live`)).status).toBe(200);
    await stop(runner);
  });

  test("runs after a webhook about what its syncs read, and keeps its secret from the CLI", async () => {
    vi.stubEnv("INFISICAL_WEBHOOK_SECRET", "canary-of-the-webhook");
    const port = await findPort();
    const preview = `echo "[$INFISICAL_WEBHOOK_SECRET]" >> told; ${nothingToDo}`;
    const folder = playProgram({ ...well, preview });
    const runner = watch([folder], { json: true, webhookPort: port });
    await runner.server;
    await waitFor(() => expect(reports()).toHaveLength(1));
    const ring = (secretPath: string) => notify(port, secretPath);
    expect([await ring("/other"), await ring("/web")]).toEqual([200, 200]);
    await waitFor(() => expect(reports()).toHaveLength(2));
    expect(reports().map(({ cause }) => cause)).toEqual([["start"], ["webhook"]]);
    expect(readFileSync(path.join(folder, "told"), "utf8")).toBe("[]\n[]\n");
    await stop(runner);
    await expect(ring("/web")).rejects.toThrow("fetch failed");
  });

  test("notifies the program of a run that has begun to fail, and complains about one that is missing", async () => {
    const folder = playProgram({ ...well, preview: refused("resource 'web' has a problem: source.not_found: no") });
    const program = path.join(folder, "notify");
    writeExecutable(program, `#!/bin/sh\ncat > ${folder}/notice\n`);
    expect(await watch([folder], { once: true, notify: program }).ended).toBe(1);
    const notice: unknown = JSON.parse(readFileSync(path.join(folder, "notice"), "utf8"));
    expect(notice).toMatchObject({ event: "failing", stack: "shop/prod", syncs: ["web"] });
    complained = "";
    expect(await watch([folder], { once: true, notify: `${program}.missing` }).ended).toBe(1);
    expect(complained).toMatch(/the notice "failing web" was not delivered \(.*ENOENT\)/);
  });
});

const portOf = (server: ReturnType<typeof createServer>) => (server.address() as { port: number }).port;

/** One that was free a moment ago. */
async function findPort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await waitFor(() => expect(server.address()).not.toBeNull());
  const port = portOf(server);
  await new Promise((closed) => server.close(closed));
  return String(port);
}

/** As Infisical signs it. */
async function notify(port: string, secretPath: string): Promise<number> {
  const timestamp = Date.now();
  const project = { workspaceId: "p", projectId: "p", projectName: "Shop", environment: "prod", secretPath };
  const body = JSON.stringify({ event: "secrets.modified", project, timestamp });
  const digest = createHmac("sha256", "canary-of-the-webhook").update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-infisical-signature": `t=${timestamp};${digest}` };
  return (await fetch(`http://127.0.0.1:${port}/webhooks/infisical`, { method: "POST", headers, body })).status;
}
