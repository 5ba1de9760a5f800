// What the processes of one run of the CLI take: memory and processor time, sampled while it runs.

import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { startCli, succeed, type World } from "../e2e/harness.js";

const roles = { provider: /cmd\/dynamic-provider|provider\/plugin\/main\.js/, program: /cmd\/run/ } as const;

export interface Usage {
  readonly ms: number;
  /** Peak resident memory of the provider's process, in megabytes. */
  readonly providerMb: number;
  /** Processor time: the CLI with its engine, the program, and the provider process. */
  readonly cpuSeconds: { readonly engine: number; readonly program: number; readonly provider: number };
}

/** Stands in for `pulumi up --yes --skip-preview`, watched. */
export async function measureUp(world: World, ...args: string[]): Promise<Usage> {
  const start = performance.now();
  const { pid, done } = startCli(world, ["up", "--yes", "--skip-preview", ...args]);
  const finish = watch(pid);
  const run = await done;
  const usage = { ms: performance.now() - start, ...finish() };
  succeed(run);
  return usage;
}

interface Sample {
  readonly pid: number;
  readonly parent: number;
  readonly kilobytes: number;
  readonly seconds: number;
  readonly command: string;
}

function watch(root: number): () => Omit<Usage, "ms"> {
  let providerMb = 0;
  const cpuSeconds = { engine: 0, program: 0, provider: 0 };
  const look = (samples: readonly Sample[]) => {
    for (const { pid, kilobytes, seconds, command } of descendants(root, samples)) {
      if (pid === root) cpuSeconds.engine = Math.max(cpuSeconds.engine, seconds);
      if (roles.program.test(command)) cpuSeconds.program = Math.max(cpuSeconds.program, seconds);
      if (!roles.provider.test(command)) continue;
      cpuSeconds.provider = Math.max(cpuSeconds.provider, seconds);
      providerMb = Math.max(providerMb, kilobytes / 1024);
    }
  };
  const timer = setInterval(() => {
    execFile("ps", ["-eo", "pid=,ppid=,rss=,time=,args="], { maxBuffer: 16_000_000 }, (_error, text) => {
      look(text.split("\n").flatMap(readSample));
    });
  }, 250);
  return () => {
    clearInterval(timer);
    return { providerMb, cpuSeconds };
  };
}

function readSample(line: string): Sample[] {
  const [, pid, parent, kilobytes, time = "", command = ""] =
    /^\s*(\d+)\s+(\d+)\s+(\d+)\s+([\d:.-]+)\s+(.*)$/.exec(line) ?? [];
  if (pid === undefined) return [];
  const seconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  return [{ pid: Number(pid), parent: Number(parent), kilobytes: Number(kilobytes), seconds, command }];
}

/** The process itself and all that it has started, and so on. */
function descendants(root: number, samples: readonly Sample[]): Sample[] {
  const children = Map.groupBy(samples, ({ parent }) => parent);
  const own = samples.filter(({ pid }) => pid === root);
  // The list grows while it is walked.
  for (const { pid } of own) own.push(...(children.get(pid) ?? []));
  return own;
}
