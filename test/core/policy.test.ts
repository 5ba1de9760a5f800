// Policies as filters: what each of them takes out of a plan, and what it refuses.

import { describe, expect, test } from "vitest";
import { placeName } from "../../provider/core/entry.js";
import type { Change } from "../../provider/core/plan.js";
import {
  applyDestroyPolicy,
  leaveUnreadable,
  checkDeletionLimit,
  checkEmptyPrune,
  giveBackLost,
  nameSome,
  retainClaimed,
  retainDeletions,
  type PruneInput,
  pruneForeign,
} from "../../provider/core/policy.js";
import { at, own, see } from "./entries.js";

const leaving: Change = { ...at("OLD"), action: "delete", because: "left" };
const unchanged: Change = { ...at("SAME"), action: "unchanged" };
const foreign = (name: string): Change => ({ ...at(name), action: "foreign" });
const keys = (count: number) => Array.from({ length: count }, (_, index) => `KEY_${index}`);

describe("disableSecretDeletion", () => {
  test("turns removals into retentions and leaves everything else", () => {
    expect(retainDeletions([leaving, unchanged])).toStrictEqual([{ ...at("OLD"), action: "retain" }, unchanged]);
    expect(retainDeletions([{ ...leaving, empty: true }])).toEqual([{ ...at("OLD"), action: "retain", empty: true }]);
  });
});

describe("a key that is gone when it should be given back", () => {
  const ledger = own({ OLD: { prior: "before" }, OURS: {} });
  const gone = (name: string): Change => ({ ...at(name), action: "forget", because: "gone" });
  const mayBeLost = (prior: unknown) => prior === "before";

  test.each([
    { what: "is given back where it may have been lost on the way", action: "restore" },
    { what: "is forgotten where the destination gives back in one request", asked: undefined, action: "forget" },
    { what: "is forgotten where it cannot have been lost", asked: () => false, action: "forget" },
    { what: "is forgotten where nothing was there before", name: "OURS", action: "forget" },
    { what: "is forgotten where an entry of it stands elsewhere", live: [see("web/OLD")], action: "forget" },
  ])("$what", ({ action, ...row }) => {
    const { name = "OLD", live = [] } = row;
    const lost = { ledger, live, mayBeLost: "asked" in row ? row.asked : mayBeLost };
    expect(giveBackLost([gone(name)], lost)).toMatchObject([{ ...at(name), action }]);
  });

  test("is no other change", () => {
    expect(giveBackLost([leaving, unchanged], { ledger, live: [], mayBeLost })).toEqual([leaving, unchanged]);
  });
});

describe("onDestroy", () => {
  const ledger = own({ OLD: { prior: { key: "OLD" } } });

  test("delete removes what is ours", () => {
    expect(applyDestroyPolicy([leaving], ledger, "delete")).toEqual([leaving]);
  });

  test("retain releases what is ours", () => {
    expect(applyDestroyPolicy([leaving, unchanged], ledger, "retain")).toEqual([
      { ...at("OLD"), action: "forget", because: "released" },
      unchanged,
    ]);
  });

  test("restore leaves what was taken over with the value that it had", () => {
    const entry = { fingerprint: "f1", revision: "t1", adopted: true } as const;
    expect(applyDestroyPolicy([leaving], { app: { OLD: entry } }, "restore")).toEqual([
      { ...at("OLD"), action: "forget", because: "released" },
    ]);
  });

  test("restore leaves what could not be read when it was adopted", () => {
    const back: Change = { ...at("OLD"), action: "restore" };
    const isUnreadable = (prior: unknown) => prior === "hidden";
    const hidden = own({ OLD: { prior: "hidden" } });
    expect(leaveUnreadable([back, leaving], { ledger: hidden, isUnreadable })).toEqual([
      { ...at("OLD"), action: "forget", because: "unreadable" },
      leaving,
    ]);
    expect(leaveUnreadable([back], { ledger, isUnreadable })).toEqual([back]);
    expect(leaveUnreadable([back], { ledger: hidden, isUnreadable: undefined })).toEqual([back]);
  });

  test("restore gives adopted keys back and removes the ones that we made", () => {
    const created: Change = { ...at("OWN"), action: "delete", because: "left" };
    expect(applyDestroyPolicy([leaving, created], ledger, "restore")).toEqual([
      { ...at("OLD"), action: "restore" },
      created,
    ]);
  });
});

describe("overwrite-destination", () => {
  const prune: PruneInput = { slots: ["app"], keySchema: undefined, environment: "prod", claimed: new Map(), held: [] };
  const pruned = (name: string): Change => ({ ...at(name), action: "delete", because: "pruned" });

  test("removes foreign keys at the slots that the sync is aimed at", () => {
    expect(pruneForeign([foreign("A"), foreign("web/A"), unchanged], prune)).toEqual([
      pruned("A"),
      foreign("web/A"),
      unchanged,
    ]);
  });

  test("leaves what another sync of the program claims", () => {
    const claimed = new Map([["app/A", "sibling"]]);
    expect(pruneForeign([foreign("A"), foreign("B")], { ...prune, claimed })).toEqual([foreign("A"), pruned("B")]);
  });

  test("leaves what another sync of the program held before, and what the source has without a value", () => {
    const held = ["A"];
    expect(pruneForeign([foreign("A"), foreign("B"), foreign("C")], { ...prune, held, skipped: ["C"] })).toEqual([
      foreign("A"),
      pruned("B"),
      foreign("C"),
    ]);
  });

  test("leaves what the key schema cannot have made", () => {
    const keySchema = "APP_{{secretKey}}_{{environment}}";
    const plan = ["APP_A_prod", "APP_A_test", "APP__prod", "OTHER"].map(foreign);
    expect(pruneForeign(plan, { ...prune, keySchema }).map(({ key, action }) => `${key} ${action}`)).toEqual([
      "APP_A_prod delete",
      "APP_A_test foreign",
      "APP__prod foreign",
      "OTHER foreign",
    ]);
  });

  test("an empty source may prune only within an explicit limit", () => {
    const plan = [pruned("A"), pruned("B")];
    const codes = (desired: string[], limit: number | undefined) =>
      checkEmptyPrune(plan, desired, limit).map(({ code }) => code);
    expect(codes([], undefined)).toEqual(["deletion.limit"]);
    expect(codes([], 1)).toEqual(["deletion.limit"]);
    expect(codes([], 2)).toEqual([]);
    expect(codes(["C"], undefined)).toEqual([]);
    expect(checkEmptyPrune([leaving], [], undefined)).toEqual([]);
  });

  test("the refusal of an empty prune names the keys and the limit that would allow it", () => {
    const [problem] = checkEmptyPrune([pruned("A"), pruned("web/B")], [], undefined);
    expect(problem?.message).toContain("would remove 2 keys (app/A, web/B)");
    expect(problem?.message).toContain("deletionLimit to 2 or more");
  });
});

test("a key that left the source is kept, and one that has only left its place is not", () => {
  const moved: Change = { ...leaving, elsewhere: true };
  expect(retainDeletions([leaving, moved])).toEqual([
    { slot: leaving.slot, key: leaving.key, action: "retain" },
    moved,
  ]);
});

test("a key that another sync claims but may not take is kept, whichever place it left", () => {
  const claimed = new Map([[placeName(leaving), "b"]]);
  const kept = { slot: leaving.slot, key: leaving.key, action: "retain", claimedBy: "b" };
  const moved: Change = { ...leaving, elsewhere: true };
  expect(
    retainClaimed([leaving, moved, { ...leaving, key: "OTHER" }], (place) => claimed.get(placeName(place))),
  ).toEqual([kept, { ...kept, elsewhere: true }, { ...leaving, key: "OTHER" }]);
});

describe("deletionLimit", () => {
  interface Boundary {
    readonly owned: number;
    readonly gone: number;
    readonly limit?: number;
    readonly refused: boolean;
  }
  const boundaries: readonly Boundary[] = [
    { owned: 0, gone: 0, refused: false },
    { owned: 1, gone: 1, refused: false },
    { owned: 2, gone: 1, refused: false },
    { owned: 2, gone: 2, refused: true },
    { owned: 5, gone: 5, refused: true },
    { owned: 3, gone: 1, refused: false },
    { owned: 3, gone: 2, refused: true },
    { owned: 4, gone: 2, refused: false },
    { owned: 5, gone: 3, refused: true },
    { owned: 6, gone: 5, refused: true },
    { owned: 9, gone: 4, refused: false },
    { owned: 9, gone: 5, refused: true },
    { owned: 10, gone: 6, refused: true },
    { owned: 11, gone: 6, refused: true },
    { owned: 12, gone: 6, refused: false },
    { owned: 12, gone: 7, refused: true },
    { owned: 100, gone: 50, refused: false },
    { owned: 100, gone: 51, refused: true },
    { owned: 1, gone: 1, limit: 0, refused: true },
    { owned: 1, gone: 0, limit: 0, refused: false },
    { owned: 2, gone: 2, limit: 1, refused: true },
    { owned: 2, gone: 2, limit: 2, refused: false },
    { owned: 100, gone: 100, limit: 100, refused: false },
    { owned: 100, gone: 100, limit: 99, refused: true },
  ];

  test.each(boundaries)("of $owned owned keys $gone may leave under limit $limit: refused is $refused", (boundary) => {
    const { owned, gone, limit, refused } = boundary;
    const problems = checkDeletionLimit({ owned: keys(owned), desired: keys(owned).slice(gone), limit });
    expect(problems.map(({ code }) => code)).toEqual(refused ? ["deletion.limit"] : []);
  });

  test("keys that are new in the source do not make up for those that left", () => {
    const brake = { owned: ["A", "B"], desired: ["C", "D"], limit: undefined };
    expect(checkDeletionLimit(brake)).toHaveLength(1);
  });

  test("the refusal names the keys and the limit that would allow it", () => {
    const [problem] = checkDeletionLimit({ owned: ["B", "A"], desired: [], limit: undefined });
    expect(problem?.message).toContain("2 of 2 keys have left the source (A, B)");
    expect(problem?.message).toContain("deletionLimit to 2 or more");
  });
});

describe("lists of names", () => {
  test("are listed in full up to ten, and counted beyond", () => {
    expect(nameSome(["A", "B"])).toBe("A, B");
    expect(nameSome(keys(10))).not.toContain("more");
    expect(nameSome(keys(12))).toMatch(/KEY_9 and 2 more$/);
  });
});
