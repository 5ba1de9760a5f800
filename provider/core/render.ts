// Pure: plan to lines. Names and labels only: no value is in a plan, and a revision would let a short readable one be guessed.

import { placeName, readLabel } from "./entry.js";
import type { Move } from "./moves.js";
import type { Change, Leaving, Plan } from "./plan.js";

/** Above this many, what fares alike is told once with the names below it: a comment on a pull request holds 64,000 characters. */
export const toldSingly = 50;

/** What is said of one key. */
export interface Line {
  readonly sign: "+" | "~" | "-" | "<" | ">" | "!" | "=" | "." | "^";
  readonly name: string;
  /** Follows the name directly. */
  readonly text: string;
}

/** What is said of each change that a person should see, in the plan's order. */
export function renderPlan(plan: Plan): Line[] {
  return plan.flatMap((change) => {
    const line = renderChange(change);
    return line === undefined ? [] : [{ ...line, name: placeName(change) }];
  });
}

/** One line per key; of many keys, one line for those that fare alike with the names below it. */
export function listLines(lines: readonly Line[]): string[] {
  if (lines.length <= toldSingly) return lines.map(formatLine);
  const kinds = Map.groupBy(lines, ({ sign, text }) => `${sign} ${text}`);
  return [...kinds.values()].flatMap((alike) => {
    const [{ sign, text }] = alike as [Line];
    return [formatLine({ sign, name: countKeys(alike.length), text }), ...alike.map(({ name }) => `    ${name}`)];
  });
}

export function formatLine({ sign, name, text }: Line): string {
  return `${sign} ${name}${text}`;
}

export function countKeys(count: number): string {
  return `${count} ${count === 1 ? "key" : "keys"}`;
}

function renderChange(change: Change): Pick<Line, "sign" | "text"> | undefined {
  switch (change.action) {
    case "create":
      return {
        sign: "+",
        text: ` (${change.label})${change.drift ? ": gone from the destination, will be written again" : ""}`,
      };
    case "adopt":
      return {
        sign: ">",
        text: `: will be adopted${change.over === undefined ? "" : ` from ${change.over}`} (${describeChange(readLabel(change.found), change.label)})${author(change)}`,
      };
    case "conflict":
      return { sign: "!", text: `: exists at the destination and is not ours${author(change)}` };
    case "update":
      return { sign: "~", text: `: ${change.because.map((reason) => describeReason(reason, change)).join(", ")}` };
    case "delete": {
      const why =
        change.because === "pruned" ? "not in the source, removed by overwrite-destination" : describeLeaving(change);
      return { sign: "-", text: `: ${why}` };
    }
    case "restore":
      return { sign: "<", text: ": given back as it was before it was adopted" };
    case "retain":
      return { sign: "=", text: `: ${describeLeaving(change)}, kept by disableSecretDeletion` };
    case "forget":
      return { sign: ".", text: `: ${describeForget(change)}` };
    case "unchanged":
    case "foreign":
      return undefined;
  }
}

/** Keys that are empty in the source and are skipped; those of ours are in the plan. */
export function renderSkipped(skipped: readonly string[], plan: Plan): Line[] {
  const told = new Set(plan.filter((change) => "empty" in change).map(({ key }) => key));
  return skipped
    .filter((key) => !told.has(key))
    .map((name) => ({ sign: ".", name, text: ": is empty in the source, and emptyValues skips it" }));
}

/** One line for each: nothing is written for it, but a person should see that the sync has noticed. */
export function renderMoves(moves: readonly Move[]): string[] {
  return moves.map(({ from, to, keys, renamed }) => {
    const ours = `${countKeys(keys.length)} of this sync`;
    return renamed ? `${from} was renamed to ${to}, and ${ours} went with it` : `${ours} moved from ${from} to ${to}`;
  });
}

/** A person who reads "source" looks there: what only the component or context lost is told as such. */
function describeLeaving({ slot, elsewhere, empty }: { readonly slot: string } & Leaving): string {
  if (empty) return "is empty in the source, and emptyValues skips it";
  return elsewhere ? `is no longer wanted in ${slot}` : "has left the source";
}

function describeForget(change: Change & { action: "forget" }): string {
  switch (change.because) {
    case "gone":
      return `${describeLeaving(change)} and is already gone from the destination`;
    case "slot-gone":
      return "gone from the destination, and the program wants nothing there any more";
    case "taken-over":
      return `${describeLeaving(change)}, but somebody else has changed it since (${change.found === undefined ? "unseen" : readLabel(change.found)})${author(change)}; left in place`;
    case "released":
      return "left in place by onDestroy";
  }
}

function describeReason(reason: string, change: Change & { action: "update" }): string {
  switch (reason) {
    case "value":
      return "new value";
    case "attributes":
      return `becomes ${change.label}`;
    case "not-live":
      return "stored, but not in the running deployment";
    case "removal":
      return "sent again, because a removed key still runs";
    default:
      return `${describeDrift(change.expected, change.found)}${author(change)}`;
  }
}

/** Who it was, where the vendor tells. */
function author({ by }: { readonly by?: string }): string {
  return by === undefined ? "" : `, last changed by ${by}`;
}

/** What somebody else did to an entry of ours, told from two revisions. */
function describeDrift(expected: string | undefined, found: string): string {
  const is = readLabel(found);
  if (expected === undefined) return `unconfirmed earlier write (is ${is})`;
  const was = readLabel(expected);
  return was === is ? "value changed at the destination" : `changed at the destination from ${was} to ${is}`;
}

function describeChange(was: string, is: string): string {
  return was === is ? is : `${was} becomes ${is}`;
}

/** Counts of a plan in a few words, for `lastSyncMessage`. */
export function summarize(plan: Plan): string {
  const names: Array<[Change["action"], string]> = [
    ["create", "added"],
    ["adopt", "adopted"],
    ["update", "changed"],
    ["delete", "removed"],
    ["restore", "restored"],
    ["retain", "retained"],
    ["forget", "forgotten"],
    ["unchanged", "unchanged"],
  ];
  const parts = names.flatMap(([action, word]) => {
    const count = plan.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}
