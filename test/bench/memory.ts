// Test world: the peak memory of the dynamic provider processes on this machine, sampled.

import { execFile } from "node:child_process";

/** Begins to watch; the answer ends it and tells the peak in megabytes. */
export function watchMemory(): () => number {
  let peak = 0;
  const timer = setInterval(() => {
    execFile("ps", ["-eo", "rss=,args="], (_error, text) => {
      for (const line of text.split("\n")) {
        const [, kilobytes, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
        if (command?.includes("cmd/dynamic-provider")) peak = Math.max(peak, Number(kilobytes) / 1024);
      }
    });
  }, 250);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
