// Pure: a preview as data, which is what `plan --json` prints. Fields are added and never renamed; an absent text is null.

import type { CliAnswer, RunProblem, Step } from "../pulumi/preview.js";
import { changingSteps, problemsIn } from "../pulumi/preview.js";
import { listGoing } from "./going.js";
import { listTold, type Told } from "../pulumi/diagnostics.js";
import { type PlanLine, type PlanText, readPlan } from "../pulumi/plan-text.js";
import { isOurs, isSync, readName, type Urn } from "../pulumi/urn.js";

export interface PlanReport {
  /** Raised when a field changes its meaning. */
  readonly format: 1;
  readonly stack: string;
  /** `refused`: an update would fail before it writes, because of `problems`. */
  readonly result: "planned" | "refused";
  /** Why the preview was refused; problems of a sync are listed there, too. */
  readonly problems: readonly ResourceProblem[];
  /** Warnings of resources other than syncs: connections. */
  readonly warnings: ReadonlyArray<{ readonly resource: string; readonly text: string }>;
  /** Every sync that changes, or has a message. */
  readonly syncs: readonly SyncPlan[];
  /** What else the update would change. For other packages, only names are shown. */
  readonly others: readonly OtherStep[];
}

interface ResourceProblem extends ToldProblem {
  readonly resource: string | null;
  readonly urn: string | null;
}

export interface SyncPlan {
  /** The resource's name in the program. */
  readonly resource: string;
  readonly urn: string;
  /** What the engine would do: `create`, `update`, `replace`, `delete`, or `same`. */
  readonly step: string;
  /** The name of the app, site or team; null without a plan. */
  readonly target: string | null;
  readonly counts: Counts;
  /** Key by key, drift first. */
  readonly changes: readonly PlannedChange[];
  /** Keys that somebody else holds; their codes begin with `conflict.`. */
  readonly conflicts: readonly ToldProblem[];
  /** Everything else that refuses this sync. */
  readonly problems: readonly ToldProblem[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

interface ToldProblem {
  readonly code: string;
  readonly message: string;
  /** Names that the message is about, if there are many. */
  readonly lines: readonly string[];
}

export interface PlannedChange {
  /** `+` add, `~` change, `>` adopt, `-` remove, `<` give back, `=` retain, `.` forget or skip, `^` import into the source. */
  readonly sign: string;
  /** Slot and key, as `web/DATABASE_URL`. */
  readonly name: string;
  readonly text: string;
  /** Somebody else has changed or removed it, and the update writes ours again. */
  readonly drift: boolean;
}

export interface Counts {
  readonly add: number;
  readonly adopt: number;
  readonly change: number;
  readonly remove: number;
  readonly restore: number;
  readonly retain: number;
  readonly forget: number;
  readonly unchanged: number;
  /** Keys that somebody else has changed or removed. No other count includes them. */
  readonly drift: number;
}

export interface OtherStep {
  readonly step: string;
  readonly type: string;
  readonly resource: string;
  readonly urn: string;
}

export function reportPlan(stack: string, answer: CliAnswer): PlanReport {
  const isPlanned = answer.code === 0 && answer.cut === undefined;
  const problems = isPlanned ? [] : problemsIn(answer, "preview", nobody);
  const steps = collapse(isPlanned ? changingSteps(answer) : []);
  const told = listTold(answer.stdout);
  const syncUrns = [...steps.map(({ urn }) => urn), ...told.map(({ urn }) => urn), ...problems.map(({ urn }) => urn)];
  const urns = [...new Set(syncUrns.filter((urn) => urn !== undefined))]
    .filter(isSync)
    .toSorted((one, other) => (one < other ? -1 : 1));
  return {
    format: 1,
    stack,
    result: isPlanned ? "planned" : "refused",
    problems: problems.map(describeProblem),
    warnings: told
      .filter(({ urn, isWarning }) => isWarning && !isSync(urn))
      .map(({ urn, text }) => ({ resource: readName(urn), text })),
    syncs: urns.map((urn) => reportSync(urn, { steps, told, problems })),
    others: steps.filter(({ urn }) => !isSync(urn)).map(describeStep),
  };
}

/** A preview takes no lock, so the owner of a lock does not matter. */
const nobody = { now: 0, host: "", isAlive: () => true };

/** A replacement is three steps of one resource. */
function collapse(steps: readonly Step[]): Step[] {
  return [...Map.groupBy(steps, ({ urn }) => urn).values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    return [own.length === 1 ? first : { ...first, op: "replace" }];
  });
}

interface Given {
  readonly steps: readonly Step[];
  readonly told: readonly Told[];
  readonly problems: readonly RunProblem[];
}

function reportSync(urn: Urn, { steps, told, problems }: Given): SyncPlan {
  const messages = told
    .filter((one) => one.urn === urn)
    .map(({ text, isWarning }) => ({ ...readPlan(text), isWarning }));
  const own = problems.filter((problem) => problem.urn === urn).map(describeProblem);
  const bare = own.map(({ code, message, lines: names }) => ({ code, message, lines: names }));
  const isConflict = ({ code }: ToldProblem) => code.startsWith("conflict.");
  const step = steps.find((one) => one.urn === urn);
  const lines = [...messages.flatMap((message) => message.lines), ...(step?.op === "delete" ? listGoing(step) : [])];
  return {
    resource: readName(urn),
    urn,
    step: step?.op ?? "same",
    target: messages.find(({ target }) => target !== undefined)?.target ?? null,
    counts: countChanges(messages, lines),
    changes: lines.map(({ isDrift, ...line }) => ({ ...line, drift: isDrift })),
    conflicts: bare.filter(isConflict),
    problems: bare.filter((problem) => !isConflict(problem)),
    warnings: messages.filter(({ isWarning }) => isWarning).flatMap(({ notes }) => notes),
    notes: messages.filter(({ isWarning }) => !isWarning).flatMap(({ notes }) => notes),
  };
}

function countChanges(messages: readonly PlanText[], lines: readonly PlanLine[]): Counts {
  const count = (...words: string[]) =>
    messages.reduce((sum, { counts }) => sum + words.reduce((all, word) => all + (counts.get(word) ?? 0), 0), 0);
  // A sync that leaves has lines but no counts.
  const countSign = (sign: string) => lines.filter((line) => line.sign === sign).length;
  return {
    add: count("to add"),
    adopt: count("to adopt"),
    change: count("to change"),
    remove: Math.max(count("to remove"), countSign("-")),
    restore: Math.max(count("to restore"), countSign("<")),
    retain: count("to retain"),
    forget: Math.max(count("to forget"), countSign(".")),
    unchanged: count("unchanged"),
    drift: lines.filter(({ isDrift }) => isDrift).length,
  };
}

/** The message begins with the resource if the CLI has named it. */
function describeProblem({ code, message, urn }: RunProblem): ResourceProblem {
  const resource = urn === undefined ? null : readName(urn);
  const prefix = resource === null ? "" : `${resource}: `;
  const bare = message.startsWith(prefix) ? message.slice(prefix.length) : message;
  // What a command of a source has said comes at the end, and stays together.
  const [sentence = "", ...lines] = bare.includes("; it said: ") ? [bare.trim()] : bare.trim().split(" | ");
  return { code, message: sentence, lines, resource, urn: urn ?? null };
}

function describeStep({ op, urn }: Step): OtherStep {
  const type = isOurs(urn) ? "secret-sync:Connection" : (urn.split("::").at(-2)?.split("$").at(-1) ?? "");
  return { step: op, type, resource: readName(urn), urn };
}
