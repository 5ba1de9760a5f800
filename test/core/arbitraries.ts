// Generators of nearly-equal triples. Independent random sets almost never meet; small changes of one base do.

import * as fc from "fast-check";
import { type DesiredEntry, type Ledger, type LiveEntry, type Place, placeName } from "../../provider/core/entry.js";
import { makeLedger } from "../../provider/core/ledger.js";

export interface Triple {
  readonly desired: readonly DesiredEntry[];
  readonly ledger: Ledger;
  readonly live: readonly LiveEntry[];
  readonly notLive: ReadonlySet<string>;
}

const labels = ["SECRET RUN_TIME", "SECRET RUN_AND_BUILD_TIME", "GENERAL RUN_TIME"];
const keys = ["A", "B", "C", "D", "APP_A", "APP_DB_A"];

interface Base extends Place {
  readonly label: string;
  readonly fingerprint: string;
  /** Of what is shown. */
  readonly shown: string;
}

const base = fc.uniqueArray(
  fc.record({
    slot: fc.constantFrom("app", "web", "worker"),
    key: fc.constantFrom(...keys),
    label: fc.constantFrom(...labels),
    fingerprint: fc.constantFrom("f1", "f2"),
    shown: fc.constantFrom("m1", "m2"),
  }),
  { selector: ({ slot, key }) => `${slot}/${key}`, minLength: 1, maxLength: 8 },
);

/** What becomes of one entry in one of the three views; mostly nothing. */
type Outcome = "kept" | "missing" | "relabelled" | "altered" | "blank";
const outcome = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Outcome>("kept") },
  { weight: 2, arbitrary: fc.constant<Outcome>("missing") },
  { weight: 1, arbitrary: fc.constantFrom<Outcome>("relabelled", "altered", "blank") },
);
const outcomes = fc.record({
  desired: outcome,
  ledger: outcome,
  live: outcome,
  runs: fc.boolean(),
  adopted: fc.boolean(),
});

/** Desired, ledger and live that are small modifications of one base. */
export const triple: fc.Arbitrary<Triple> = base.chain((entries) =>
  fc.tuple(...entries.map(() => outcomes)).map((chosen) => {
    const each = entries.flatMap((entry, index) => {
      const what = chosen[index];
      return what === undefined ? [] : [{ entry, outcome: what, adopted: what.adopted }];
    });
    const label = (entry: Base, what: Outcome) => (what === "relabelled" ? "GENERAL BUILD_TIME" : entry.label);
    return {
      desired: each.flatMap(({ entry, outcome: { desired } }) => {
        if (desired === "missing") return [];
        const fingerprint = desired === "blank" ? undefined : desired === "altered" ? "f9" : entry.fingerprint;
        return [{ slot: entry.slot, key: entry.key, label: label(entry, desired), fingerprint }];
      }),
      ledger: makeLedger(
        each.flatMap(({ entry, adopted, outcome: { ledger } }) => {
          if (ledger === "missing") return [];
          const written =
            ledger === "blank" ? { unconfirmed: {} } : { revision: `${label(entry, ledger)} #${entry.shown}` };
          const prior = adopted ? { prior: { key: entry.key } } : {};
          return [
            { slot: entry.slot, key: entry.key, entry: { fingerprint: entry.fingerprint, ...written, ...prior } },
          ];
        }),
      ),
      live: each.flatMap(({ entry, outcome: { live } }) => {
        if (live === "missing") return [];
        const fingerprint = live === "altered" || live === "blank" ? "m9" : entry.shown;
        return [{ slot: entry.slot, key: entry.key, label: label(entry, live), fingerprint }];
      }),
      notLive: new Set(each.flatMap(({ entry, outcome: { runs } }) => (runs ? [] : [placeName(entry)]))),
    };
  }),
);

/** Keys of others: some that the schema `APP_{{secretKey}}` could have made, some at another slot, some neither. */
export const neighbours: fc.Arbitrary<readonly LiveEntry[]> = fc.uniqueArray(
  fc.record({
    slot: fc.constantFrom("app", "app", "web"),
    key: fc.constantFrom("APP_X", "APP_Y", "APP_Z", "OTHER"),
    label: fc.constantFrom(...labels),
    fingerprint: fc.constantFrom("m1", "m2"),
  }),
  { selector: placeName, minLength: 1, maxLength: 8 },
);

/** Whom the planner may take keys over from. */
export const adoption: fc.Arbitrary<boolean | readonly string[]> = fc.oneof(fc.boolean(), fc.subarray(keys));
