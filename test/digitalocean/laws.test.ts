// Laws of the whole pure path, from sources to the document and back, for App Platform specs of every kind.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AppPlatformDestination } from "../../schema/index.js";
import { commitLedger } from "../../provider/core/commitment.js";
import { decide, type Rules } from "../../provider/core/decision.js";
import { listEdits } from "../../provider/core/edits.js";
import { buildDesired, nothing } from "../../provider/core/desired.js";
import { type Ledger, placeName } from "../../provider/core/entry.js";
import { ledgerPlaces } from "../../provider/core/ledger.js";
import { changesToWrite } from "../../provider/core/plan.js";
import { renderDrift } from "../../provider/core/announcement.js";
import { formatLine, renderPlan } from "../../provider/core/render.js";
import { inspectDesired, keyGrammar, placeKey } from "../../provider/destinations/digitalocean/rules.js";
import { editSpec, indexEnvs, readEntries } from "../../provider/destinations/digitalocean/spec.js";
import type { Spec } from "../../provider/destinations/digitalocean/wire.js";
import { SecretSyncError } from "../../provider/errors.js";
import { redact } from "../../provider/redacted.js";
import { defaultRules } from "../core/entries.js";
import { createPlatform, type Platform, textWithout, viewOf } from "./platform.js";
import { canary, destination, keys, spec, values } from "./arbitraries.js";

// Whole documents are large: fewer of them than of plain triples, within the same time.
fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: 60 });

interface Sync {
  readonly args: AppPlatformDestination;
  readonly values: Readonly<Record<string, string>>;
  readonly rules: Partial<Rules>;
  readonly salt: string;
}

interface State {
  readonly spec: Spec;
  readonly ledger: Ledger;
}

/** The pure part of the loop, once. Problems do not stop it here: laws must hold for what can be written. */
function reconcile({ spec: before, ledger }: State, sync: Sync, platform: Platform) {
  const { args, salt } = sync;
  const rules: Rules = { ...defaultRules, keepPrior: true, ...sync.rules };
  const source = new Map(Object.entries(sync.values).map(([key, value]) => [key, redact(value)]));
  const place = (key: string) => placeKey(args, key);
  const sources = { sources: [source], keySchema: undefined, environment: "" };
  const desired = rules.destroy === undefined ? buildDesired({ ...sources, salt, place }) : nothing;
  const live = readEntries(before, salt);
  const request = { desired, ledger, live, rules, slots: [], claims: [], keyGrammar, notLive: undefined };
  const { plan, problems } = decide(request);
  const sent = editSpec(before, listEdits(plan, { desired, ledger, place }));
  const after = platform.store(sent);
  const committed = commitLedger({
    plan,
    ledger,
    desired,
    live: readEntries(after, salt),
    prior: (at) => indexEnvs(before).get(placeName(at)),
  });
  const all = [...problems, ...inspectDesired(args, desired, undefined)];
  return { spec: after, sent, ledger: committed, plan, problems: all };
}

const scene = spec.chain((made) =>
  fc.record({ made: fc.constant(made), args: destination(made), wanted: values(keys), later: values(keys) }),
);

const start = (made: Spec): State => ({ spec: made, ledger: {} });
const sync = (args: AppPlatformDestination, wanted: Sync["values"], rules: Partial<Rules> = {}): Sync => ({
  args,
  values: wanted,
  rules,
  salt: "salt",
});

describe("reconciling a document", () => {
  test("a second time writes nothing", () => {
    fc.assert(
      fc.property(scene, fc.boolean(), ({ made, args, wanted, later }, adopt) => {
        const platform = createPlatform();
        const first = reconcile(start(made), sync(args, wanted, { adopt }), platform);
        const second = reconcile(first, sync(args, later, { adopt }), platform);
        for (const [state, again] of [
          [first, wanted],
          [second, later],
        ] as const) {
          const { plan, spec: unchanged, ledger } = reconcile(state, sync(args, again), platform);
          expect(changesToWrite(plan)).toEqual([]);
          expect(unchanged).toEqual(state.spec);
          expect(ledger).toEqual(state.ledger);
        }
      }),
    );
  });

  test("brings every wanted value there, and leaves every byte outside the written places as it came", () => {
    fc.assert(
      fc.property(scene, fc.boolean(), ({ made, args, wanted, later }, adopt) => {
        const platform = createPlatform();
        let state = start(made);
        for (const round of [wanted, later]) {
          const next = reconcile(state, sync(args, round, { adopt }), platform);
          const written = new Set(changesToWrite(next.plan).map(placeName));
          expect(textWithout(next.spec, written)).toBe(textWithout(state.spec, written));
          for (const { slot, key } of ledgerPlaces(next.ledger)) {
            const env = indexEnvs(next.spec).get(placeName({ slot, key }));
            expect(env && platform.open(env)).toBe(round[key]);
          }
          state = next;
        }
      }),
    );
  });

  test("keeps the position of entries that it writes", () => {
    fc.assert(
      fc.property(scene, ({ made, args, wanted }) => {
        const order = (state: State) => readEntries(state.spec, "").map(placeName);
        const before = order(start(made));
        const after = order(reconcile(start(made), sync(args, wanted, { adopt: true }), createPlatform()));
        expect(after.filter((name) => before.includes(name))).toEqual(before);
      }),
    );
  });

  test("keeps what else an adopted entry says, known or not", () => {
    fc.assert(
      fc.property(scene, ({ made, args, wanted }) => {
        const after = reconcile(start(made), sync(args, wanted, { adopt: true }), createPlatform());
        for (const place of ledgerPlaces(after.ledger)) {
          const was = indexEnvs(made).get(placeName(place));
          if (was === undefined) continue;
          const { value: _value, scope: _scope, type: _type, ...rest } = was;
          expect(indexEnvs(after.spec).get(placeName(place))).toMatchObject(rest);
        }
      }),
    );
  });

  test("does not depend on the order in which the source gives its keys", () => {
    fc.assert(
      fc.property(scene, ({ made, args, wanted }) => {
        const backwards = Object.fromEntries(Object.entries(wanted).toReversed());
        const [one, other] = [wanted, backwards].map((round) =>
          reconcile(start(made), sync(args, round, { adopt: true }), createPlatform()),
        );
        expect(JSON.stringify(other)).toBe(JSON.stringify(one));
      }),
    );
  });
});

describe("reconciling nothing", () => {
  test("restores the document to the byte when nothing was adopted", () => {
    fc.assert(
      fc.property(scene, ({ made, args, wanted, later }) => {
        const platform = createPlatform();
        const first = reconcile(start(made), sync(args, wanted), platform);
        const second = reconcile(first, sync(args, later), platform);
        const end = reconcile(second, sync(args, {}, { destroy: "delete" }), platform);
        expect(JSON.stringify(end.sent)).toBe(JSON.stringify(made));
        expect(end.ledger).toEqual({});
      }),
    );
  });

  test("with restore gives adopted entries back too, to the byte", () => {
    fc.assert(
      fc.property(scene, ({ made, args, wanted, later }) => {
        const platform = createPlatform();
        const first = reconcile(start(made), sync(args, wanted, { adopt: true }), platform);
        const kept = { ...later, ...wanted };
        const second = reconcile(first, sync(args, kept, { adopt: true }), platform);
        const end = reconcile(second, sync(args, {}, { destroy: "restore" }), platform);
        expect(JSON.stringify(end.spec)).toBe(JSON.stringify(made));
      }),
    );
  });

  test("with retain leaves everything, and owns nothing any more", () => {
    fc.assert(
      fc.property(scene, ({ made, args, wanted }) => {
        const platform = createPlatform();
        const first = reconcile(start(made), sync(args, wanted, { adopt: true }), platform);
        const end = reconcile(first, sync(args, {}, { destroy: "retain" }), platform);
        expect(end.spec).toEqual(first.spec);
        expect(end.ledger).toEqual({});
      }),
    );
  });

  test("leaves what somebody else has changed since, to the byte", () => {
    fc.assert(
      fc.property(scene, fc.nat(), ({ made, args, wanted }, pick) => {
        const platform = createPlatform();
        const first = reconcile(start(made), sync(args, wanted), platform);
        const places = ledgerPlaces(first.ledger);
        const taken = places[pick % Math.max(1, places.length)];
        fc.pre(taken !== undefined);
        const theirs = { type: "SECRET", scope: "RUN_TIME" };
        const edit = { ...taken, action: "set" as const, value: redact("theirs"), attributes: theirs, label: "" };
        const edited = { ...first, spec: platform.store(editSpec(first.spec, [edit])) };
        const end = reconcile(edited, sync(args, {}, { destroy: "delete" }), platform);
        expect(indexEnvs(end.spec).get(placeName(taken))).toEqual(indexEnvs(edited.spec).get(placeName(taken)));
        expect(readEntries(end.spec, "")).toHaveLength(readEntries(made, "").length + 1);
      }),
    );
  });

  test("removes nothing of what was retained while the sync lived", () => {
    fc.assert(
      fc.property(scene, ({ made, args, wanted }) => {
        const platform = createPlatform();
        const first = reconcile(start(made), sync(args, wanted), platform);
        const kept = reconcile(first, sync(args, {}, { disableSecretDeletion: true }), platform);
        expect(kept.spec).toEqual(first.spec);
        expect(kept.ledger).toEqual(first.ledger);
      }),
    );
  });
});

describe("two syncs", () => {
  const half = Math.floor(keys.length / 2);
  const pair = spec.chain((made) =>
    fc.record({
      made: fc.constant(made),
      one: fc.record({
        args: destination(made),
        first: values(keys.slice(0, half)),
        later: values(keys.slice(0, half)),
      }),
      other: fc.record({ args: destination(made), first: values(keys.slice(half)), later: values(keys.slice(half)) }),
    }),
  );

  test("with disjoint keys commute", () => {
    fc.assert(
      fc.property(pair, fc.boolean(), ({ made, one, other }, adopt) => {
        const steps = [
          { sync: { ...sync(one.args, one.first, { adopt }), salt: "one" }, who: "one" },
          { sync: { ...sync(one.args, one.later, { adopt }), salt: "one" }, who: "one" },
          { sync: { ...sync(other.args, other.first, { adopt }), salt: "other" }, who: "other" },
          { sync: { ...sync(other.args, other.later, { adopt }), salt: "other" }, who: "other" },
        ] as const;
        const orders = [
          [0, 1, 2, 3],
          [2, 3, 0, 1],
          [0, 2, 1, 3],
          [2, 0, 3, 1],
        ] as const;
        const ends = orders.map((order) => {
          const platform = createPlatform();
          let document = made;
          const ledgers: Record<"one" | "other", Ledger> = { one: {}, other: {} };
          for (const index of order) {
            const step = steps[index];
            const next = reconcile({ spec: document, ledger: ledgers[step.who] }, step.sync, platform);
            document = next.spec;
            ledgers[step.who] = next.ledger;
          }
          const owned = Object.values(ledgers).map((ledger) => ledgerPlaces(ledger).map(placeName));
          return { view: viewOf(document, platform), owned };
        });
        for (const end of ends) expect(end).toEqual(ends[0]);
      }),
    );
  });
});

describe("a value", () => {
  test("is in no plan, no rendering, no problem and no ledger", () => {
    fc.assert(
      fc.property(scene, fc.boolean(), ({ made, args, wanted, later }, adopt) => {
        const platform = createPlatform();
        const first = reconcile(start(made), sync(args, wanted, { adopt }), platform);
        const second = reconcile(first, sync({ ...args, allowBindables: false }, later, { adopt }), platform);
        for (const { plan, problems, ledger } of [first, second]) {
          const drift = renderDrift(plan, { target: "shop" }) ?? "";
          const said = [JSON.stringify({ plan, problems, ledger }), ...renderPlan(plan).map(formatLine), drift];
          if (problems.length > 0) said.push(new SecretSyncError(problems).message);
          expect(said.join("\n")).not.toContain(canary);
        }
      }),
    );
  });
});
