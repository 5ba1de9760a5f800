// The law of the write path, as expectations about one run: what must hold after it, whatever came before.

import { expect } from "vitest";
import { puts, said, type Run } from "../lifecycle/stack.js";
import type { Order, OwnRun, Shop, Words } from "./shop.js";

/** A run, and what it is for. */
export interface Trial {
  readonly order: Order;
  /** What the program wants in the end; nothing when the sync is destroyed. */
  readonly wanted: Words;
  readonly isDestroy?: boolean;
  /** Codes with which the run may fail, because something stands in its way. */
  readonly excuses?: readonly string[];
  /** The vendor's answers cannot tell whether somebody came in between. */
  readonly mayDoubt?: boolean;
  /** The race takes our own variables back as well: one write more, or one run more where our deployment failed. */
  readonly isRolledBack?: boolean;
  /** Our variables went elsewhere together with their component: where they belong now is another law. */
  readonly hasMoved?: boolean;
}

/** What was stored before a run. */
interface Seen {
  readonly ours: Words;
  readonly theirs: unknown;
}

/** Runs once. @returns whether it did what the program wants; everything else that it may do was checked. */
export async function runByLaw(shop: Shop, trial: Trial): Promise<boolean> {
  const { order, wanted, isDestroy = false, excuses = [] } = trial;
  const seen: Seen = { ours: shop.ours(), theirs: shop.lastStored() };
  const run = isDestroy ? await shop.destroy(order) : await shop.up(wanted, order);
  expect(shop.cloud.complaints, "what the vendor would object to").toEqual([]);
  // A destroy that is in doubt warns: there is no state left to fail.
  const doubts = isDestroy && said(run).includes("write.unmerged: ") ? ["write.unmerged"] : [];
  const failures = [...codesOf(run), ...doubts].filter((code) => !isOfDeployment(code));
  if (failures.includes("write.unmerged") && trial.mayDoubt === true) {
    expectDoubt(shop, run, seen);
    return false;
  }
  expect(shop.stored(), "what anybody stored last, beside our variables").toEqual(shop.lastStored());
  const unexcused = failures.filter((code) => !excuses.includes(code));
  expect(unexcused, `no other failure: ${run.problems}`).toEqual([]);
  expect(puts(run), "writes").toBeLessThanOrEqual(mostWrites(run, trial));
  if (failures.length > 0 || trial.hasMoved === true || isTornAway(run, trial)) return false;
  expectOurs(shop, run, { trial, seen });
  return !isRestored(run, trial);
}

/** Nobody can tell: either spec stands whole, and a person is told which two deployments to compare. */
function expectDoubt(shop: Shop, run: OwnRun, { theirs }: Seen): void {
  expect([theirs, shop.lastStored()], "somebody's spec, whole").toContainEqual(shop.stored());
  expectNamesDeployments(shop, run);
  shop.agree();
}

function expectOurs(shop: Shop, run: OwnRun, { trial, seen }: { trial: Trial; seen: Seen }): void {
  const { order, wanted, isDestroy = false } = trial;
  const ends = codesOf(run).filter(isOfDeployment);
  expect(ends, "how our deployment ended is told").toEqual(isDestroy ? [] : endsOf(run, order));
  const expected = isRestored(run, trial) ? withoutRevived(shop, wanted, seen.ours) : wanted;
  expect(withoutRevived(shop, wanted, shop.ours()), "our variables").toEqual(expected);
}

/** One, one more for whoever came in between, and one that puts our entries back. */
function mostWrites(run: OwnRun, trial: Trial): number {
  const further = [trial.order.race !== undefined, trial.isRolledBack === true, isRestored(run, trial)];
  return 1 + further.filter(Boolean).length;
}

function isRestored(run: OwnRun, { order }: Trial): boolean {
  return order.deployment?.["onFailure"] === "restore" && codesOf(run).includes("deployment.failed");
}

/** A rollback between look and write took our variables along, and ours did not go live either: the next run mends it. */
function isTornAway(run: OwnRun, { order, isRolledBack = false }: Trial): boolean {
  return isRolledBack && (codesOf(run).some(isOfDeployment) || (order.end ?? "ACTIVE") !== "ACTIVE");
}

/** The next run writes only where something is not live; then it brings it there. */
export async function expectConverged(shop: Shop, { order: first, ...trial }: Trial): Promise<void> {
  const { race: _race, end: _end, ...order } = first;
  const { wanted } = trial;
  shop.pass();
  const isLive = isSame(shop.running(), wanted);
  const before = shop.cloud.counts()["PUT /v2/apps/{id}"] ?? 0;
  expect(await runByLaw(shop, { ...trial, order })).toBe(true);
  const writes = (shop.cloud.counts()["PUT /v2/apps/{id}"] ?? 0) - before;
  expect(writes, `writes of a run that follows (live: ${isLive})`).toBeLessThanOrEqual(isLive ? 0 : 1);
  expect(shop.running()).toMatchObject(wanted);
}

export function codesOf({ problems }: Run): string[] {
  return [...new Set(problems.match(/\b[a-z]+\.[a-z_]+(?=: )/g) ?? [])];
}

function isOfDeployment(code: string): boolean {
  return code.startsWith("deployment.");
}

function endsOf({ started }: OwnRun, { end = "ACTIVE", deployment }: Order): string[] {
  if (started.length === 0 || deployment?.["wait"] === false) return [];
  switch (end) {
    case "ACTIVE":
      return [];
    case "CANCELED":
      return ["deployment.cancelled"];
    case "ERROR":
    case "ROLLED_BACK":
      return ["deployment.failed"];
  }
}

/** A key that somebody's rollback brought back stays, as everything of theirs does, unless the program wants it. */
function withoutRevived(shop: Shop, wanted: Words, found: Words): Words {
  const revived = shop.revived();
  return Object.fromEntries(Object.entries(found).filter(([key]) => key in wanted || !revived.has(key)));
}

function isSame(one: Words, other: Words): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => one[key] === other[key]);
}

/** Where it cannot be told, a person compares: the message names the deployments of both specs. */
export function expectNamesDeployments({ cloud, appId }: Shop, run: OwnRun): void {
  const text = `${run.problems}\n${said(run)}`;
  const named = cloud.deployments(appId).filter(({ id }) => text.includes(id));
  expect(named.length, `deployments named in: ${text}`).toBeGreaterThanOrEqual(run.started.length > 0 ? 2 : 1);
}
