// Command line, IO side: runs a preview of a stack and prints what it plans for each sync.

import { SecretSyncError } from "../../errors.js";
import { printableJson } from "../../printable.js";
import { openStack } from "../stack.js";
import { readChoice, type StackOptions } from "../stack-options.js";
import { openCli } from "../pulumi/cli.js";
import { readDuration } from "../time.js";
import { renderComment } from "./comment.js";
import { type PlanReport, reportPlan } from "./report.js";
import { renderText } from "./text.js";

export interface PlanOptions extends StackOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly timeout: string;
}

/** @param ending ends the preview */
export async function showPlan(options: PlanOptions, ending: AbortSignal): Promise<void> {
  const { json = false, markdown = false } = options;
  if (json && markdown) {
    const message = "--json and --markdown are two ways to print the plan; give one of them";
    throw new SecretSyncError({ code: "argument.invalid", message });
  }
  const choice = readChoice(options);
  const limit = readDuration({ option: "--timeout", text: options.timeout });
  const stack = await openStack(choice, { ending, limit });
  const answer = await openCli(stack).preview({ targets: [], excluded: [], limit, ending });
  ending.throwIfAborted();
  const report = reportPlan(stack.name, answer);
  if (report.result === "refused") process.exitCode = 1;
  process.stdout.write(`${render(report, { json, markdown })}\n`);
  // A comment is posted from a file, and leaves out what the log of the run may say.
  if (markdown) process.stderr.write(`${renderText(report)}\n`);
}

function render(report: PlanReport, { json, markdown }: { json: boolean; markdown: boolean }): string {
  if (json) return printableJson(report, 2);
  return markdown ? renderComment(report) : renderText(report);
}
