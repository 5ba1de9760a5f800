// Command line, IO side: standard output that nobody reads any more, or that cannot take what is written to it.

import { renderProblems } from "../errors.js";
import { listShownProblems } from "./cli-words.js";
import { explainUnwritable } from "./file-problem.js";

/**
 * A reader that has seen enough, as `head`, is no failure: the command ends with the code that it would have ended with. A command
 * sets its code before it writes, so that the failure to write stands above it. The runner drops no update half-way for it either.
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
  // There is nowhere left to tell it.
  process.stderr.on("error", () => undefined);
}
