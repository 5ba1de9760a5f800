// The package's own program, as its user starts it; whatever it prints must hold no canary.

import { spawn } from "node:child_process";
import path from "node:path";
import { expectNoCanary, type Run, type World } from "./harness.js";

const program = path.resolve(__dirname, "../../dist/provider/commands/main.js");

/** Runs `pulumi-secret-sync ARGS` in the world's folder. */
export async function runCommand(world: World, ...args: string[]): Promise<Run & { readonly stderr: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: world.directory,
    env: world.environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const code = await new Promise<number>((end, fail) => {
    child.on("error", fail);
    child.on("close", (status) => end(status ?? -1));
  });
  expectNoCanary(world, stdout + stderr);
  return { code, text: stdout + stderr, stdout, stderr };
}
