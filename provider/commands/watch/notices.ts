// Pure: when to notify somebody about a stack: something fails, waits for a person, or has recovered. Names and codes only.

import { errorCodes, isErrorCode } from "../../error-codes.js";
import { isTrouble, type StackHealth } from "./health.js";
import type { Outcome } from "./outcome.js";
import { readName, type Urn } from "../pulumi/urn.js";

type Condition = "well" | "failing" | "waiting";

/** What was last reported of the stack (under an empty name) and of each of its syncs. */
export type Told = ReadonlyMap<Urn, Condition>;

export interface StackNotice {
  readonly event: "failing" | "waiting" | "recovered";
  readonly stack: string;
  /** Empty: the whole stack. */
  readonly syncs: readonly string[];
  readonly problems: ReadonlyArray<{ readonly code: string; readonly message: string }>;
  readonly waiting: readonly string[];
}

/** A failure that may go away by itself is reported after two in a row; the others at once. */
export function findNotices(told: Told, outcome: Outcome, health: StackHealth): { notices: StackNotice[]; told: Told } {
  const next = new Map(told);
  const changed = { failing: [] as Urn[], waiting: [] as Urn[], recovered: [] as Urn[] };
  if (outcome.result === "stopped") return { notices: [], told };
  for (const [urn, condition] of listConditions(outcome, health)) {
    const before = told.get(urn) ?? "well";
    if (before === condition) continue;
    next.set(urn, condition);
    changed[condition === "well" ? "recovered" : condition].push(urn);
  }
  const notices = (["failing", "waiting", "recovered"] as const).flatMap((event) =>
    changed[event].length === 0 ? [] : [makeNotice(event, changed[event], { outcome, health })],
  );
  return { notices, told: next };
}

function listConditions(outcome: Outcome, health: StackHealth): Array<[Urn, Condition]> {
  const whole = judgeWhole(outcome, health);
  const found: Array<[Urn, Condition]> = whole === undefined ? [] : [["", whole]];
  if (outcome.isWhole) return found;
  for (const [urn, { result, failures, needsPerson, code }] of health.syncs) {
    if (needsPerson) found.push([urn, "waiting"]);
    else if (result !== "failed" && result !== "resting") found.push([urn, "well"]);
    else if (failures > 1 || !mayPass(code)) found.push([urn, "failing"]);
  }
  return found;
}

/** Undefined: not known yet. */
function judgeWhole({ isWhole, result, waiting, problems }: Outcome, { failures }: StackHealth): Condition | undefined {
  if (!isWhole) return waiting.length > 0 ? "waiting" : "well";
  return failures > 1 || !problems.every(({ code }) => mayPass(code)) || !isTrouble(result) ? "failing" : undefined;
}

function mayPass(code: string | undefined): boolean {
  return code !== undefined && isErrorCode(code) && errorCodes[code].retryable;
}

function makeNotice(
  event: StackNotice["event"],
  urns: readonly Urn[],
  { outcome, health }: { outcome: Outcome; health: StackHealth },
): StackNotice {
  const mine = outcome.problems.filter(({ urn }) => urn === undefined || urns.includes(urn));
  return {
    event,
    stack: health.stack,
    syncs: urns.filter((urn) => urn !== "").map(readName),
    problems: mine.map(({ code, message }) => ({ code, message })),
    waiting:
      event === "waiting" ? [...outcome.waiting, ...outcome.holds.map(({ sync, reason }) => `${sync}: ${reason}`)] : [],
  };
}
