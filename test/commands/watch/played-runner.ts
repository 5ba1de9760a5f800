// The runner of `watch` in this process: a program in a folder with a CLI that the test plays, what it prints, and how it is stopped.

import { createServer, type Server } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { watchStacks } from "../../../provider/commands/watch/action.js";
import type { WatchOptions } from "../../../provider/commands/watch/settings.js";
import type { SignalServer } from "../../../provider/commands/watch/stopping.js";
import { type Played, playPulumi } from "../../package/played-pulumi.js";
import { waitFor } from "../../waiting.js";
import { resourceOf, stateOf } from "../state.js";

const source = { type: "infisical", projectId: "p", environment: "prod", secretPath: "/web" };
const web = resourceOf("web", { inputs: { source } });
export const urn = String(web["urn"]);
export const say = (answer: unknown) => `printf %s '${JSON.stringify(answer)}'`;
export const nothingToDo = say({ steps: [], diagnostics: [], changeSummary: { same: 1 } });
export const refused = (message: string) =>
  `${say({ steps: [], diagnostics: [{ urn, severity: "error", message }] })}; exit 1`;
export const well: Played = { export: say(stateOf(web)), preview: nothingToDo };

/** What each test of a file hears on both streams. */
export function hearEach() {
  const lines = () => heard.printed.split("\n").filter(Boolean);
  const reports = () => lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  const heard = { printed: "", complained: "", lines, reports };
  beforeEach(() => {
    Object.assign(heard, { printed: "", complained: "" });
    vi.spyOn(process.stdout, "write").mockImplementation((text) => ((heard.printed += String(text)), true));
    vi.spyOn(process.stderr, "write").mockImplementation((text) => ((heard.complained += String(text)), true));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return heard;
}

/** A folder with a program, and a runner's own folder that others do not share. */
export function playProgram(played: Played = well): string {
  const { folder } = playPulumi(played);
  vi.stubEnv("PATH", `${folder}${path.delimiter}${process.env["PATH"]}`);
  vi.stubEnv("PULUMI_HOME", path.join(folder, "home"));
  return folder;
}

export interface Runner {
  readonly ended: Promise<number>;
  /** Once it is up. */
  readonly server: Promise<SignalServer>;
  readonly end: AbortController;
  readonly close: ReturnType<typeof vi.fn<() => void>>;
}

export function watch(programs: readonly string[], options: WatchOptions = {}, end = new AbortController()): Runner {
  let serve: ((server: SignalServer) => void) | undefined;
  const server = new Promise<SignalServer>((up) => (serve = up));
  const close = vi.fn<() => void>();
  const signals = { ending: end.signal, serve: (given: SignalServer) => serve?.(given), close };
  return { ended: watchStacks({ programs, options, signals }), server, end, close };
}

/** As a signal does that ends the runner. */
export async function stop({ server, end, ended }: Runner): Promise<number> {
  end.abort();
  (await server).onStop();
  return ended;
}

export const portOf = (server: Server) => (server.address() as { port: number }).port;

/** One that was free a moment ago. */
export async function findPort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await waitFor(() => expect(server.address()).not.toBeNull());
  const port = portOf(server);
  await new Promise((closed) => server.close(closed));
  return String(port);
}
