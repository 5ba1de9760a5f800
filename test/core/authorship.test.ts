// Who changed an entry, what an unconfirmed write would have left, and names that change as a whole.

import { describe, expect, test } from "vitest";
import { commitLedger, type EditOutcome, renewRevisions } from "../../provider/core/commitment.js";
import { decide } from "../../provider/core/decision.js";
import { nothing } from "../../provider/core/desired.js";
import { buildPlan, findDrift, type Plan, type UpdateReason } from "../../provider/core/plan.js";
import { checkConflicts } from "../../provider/core/preflight.js";
import { formatLine, renderPlan } from "../../provider/core/render.js";
import { anyKey, at, defaultRules, own, secret, see, want, wish } from "./entries.js";

const token = `${secret} #m1`;
const author = { by: "Ada at noon" };

describe("the author of a change, if the vendor shows it", () => {
  const theirs = { ...see("A", "m2"), ...author };

  test.each([
    { title: "a conflict", adopt: false, ledger: {}, action: "conflict" },
    { title: "an adoption", adopt: true, ledger: {}, action: "adopt" },
    { title: "drift", adopt: false, ledger: own({ A: {} }), action: "update" },
  ])("is kept with $title", ({ adopt, ledger, action }) => {
    const plan = buildPlan({ desired: [want("A")], ledger, live: [theirs], adopt });
    expect(plan).toMatchObject([{ action, ...author }]);
  });

  test("is in the message of a conflict and of drift", () => {
    const conflict = buildPlan({ desired: [want("A")], ledger: {}, live: [theirs], adopt: false });
    expect(checkConflicts(conflict)[0]?.message).toContain("last changed by Ada at noon");
    const drift = buildPlan({ desired: [want("A")], ledger: own({ A: {} }), live: [theirs], adopt: false });
    expect(renderPlan(drift).map(formatLine)[0]).toContain("at the destination by Ada at noon; will be written again");
  });

  test("is kept with a place that somebody has taken over", () => {
    const plan = buildPlan({ desired: [], ledger: own({ A: {} }), live: [theirs], adopt: false });
    expect(plan).toMatchObject([{ action: "forget", because: "taken-over", ...author }]);
  });
});

describe("an unconfirmed write that the program no longer wants", () => {
  const unconfirmed = (entry: Parameters<typeof own>[0][string], live = see("A")) =>
    buildPlan({ desired: [], ledger: own({ A: { unconfirmed: {}, ...entry } }), live: [live], adopt: false })[0]
      ?.action;

  test("is removed if what is there may be ours", () => {
    expect(unconfirmed({ unconfirmed: { label: secret } })).toBe("delete");
    expect(unconfirmed({ unconfirmed: { label: secret, found: `${secret} #earlier` } })).toBe("delete");
  });

  test("is forgotten if another type or scope is there", () => {
    expect(unconfirmed({ unconfirmed: { label: "GENERAL RUN_TIME" } })).toBe("forget");
  });

  test("is removed if what it was to replace, which was ours, is still there", () => {
    expect(unconfirmed({ unconfirmed: { label: "GENERAL RUN_TIME", was: token } })).toBe("delete");
    expect(unconfirmed({ unconfirmed: { label: "GENERAL RUN_TIME", was: `${secret} #earlier` } })).toBe("forget");
  });

  test("is forgotten if an adoption never arrived", () => {
    expect(unconfirmed({ unconfirmed: { label: secret, found: token } })).toBe("forget");
  });
});

describe("an unconfirmed write of which nothing is there", () => {
  const plan = (unconfirmed: object, desired = [want("A")]) =>
    buildPlan({ desired, ledger: own({ A: { unconfirmed } }), live: [], adopt: false });

  test("is no drift if nothing of it was ever seen", () => {
    expect(plan({ label: secret })).toMatchObject([{ action: "create", drift: false }]);
    expect(plan({ label: secret }, [])).toMatchObject([{ action: "forget", because: "unseen" }]);
    expect(findDrift([...plan({ label: secret }), ...plan({ label: secret }, [])])).toEqual([]);
  });

  test.each([{ found: token }, { was: token }])("is drift if there was something before (%j)", (before) => {
    expect(plan(before)).toMatchObject([{ action: "create", drift: true }]);
    expect(plan(before, [])).toMatchObject([{ action: "forget", because: "gone" }]);
  });
});

test("an unconfirmed adoption remembers what was there, an unconfirmed create what it would have left", () => {
  const plan: Plan = [
    { ...at("A"), action: "adopt", label: secret, found: token },
    { ...at("B"), action: "create", label: secret, drift: false },
  ];
  const ledger = commitLedger({ plan, ledger: {}, desired: nothing, live: undefined, prior: () => undefined });
  expect(ledger["app"]?.["A"]?.unconfirmed).toEqual({ label: secret, found: token });
  expect(ledger["app"]?.["B"]?.unconfirmed).toEqual({ label: secret });
});

describe("an unconfirmed write remembers what it was to replace", () => {
  const label = "GENERAL RUN_TIME";
  const lose = (entry: Parameters<typeof own>[0][string], live = [see("A")]) => {
    const ledger = own({ A: entry });
    const desired = [want("A", "f2", label)];
    const plan = buildPlan({ desired, ledger, live, adopt: false });
    const after = commitLedger({ plan, ledger, desired: nothing, live: undefined, prior: () => undefined });
    return after["app"]?.["A"]?.unconfirmed;
  };

  test("if that was ours", () => {
    expect(lose({})).toEqual({ label, was: token });
  });

  test("even if it was an unconfirmed write, whether or not it arrived", () => {
    const unconfirmed = { label: secret, was: `${secret} #m0` };
    expect(lose({ unconfirmed })).toEqual({ label, was: token });
    expect(lose({ unconfirmed }, [see("A", "m0")])).toEqual({ label, was: `${secret} #m0` });
  });

  test("but not if somebody has changed it since: ours is the earlier one", () => {
    expect(lose({}, [see("A", "theirs")])).toEqual({ label, was: token });
    const unconfirmed = { label: "GENERAL BUILD_TIME", was: token };
    expect(lose({ unconfirmed }, [see("A", "theirs")])).toEqual({ label, was: token });
    expect(lose({ unconfirmed }, [])).toEqual({ label, was: token });
  });

  test("and what was there before an adoption that never arrived stays somebody else's", () => {
    expect(lose({ unconfirmed: { label: secret, found: token } })).toEqual({ label, found: token });
  });
});

describe("names that change as a whole", () => {
  const codes = (keySchema: string) =>
    decide({
      desired: wish(want("NEW_A"), want("NEW_B")),
      ledger: own({ OLD_A: {}, OLD_B: {}, STRAY: {} }),
      live: [],
      slots: ["app"],
      claims: [],
      keyGrammar: anyKey,
      notLive: undefined,
      rules: { ...defaultRules, keySchema, namedBefore: { keySchema: "OLD_{{secretKey}}", environment: "prod" } },
    }).problems.map(({ code }) => code);

  test("are not keys that left the source", () => {
    expect(codes("NEW_{{secretKey}}")).toEqual([]);
  });

  test("have not left if the old schema cannot have made them, and they are wanted as they are", () => {
    const { problems } = decide({
      desired: wish(want("NEW_A"), want("NEW_B")),
      ledger: own({ NEW_A: {}, NEW_B: {} }),
      live: [see("NEW_A"), see("NEW_B")],
      slots: ["app"],
      claims: [],
      keyGrammar: anyKey,
      notLive: undefined,
      rules: {
        ...defaultRules,
        keySchema: "NEW_{{secretKey}}",
        namedBefore: { keySchema: "OLD_{{secretKey}}", environment: "prod" },
      },
    });
    expect(problems).toEqual([]);
  });

  test("have not left after the write, when they have their new names, and the old schema could have made those", () => {
    const { problems } = decide({
      desired: wish(want("NEW_A"), want("NEW_B")),
      ledger: own({ NEW_A: {}, NEW_B: {} }),
      live: [see("NEW_A"), see("NEW_B")],
      slots: ["app"],
      claims: [],
      keyGrammar: anyKey,
      notLive: undefined,
      rules: {
        ...defaultRules,
        keySchema: "NEW_{{secretKey}}",
        namedBefore: { keySchema: undefined, environment: "prod" },
      },
    });
    expect(problems).toEqual([]);
  });

  test("are such keys if the new name is not wanted either", () => {
    expect(codes("OTHER_{{secretKey}}")).toEqual(["deletion.limit"]);
  });
});

describe("the ledger after a write that ended half-way", () => {
  const plan: Plan = [
    { ...at("DONE"), action: "create", label: secret },
    { ...at("DOUBTFUL"), action: "create", label: secret },
    { ...at("DOUBTFUL_LEFT"), action: "delete", because: "left" },
    { ...at("HELD"), action: "unchanged" },
    { ...at("LOST"), action: "unchanged" },
    { ...at("UNSENT"), action: "delete", because: "left" },
    { ...at("UNSENT_EDIT"), action: "update", label: secret, because: ["value"], expected: token, found: token },
    { ...at("UNSENT_NEW"), action: "create", label: secret },
    { ...at("UNSENT_TAKEN"), action: "adopt", label: secret, found: token },
  ].map((change) => ({ drift: false, ...change })) as Plan;
  const outcomes: Readonly<Record<string, EditOutcome>> = {
    UNSENT: "not-sent",
    UNSENT_EDIT: "not-sent",
    UNSENT_NEW: "not-sent",
    UNSENT_TAKEN: "not-sent",
    DOUBTFUL: "unknown",
    DOUBTFUL_LEFT: "unknown",
  };
  const commit = () =>
    commitLedger({
      plan,
      ledger: own({ HELD: {}, LOST: {}, UNSENT: {}, UNSENT_EDIT: {}, DOUBTFUL_LEFT: {} }),
      desired: nothing,
      live: [see("DONE", "m9"), see("HELD", "m9"), see("DOUBTFUL", "m9")],
      recognised: [see("HELD"), see("LOST")],
      outcome: ({ key }) => outcomes[key] ?? "done",
      prior: () => undefined,
    });

  test("holds what arrived, what may have arrived, and what was not sent as it was", () => {
    const ledger = commit();
    expect(Object.keys(ledger["app"] ?? {})).toEqual([
      "DONE",
      "DOUBTFUL",
      "DOUBTFUL_LEFT",
      "HELD",
      "LOST",
      "UNSENT",
      "UNSENT_EDIT",
    ]);
    expect(ledger["app"]?.["DOUBTFUL"]).toEqual({ fingerprint: "", unconfirmed: { label: secret } });
    expect(ledger["app"]?.["DOUBTFUL_LEFT"]?.revision).toBe(token);
    expect(ledger["app"]?.["DONE"]?.revision).toBe(`${secret} #m9`);
    for (const name of ["UNSENT", "UNSENT_EDIT"])
      expect(ledger["app"]?.[name]).toEqual(own({ [name]: {} })["app"]?.[name]);
  });

  test("follows the revision of an entry that our own write next to it has moved", () => {
    const ledger = commit();
    expect(ledger["app"]?.["HELD"]?.revision).toBe(`${secret} #m9`);
    expect(ledger["app"]?.["LOST"]?.revision).toBe(token);
  });

  test.each<[UpdateReason, string]>([
    ["drift", token],
    ["value", `${secret} #m9`],
  ])(
    "recognises what a refused repair left, although our own write next to it moved the revision (%s)",
    (because, left) => {
      const ledger = commitLedger({
        plan: [{ ...at("A"), action: "update", label: secret, because: [because], expected: token, found: token }],
        ledger: own({ A: {} }),
        desired: nothing,
        live: [see("A", "m9")],
        recognised: [see("A")],
        outcome: () => "not-sent",
        prior: () => undefined,
      });
      expect(ledger["app"]?.["A"]?.revision).toBe(left);
    },
  );
});

test("a look writes down how entries look now that are certainly ours, and leaves what differs to the next plan", () => {
  const unconfirmed = { label: secret };
  const ledger = own({ MOVED: {}, THEIRS: {}, GONE: {}, UNSEEN: { unconfirmed }, UNKNOWN: { unconfirmed } });
  const live = ["MOVED", "THEIRS", "UNSEEN", "UNKNOWN"].map((name) => see(name, "m9"));
  const recognised = [see("MOVED"), see("THEIRS", "m8"), see("GONE"), see("UNSEEN", "m9")];
  expect(renewRevisions(ledger, { live, recognised })).toStrictEqual(
    own({
      MOVED: { revision: `${secret} #m9` },
      THEIRS: {},
      GONE: {},
      UNSEEN: { unconfirmed },
      UNKNOWN: { unconfirmed },
    }),
  );
});

describe("a key that is taken over from another sync of the stack", () => {
  const plan: Plan = [{ ...at("A"), action: "adopt", label: secret, found: token }];
  const take = (former: Parameters<typeof own>[0][string], live = [see("A", "m9")]) =>
    commitLedger({
      plan,
      ledger: {},
      desired: nothing,
      live,
      prior: () => ({ value: "of the other sync" }),
      inherited: () => own({ A: former })["app"]?.["A"],
    })["app"]?.["A"];

  test("keeps what the other one had found there, and nothing of the other one's own", () => {
    expect(take({ prior: { value: "theirs" } })).toMatchObject({ prior: { value: "theirs" } });
    expect(take({})).not.toHaveProperty("prior");
  });

  test("is ours even if the write that takes it over is lost", () => {
    const lost = commitLedger({
      plan,
      ledger: {},
      desired: nothing,
      live: undefined,
      prior: () => "prior",
      inherited: () => own({ A: {} })["app"]?.["A"],
    });
    expect(lost["app"]?.["A"]).toEqual({ fingerprint: "", unconfirmed: { label: secret, was: token } });
  });
});
