// Command line, IO side: the end of the runner on a signal. A run under way is waited for, never cut off.

import { printable } from "../../printable.js";

export interface StopSignal {
  readonly isStopping: () => boolean;
  /** Gives the signals back to their usual meaning. */
  readonly end: () => void;
}

export interface StopOrder {
  readonly onStop: () => void;
  /** Stacks whose run is under way. */
  readonly busy: () => readonly string[];
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function onStopSignal({ onStop, busy }: StopOrder): StopSignal {
  let count = 0;
  const handle = () => {
    count += 1;
    const stacks = busy().join(", ");
    // An update that is killed leaves the stack locked and a write unconfirmed, so even the tenth signal only repeats this.
    if (stacks !== "") say(`${count === 1 ? "stops after" : "still waits for"} the run of ${stacks} under way`);
    if (count === 1) onStop();
  };
  for (const signal of signals) process.on(signal, handle);
  return {
    isStopping: () => count > 0,
    end: () => {
      for (const signal of signals) process.off(signal, handle);
    },
  };
}

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}
