// Command line, IO side: signals to the runner. One ends it, but only after a running update, which is never cut off.

import { printable } from "../../printable.js";

export interface Signals {
  /** Aborted by the first signal that ends the runner. */
  readonly ending: AbortSignal;
  /** Sets what handles the signals, once there is one. */
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
    // A killed update leaves the stack locked and a write unconfirmed, so even the tenth signal only repeats this.
    if (stacks !== "") say(`${count === 1 ? "stops after" : "still waits for"} the run of ${stacks} under way`);
    end.abort();
    if (count === 1) server?.onStop();
  };
  const handlers: ReadonlyArray<readonly [NodeJS.Signals, () => void]> = [
    ["SIGINT", stop],
    ["SIGTERM", stop],
    // From a closed terminal, it means the end; to a service, it means that its settings have changed.
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
