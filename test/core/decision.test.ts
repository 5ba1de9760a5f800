// Plan, policies and preflight as one answer; the edits that follow from it, and the ledger after them.

import { describe, expect, test } from "vitest";
import { afterEdits, listEdits } from "../../provider/core/edits.js";
import { commitLedger } from "../../provider/core/commitment.js";
import { decide, type DecisionRequest, type Rules } from "../../provider/core/decision.js";
import { nothing } from "../../provider/core/desired.js";
import type { Edit } from "../../provider/core/entry.js";
import { anyKey, at, defaultRules, own, secret, see, want, wish } from "./entries.js";

type Given = Partial<Omit<DecisionRequest, "rules">> & { readonly rules?: Partial<Rules> };

const asked = {
  desired: nothing,
  ledger: {},
  live: [],
  slots: ["app"],
  claims: [],
  keyGrammar: anyKey,
  notLive: undefined,
};

function judge({ rules, ...given }: Given) {
  const { plan, problems } = decide({ ...asked, ...given, rules: { ...defaultRules, ...rules } });
  return { plan: plan.map(({ key, action }) => `${key} ${action}`), codes: problems.map(({ code }) => code) };
}

describe("the decision", () => {
  test("tells every problem of one pass together", () => {
    const { codes } = judge({
      desired: wish(want("A"), want("B"), want("bad-key")),
      ledger: own({ OLD_1: {}, OLD_2: {} }),
      live: [see("A"), see("OLD_1"), see("OLD_1")],
      claims: [{ owner: "sibling", places: [at("B")] }],
    });
    expect(codes.sort()).toEqual([
      "conflict.claimed",
      "conflict.exists",
      "deletion.limit",
      "destination.duplicate_key",
      "key.invalid",
    ]);
  });

  test("tells one problem of a key that another sync claims, and no advice to adopt it, also as an import left it", () => {
    const given = {
      desired: wish(want("A"), want("B")),
      live: [see("A"), see("B")],
      claims: [{ owner: "sibling", places: [at("A")] }],
    };
    expect(judge(given).codes.sort()).toEqual(["conflict.claimed", "conflict.exists"]);
    expect(judge({ ...given, desired: wish(want("A")) }).codes).toEqual(["conflict.claimed"]);
    expect(
      judge({ ...given, desired: wish(want("A")), rules: { adopt: true, seen: { "app/A": "old" } } }).codes,
    ).toEqual(["conflict.claimed"]);
  });

  test("minds a key that stands twice only where it is wanted or owned", () => {
    const twice = (key: string) => [see(key), see(key)];
    const given = { desired: wish(want("A")), ledger: own({ A: {}, B: {} }) };
    expect(judge({ ...given, live: [...twice("A"), see("B")] }).codes).toContain("destination.duplicate_key");
    expect(judge({ ...given, ledger: {}, live: twice("A") }).codes).toContain("destination.duplicate_key");
    expect(judge({ ...given, live: [see("A"), see("B"), ...twice("OTHER")] }).codes).toEqual([]);
    expect(judge({ ...given, live: [see("A"), see("B"), ...twice("web/A")] }).codes).toEqual([]);
    const two = { desired: wish(want("A"), want("B")), live: [...twice("A"), see("B")] };
    expect(judge(two).codes).toContain("destination.duplicate_key");
  });

  test("retains what left under disableSecretDeletion, and puts no brake on it", () => {
    const ledger = own({ A: {}, B: {} });
    const live = [see("A"), see("B")];
    expect(judge({ ledger, live, rules: { disableSecretDeletion: true } })).toEqual({
      plan: ["A retain", "B retain"],
      codes: [],
    });
  });

  test("overwrites on the first run: takes over the same names and prunes the rest", () => {
    const given = { desired: wish(want("A")), live: [see("A"), see("B")] };
    expect(judge({ ...given, rules: { overwrite: true } })).toEqual({ plan: ["A adopt", "B delete"], codes: [] });
    expect(judge(given)).toEqual({ plan: ["A conflict", "B foreign"], codes: ["conflict.exists"] });
  });

  test("prunes nothing under disableSecretDeletion: nothing is removed from the destination then", () => {
    const given = { desired: wish(want("A")), live: [see("A"), see("B")] };
    expect(judge({ ...given, rules: { overwrite: true, disableSecretDeletion: true } }).plan).toEqual([
      "A adopt",
      "B foreign",
    ]);
  });

  test("refuses to adopt everything where a value would change, unless keys are named or all is overwritten", () => {
    const given = { desired: wish(want("A")), live: [see("A")], compare: () => false };
    expect(judge({ ...given, rules: { adopt: true } }).codes).toEqual(["conflict.value"]);
    expect(judge({ ...given, rules: { adopt: ["A"] } }).codes).toEqual([]);
    expect(judge({ ...given, rules: { adopt: true, overwrite: true } }).codes).toEqual([]);
    expect(judge({ ...given, rules: { adopt: true, agreed: ["A"] } }).codes).toEqual([]);
  });

  test("finds an entry of ours in a wrong place, and follows it there only once the sync goes", () => {
    const given = { ledger: own({ "api/A": {} }), live: [{ ...see("web/A"), sealed: true }], existing: ["api", "web"] };
    expect(judge(given)).toEqual({ plan: ["A forget", "A foreign"], codes: ["conflict.moved"] });
    expect(judge({ ...given, rules: { destroy: "delete" } })).toEqual({ plan: ["A delete"], codes: [] });
  });

  test("takes over what looks as ours did in a slot that is gone, where the key may be adopted", () => {
    const given = {
      desired: wish(want("web/A")),
      ledger: own({ "api/A": {} }),
      live: [see("web/A")],
      existing: ["web"],
    };
    expect(judge({ ...given, rules: { adopt: ["A"] } }).plan).toEqual(["A unchanged"]);
    expect(judge({ ...given, rules: { adopt: ["B"] } }).codes).toEqual(["conflict.exists"]);
  });

  test("refuses an empty source that would prune", () => {
    expect(judge({ live: [see("B")], rules: { overwrite: true } }).codes).toEqual(["deletion.limit"]);
  });

  test.each([
    ["delete", ["A delete", "B delete"]],
    ["retain", ["A forget", "B forget"]],
    ["restore", ["A restore", "B delete"]],
  ] as const)("on destroy with %s asks nothing and brakes nothing", (destroy, plan) => {
    const ledger = own({ A: { prior: {} }, B: {} });
    expect(judge({ ledger, live: [see("A"), see("B")], rules: { destroy } })).toEqual({ plan, codes: [] });
  });

  test("on destroy removes the entry that the ledger knows, whatever stands under the same key before it or behind", () => {
    const ledger = own({ A: {} });
    const theirs = see("A", "m2", { label: "GENERAL BUILD_TIME" });
    for (const both of [
      [theirs, see("A")],
      [see("A"), theirs],
    ]) {
      const live = both.map((entry, nth) => ({ ...entry, nth }));
      const { plan, problems } = decide({ ...asked, ledger, live, rules: { ...defaultRules, destroy: "delete" } });
      expect(problems).toEqual([]);
      const edits = listEdits(plan, { desired: nothing, ledger, live, place: () => [] });
      expect(edits).toEqual([{ ...at("A"), action: "remove", nth: both.indexOf(theirs) === 0 ? 1 : 0 }]);
      expect(afterEdits(live, edits)).toMatchObject([theirs]);
    }
  });

  test.each<[string, Parameters<typeof own>[0][string]]>([
    ["look as it was written", {}],
    ["may be a write that nobody saw", { unconfirmed: { label: secret } }],
  ])("on destroy refuses a key that stands twice where both %s, unless nothing is written for it", (_what, owned) => {
    const given = {
      ledger: own({ A: owned, B: {} }),
      live: [see("A"), see("A"), see("B"), see("OTHER"), see("OTHER")],
    };
    expect(judge({ ...given, rules: { destroy: "delete" } }).codes).toEqual(["destination.duplicate_key"]);
    expect(judge({ ...given, rules: { destroy: "retain" } }).codes).toEqual([]);
  });

  test("on destroy leaves a key that stands twice where neither is what was written", () => {
    const given = { ledger: own({ A: {} }), live: [see("A", "m2"), see("A", "m3")] };
    expect(judge({ ...given, rules: { destroy: "delete" } })).toEqual({ plan: ["A forget"], codes: [] });
  });

  test.each<[string, Given, string]>([
    ["nobody aims at", {}, "slot-gone"],
    ["the sync aims at", { slots: ["app", "web"] }, "gone"],
    ["a key is wanted at", { desired: wish(want("web/B")) }, "gone"],
  ])("takes a key that is gone with a slot that %s for what it is", (_, given, because) => {
    const { plan } = decide({
      ...asked,
      ledger: own({ "web/A": {} }),
      existing: ["app"],
      ...given,
      rules: defaultRules,
    });
    expect(plan).toContainEqual({ ...at("web/A"), action: "forget", because });
  });

  test("writes afresh what never went live", () => {
    const given = { desired: wish(want("A")), ledger: own({ A: {} }), live: [see("A")] };
    expect(judge({ ...given, notLive: new Set(["app/A"]) }).plan).toEqual(["A update"]);
    expect(judge(given).plan).toEqual(["A unchanged"]);
  });
});

describe("the edits of a plan", () => {
  const place = () => [
    { slot: "other", label: "other", attributes: 1 },
    { slot: "app", label: secret, attributes: 2 },
  ];

  test("hold the values, the attributes of their own slot, and what is to be given back", () => {
    const ledger = own({ GONE: {}, BACK: { prior: { key: "BACK", value: "EV[old]" } } });
    const plan = [
      { ...at("BACK"), action: "restore" as const },
      { ...at("GONE"), action: "delete" as const, because: "left" as const },
      { ...at("NEW"), action: "create" as const, label: secret, drift: false },
      { ...at("SAME"), action: "unchanged" as const },
    ];
    const desired = wish(want("NEW"));
    expect(listEdits(plan, { desired, ledger, place })).toEqual([
      { ...at("BACK"), action: "restore", prior: { key: "BACK", value: "EV[old]" } },
      { ...at("GONE"), action: "remove" },
      { ...at("NEW"), action: "set", value: desired.values.get("NEW"), attributes: 2, label: secret },
    ]);
  });

  test("are not made without the value, or without a place for it", () => {
    const plan = [{ ...at("NEW"), action: "create" as const, label: secret, drift: false }];
    expect(() => listEdits(plan, { desired: nothing, ledger: {}, place })).toThrow("no value at hand for app/NEW");
    const nowhere = { desired: wish(want("NEW")), ledger: {}, place: () => [] };
    expect(() => listEdits(plan, nowhere)).toThrow("no value at hand for app/NEW");
  });

  test("leave the target to the next sync as they will have changed it", () => {
    const value = wish(want("A")).values.get("A")!;
    const edits: Edit[] = [
      { ...at("A"), action: "set", value, attributes: 1, label: "GENERAL RUN_TIME" },
      { ...at("B"), action: "remove" },
      { ...at("D"), action: "restore", prior: {} },
    ];
    expect(afterEdits([see("A"), see("B"), see("C"), see("D")], edits)).toEqual([
      see("C"),
      { ...at("A"), label: "GENERAL RUN_TIME", fingerprint: "pending" },
      { ...at("D"), label: "given back by another sync", fingerprint: "pending" },
    ]);
  });
});

describe("the ledger after a write", () => {
  const prior = () => undefined;
  const token = `${secret} #m1`;

  test("holds what was written as it is seen now, and forgets what was removed", () => {
    const ledger = own({ KEEP: {}, GIVE: {}, DROP: {}, LOST: {}, EDIT: { fingerprint: "f0" }, STAY: {} });
    const plan = [
      { ...at("DROP"), action: "delete" as const, because: "left" as const },
      { ...at("EDIT"), action: "update" as const, label: secret, because: [], expected: token, found: token },
      { ...at("FOREIGN"), action: "foreign" as const },
      { ...at("GIVE"), action: "restore" as const },
      { ...at("KEEP"), action: "unchanged" as const },
      { ...at("LOST"), action: "forget" as const, because: "gone" as const },
      { ...at("NEW"), action: "create" as const, label: secret, drift: false },
      { ...at("STAY"), action: "retain" as const },
      { ...at("THEIRS"), action: "conflict" as const, found: token },
    ];
    const live = [see("EDIT", "m2"), see("NEW", "m3"), see("KEEP", "m9")];
    const desired = wish(want("EDIT"), want("NEW", "f2"), want("KEEP"));
    expect(commitLedger({ plan, ledger, desired, live, prior })).toEqual(
      own({
        EDIT: { revision: `${secret} #m2` },
        KEEP: {},
        NEW: { fingerprint: "f2", revision: `${secret} #m3` },
        STAY: {},
      }),
    );
  });

  test("after a write that nobody saw arrive still owns every place that it touched", () => {
    const ledger = own({ DROP: {}, GIVE: {}, EDIT: {} });
    const plan = [
      { ...at("DROP"), action: "delete" as const, because: "left" as const },
      { ...at("EDIT"), action: "update" as const, label: secret, because: [], expected: token, found: token },
      { ...at("GIVE"), action: "restore" as const },
      { ...at("NEW"), action: "create" as const, label: secret, drift: false },
      { ...at("PRUNED"), action: "delete" as const, because: "pruned" as const },
    ];
    const desired = wish(want("EDIT", "f2"), want("NEW"));
    expect(commitLedger({ plan, ledger, desired, live: undefined, prior })).toEqual(
      own({
        DROP: {},
        GIVE: {},
        EDIT: { fingerprint: "f2", unconfirmed: { label: secret, was: token } },
        NEW: { unconfirmed: { label: secret } },
      }),
    );
  });

  test("remembers how an adopted entry looked, and keeps that through later writes", () => {
    const adopt = [{ ...at("A"), action: "adopt" as const, label: secret, found: token }];
    const request = { desired: wish(want("A")), live: [see("A")] };
    const first = commitLedger({ ...request, plan: adopt, ledger: {}, prior: () => ({ value: "EV[old]" }) });
    expect(first).toEqual(own({ A: { prior: { value: "EV[old]" } } }));
    const update = [
      { ...at("A"), action: "update" as const, label: secret, because: [], expected: token, found: token },
    ];
    const again = { ...request, plan: update, ledger: first, prior: () => ({ value: "EV[ours]" }) };
    expect(commitLedger(again)).toEqual(first);
    expect(commitLedger({ ...again, plan: adopt, ledger: {}, prior })).toEqual(own({ A: { adopted: true } }));
  });

  test("of an entry that had the value already keeps that it was adopted, and not the value", () => {
    const adopt = { ...at("A"), action: "adopt" as const, label: secret, found: token, keepsValue: true };
    const request = { ledger: {}, desired: wish(want("A")), live: [see("A")], prior: () => ({ value: "ours" }) };
    const first = commitLedger({ ...request, plan: [adopt] });
    expect(first).toStrictEqual({ app: { A: { fingerprint: "f1", revision: token, adopted: true } } });
    const update = { ...adopt, action: "update" as const, because: [], expected: token };
    expect(commitLedger({ ...request, plan: [update], ledger: first })).toStrictEqual(first);
    expect(commitLedger({ ...request, plan: [adopt], keepsEqual: true })).toEqual(
      own({ A: { prior: { value: "ours" } } }),
    );
    expect(commitLedger({ ...request, plan: [adopt], prior: () => undefined })).toStrictEqual(
      own({ A: { adopted: true } }),
    );
    expect(commitLedger({ ...request, plan: [{ ...adopt, keepsValue: false }] })).toEqual(
      own({ A: { prior: { value: "ours" } } }),
    );
  });

  test("has no fingerprint and no token for what it can say nothing about", () => {
    const plan = [
      { ...at("A"), action: "create" as const, label: secret, drift: false },
      { ...at("B"), action: "unchanged" as const },
    ];
    const desired = { ...nothing, entries: [{ ...want("A"), fingerprint: undefined }] };
    expect(commitLedger({ plan, ledger: {}, desired, live: [], prior })).toEqual(
      own({ A: { fingerprint: "", unconfirmed: {} } }),
    );
  });
});
