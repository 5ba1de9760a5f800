// Why a run may fail: because of what was done to it, or because something stands in its way that is nobody's mistake.

import { expect } from "vitest";
import type { Run } from "../lifecycle/stack.js";
import { nameOf as nameOfUrn } from "../lifecycle/workers.js";
import type { Fault } from "./arbitraries.js";
import { nameOf } from "./place.js";
import { claimsAt, type Declared } from "./program.js";
import type { Judged, Moment } from "./world.js";

const codesOf: Readonly<Record<Fault, RegExp>> = {
  refused: /^destination\.rejected$/,
  halfway: /^(?:destination\.rejected|variable\.incomplete)$/,
  lost: /^(?:write|http|destination)\./,
  unheard: /^(?:write|http|destination)\./,
  deployment: /^deployment\./,
  killed: /./,
  split: /^(?:destination\.rejected|variable\.incomplete)$/,
  cut: /^key\.invalid$/,
};

/**
 * A readable value of an earlier round may be stored and never have gone live. Secret or not, and the scopes, belong to a whole variable of
 * Netlify, of which others may have values. An empty list may hide some.
 */
const always =
  /^(?:conflict\.exists|deployment\.stale|destination\.empty|variable\.shared|variable\.contested|import\.conflict|context\.all_exists)$/;

export function expectExplained(run: Run, { was, acting, fault }: Pick<Judged, "was" | "acting" | "fault">): void {
  const codes = new Set(run.problems.match(/\b[a-z]+\.[a-z_]+(?=: )/g) ?? []);
  const unexplained = [...codes].filter((code) => !always.test(code) && (!fault || !codesOf[fault].test(code)));
  expect(unexplained, run.problems).toEqual([]);
  for (const { urn, text } of run.failures) {
    const one = acting.find(({ name }) => name === nameOfUrn(urn));
    expectShared(text, one, was);
    expectConflict(text, one, was);
    if (text.includes("destination.empty:")) expectNothing(one, was);
  }
}

function expectShared(text: string, one: Declared | undefined, was: Moment): void {
  for (const [, key = "", named = ""] of text.matchAll(
    /variable\.shared: (\w+) .* values for (.*), which this sync does/g,
  )) {
    for (const slot of named.split(", ")) {
      const place = nameOf({ app: one?.app ?? 0, slot, key });
      expect(one !== undefined && claimsAt(one, place), `it sets the value: ${text}`).toBe(false);
      expect(was.entries.has(place), `nobody has a value there: ${text}`).toBe(true);
    }
  }
}

function expectNothing(one: Declared | undefined, { entries }: Moment): void {
  const there = [...entries.keys()].filter((place) => place.startsWith(`${one?.app}/`));
  expect(there, "what is at a site that shows nothing").toEqual([]);
}

function expectConflict(text: string, one: Declared | undefined, was: Moment): void {
  for (const [, slot = "", key = ""] of text.matchAll(/conflict\.exists: ([\w-]+)\/(\w+)/g)) {
    expect(one?.adopts, `it may adopt the key: ${text}`).toBe(false);
    const place = nameOf({ app: one?.app ?? 0, slot, key });
    const owners = was.owners.get(place) ?? [];
    expect(owners, `it owns the key: ${text}`).not.toContain(one?.name);
    expect(isFound(place, one, was) && owners.length === 0, `it has been imported with the key: ${text}`).toBe(false);
    const isOthers = owners.length > 0 || was.entries.get(place)?.isOurs === false;
    expect(isOthers, `nobody owns the key: ${text}`).toBe(true);
  }
}

/** Whether an import, and nothing since, has found the variable as it is. */
function isFound(place: string, one: Declared | undefined, { imported, entries }: Moment): boolean {
  return one !== undefined && imported.has(one.name) && one.found.get(place)?.text === entries.get(place)?.text;
}
