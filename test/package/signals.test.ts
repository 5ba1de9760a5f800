// A command that is told to end while the Pulumi CLI works for it ends the CLI as well, with all that it has started.

import { constants } from "node:os";
import { expect, test, vi } from "vitest";
import { beside } from "../running.js";
import { isAlive } from "../commands/alive.js";
import { patient, playPulumi, stays } from "./played-pulumi.js";
import { waitFor } from "../waiting.js";

const deaf = `trap '' INT TERM HUP; ${stays}`;

interface Row {
  readonly title: string;
  readonly command: "plan" | "status" | "map";
  /** Of several the system delivers any first, and the last one tells the exit code. */
  readonly sent: readonly NodeJS.Signals[];
  readonly played: Parameters<typeof playPulumi>[0];
}

test.each<Row>([
  { title: "SIGINT ends the preview of a plan", command: "plan", sent: ["SIGINT"], played: { preview: stays } },
  { title: "SIGTERM ends it as well", command: "plan", sent: ["SIGTERM"], played: { preview: stays } },
  { title: "and SIGHUP", command: "plan", sent: ["SIGHUP"], played: { preview: stays } },
  { title: "a preview that does not listen is killed", command: "plan", sent: ["SIGTERM"], played: { preview: deaf } },
  { title: "a second signal does not wait", command: "plan", sent: ["SIGINT", "SIGTERM"], played: { preview: deaf } },
  { title: "a plan may still be looking for its stack", command: "plan", sent: ["SIGTERM"], played: { list: stays } },
  { title: "status may be looking for its stack", command: "status", sent: ["SIGTERM"], played: { list: deaf } },
  { title: "status may be reading the state", command: "status", sent: ["SIGINT"], played: { export: stays } },
  { title: "map may be reading the state", command: "map", sent: ["SIGHUP"], played: { export: deaf } },
])("$title", { ...beside, ...patient }, async ({ command, sent, played }) => {
  const { start, begun } = playPulumi(played);
  const child = start(command);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (printed += text.toString()));
  const ended = new Promise((end) => child.on("close", (code, by) => end(by ?? code)));
  await vi.waitFor(() => expect(begun()).toHaveLength(2), { timeout: 120_000 });
  expect(begun().filter(isAlive)).toHaveLength(2);
  for (const signal of sent) child.kill(signal);
  expect(sent.map((signal) => 128 + constants.signals[signal])).toContain(await ended);
  await waitFor(() => expect(begun().filter(isAlive)).toEqual([]));
  expect(printed).toBe("");
});
