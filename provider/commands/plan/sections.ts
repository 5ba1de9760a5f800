// Pure: a plan as lists of lines with headings; what stops it comes first. Text and comment are two ways to print them.

import { countKeys } from "../../core/render.js";
import type { Counts, PlanReport, SyncPlan } from "./report.js";

export interface Section {
  /** In our own words, except for the name. */
  readonly title: string;
  /** The subject of the section: a name from the program. */
  readonly name?: string;
  readonly lines: readonly string[];
}

/** The result in one line. */
export function summarizePlan({ result, problems, syncs, others }: PlanReport): string {
  if (result === "refused") return `refused: ${count(problems.length, "problem")}, nothing can be written`;
  const sum = (read: (counts: Counts) => number) => syncs.reduce((all, { counts }) => all + read(counts), 0);
  const parts = [
    ...countWords.map(([name, words]) => [sum((counts) => counts[name]), words] as const),
    [others.length, others.length === 1 ? "other resource" : "other resources"] as const,
  ].filter(([number]) => number > 0);
  // An update that writes no key may start a deployment, or only take note; its own lines say which.
  const updated = syncs.filter(({ step }) => step !== "same").length;
  if (parts.length === 0) return updated === 0 ? "no changes" : `nothing to write, ${count(updated, "sync")} to update`;
  return parts.map(([number, words]) => `${number} ${words}`).join(", ");
}

const countWords: ReadonlyArray<readonly [keyof Counts, string]> = [
  ["drift", "drifted"],
  ["add", "to add"],
  ["adopt", "to adopt"],
  ["change", "to change"],
  ["remove", "to remove"],
  ["restore", "to restore"],
  ["retain", "to retain"],
  ["forget", "to forget"],
];

/** What stops the update, then what a person should know before it. */
export function listAlarms({ problems, warnings, syncs }: PlanReport): Section[] {
  const drifted = syncs.filter(({ counts }) => counts.drift > 0);
  const all: Section[] = [
    {
      title: count(problems.length, "problem"),
      lines: problems.flatMap(({ resource, code, message, lines }) => [
        named(resource, `${code}: ${message}`),
        ...lines.map((line) => `  ${line}`),
      ]),
    },
    {
      title: "drift",
      lines: drifted.map(({ resource, counts, target }) =>
        named(resource, `${countKeys(counts.drift)} of ${target ?? "the target"} changed outside this program`),
      ),
    },
    {
      title: "warnings",
      lines: [
        ...warnings.map(({ resource, text }) => named(resource, text)),
        ...syncs.flatMap(({ resource, warnings: own }) => own.map((text) => named(resource, text))),
      ].flatMap((text) => text.split("\n")),
    },
  ];
  return all.filter(({ lines }) => lines.length > 0);
}

/** Sync by sync, then everything else. */
export function listPlans({ syncs, others }: PlanReport): Section[] {
  const plans = syncs.filter(({ step, changes, notes }) => step !== "same" || changes.length + notes.length > 0);
  const rest = others.map(({ step, type, resource }) => `${step} ${type} ${resource}`);
  return [
    ...plans.map((sync) => ({ name: sync.resource, title: describeSync(sync), lines: listLines(sync) })),
    ...(rest.length === 0 ? [] : [{ title: "other resources", lines: rest }]),
  ];
}

function describeSync({ step, counts }: SyncPlan): string {
  const words = countWords.filter(([name]) => counts[name] > 0).map(([name, text]) => `${counts[name]} ${text}`);
  const how = step === "delete" || step === "replace" ? [`the sync will be ${step}d`] : [];
  return [...how, ...words].join(", ");
}

function listLines({ changes, notes }: SyncPlan): string[] {
  const lines = changes.map(({ sign, name, text, drift }) => {
    const told = text === "" || text.startsWith("(") ? ` ${text}` : `: ${text}`;
    return `${sign} ${name}${told}${drift ? " [drift]" : ""}`.trimEnd();
  });
  return [...lines, ...notes.flatMap((note) => note.split("\n"))];
}

function named(resource: string | null, text: string): string {
  return resource === null ? text : `${resource}: ${text}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
