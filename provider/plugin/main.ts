#!/usr/bin/env node
// The program `pulumi-resource-secret-sync`, a provider plugin: it prints its port and serves until the engine ends it.

import { findNodeProblem } from "../node-version.js";
import { printable } from "../printable.js";

async function main(): Promise<void> {
  const problem = findNodeProblem(process.versions.node);
  if (problem !== undefined) throw new Error(`${problem.code}: ${problem.message}`);
  const [{ serve }, { openProcess }, { openSession }, { loadSdk }] = await Promise.all([
    import("./service.js"),
    import("./process.js"),
    import("./session.js"),
    import("./sdk.js"),
  ]);
  const { port } = await serve(openSession(openProcess()), loadSdk());
  process.stdout.write(`${port}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${printable(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 1;
});
