// Pure: a plan for a terminal or a log.

import { joinLines } from "../../printable.js";
import type { PlanReport } from "./report.js";
import { listAlarms, listPlans, type Section, summarizePlan } from "./sections.js";

export function renderText(report: PlanReport): string {
  const sections = [...listAlarms(report), ...listPlans(report)];
  return joinLines([`${report.stack}: ${summarizePlan(report)}`, ...sections.flatMap(renderSection)]);
}

function renderSection({ name, title, lines }: Section): string[] {
  const head = [name, title].filter((part) => part !== undefined && part !== "").join(": ");
  return ["", head, ...lines.map((line) => `  ${line}`)];
}
