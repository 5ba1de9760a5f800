// Pure: a plan as lines. Names and labels only: a plan holds no values, and a revision would let a short readable one be guessed.

import type { NameSource } from "./desired.js";
import { type Author, placeName, readLabel } from "./entry.js";
import type { Move } from "./moves.js";
import type { Change, Leaving, Plan } from "./plan.js";

/** Above this many, keys with the same outcome share one line, with their names below: a pull request comment holds 64,000 characters. */
export const toldSingly = 50;

/** The report on one key. */
export interface Line {
  readonly sign: "+" | "~" | "-" | "<" | ">" | "!" | "=" | "." | "^";
  readonly name: string;
  /** Follows the name directly. */
  readonly text: string;
}

export interface RenderOptions {
  /** The source of a key's value. */
  readonly nameSource?: NameSource | undefined;
  /** The platform's everyday name. */
  readonly platform?: string | undefined;
  /** Reported after the write. */
  readonly isDone?: boolean | undefined;
}

/** What is known besides the change. */
interface Setting {
  readonly source: string | undefined;
  readonly platform: string;
  readonly isDone: boolean;
}

/** A line for each change that a person should see, in the plan's order. */
export function renderPlan(
  plan: Plan,
  { nameSource = () => undefined, platform = "the destination", isDone = false }: RenderOptions = {},
): Line[] {
  return plan.flatMap((change) => {
    const line = renderChange(change, { source: nameSource(change.key), platform, isDone });
    return line === undefined ? [] : [{ ...line, name: placeName(change) }];
  });
}

/** One line per key; for many keys, one line per outcome with the names below it. */
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

function renderChange(change: Change, setting: Setting): Pick<Line, "sign" | "text"> | undefined {
  const { isDone } = setting;
  switch (change.action) {
    case "create":
      return { sign: "+", text: ` (${change.label})${change.drift ? describeReturn(isDone) : ""}` };
    case "adopt":
      return { sign: ">", text: `: ${describeAdoption(change, setting)}${author(change)}` };
    case "conflict":
      return { sign: "!", text: `: exists at the destination and was not written by this sync${author(change)}` };
    case "update":
      return { sign: "~", text: `: ${describeUpdate(change, setting)}` };
    case "delete": {
      const why =
        change.because === "pruned" ? "not in the source, removed by overwrite-destination" : describeLeaving(change);
      return { sign: "-", text: `: ${why}` };
    }
    case "restore":
      return { sign: "<", text: ": given back as it was before it was adopted" };
    case "retain":
      return { sign: "=", text: `: ${describeLeaving(change)}, kept ${describeKeeper(change)}` };
    case "forget":
      return { sign: ".", text: `: ${describeForget(change)}` };
    case "unchanged":
    case "foreign":
      return undefined;
  }
}

/** Keys that are empty in the source and skipped; ours are in the plan. */
export function renderSkipped(skipped: readonly string[], plan: Plan): Line[] {
  const told = new Set(plan.filter((change) => "empty" in change).map(({ key }) => key));
  return skipped
    .filter((key) => !told.has(key))
    .map((name) => ({ sign: ".", name, text: ": is empty in the source, and emptyValues skips it" }));
}

/** One line per move: it needs no write, but a person should see that the sync has noticed. */
export function renderMoves(moves: readonly Move[]): string[] {
  return moves.map(({ from, to, keys, renamed }) => {
    const ours = `${countKeys(keys.length)} of this sync`;
    return renamed ? `${from} was renamed to ${to}, and ${ours} went with it` : `${ours} moved from ${from} to ${to}`;
  });
}

/** A person who reads "source" looks there, so a key that left only the component or context is reported that way. */
function describeLeaving({ slot, elsewhere, empty }: { readonly slot: string } & Leaving): string {
  if (empty) return "is empty in the source, and emptyValues skips it";
  return elsewhere ? `is no longer wanted in ${slot}` : "has left the source";
}

function describeKeeper({ claimedBy }: Change & { action: "retain" }): string {
  if (claimedBy === undefined) return "by disableSecretDeletion";
  return `because the sync "${claimedBy}" claims it and cannot take it over`;
}

function describeForget(change: Change & { action: "forget" }): string {
  switch (change.because) {
    case "gone":
      return `${describeLeaving(change)} and is already gone from the destination`;
    case "unseen":
      return `${describeLeaving(change)}, and its write was never seen at the destination`;
    case "slot-gone":
      return "gone from the destination, and the program wants nothing there any more";
    case "taken-over":
      return `${describeLeaving(change)}, but ${describeTaken(change)}`;
    case "released":
      return "left in place by onDestroy";
    case "unreadable":
      return "left in place, because what was there before it was adopted could not be read";
  }
}

/** Keys that a destroy leaves because somebody else has changed them; no source has lost them. */
export function renderTaken(plan: Plan): string[] {
  return plan.flatMap((change) =>
    change.action === "forget" && change.because === "taken-over"
      ? [`${placeName(change)}: ${describeTaken(change)}`]
      : [],
  );
}

function describeTaken(change: Change & { action: "forget" }): string {
  const is = change.found === undefined ? "unseen" : readLabel(change.found);
  return `somebody else has changed it since (${is})${author(change)}; left in place`;
}

function describeReturn(isDone: boolean): string {
  return isDone ? ": gone from the destination, written again" : ": gone from the destination, will be written again";
}

/** A person who allows an adoption wants to know what happens to the value; settings are reported if they differ. */
function describeAdoption(change: Change & { action: "adopt" }, setting: Setting): string {
  const { isDone } = setting;
  const from = change.over === undefined ? "" : ` from ${change.over}`;
  const was = readLabel(change.found);
  const settings = was === change.label ? "" : ` (${was} ${isDone ? "became" : "becomes"} ${change.label})`;
  return `${isDone ? "adopted" : "will be adopted"}${from}, ${describeValue(change.keepsValue, setting)}${settings}`;
}

function describeValue(keepsValue: boolean | undefined, { source = "the source", isDone }: Setting): string {
  if (keepsValue === true) return isDone ? "value stayed" : "value stays";
  if (keepsValue === false) return `VALUE ${isDone ? "CHANGED" : "CHANGES"} to the one of ${source}`;
  const what = isDone ? "could not be compared and was" : "cannot be compared and will be";
  return `value ${what} replaced by the one of ${source}`;
}

type Update = Change & { action: "update" };

function describeUpdate(change: Update, setting: Setting): string {
  const reasons = change.because.map((reason) => describeReason(reason, change, setting)).join(", ");
  if (change.because.join() !== "drift" || change.expected === undefined) return reasons;
  return `${reasons}; ${setting.isDone ? "written again" : "will be written again"}`;
}

function describeReason(reason: string, change: Update, { source, platform, isDone }: Setting): string {
  switch (reason) {
    case "value":
      return source === undefined ? "new value" : `new value (from ${source})`;
    case "attributes":
      return `${isDone ? "became" : "becomes"} ${change.label}`;
    case "not-live":
      return isDone ? "was stored, but not in the running deployment" : "stored, but not in the running deployment";
    case "removal":
      return "sent again, because a removed key still runs";
    default:
      return describeDrift(change, platform);
  }
}

/** Who made the change, if the vendor says so. */
function author({ by }: Author): string {
  return by === undefined ? "" : `, last changed by ${by}`;
}

/** What somebody else did to an entry of ours, from two revisions. */
function describeDrift(change: Update, platform: string): string {
  const { expected, found } = change;
  const is = readLabel(found);
  if (expected === undefined) return `unconfirmed earlier write (is ${is})${author(change)}`;
  const was = readLabel(expected);
  const what = was === is ? `value changed at ${platform}` : `changed at ${platform} from ${was} to ${is}`;
  return `${what}${describePlaces(change)}${describeAuthor(change)}`;
}

/** The vendor shows that one of them changed, but not which. */
function describePlaces({ among = [] }: Author): string {
  return among.length === 0 ? "" : `, here or in ${among.join(" or ")}`;
}

/** If a key has several entries, the last author may have changed another one. */
function describeAuthor({ key, by, byKey }: Update): string {
  if (by === undefined) return "";
  return byKey ? `; ${key} was last changed by ${by}` : ` by ${by}`;
}

const counted: ReadonlyArray<readonly [Change["action"], { readonly ahead: string; readonly done: string }]> = [
  ["create", { ahead: "to add", done: "added" }],
  ["adopt", { ahead: "to adopt", done: "adopted" }],
  ["update", { ahead: "to change", done: "changed" }],
  ["delete", { ahead: "to remove", done: "removed" }],
  ["restore", { ahead: "to restore", done: "restored" }],
  ["retain", { ahead: "to retain", done: "retained" }],
  ["forget", { ahead: "to forget", done: "forgotten" }],
  ["unchanged", { ahead: "unchanged", done: "unchanged" }],
];

/** Counts of a plan in a few words: what will be done, or what was. */
export function summarize(plan: Plan, tense: "ahead" | "done"): string {
  const parts = counted.flatMap(([action, words]) => {
    const count = plan.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${words[tense]}`];
  });
  return parts.length === 0 ? "nothing to do" : parts.join(", ");
}
