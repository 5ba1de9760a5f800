// Pure: plan to lines. Names and tokens only; there is no value in a plan to print.

import { placeName } from "./entry.js";
import type { Move } from "./moves.js";
import type { Change, Plan } from "./plan.js";

/** Above this many, what fares alike is told once with the names below it: a comment on a pull request holds 64,000 characters. */
export const toldSingly = 50;

/** One line per change that a person should see, in the plan's order. */
export function renderPlan(plan: Plan): string[] {
  return plan.flatMap((change) => {
    const line = renderChange(change);
    return line === undefined ? [] : [line];
  });
}

function renderChange(change: Change): string | undefined {
  const name = placeName(change);
  switch (change.action) {
    case "create":
      return change.drift
        ? `+ ${name} (${change.label}): gone from the destination, will be written again`
        : `+ ${name} (${change.label})`;
    case "adopt":
      return `> ${name}: will be adopted (${change.found} becomes ${change.label})${author(change)}`;
    case "conflict":
      return `! ${name}: exists at the destination and is not ours${author(change)}`;
    case "update":
      return `~ ${name}: ${change.because.map((reason) => describeReason(reason, change)).join(", ")}`;
    case "delete":
      return change.because === "pruned"
        ? `- ${name}: not in the source, removed by overwrite-destination`
        : `- ${name}: has left the source`;
    case "restore":
      return `< ${name}: given back as it was before it was adopted`;
    case "retain":
      return `= ${name}: has left the source, kept by disableSecretDeletion`;
    case "forget":
      return renderForget(change);
    case "unchanged":
    case "foreign":
      return undefined;
  }
}

/** One line for each: nothing is written for it, but a person should see that the sync has noticed. */
export function renderMoves(moves: readonly Move[]): string[] {
  return moves.map(({ from, to, keys, renamed }) => {
    const ours = `${keys.length} ${keys.length === 1 ? "key" : "keys"} of this sync`;
    return renamed ? `${from} was renamed to ${to}, and ${ours} went with it` : `${ours} moved from ${from} to ${to}`;
  });
}

function renderForget(change: Change & { action: "forget" }): string {
  const name = placeName(change);
  switch (change.because) {
    case "gone":
      return `. ${name}: has left the source and is already gone from the destination`;
    case "slot-gone":
      return `. ${name}: gone from the destination, and the program wants nothing there any more`;
    case "taken-over":
      return `. ${name}: has left the source, but somebody else has changed it since (${change.found ?? "unseen"})${author(change)}; left in place`;
    case "released":
      return `. ${name}: left in place by onDestroy`;
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
  if (expected === undefined) return `unconfirmed earlier write (is ${found})`;
  if (expected === found) return `value changed at the destination (${found})`;
  const [was, is] = [expected.split(" #")[0], found.split(" #")[0]];
  return was === is
    ? `value changed at the destination (${expected} is now ${found})`
    : `changed at the destination from ${expected} to ${found}`;
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
