// What each signal does to the runner. The system's side is played: a signal to this process would be one to the whole test run.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listenForSignals, type Signals } from "../../../provider/commands/watch/stopping.js";

let handlers: Map<string, () => void>;
let said: string;
let asked: string[];
let busy: string[];
let signals: Signals;

const server = {
  busy: () => busy,
  onStop: () => void asked.push("stop"),
  onReload: () => void asked.push("reload"),
  onRunNow: () => void asked.push("run now"),
};

beforeEach(() => {
  [handlers, said, asked, busy] = [new Map(), "", [], []];
  vi.spyOn(process, "on").mockImplementation(
    (signal, handle: () => void) => (handlers.set(String(signal), handle), process),
  );
  vi.spyOn(process, "off").mockImplementation((signal, handle) => {
    if (handlers.get(String(signal)) === handle) handlers.delete(String(signal));
    return process;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((said += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** @param isTerminal whether somebody sits before it */
function listen({ isTerminal = false } = {}) {
  vi.spyOn(process, "stdin", "get").mockReturnValue({ isTTY: isTerminal } as typeof process.stdin);
  signals = listenForSignals();
}
const send = (signal: string) => handlers.get(signal)?.();

describe("a signal", () => {
  test.each(["SIGINT", "SIGTERM"])("%s ends the runner, once, and no later one does more", (signal) => {
    listen();
    signals.serve(server);
    send(signal);
    expect([signals.ending.aborted, asked, said]).toEqual([true, ["stop"], ""]);
    send(signal);
    expect(asked).toEqual(["stop"]);
  });

  test("during an update says which one it waits for, and repeats that as often as it comes", () => {
    listen();
    signals.serve(server);
    busy = ["shop/prod", "site/\u001b[2Jdev"];
    for (let nr = 0; nr < 3; nr += 1) send("SIGTERM");
    const stacks = "shop/prod, site/\\u001b[2Jdev";
    expect(said.trimEnd().split("\n")).toEqual([
      `stops after the run of ${stacks} under way`,
      `still waits for the run of ${stacks} under way`,
      `still waits for the run of ${stacks} under way`,
    ]);
    expect(asked).toEqual(["stop"]);
  });

  test("that comes before there is anybody to tell is told to whoever comes", () => {
    listen();
    send("SIGTERM");
    expect([signals.ending.aborted, said]).toEqual([true, ""]);
    signals.serve(server);
    expect(asked).toEqual(["stop"]);
  });

  test("is not told to whoever comes when there was none", () => {
    listen();
    signals.serve(server);
    expect([signals.ending.aborted, asked]).toEqual([false, []]);
  });

  test("SIGHUP makes a service read its settings again, and means the end of a terminal", () => {
    listen();
    send("SIGHUP");
    signals.serve(server);
    send("SIGHUP");
    expect([signals.ending.aborted, asked]).toEqual([false, ["reload"]]);
    listen({ isTerminal: true });
    send("SIGHUP");
    expect(signals.ending.aborted).toBe(true);
  });

  test("SIGUSR1 makes a run begin now, except on Windows, which refuses to listen for it", () => {
    listen();
    signals.serve(server);
    send("SIGUSR1");
    expect([signals.ending.aborted, asked]).toEqual([false, ["run now"]]);
    handlers.clear();
    vi.stubGlobal("process", Object.create(process, { platform: { value: "win32" } }));
    listen();
    expect([...handlers.keys()].sort()).toEqual(["SIGHUP", "SIGINT", "SIGTERM"]);
  });

  test("has its usual meaning again after the end", () => {
    listen();
    expect(handlers.size).toBe(4);
    signals.close();
    expect(handlers.size).toBe(0);
  });
});
