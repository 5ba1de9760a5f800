// Laws of the planner, for any nearly-equal triple of desired, ledger and live.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commitLedger } from "../../provider/core/commitment.js";
import { nothing } from "../../provider/core/desired.js";
import { type Ledger, type LiveEntry, placeName } from "../../provider/core/entry.js";
import { ledgerAt, makeLedger, ledgerPlaces } from "../../provider/core/ledger.js";
import { buildPlan, type Change, changesToWrite, findDrift, type Plan } from "../../provider/core/plan.js";
import { applyDestroyPolicy, retainDeletions, pruneForeign } from "../../provider/core/policy.js";
import { renderDrift } from "../../provider/core/announcement.js";
import { renderPlan } from "../../provider/core/render.js";
import { adoption, neighbours, triple, type Triple } from "./arbitraries.js";

const given = fc.tuple(triple, adoption);
const names = (plan: Plan) => plan.map(placeName);

/** How the target looks after a write of the plan: every set gets a fingerprint that was not there before. */
function write(plan: Plan, { desired, live }: Triple): LiveEntry[] {
  const changed = new Map(changesToWrite(plan).map((change) => [placeName(change), change]));
  const labels = new Map(desired.map((entry) => [placeName(entry), entry.label]));
  const sets = [...changed.values()].filter(({ action }) => action !== "delete" && action !== "restore");
  return [
    ...live.filter((entry) => !changed.has(placeName(entry))),
    ...sets.map(({ slot, key }, index) => ({
      slot,
      key,
      label: labels.get(placeName({ slot, key })) ?? "",
      fingerprint: `new ${index}`,
    })),
  ];
}

describe("the planner", () => {
  test("does not care about the order of its inputs", () => {
    const shuffles = given.chain(([views, adopt]) =>
      fc.record({
        one: fc.constant({ ...views, adopt }),
        other: fc.record({
          desired: fc.shuffledSubarray([...views.desired], { minLength: views.desired.length }),
          live: fc.shuffledSubarray([...views.live], { minLength: views.live.length }),
          ledger: fc.constant(makeLedger(ledgerPlaces(views.ledger).toReversed())),
          adopt: fc.constant(adopt),
          notLive: fc.constant(views.notLive),
        }),
      }),
    );
    fc.assert(
      fc.property(shuffles, ({ one, other }) => {
        expect(buildPlan(other)).toEqual(buildPlan(one));
      }),
    );
  });

  test("says exactly one thing about every place that anybody knows of", () => {
    fc.assert(
      fc.property(given, ([views, adopt]) => {
        const known = new Set(
          [...views.desired, ...ledgerPlaces(views.ledger), ...views.live].map((entry) => placeName(entry)),
        );
        const planned = names(buildPlan({ ...views, adopt }));
        expect(planned).toHaveLength(known.size);
        expect(new Set(planned)).toEqual(known);
      }),
    );
  });

  test("has nothing left to write after its plan was written", () => {
    fc.assert(
      fc.property(given, ([views, adopt]) => {
        const desired = views.desired.map((entry) => ({ ...entry, fingerprint: entry.fingerprint ?? "f0" }));
        const plan = buildPlan({ ...views, desired, adopt });
        const live = write(plan, { ...views, desired });
        const commitment = { plan, ledger: views.ledger, desired: { ...nothing, entries: desired }, live };
        const ledger = commitLedger({ ...commitment, prior: () => undefined });
        const again = buildPlan({ desired, ledger, live, adopt: false });
        expect(changesToWrite(again)).toEqual([]);
        expect(findDrift(again)).toEqual([]);
      }),
    );
  });

  test("disowns no key because a write was lost, whether or not it arrived, and takes no foreign key for its own", () => {
    const removed = (ledger: Ledger, live: readonly LiveEntry[]) =>
      buildPlan({ desired: [], ledger, live, adopt: false }).filter(({ action }) => action === "delete");
    let kept = 0;
    fc.assert(
      fc.property(given, fc.array(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })), ([views, adopt], runs) => {
        let { ledger, live } = views;
        const foreign = live.filter((entry) => ledgerAt(ledger, entry) === undefined);
        for (const [index, arrivals] of runs.entries()) {
          // Every run wants other settings than the one before.
          const desired = views.desired.map((entry) => ({ ...entry, label: `${entry.label} ${index}` }));
          const plan = buildPlan({ ...views, desired, live, ledger, adopt }).filter(
            ({ action }) => action !== "delete",
          );
          const ours = removed(ledger, live);
          const arrived = new Set(changesToWrite(plan).filter((_, at) => arrivals[at]));
          live = write([...arrived], { ...views, desired, live });
          ledger = commitLedger({
            plan: [...plan, ...ours.filter((change) => !names(plan).includes(placeName(change)))],
            ledger,
            desired: { ...nothing, entries: desired },
            live: undefined,
            prior: () => undefined,
          });
          const after = new Set(names(removed(ledger, live)));
          for (const name of [...names(ours), ...names([...arrived])]) expect(after).toContain(name);
          for (const entry of foreign.filter((one) => live.includes(one)))
            expect(after).not.toContain(placeName(entry));
          kept += after.size;
        }
      }),
    );
    expect(kept).toBeGreaterThan(200);
  });

  test("writes only where something is wanted or was ours", () => {
    fc.assert(
      fc.property(given, ([views, adopt]) => {
        const wanted = new Set(views.desired.map(placeName));
        for (const change of changesToWrite(buildPlan({ ...views, adopt }))) {
          expect(wanted.has(placeName(change)) || ledgerAt(views.ledger, change) !== undefined).toBe(true);
        }
      }),
    );
  });

  test("never touches a key of somebody else that it may not adopt", () => {
    fc.assert(
      fc.property(triple, ({ desired, live }) => {
        const touched = new Set(changesToWrite(buildPlan({ desired, ledger: {}, live, adopt: false })).map(placeName));
        for (const entry of live) expect(touched.has(placeName(entry))).toBe(false);
      }),
    );
  });

  test("has a line for everything that it writes, and for all drift", () => {
    fc.assert(
      fc.property(given, ([views, adopt]) => {
        const plan = buildPlan({ ...views, adopt });
        expect(renderPlan(changesToWrite(plan))).toHaveLength(changesToWrite(plan).length);
        const lines = renderDrift(plan, { target: "shop" })?.split("\n") ?? [];
        expect(lines.filter((line) => /^ {2}[+~.] /.test(line))).toHaveLength(findDrift(plan).length);
      }),
    );
  });
});

describe("policies", () => {
  test("only ever do less than the plan, but for a prune", () => {
    fc.assert(
      fc.property(given, fc.constantFrom("delete", "retain", "restore"), ([views, adopt], policy) => {
        const plan = buildPlan({ ...views, adopt });
        const writing = new Set(names(changesToWrite(plan)));
        for (const less of [retainDeletions(plan), applyDestroyPolicy(plan, views.ledger, policy)]) {
          expect(names(less)).toEqual(names(plan));
          for (const name of names(changesToWrite(less))) expect(writing.has(name)).toBe(true);
        }
      }),
    );
  });

  test("retention and release remove nothing", () => {
    fc.assert(
      fc.property(given, ([views]) => {
        const plan = buildPlan({ ...views, desired: [], adopt: false });
        expect(changesToWrite(retainDeletions(plan))).toEqual([]);
        expect(changesToWrite(applyDestroyPolicy(plan, views.ledger, "retain"))).toEqual([]);
      }),
    );
  });

  test("a prune never removes what a sync claims, nor what is in another slot or outside the schema", () => {
    let pruned = 0;
    fc.assert(
      fc.property(given, neighbours, fc.infiniteStream(fc.boolean()), ([views, adopt], others, chosen) => {
        const live = [...views.live, ...others];
        const plan = buildPlan({ ...views, live, adopt });
        const before = new Set(names(changesToWrite(plan)));
        const kept = new Set(live.filter(() => chosen.next().value === true).map(placeName));
        const claimed = new Map([...kept].map((place) => [place, "sibling"]));
        const prune = { slots: ["app"], keySchema: "APP_{{secretKey}}", environment: "", claimed, held: [] };
        for (const change of changesToWrite(pruneForeign(plan, prune))) {
          if (before.has(placeName(change))) continue;
          pruned += 1;
          expect(change).toMatchObject({ slot: "app", action: "delete", because: "pruned" });
          expect(change.key).toMatch(/^APP_./);
          expect(kept.has(placeName(change))).toBe(false);
        }
      }),
    );
    expect(pruned).toBeGreaterThan(50);
  });

  test("a restore gives back what was adopted, and nothing else", () => {
    let restored = 0;
    fc.assert(
      fc.property(given, ([views]) => {
        const plan = buildPlan({ ...views, desired: [], adopt: false });
        const back = new Set(names(applyDestroyPolicy(plan, views.ledger, "restore").filter(isRestore)));
        for (const change of plan) {
          const isAdopted = change.action === "delete" && ledgerAt(views.ledger, change)?.prior !== undefined;
          expect(back.has(placeName(change))).toBe(isAdopted);
          if (isAdopted) restored += 1;
        }
      }),
    );
    expect(restored).toBeGreaterThan(50);
  });
});

function isRestore({ action }: Change): boolean {
  return action === "restore";
}
