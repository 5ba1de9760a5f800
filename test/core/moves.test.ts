// Entries of ours at another place: what is certain enough to be followed, and what is left to its owner.

import { describe, expect, test } from "vitest";
import { type LiveEntry, readFingerprint, placeName } from "../../provider/core/entry.js";
import { followMoves, type MovesRequest } from "../../provider/core/moves.js";
import { ledgerPlaces } from "../../provider/core/ledger.js";
import { forgetWithSlots } from "../../provider/core/policy.js";
import { renderMoves } from "../../provider/core/render.js";
import { at, own, secret, see } from "./entries.js";

const sealed = (name: string, shown = "m1", label = secret): LiveEntry => ({
  ...see(name, shown, { label }),
  sealed: true,
});
const written = (shown: string) => ({ revision: `${secret} #${shown}` });

const asked = { slots: [], existing: ["app", "site", "api"], mayAdopt: () => false, anywhere: false };

function follow(request: Partial<Omit<MovesRequest, "desired">> & { wanted?: readonly string[] }) {
  const { wanted = [], ...rest } = request;
  const { ledger, moves, settled } = followMoves({
    ledger: {},
    live: [],
    ...asked,
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
    const { ledger, said, settled } = follow({
      ledger: own({ "web/A": { fingerprint: "f9", prior } }),
      live: [sealed("site/A")],
      wanted: ["site/A"],
    });
    expect(ledger).toEqual(own({ "site/A": { fingerprint: "f9", prior } }));
    expect(said).toEqual(["web was renamed to site, and 1 key of this sync went with it"]);
    expect(settled).toBe(false);
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

  test("is followed to the place of another one of ours, also where neither is wanted any more", () => {
    const ledger = own({ "api/A": {}, "web/A": written("m2") });
    const live = [sealed("web/A"), sealed("api/A", "m2")];
    expect(follow({ ledger, live }).ledger).toEqual(own({ "web/A": {}, "api/A": written("m2") }));
    expect(follow({ ledger, live, wanted: ["web/A"] }).ledger).toEqual(own({ "web/A": {}, "api/A": written("m2") }));
    expect(follow({ ledger: own({ "api/A": {} }), live }).owned).toEqual(["api/A"]);
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

  test("is not taken for one that looks the same and stands where it was written", () => {
    const ledger = own({ "web/A": { fingerprint: "f9" }, "site/A": {} });
    expect(follow({ ledger, live: [sealed("site/A")], wanted: ["site/A"] }).ledger).toEqual(ledger);
  });

  test("is told by its whole ciphertext, and not by the end of it", () => {
    const ledger = own({ "web/A": written("xm1") });
    const live = [sealed("web/A", "m1"), sealed("site/A", "xm1")];
    expect(follow({ ledger, live, wanted: ["site/A"], existing: ["web", "site"] }).owned).toEqual(["site/A"]);
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

  test("counts what went with it, and not what was lost on the way", () => {
    const live = [sealed("site/A"), see("site/B", "m9")];
    expect(follow({ ledger, live, wanted: ["site/A", "site/C"] }).said).toEqual([
      "web was renamed to site, and 2 keys of this sync went with it",
    ]);
    const mixed = own({ "web/A": written("m2"), "web/B": {} });
    const taken = [see("site/A", "m2"), sealed("site/B")];
    const { moves } = followMoves({ ...asked, ledger: mixed, live: taken, desired: [at("site/B")] });
    expect(moves).toEqual([{ from: "web", to: "site", keys: ["A", "B"], renamed: true }]);
  });

  test("leaves an entry of ours alone that stays in the slot where it leads", () => {
    const both = own({ "web/A": {}, "web/B": written("m2"), "site/B": written("m3") });
    const live = [sealed("site/A"), see("site/B", "m3")];
    expect(follow({ ledger: both, live, wanted: ["site/A"] }).ledger).toEqual(
      own({ "site/A": {}, "site/B": written("m3") }),
    );
  });

  test("does not hide what changed in it because another slot was renamed, too", () => {
    const both = own({ "web/A": {}, "web/B": written("m2"), "api/A": written("m4") });
    const live = [sealed("site/A"), see("site/B", "m9"), sealed("core/A", "m4")];
    const wanted = ["site/A", "core/A"];
    expect(follow({ ledger: both, live, wanted, existing: ["site", "core"] }).owned).toEqual([
      "core/A",
      "site/A",
      "site/B",
    ]);
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

  test("that two slots share is missed in neither for what is wanted in both", () => {
    const live = [sealed("site/A"), sealed("api/B", "m2")];
    expect(follow({ ledger, live, wanted: ["site/A", "site/B", "api/B"] }).owned).toEqual(["api/B", "site/A"]);
  });

  test("is not proven by another key, nor for what is ours already, and of two that may be it the first is", () => {
    const mayAdopt = () => true;
    const given = { mayAdopt, wanted: ["site/B", "site/C"], existing: ["site"] };
    const one = own({ "web/B": written("m2") });
    expect(follow({ ...given, ledger: one, live: [see("site/C", "m2")] }).owned).toEqual(["web/B"]);
    const held = own({ "web/B": written("m2"), "site/B": written("m2") });
    expect(follow({ ...given, ledger: held, live: [see("site/B", "m2")] }).owned).toEqual(["site/B", "web/B"]);
    const entry = { fingerprint: "f1", ...written("m2") };
    const two = { web: { B: entry }, api: { B: entry } };
    expect(follow({ ...given, ledger: two, live: [see("site/B", "m2")] }).said).toEqual([
      "1 key of this sync moved from api to site",
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
    expect(follow({ ledger: chain, live, wanted, existing: undefined }).owned).toEqual([
      "api/A",
      "api/U",
      "site/A",
      "web/U",
    ]);
    expect(follow({ ledger: chain, live, wanted, existing: ["api", "site"] }).ledger).toEqual(
      own({ "api/A": {}, "api/U": written("u"), "site/A": written("m2"), "site/U": written("u") }),
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

  test("is the only change that is seen in another light", () => {
    const taken = { ...at("web/B"), action: "forget", because: "taken-over" } as const;
    const kept = { ...at("app/C"), action: "unchanged" } as const;
    expect(forgetWithSlots([...gone, taken, kept], { existing: ["app"], aimed: [] })).toEqual([
      { ...gone[0], because: "slot-gone" },
      taken,
      kept,
    ]);
  });

  test("is drift while something is aimed at it, while it exists, and while nobody has looked", () => {
    expect(forgetWithSlots(gone, { existing: ["app"], aimed: ["web"] })).toEqual(gone);
    expect(forgetWithSlots(gone, { existing: ["web"], aimed: [] })).toEqual(gone);
    expect(forgetWithSlots(gone, { existing: undefined, aimed: [] })).toEqual(gone);
  });
});
