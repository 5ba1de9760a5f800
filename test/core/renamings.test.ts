// Laws of components that are renamed, all at once and in any way: nobody's entry becomes ours, and ours are followed.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type DecisionRequest } from "../../provider/core/decision.js";
import { type LiveEntry, placeName, readFingerprint } from "../../provider/core/entry.js";
import { ledgerPlaces, makeLedger } from "../../provider/core/ledger.js";
import { anyKey, defaultRules, secret, want, wish } from "./entries.js";

const written = (shown: string) => ({ revision: `${secret} #${shown}` });

interface Part extends LiveEntry {
  readonly isOurs: boolean;
}

const slots = ["a", "b", "c", "d", "e"];

/** Entries of every kind in some slots, each recognisable, and what each slot is called afterwards. */
const renaming = fc
  .record({
    parts: fc.uniqueArray(
      fc.record({
        slot: fc.constantFrom("a", "b", "c"),
        key: fc.constantFrom("K", "L", "M"),
        isOurs: fc.boolean(),
        sealed: fc.boolean(),
      }),
      { selector: (one) => placeName(one), minLength: 1 },
    ),
    names: fc.shuffledSubarray(slots, { minLength: 3, maxLength: 3 }),
  })
  .map(({ parts, names }) => {
    const before: Part[] = parts.map((part, index) => ({ ...part, label: secret, fingerprint: `m${index}` }));
    const called = (slot: string) => names[slots.indexOf(slot)] ?? slot;
    const after = before.map((part) => ({ ...part, slot: called(part.slot) }));
    const ledgerFor = (all: readonly Part[]) =>
      makeLedger(
        all
          .filter(({ isOurs }) => isOurs)
          .map(({ slot, key, fingerprint: shown }) => ({ slot, key, entry: { fingerprint: "f1", ...written(shown) } })),
      );
    return { before, after, names, ledger: ledgerFor(before), moved: ledgerFor(after) };
  });

describe("any renaming of components", () => {
  const decideOn = (world: { after: readonly Part[]; names: readonly string[]; ledger: DecisionRequest["ledger"] }) => {
    const wanted = world.after.filter(({ isOurs }) => isOurs).map((part) => want(placeName(part)));
    return decide({
      desired: wish(...wanted),
      ledger: world.ledger,
      live: world.after,
      rules: defaultRules,
      slots: [],
      existing: world.names,
      claims: [],
      keyGrammar: anyKey,
      notLive: undefined,
    });
  };

  test("makes nobody's entry ours", () => {
    fc.assert(
      fc.property(renaming, (world) => {
        const { ledger } = decideOn(world);
        const theirs = world.after.filter(({ isOurs }) => !isOurs).map(({ fingerprint }) => fingerprint);
        const ours = ledgerPlaces(ledger).flatMap(({ slot, key, entry }) => {
          const live = world.after.find((one) => one.slot === slot && one.key === key);
          return live !== undefined && live.fingerprint === readFingerprint(entry.revision ?? "")
            ? [live.fingerprint]
            : [];
        });
        expect(ours.filter((one) => theirs.includes(one))).toEqual([]);
      }),
      { seed: 11 },
    );
  });

  test("changes nothing and is no drift where every slot holds a ciphertext of ours", () => {
    const proves = ({ before }: { before: readonly Part[] }, slot: string) =>
      before.some((part) => part.slot === slot && part.isOurs && part.sealed === true);
    // Where the old name belongs to a slot without anything of ours now, nothing tells a rename from a few moved keys.
    const provable = renaming.filter((world) =>
      world.before
        .filter(({ isOurs }) => isOurs)
        .every(({ slot }) => {
          const heir = slots[world.names.indexOf(slot)];
          return proves(world, slot) && (heir === undefined || proves(world, heir));
        }),
    );
    fc.assert(
      fc.property(provable, (world) => {
        const { plan, ledger, problems } = decideOn(world);
        expect(problems).toEqual([]);
        expect(plan.filter(({ action }) => action !== "unchanged" && action !== "foreign")).toEqual([]);
        expect(ledger).toEqual(world.moved);
      }),
      { seed: 12 },
    );
  });
});
