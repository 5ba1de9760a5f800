// Command line, IO side: reads the state of a stack and prints what it says about each sync.

import { styleText } from "node:util";
import { nameDestination } from "../../destinations/registry.js";
import { printableJson } from "../../printable.js";
import { readSyncs, type SyncOnRecord } from "../deployment.js";
import { exportDeployment, openStack } from "../stack.js";
import { readChoice, type StackOptions } from "../stack-options.js";
import { needsAttention, reportSync, type StatusReport, type SyncReport } from "./report.js";
import { renderStatus, type Terminal, type Tone } from "./text.js";

export interface StatusOptions extends StackOptions {
  readonly json?: boolean;
  readonly check?: boolean;
}

/** For `--check`; 1 is a failure of the command itself, 2 of its arguments in many shells. */
const attentionCode = 3;

export async function showStatus(options: StatusOptions, ending: AbortSignal): Promise<void> {
  const stack = await openStack(readChoice(options), { ending });
  const recorded = readSyncs(await exportDeployment(stack, { ending }));
  const syncs = await Promise.all(recorded.map((sync) => report(sync, recorded)));
  const status: StatusReport = { format: 1, stack: stack.name, syncs };
  if (options.check && syncs.some(needsAttention)) process.exitCode = attentionCode;
  process.stdout.write(options.json ? `${printableJson(status, 2)}\n` : renderStatus(status, readTerminal()));
}

/** Programs that read the output of others have `--json`; everybody else reads 80 columns. */
const usualColumns = 80;

/** Node itself knows about `NO_COLOR` and dumb terminals. */
function readTerminal(): Terminal {
  const { stdout } = process;
  // Undefined if the output is not a terminal, whatever the types say.
  const columns = (stdout.columns as number | undefined) || usualColumns;
  const isColoured = stdout.isTTY && stdout.hasColors();
  return { columns, paint: (tone, line) => (isColoured && line !== "" ? paint(tone, line) : line) };
}

const styles = { heading: "bold", bad: "red", warn: "yellow", dim: "dim" } as const;

function paint(tone: Tone, line: string): string {
  return tone === "plain" ? line : styleText(styles[tone], line, { validateStream: false });
}

async function report(sync: SyncOnRecord, syncs: readonly SyncOnRecord[]): Promise<SyncReport> {
  const { destination } = sync.inputs;
  const displayNames = destination.type === "untold" ? undefined : await nameDestination(destination);
  return reportSync(sync, { displayNames, syncs });
}
