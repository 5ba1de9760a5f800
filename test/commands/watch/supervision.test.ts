// What systemd hears: that the runner is up, that it is alive, that it ends. It listens on a real socket.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startSupervision, takeSupervisor } from "../../../provider/commands/watch/supervision.js";
import { canNotify, startSystemd, type Systemd } from "./systemd.js";
import { waitFor } from "../../waiting.js";

const sleep = (ms: number) => new Promise((over) => setTimeout(over, ms));

describe("of the environment", () => {
  const socket = "/run/systemd/notify";

  test("everything that is meant for this process is taken, so that nothing it starts can speak for it", () => {
    const env = { PATH: "/bin", NOTIFY_SOCKET: socket, WATCHDOG_USEC: "30000000", WATCHDOG_PID: `${process.pid}` };
    expect(takeSupervisor(env)).toEqual({ socket, period: 30_000 });
    expect(env).toEqual({ PATH: "/bin" });
  });

  test("a watchdog counts that is meant for this process and has a period", () => {
    const periodOf = (over: Record<string, string>) => takeSupervisor({ NOTIFY_SOCKET: socket, ...over })?.period;
    expect(periodOf({ WATCHDOG_USEC: "3000000" })).toBe(3000);
    expect(periodOf({ WATCHDOG_USEC: "3000000", WATCHDOG_PID: "1" })).toBeUndefined();
    for (const none of ["", "0", "-1", "soon"]) expect(periodOf({ WATCHDOG_USEC: none }), none).toBeUndefined();
    expect(periodOf({})).toBeUndefined();
  });

  test("without a socket there is no supervisor to notify", () => {
    const env = { NOTIFY_SOCKET: "", WATCHDOG_USEC: "3000000" };
    expect(takeSupervisor(env)).toBeUndefined();
    expect(takeSupervisor({ WATCHDOG_USEC: "3000000" })).toBeUndefined();
  });
});

// Skipped if there is no systemd-notify to send, or no Python to listen.
describe.skipIf(!canNotify())("systemd hears", () => {
  let folder: string;
  let systemd: Systemd;
  let isLive: boolean;
  let ending: AbortController;
  let said: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "secret-sync-systemd-"));
    systemd = await startSystemd(join(folder, "notify"));
    [isLive, ending, said] = [true, new AbortController(), []];
  });
  afterEach(async () => {
    await systemd.close();
    rmSync(folder, { recursive: true });
  });

  const start = (period?: number, { socket } = systemd) =>
    startSupervision({
      supervisor: { socket, period },
      isLive: () => isLive,
      ending: ending.signal,
      say: (line) => said.push(line),
    });
  const pulses = () => systemd.heard.filter(({ message }) => message === "WATCHDOG=1").map(({ at }) => at);

  test("that the runner is up, that it goes on, within half of the period each time, and that it ends", async () => {
    const period = 1500;
    const end = start(period);
    await sleep(2.5 * period);
    await end();
    const messages = systemd.messages();
    expect([messages[0], messages.at(-1), said]).toEqual(["READY=1", "STOPPING=1", []]);
    expect(messages.slice(1, -1).every((message) => message === "WATCHDOG=1")).toBe(true);
    const times = systemd.heard.map(({ at }) => at);
    expect(pulses().length).toBeGreaterThanOrEqual(5);
    for (const [index, at] of times.slice(1, -1).entries())
      expect(at - (times[index] ?? 0)).toBeLessThan(period / 2 + 200);
  });

  test("nothing more of a runner whose loops are stuck, until they go on", async () => {
    const end = start(300);
    await waitFor(() => expect(pulses().length).toBeGreaterThan(1));
    isLive = false;
    await sleep(300);
    const before = pulses().length;
    await sleep(900);
    expect(pulses()).toHaveLength(before);
    isLive = true;
    await waitFor(() => expect(pulses().length).toBeGreaterThan(before));
    await end();
  });

  test("nothing of a runner that hangs", async () => {
    const end = start(300);
    await waitFor(() => expect(pulses().length).toBeGreaterThan(1));
    const hungAt = Date.now();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    const wokeAt = Date.now();
    await sleep(300);
    // What was on its way when it began to hang arrives.
    expect(pulses().filter((at) => at > hungAt + 200 && at < wokeAt)).toEqual([]);
    expect(pulses().some((at) => at >= wokeAt)).toBe(true);
    await end();
  });

  test("on an abstract socket, as of a container", async () => {
    const abstract = await startSystemd(`@secret-sync-${process.pid}-${Date.now()}`);
    const end = start(undefined, abstract);
    await end();
    expect([abstract.messages(), systemd.messages(), said]).toEqual([["READY=1", "STOPPING=1"], [], []]);
    await abstract.close();
  });

  test("that the runner ends when it begins to, once, and that it goes on until then", async () => {
    const end = start(300);
    await waitFor(() => expect(pulses().length).toBeGreaterThan(0));
    ending.abort();
    await waitFor(() => expect(systemd.messages()).toContain("STOPPING=1"));
    const before = pulses().length;
    await waitFor(() => expect(pulses().length).toBeGreaterThan(before));
    await end();
    expect(systemd.messages().filter((message) => message === "STOPPING=1")).toHaveLength(1);
  });

  test("of a runner that is stopped before it is up both, in order", async () => {
    ending.abort();
    await start(300)();
    expect(systemd.messages()).toEqual(["READY=1", "STOPPING=1"]);
  });

  test("no more than its share of a period of months", async () => {
    const end = start(90 * 24 * 60 * 60_000);
    await sleep(500);
    await end();
    expect(systemd.messages()).toEqual(["READY=1", "STOPPING=1"]);
  });
});

describe("a runner that cannot reach systemd", () => {
  const path = process.env["PATH"];
  afterEach(() => {
    process.env["PATH"] = path;
  });

  test("says so once, goes on and ends", async () => {
    process.env["PATH"] = "/nowhere";
    const said: string[] = [];
    const end = startSupervision({
      supervisor: { socket: "/nowhere/notify", period: 60 },
      isLive: () => true,
      ending: new AbortController().signal,
      say: (line) => said.push(line),
    });
    await sleep(200);
    await end();
    expect(said).toEqual(["systemd cannot be notified of READY=1: systemd-notify is not installed"]);
  });

  test("without a supervisor sends nothing", async () => {
    const order = { isLive: () => true, ending: new AbortController().signal, say: vi.fn<() => void>() };
    await startSupervision({ ...order, supervisor: undefined })();
    expect(order.say).not.toHaveBeenCalled();
  });
});
