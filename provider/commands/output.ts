// Command line, IO side: standard output that is no longer read, or that cannot take what is written to it.

import { renderProblems } from "../errors.js";
import { listShownProblems } from "./cli-words.js";
import { explainUnwritable } from "./file-problem.js";

/**
 * A reader that has seen enough, such as `head`, is not a failure: the command keeps its exit code. A command sets that code before it
 * writes, so that a failure to write overrides it. The runner does not drop an update half-way because of it either.
 */
export function watchOutput(): void {
  let isTold = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" || isTold) return;
    isTold = true;
    const refused = explainUnwritable(error, { place: "standard output", remedy: "send it elsewhere" });
    process.stderr.write(`error: ${renderProblems(listShownProblems(refused, process.env))}\n`);
    process.exitCode = 1;
  });
  // There is nowhere left to report it.
  process.stderr.on("error", () => undefined);
}
