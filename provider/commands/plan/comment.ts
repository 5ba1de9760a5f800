// Pure: a plan as a comment on a pull request. Names come from programs, platforms and people, so they appear only in code blocks, where
// they cannot become a link, a mention, an image or a heading.

import { printable } from "../../printable.js";
import type { PlanReport } from "./report.js";
import { listAlarms, listPlans, type Section, summarizePlan } from "./sections.js";

/** GitHub refuses a body of more than 65,536 characters; a workflow may want to add a line of its own. */
export const commentLimit = 64_000;
const longestLine = 500;

/** What a failing command of a source said: even masked, it must not be published. */
const quoted = /; it said: .*$/;

/** The first line lets a workflow find the comment of an earlier run. */
export function renderComment(report: PlanReport, limit = commentLimit): string {
  const stack = report.stack.replaceAll(/[^\w./-]/g, "_");
  const alarms = listAlarms(report);
  const head = [
    `<!-- pulumi-secret-sync plan ${stack} -->`,
    `#### Secrets of \`${stack}\`: ${printable(summarizePlan(report))}`,
    ...(alarms.length === 0
      ? []
      : ["", `> [!${report.result === "refused" ? "CAUTION" : "WARNING"}]`, `> ${titles(alarms)}`]),
  ].join("\n");
  return `${head}\n${fit([...alarms, ...listPlans(report)], limit - head.length - 1)}`;
}

function titles(alarms: readonly Section[]): string {
  return alarms.map(({ title }) => title).join(", ");
}

/** Around the lines of a section, beside its title and name: fences, line breaks, and the line that counts what is left out. */
const frame = 40;

/** Everything if there is room; else a fair share of each section, and only the first of too many sections. */
function fit(sections: readonly Section[], room: number): string {
  const shown = sections.map((section) => ({ ...section, lines: section.lines.map(cut) }));
  const heads = shown.map((section) => renderTitle(section).length + frame);
  const most = countFitting(heads, room - longestLine);
  const kept = shown.slice(0, most);
  const share = shareRoom(
    kept.map(({ lines }) => measure(lines)),
    room - longestLine - heads.slice(0, most).reduce((sum, one) => sum + one, 0),
  );
  const left = shown.length - most;
  const rest = left === 0 ? [] : [`\n… and ${left} more; \`pulumi-secret-sync plan\` shows all of them`];
  return [...kept.map((section) => renderSection(section, share)), ...rest].join("\n");
}

function countFitting(sizes: readonly number[], room: number): number {
  let used = 0;
  const last = sizes.findIndex((size) => (used += size) > room);
  return last < 0 ? sizes.length : last;
}

/** How many characters a section may have: what small ones leave goes to the large ones. */
function shareRoom(sizes: readonly number[], room: number): number {
  let left = room;
  const sorted = sizes.toSorted((a, b) => a - b);
  for (const [at, size] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - at));
    if (size > share) return share;
    left -= size;
  }
  return Infinity;
}

function renderSection(section: Section, share: number): string {
  const lines = [...section.lines];
  let left = 0;
  for (let size = measure(lines); size > share && lines.length > 0; left += 1) size -= (lines.pop()?.length ?? 0) + 1;
  const rest = left === 0 ? [] : [`… and ${left} more`];
  const title = renderTitle(section);
  if (lines.length + rest.length === 0) return `\n${title}`;
  return ["", title, "", "```diff", ...lines, ...rest, "```"].join("\n");
}

function renderTitle({ name, title }: Section): string {
  const shown = name === undefined ? "" : quote(cut(name));
  return `**${[shown, title].filter((part) => part !== "").join(" ")}**`;
}

/** A code span ends at a run of backticks as long as the one that began it. */
function quote(name: string): string {
  const ticks = "`".repeat(longestRun(name) + 1);
  return longestRun(name) === 0 ? `${ticks}${name}${ticks}` : `${ticks} ${name} ${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** A run of three backticks could end the block. */
function cut(line: string): string {
  const shown = printable(line.replace(quoted, "; the log of this run says more")).replaceAll(/`{3,}/g, "``");
  return shown.length <= longestLine ? shown : `${shown.slice(0, longestLine - 1)}…`;
}

function measure(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
