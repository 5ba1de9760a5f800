#!/usr/bin/env node
// Command line, `pulumi-secret-sync`: refuses a Node that is too old, before anything loads that needs a newer one.

import { renderProblems, SecretSyncError } from "../errors.js";
import { findNodeProblem } from "../node-version.js";
import { listShownProblems } from "./cli-words.js";

async function main(): Promise<void> {
  const problem = findNodeProblem(process.versions.node);
  if (problem !== undefined) throw new SecretSyncError(problem);
  const { runProgram } = await import("./program.js");
  await runProgram();
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${renderProblems(listShownProblems(error, process.env))}\n`);
  process.exitCode = 1;
});
