// Provider process: notices that the engine is gone. A killed CLI leaves its plugins running: a shell is between the two, so neither a
// signal nor a new parent shows it, and what goes on here would write against the next run.

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const patienceMs = 2_000;
/** An engine that is killed during a connection attempt resets it, and refuses the next one. */
const retryMs = 500;

/**
 * Keeps one idle connection to the engine's address: the system closes it the moment the engine ends. `end` is called once
 * nothing listens there any more.
 *
 * @returns asks whether the engine still answers; without an address it counts as there.
 */
export function watchEngine(address: string | undefined, end: () => void): () => Promise<boolean> {
  const place = readAddress(address);
  if (place === undefined) return async () => true;
  const isThere = async () => (await open(place, "ask")) !== "refused";
  const watch = async () => {
    for (;;) {
      const socket = await open(place, "keep");
      if (socket === "refused") return end();
      if (socket === "unknown") await sleep(retryMs, undefined, { ref: false });
      // The engine drops a silent connection after two minutes.
      else await new Promise((resolve) => socket.once("close", resolve));
    }
  };
  void watch();
  return isThere;
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function readAddress(address: string | undefined): Place | undefined {
  const [, host, port] = /^\[?([\w.:-]+?)\]?:(\d+)$/.exec(address ?? "") ?? [];
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** Only a refusal proves that the engine is gone: a busy machine may take its time, and has other reasons to fail. */
function open(place: Place, purpose: "ask" | "keep"): Promise<Socket | "refused" | "unknown"> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, timeout: patienceMs });
    // This must not keep a process alive whose work is done.
    socket.unref();
    socket.once("connect", () => {
      socket.setTimeout(0);
      // The engine greets first; an unread greeting would hide the close.
      socket.resume();
      if (purpose === "ask") socket.destroy();
      resolve(socket);
    });
    socket.once("timeout", () => {
      socket.destroy();
      resolve("unknown");
    });
    socket.on("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "ECONNREFUSED" ? "refused" : "unknown"),
    );
  });
}
