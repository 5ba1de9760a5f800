// Entries of ours at another place: what is certain enough to be followed, and what is left to its owner.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide, type DecisionRequest } from "../../provider/core/decision.js";
import { type LiveEntry, readFingerprint, placeName } from "../../provider/core/entry.js";
import { followMoves, type MovesRequest } from "../../provider/core/moves.js";
import { makeLedger, ledgerPlaces } from "../../provider/core/ledger.js";
import { forgetWithSlots } from "../../provider/core/policy.js";
import { renderMoves } from "../../provider/core/render.js";
import { anyKey, at, defaultRules, own, secret, see, want, wish } from "./entries.js";

const sealed = (name: string, shown = "m1", label = secret): LiveEntry => ({
  ...see(name, shown, { label }),
  sealed: true,
});
const written = (shown: string) => ({ revision: `${secret} #${shown}` });

function follow(request: Partial<Omit<MovesRequest, "desired">> & { wanted?: readonly string[] }) {
  const { wanted = [], ...rest } = request;
  const { ledger, moves, settled } = followMoves({
    ledger: {},
    live: [],
    slots: [],
    existing: ["app", "site", "api"],
    mayAdopt: () => false,
    anywhere: false,
    desired: wanted.map(at),
    ...rest,
  });
  return { owned: ledgerPlaces(ledger).map(placeName), ledger, said: renderMoves(moves), settled };
}

describe("an entry of ours", () => {
  test("in its place is settled, also where its value or label was changed since", () => {
    const ledger = own({ "web/A": {}, "web/B": { unconfirmed: {} } });
    const live = [sealed("web/A", "m1", "SECRET BUILD_TIME"), sealed("web/B", "m9"), sealed("site/A")];
    expect(follow({ ledger, live, wanted: ["site/A"] })).toMatchObject({
      owned: ["web/A", "web/B"],
      said: [],
      settled: true,
    });
  });

  test("that nobody sees anywhere stays in the ledger", () => {
    expect(follow({ ledger: own({ "web/A": {} }), wanted: ["web/A"] })).toMatchObject({
      owned: ["web/A"],
      said: [],
      settled: false,
    });
  });

  test("is followed to the place where it is wanted, with all that was known of it", () => {
    const prior = { key: "A", value: "earlier" };
    const { ledger, said } = follow({
      ledger: own({ "web/A": { fingerprint: "f9", prior } }),
      live: [sealed("site/A")],
      wanted: ["site/A"],
    });
    expect(ledger).toEqual(own({ "site/A": { fingerprint: "f9", prior } }));
    expect(said).toEqual(["web was renamed to site, and 1 key of this sync went with it"]);
  });

  test("is followed between components that both exist, where exactly that key is wanted", () => {
    const ledger = own({ "api/A": {}, "api/B": written("m2") });
    const live = [sealed("site/A"), sealed("site/B", "m2")];
    expect(follow({ ledger, live, wanted: ["site/A", "api/B"] })).toMatchObject({
      owned: ["api/B", "site/A"],
      said: ["1 key of this sync moved from api to site"],
    });
  });

  test("is not recognised by a readable value, another key, another write, or a write that was never seen", () => {
    const wanted = ["site/A"];
    expect(follow({ ledger: own({ "web/A": {} }), live: [see("site/A")], wanted }).owned).toEqual(["web/A"]);
    expect(follow({ ledger: own({ "web/B": {} }), live: [sealed("site/A")], wanted }).owned).toEqual(["web/B"]);
    expect(follow({ ledger: own({ "web/A": {} }), live: [sealed("site/A", "m2")], wanted }).owned).toEqual(["web/A"]);
    expect(follow({ ledger: own({ "web/A": { unconfirmed: {} } }), live: [sealed("site/A")], wanted }).owned).toEqual([
      "web/A",
    ]);
  });

  test("is recognised by its ciphertext where somebody has changed its scope as well", () => {
    const live = [sealed("site/A", "m1", "SECRET BUILD_TIME")];
    expect(follow({ ledger: own({ "web/A": {} }), live, wanted: ["site/A"] }).owned).toEqual(["site/A"]);
  });

  test("that was copied and is missed at its own place is ours at both", () => {
    const request = { ledger: own({ "api/A": {} }), live: [sealed("site/A")], wanted: ["api/A", "site/A"] };
    expect(follow(request).owned).toEqual(["api/A", "site/A"]);
  });

  test("that moved away is no proof of what stands in its old place", () => {
    const live = [sealed("site/A"), sealed("api/A", "m9")];
    expect(follow({ ledger: own({ "api/A": {} }), live, wanted: ["api/A", "site/A"] }).owned).toEqual(["site/A"]);
  });

  test("leaves an entry of ours alone that stands where it was written", () => {
    const ledger = own({ "web/A": {}, "web/B": {}, "site/A": written("m2") });
    const live = [sealed("site/A", "m2"), sealed("site/B")];
    const { ledger: now } = follow({ ledger, live, wanted: ["site/A", "site/B"] });
    expect(now).toEqual(own({ "site/A": written("m2"), "site/B": {} }));
  });

  test("is found wherever it stands once the sync goes", () => {
    const live = [sealed("site/A"), sealed("api/A"), see("api/B")];
    const request = { ledger: own({ "web/A": {}, "web/B": {} }), live };
    expect(follow(request).owned).toEqual(["web/A", "web/B"]);
    expect(follow({ ...request, anywhere: true }).owned).toEqual(["api/A", "api/B", "site/A"]);
  });
});

describe("a renamed slot", () => {
  const ledger = own({ "web/A": {}, "web/B": written("m2"), "web/C": written("m3") });

  test("takes along readable entries that look as we left them", () => {
    const live = [sealed("site/A"), see("site/B", "m2"), see("site/C", "m3")];
    expect(follow({ ledger, live, wanted: ["site/A", "site/B"] }).owned).toEqual(["site/A", "site/B", "site/C"]);
  });

  test("is not proven where the target was not looked at, the slot still exists, or a ciphertext stayed", () => {
    const live = [sealed("site/A"), see("site/B", "m2")];
    const wanted = ["site/A", "site/B"];
    const left = ["site/A", "web/B", "web/C"];
    expect(follow({ ledger, live, wanted, existing: undefined }).owned).toEqual(left);
    expect(follow({ ledger, live, wanted, existing: ["web", "site"] }).owned).toEqual(left);
    const kept = own({ "web/A": {}, "web/B": written("m2"), "web/C": written("m3"), "api/A": written("m4") });
    const swapped = [sealed("api/A"), sealed("web/A", "m4"), sealed("web/C", "m3"), see("api/B", "m2")];
    expect(
      follow({ ledger: kept, live: swapped, wanted: ["api/A", "web/A", "api/B"], existing: ["web", "api"] }).owned,
    ).toEqual(["api/A", "web/A", "web/B", "web/C"]);
  });

  test("is not proven by readable entries", () => {
    const live = [see("site/B", "m2"), see("site/C", "m3")];
    expect(follow({ ledger, live, wanted: ["site/B", "site/C"] }).owned).toEqual(["web/A", "web/B", "web/C"]);
  });

  test("does not make ours what looks different there, nor an entry whose write was never seen", () => {
    const live = [sealed("site/A"), see("site/B", "m9"), see("site/C", "m3")];
    const wanted = ["site/A", "site/B", "site/C"];
    expect(follow({ ledger, live, wanted }).owned).toEqual(["site/A", "site/C"]);
    const unseen = own({ "web/A": {}, "web/C": { unconfirmed: {} } });
    expect(follow({ ledger: unseen, live, wanted: ["site/A"] }).owned).toEqual(["site/A"]);
  });

  test("keeps in sight what nobody wants there any more, and what was lost on the way", () => {
    const live = [sealed("site/A"), see("site/B", "m9")];
    expect(follow({ ledger, live, wanted: ["site/A", "site/C"] }).owned).toEqual(["site/A", "site/B", "site/C"]);
    expect(follow({ ledger, live, wanted: ["site/A"] }).owned).toEqual(["site/A", "site/B"]);
  });

  test("is followed by its ciphertexts alone where none of its keys is wanted any more", () => {
    expect(follow({ ledger, live: [sealed("site/A")], slots: ["site"] }).owned).toEqual(["site/A"]);
    expect(follow({ ledger, live: [sealed("site/A")], wanted: ["site/D"] }).owned).toEqual(["site/A"]);
    expect(follow({ ledger, live: [sealed("site/A")] }).owned).toEqual(["web/A", "web/B", "web/C"]);
  });

  test("that two slots share is not missed in the one for what stands in the other", () => {
    const live = [sealed("site/A"), sealed("api/B", "m2"), see("api/C", "m9")];
    const { owned, said } = follow({ ledger, live, wanted: ["site/A", "api/B"] });
    expect(owned).toEqual(["api/B", "site/A"]);
    expect(said).toEqual([
      "web was renamed to api, and 1 key of this sync went with it",
      "web was renamed to site, and 1 key of this sync went with it",
    ]);
  });

  test("is not proven, and its readable entries may still be adopted", () => {
    const live = [see("site/B", "m2"), see("site/C", "m9"), see("api/B", "m2")];
    const wanted = ["site/B", "site/C"];
    const mayAdopt = () => true;
    const kept = own({ "web/B": written("m2"), "web/C": written("m3") });
    expect(follow({ ledger: kept, live, wanted, mayAdopt })).toMatchObject({
      owned: ["site/B", "web/C"],
      said: ["1 key of this sync moved from web to site"],
    });
    expect(follow({ ledger: kept, live, wanted, mayAdopt, existing: ["web", "site"] }).owned).toEqual([
      "web/B",
      "web/C",
    ]);
  });

  test("hands on its name: each entry is where its own slot went", () => {
    const chain = own({ "web/A": {}, "web/U": written("u"), "api/A": written("m2"), "api/U": written("u") });
    const live = [sealed("api/A"), see("api/U", "u"), sealed("site/A", "m2"), see("site/U", "u")];
    const wanted = ["api/A", "api/U", "site/A", "site/U"];
    expect(follow({ ledger: chain, live, wanted, existing: ["api", "site"] }).ledger).toEqual(
      own({ "api/A": {}, "api/U": written("u"), "site/A": written("m2"), "site/U": written("u") }),
    );
  });
});

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

test("the fingerprint of a revision is what stands behind its label, and none where nothing was seen", () => {
  expect(readFingerprint("SECRET # RUN_TIME #m1")).toBe("m1");
  expect(readFingerprint("")).toBe("");
});

describe("a slot that is gone", () => {
  const gone = [{ ...at("web/A"), action: "forget", because: "gone" } as const];

  test("is no drift once nothing is aimed at it", () => {
    expect(forgetWithSlots(gone, { existing: ["app"], aimed: ["app"] })).toEqual([
      { ...gone[0], because: "slot-gone" },
    ]);
  });

  test("is drift while something is aimed at it, while it exists, and while nobody has looked", () => {
    expect(forgetWithSlots(gone, { existing: ["app"], aimed: ["web"] })).toEqual(gone);
    expect(forgetWithSlots(gone, { existing: ["web"], aimed: [] })).toEqual(gone);
    expect(forgetWithSlots(gone, { existing: undefined, aimed: [] })).toEqual(gone);
  });
});
