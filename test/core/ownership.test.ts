// The ledger as set algebra, and claims of several syncs on one target.

import { describe, expect, test } from "vitest";
import {
  comparePlaces,
  readFingerprint,
  readLabel,
  type LiveEntry,
  placeName,
  formatRevision,
} from "../../provider/core/entry.js";
import { claimedPlaces, findDoubleClaims } from "../../provider/core/claims.js";
import { findDuplicates, findMoved } from "../../provider/core/ownership.js";
import { adoptedKeys, ledgerAt, ledgerKeys, makeLedger, ledgerPlaces } from "../../provider/core/ledger.js";
import { at, own, secret, see, want } from "./entries.js";

describe("the ledger", () => {
  test("gives its places back in order, whatever order they came in", () => {
    const ledger = own({ "web/B": {}, A: {}, "web/A": {} });
    expect(ledgerPlaces(ledger).map(placeName)).toEqual(["app/A", "web/A", "web/B"]);
    expect(JSON.stringify(ledger)).toBe(JSON.stringify(own({ "web/A": {}, "web/B": {}, A: {} })));
  });

  test("answers for a place, and not for what every object inherits", () => {
    const ledger = own({ A: { fingerprint: "f9" } });
    expect(ledgerAt(ledger, at("A"))?.fingerprint).toBe("f9");
    expect(ledgerAt(ledger, at("B"))).toBeUndefined();
    expect(ledgerAt(ledger, at("web/A"))).toBeUndefined();
    expect(ledgerAt(ledger, at("app/constructor"))).toBeUndefined();
    expect(ledgerAt(ledger, { slot: "toString", key: "name" })).toBeUndefined();
  });

  test("names each key once, however many slots it is in", () => {
    expect(ledgerKeys(own({ "web/B": {}, "api/B": {}, A: {} }))).toEqual(["A", "B"]);
  });

  test("names each key once that somebody else had made, whether or not its earlier state is kept", () => {
    const adopted = makeLedger([
      { slot: "web", key: "C", entry: { fingerprint: "f1", revision: "t1", adopted: true } },
      { slot: "api", key: "C", entry: { fingerprint: "f1", revision: "t1", adopted: true } },
      { slot: "api", key: "D", entry: { fingerprint: "f1", revision: "t1", prior: {} } },
      { slot: "web", key: "A", entry: { fingerprint: "f1", revision: "t1", prior: {} } },
      { slot: "web", key: "B", entry: { fingerprint: "f1", revision: "t1" } },
    ]);
    expect(adoptedKeys(adopted)).toEqual(["A", "C", "D"]);
  });

  test("is put in order also where state has another one", () => {
    const entry = { fingerprint: "f1", revision: `${secret} #m1` };
    const ledger = { web: { B: entry, A: entry }, app: { A: entry } };
    expect(ledgerPlaces(ledger).map(placeName)).toEqual(["app/A", "web/A", "web/B"]);
    const live = ["queue/A", "queue/B"].map((name) => ({ ...see(name), sealed: true }));
    expect(findMoved(ledger, live, []).map(({ message }) => message.split(" ")[0])).toEqual([
      "app/A",
      "web/A",
      "web/B",
    ]);
  });

  test("of no places is empty", () => {
    expect(makeLedger([])).toEqual({});
  });

  test("keeps a key of any name, and leaves the prototype of all objects alone", () => {
    const entry = { fingerprint: "f1", revision: "t1" };
    const ledger = makeLedger([
      { slot: "app", key: "__proto__", entry },
      { slot: "__proto__", key: "polluted", entry },
    ]);
    expect(ledgerPlaces(ledger).map(placeName)).toEqual(["__proto__/polluted", "app/__proto__"]);
    expect("polluted" in {}).toBe(false);
  });
});

describe("claims", () => {
  const claims = [
    { owner: "one", places: [at("A"), at("web/B")] },
    { owner: "two", places: [at("C")] },
  ];

  test("show who claims a place", () => {
    expect([...claimedPlaces(claims)]).toEqual([
      ["app/A", "one"],
      ["web/B", "one"],
      ["app/C", "two"],
    ]);
  });

  test("of two syncs on one place are refused, and the message names the other one", () => {
    const problems = findDoubleClaims([want("A"), want("B"), want("C")], claimedPlaces(claims));
    expect(problems.map(({ code }) => code)).toEqual(["conflict.claimed", "conflict.claimed"]);
    expect(problems[0]?.message).toContain('app/A is also claimed by the sync "one"');
    expect(problems[1]?.message).toContain('app/C is also claimed by the sync "two"');
  });
});

describe("a key that occurs twice at the destination", () => {
  const live = [see("B"), see("A"), see("B"), see("A"), see("B")];

  test("is refused once if it concerns this sync", () => {
    const problems = findDuplicates(live, ({ key }) => ["A", "B"].includes(key));
    expect(problems.map(({ code }) => code)).toEqual(["destination.duplicate_key", "destination.duplicate_key"]);
    expect(problems[0]?.message).toMatch(/^app\/A is defined more than once/);
  });

  test("does not matter if it is foreign", () => {
    expect(findDuplicates(live, ({ key }) => key === "C")).toEqual([]);
  });

  test("is not a key that occurs once in each of two slots", () => {
    expect(findDuplicates([see("A"), see("web/A")], () => true)).toEqual([]);
  });
});

describe("an entry of ours in another slot", () => {
  const ledger = own({ "web/A": {}, "web/B": { unconfirmed: {} } });
  const sealed = (name: string, revision = "m1") => ({ ...see(name, revision), sealed: true });
  const found = (...live: readonly LiveEntry[]) => findMoved(ledger, live, []).map(({ code }) => code);

  test("with the very ciphertext that we wrote was moved there, and is reported with both places", () => {
    const [problem] = findMoved(ledger, [sealed("queue/A")], []);
    expect(problem?.code).toBe("conflict.moved");
    expect(problem?.message).toBe(
      "web/A was written by this sync and is now at queue/A, where the program does not want it; " +
        "if web is now called queue, rename it in the program; otherwise remove it there, and find out what moved it",
    );
  });

  test("is a copy as long as ours is still there", () => {
    expect(found(sealed("web/A"), sealed("queue/A"))).toEqual([]);
  });

  test("is not recognised by a plain value, by another key, by another write, or without a confirmed one", () => {
    expect(found(see("queue/A"))).toEqual([]);
    expect(found(sealed("queue/C"))).toEqual([]);
    expect(found(sealed("queue/A", "m2"))).toEqual([]);
    expect(found(sealed("web/A"), sealed("queue/B"))).toEqual([]);
  });
});

describe("places and tokens", () => {
  test("compare by slot, then by key", () => {
    expect(comparePlaces(at("a/Z"), at("b/A"))).toBe(-1);
    expect(comparePlaces(at("b/A"), at("a/Z"))).toBe(1);
    expect(comparePlaces(at("a/A"), at("a/B"))).toBe(-1);
    expect(comparePlaces(at("a/B"), at("a/A"))).toBe(1);
    expect(comparePlaces(at("a/A"), at("a/A"))).toBe(0);
  });

  test("a revision's label is the part before its fingerprint", () => {
    expect(readLabel(formatRevision({ label: "SECRET # RUN_TIME", fingerprint: "m1" }))).toBe("SECRET # RUN_TIME");
    expect(readLabel("")).toBe("");
    expect(readFingerprint(formatRevision({ label: "", fingerprint: "m1" }))).toBe("m1");
    expect(readFingerprint("SECRET")).toBe("");
  });
});
