// Pure: what the option `ignoreChanges` left of the program's inputs. The engine silently applies it before `check`: an ignored input is
// the recorded one, or is gone if nothing is recorded under its name.

import type { Problem } from "../../errors.js";
import { programInput } from "../arguments/sent.js";
import { hiddenInput } from "./stored-inputs.js";
import { areRecorded, type Properties, secret } from "../engine/wire.js";

/** Computed inputs that earlier versions recorded. */
const computedBefore = ["seen", "salt", "__naming", "__targetId"] as const;

/** Inputs that `check` adds. The program never sends them, except for empty `keys`, so one that arrives comes from state. */
const computed = ["retained", "live", "connection", hiddenInput, ...computedBefore] as const;

/** Inputs that every program sends and `check` takes away again, so that none is recorded. */
const passing = ["__dryRun", "__stack", "__resourceName"] as const;

/** Whether the option names everything: the whole sync stays as recorded. */
export function isFrozen(olds: Properties, news: Properties): boolean {
  return areRecorded(olds) && isGone(news) && news["__values"] === undefined;
}

/** Whether everything that a program of any version sends is missing. */
function isGone(news: Properties): boolean {
  return passing.every((name) => news[name] === undefined);
}

/** Whether the option is to freeze the sync. It acts on recorded inputs only, so the program's own come with what the engine calls new. */
export function isMeantFrozen(news: Properties): boolean {
  return listTexts(news["__ignored"]).includes("*");
}

/** Why a frozen sync is not replaced: the engine sends the program's inputs for that, and none of the recorded ones. */
export const frozenReplacement: Problem = {
  code: "ignored.computed",
  message: `ignoreChanges: ["*"] freezes this sync, but its replacement would do what the program says; leave out one of the two for this up`,
};

/** Whether the program uses the option: then the engine may see no change where `diff` sees one. */
export function hasIgnored(news: Properties): boolean {
  return listTexts(news["__ignored"]).length > 0;
}

/**
 * Why a sync cannot go on when the option took away an input or put one back. A path into a computed input shows in nothing that
 * arrives here unless its member is recorded, and hides the difference from the engine: the program reports it. So it is refused from the
 * first run on, although the option acts on recorded inputs only.
 */
export function refuseIgnored(olds: Properties, news: Properties): Problem[] {
  const sent = listTexts(news["__sent"] ?? (news["__sources"] === undefined ? [] : ["__sent"]));
  const expected = isGone(news) ? [programInput] : [...passing, ...sent];
  const gone = expected.filter((name) => news[name] === undefined);
  const kept = computed.filter((name) => news[name] !== undefined);
  const inner = listInnerPaths(listTexts(news["__ignored"]));
  return [...new Set([...kept, ...keptKeys(olds, news), ...gone, ...inner])].map(refuse);
}

/** The same for paths into a computed input, for a host whose engine passes the option on. */
export function refuseIgnoredPaths(paths: readonly string[]): Problem[] {
  return listInnerPaths(paths).map(refuse);
}

function listInnerPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => /^(?:keys|retained)[.[]/.test(path));
}

function refuse(name: string): Problem {
  return {
    code: "ignored.computed",
    message: `ignoreChanges names ${JSON.stringify(name)}, which the program does not write and this sync cannot do without; leave it out, or freeze the whole sync with ignoreChanges: ["*"]`,
  };
}

/** Keys that are put back one by one are reported one by one; all of them are the whole input. */
function keptKeys({ keys: olds }: Properties, { keys: news }: Properties): string[] {
  const kept = listNames(news);
  if (kept.length === 0) return [];
  return kept.length === listNames(olds).length ? ["keys"] : kept.map((key) => `keys.${key}`);
}

function listNames(map: unknown): string[] {
  return typeof map === "object" && map !== null ? Object.keys(map) : [];
}

function listTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The recorded inputs, unchanged, in either form. */
export function repeatInputs(olds: Properties): Properties {
  const { keys, [hiddenInput]: hidden } = olds;
  if (hidden !== undefined) return { ...olds, [hiddenInput]: secret(hidden) };
  const sealedKeys = typeof keys === "object" && keys !== null ? sealMembers(keys) : keys;
  const names = ["salt", "seen", "connection", "__naming"].filter((name) => olds[name] !== undefined);
  return {
    ...olds,
    ...(sealedKeys === undefined ? {} : { keys: sealedKeys }),
    ...Object.fromEntries(names.map((name) => [name, secret(olds[name])])),
  };
}

function sealMembers(map: object): Properties {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, secret(value)]));
}
