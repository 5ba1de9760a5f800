// A command that only looks, and a signal: what it started ends with it, in order on the first signal and at once on another.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { endOnSignal } from "../../provider/commands/ending.js";
import { list, playPs } from "./pulumi/played-ps.js";

class Left extends Error {}

/** The exit code is the error that stops whoever leaves. */
let left: number[];
let killed: unknown[];
const play = playPs();
beforeEach(() => {
  [left, killed] = [[], []];
  vi.spyOn(process, "kill").mockImplementation((...call) => (killed.push(call), true));
  vi.spyOn(process, "exit").mockImplementation((code) => {
    left.push(Number(code));
    throw new Left(`exit ${code}`);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const signalled = (signal: NodeJS.Signals) => process.emit(signal, signal);
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const listening = () => signals.map((signal) => process.listenerCount(signal));

describe("without a signal", () => {
  test("the end of the look is that of the command, and nothing listens any more", async () => {
    const before = listening();
    let during: number[] = [];
    await endOnSignal(async () => void (during = listening()));
    expect(during).toEqual(before.map((count) => count + 1));
    expect(listening()).toEqual(before);
    expect(left).toEqual([]);
  });

  test("a failure of the look is passed on", async () => {
    const before = listening();
    await expect(endOnSignal(() => Promise.reject(new Error("no stack")))).rejects.toThrow("no stack");
    expect(listening()).toEqual(before);
    expect(left).toEqual([]);
  });
});

describe("a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s ends the look in order, and the command with its number", async (signal, code) => {
    const steps: string[] = [];
    const look = endOnSignal(async (ending) => {
      await new Promise((ended) => ending.addEventListener("abort", ended));
      await new Promise((later) => setTimeout(later, 50));
      steps.push("looked");
    });
    signalled(signal);
    await expect(look).rejects.toThrow(Left);
    expect(steps).toEqual(["looked"]);
    expect(left).toEqual([code]);
  });

  test("ends the command also when the look fails because of it", async () => {
    const look = endOnSignal(async (ending) => {
      await new Promise((ended) => ending.addEventListener("abort", ended));
      throw new Error("cut off");
    });
    signalled("SIGTERM");
    await expect(look).rejects.toThrow("exit 143");
  });

  test("waits seven seconds for a look that does not end", async () => {
    vi.useFakeTimers();
    const look = endOnSignal(() => new Promise(() => undefined)).catch((error: unknown) => error);
    signalled("SIGTERM");
    await vi.advanceTimersByTimeAsync(6_900);
    expect(left).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(left).toEqual([143]);
    expect(await look).toBeInstanceOf(Left);
  });

  test("a second time does not wait, and kills all that was started", async () => {
    // The wait after the first one never ends: it would kill what other tests have started by then.
    vi.useFakeTimers();
    play(list("71 1", `72 ${process.pid}`, "73 72", "74 71"));
    endOnSignal(() => new Promise(() => undefined)).catch(() => undefined);
    signalled("SIGINT");
    expect([left, killed]).toEqual([[], []]);
    expect(() => signalled("SIGTERM")).toThrow("exit 143");
    expect(killed).toEqual([
      [72, "SIGKILL"],
      [73, "SIGKILL"],
    ]);
    await vi.advanceTimersByTimeAsync(6_900);
    expect(vi.getTimerCount()).toBe(1);
  });
});
