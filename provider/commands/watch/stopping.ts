// Command line, IO side: signals to the runner. One ends it, after an update under way, which is waited for and never cut off.

import { printable } from "../../printable.js";

export interface Signals {
  /** Aborted by the first signal that ends the runner. */
  readonly ending: AbortSignal;
  /** Whom to ask and tell, once there is somebody. */
  serve(server: SignalServer): void;
  /** Gives the signals back to their usual meaning. */
  readonly close: () => void;
}

export interface SignalServer {
  /** Stacks whose update is under way. */
  readonly busy: () => readonly string[];
  readonly onStop: () => void;
  readonly onReload: () => void;
  readonly onRunNow: () => void;
}

export function listenForSignals(): Signals {
  const end = new AbortController();
  let server: SignalServer | undefined;
  let count = 0;
  const stop = () => {
    count += 1;
    const stacks = server?.busy().join(", ") ?? "";
    // An update that is killed leaves the stack locked and a write unconfirmed, so even the tenth signal only repeats this.
    if (stacks !== "") say(`${count === 1 ? "stops after" : "still waits for"} the run of ${stacks} under way`);
    end.abort();
    if (count === 1) server?.onStop();
  };
  const handlers: ReadonlyArray<readonly [NodeJS.Signals, () => void]> = [
    ["SIGINT", stop],
    ["SIGTERM", stop],
    // Of a terminal that is closed, it means the end; to a service, it means that its settings have changed.
    ["SIGHUP", process.stdin.isTTY ? stop : () => server?.onReload()],
    // Windows has no such signal, and refuses to listen for it.
    ...(process.platform === "win32" ? [] : [["SIGUSR1", () => server?.onRunNow()] as const]),
  ];
  for (const [signal, handle] of handlers) process.on(signal, handle);
  return {
    ending: end.signal,
    serve: (given) => {
      server = given;
      if (count > 0) given.onStop();
    },
    close: () => {
      for (const [signal, handle] of handlers) process.off(signal, handle);
    },
  };
}

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}
