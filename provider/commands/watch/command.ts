// Command line: `watch`, the unattended runner. Declares its arguments; the work loads when it is called.

import type { Command } from "commander";
import type { WatchOptions } from "./settings.js";
import { listenForSignals } from "./stopping.js";

export function addWatch(program: Command): void {
  program
    .command("watch")
    .summary("keeps the syncs of one or many stacks up to date, unattended")
    .description(
      "Checks the sources and targets of the stacks' syncs, on every change of a file source and at an interval, and writes what " +
        "has changed or drifted. Only syncs are written, never the rest of a program; those with autoSyncEnabled: false are left alone.",
    )
    .argument("[program...]", "program folders, each with its stack: ./infra#prod (default: the selected stack of .)")
    .option("-s, --stack <name>", "the stack of folders that name none")
    .option("--interval <duration>", "how often to check sources and targets: 30s, 5m, 1h", "5m")
    .option("--once", "one pass over all stacks, then end; for schedulers")
    .option("--dry-run", "check and report, and write nothing")
    .option("--json", "one JSON object per run instead of a line of text")
    .option("--parallel <count>", "how many stacks may run at the same time", "1")
    .option(
      "--timeout <duration>",
      "how long a check may take; an update may take that and the time of its deployments",
      "10m",
    )
    .option("--min-deploy-interval <duration>", "minimum time between two deployments of one app")
    .option("--notify <command>", "a program or URL to notify when something fails, waits for a person, or recovers")
    .option("--webhook-port <port>", "listen for Infisical webhooks; needs INFISICAL_WEBHOOK_SECRET in the environment")
    .option("--webhook-host <host>", "where to listen for them", "127.0.0.1")
    .option("--health-port <port>", "answer health checks at /live, /ready and /metrics")
    .option("--health-host <host>", "where to answer them", "127.0.0.1")
    .addHelpText("after", exitCodes)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async (programs: string[], options: WatchOptions) => {
      // Before anything else is loaded, so that an early signal ends the runner with 0, too.
      const signals = listenForSignals();
      const { watchStacks } = await import("./action.js");
      process.exitCode = await watchStacks({ programs, options, signals });
      // An abandoned request to the CLI would keep the process alive; its lines have been written by then.
      setTimeout(() => process.exit(), lastWords).unref();
    });
}

const lastWords = 2000;

const exitCodes = `
Signals:
  SIGTERM, SIGINT  end: at once during a check, after the update otherwise
  SIGHUP           reread the project settings and stacks, then run
  SIGUSR1          run now

Exit codes:
  0  ended by SIGINT or SIGTERM, or --once with nothing failed
  1  no stack could be opened, or with --once a run failed or found its stack locked
  2  wrong arguments
  3  with --once: nothing failed, but something waits for a person or is held back
  4  another runner on this machine watches one of the stacks`;
