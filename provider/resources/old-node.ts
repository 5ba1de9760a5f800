// Program side: refuses a Node on which the provider cannot run, before anything is registered.

import * as pulumi from "@pulumi/pulumi";
import { findNodeProblem } from "../node-version.js";

/** Pulumi runs the program and the provider on the same Node, and the program comes first. */
export function refuseOldNode(): void {
  const problem = findNodeProblem(process.versions.node);
  if (problem !== undefined) throw new pulumi.RunError(`${problem.code}: ${problem.message}`);
}
