// An entry that holds at other slots too: when a sync may take it over for a place where nothing of the key stands.

import { describe, expect, test } from "vitest";
import { decide, type DecisionRequest, type Rules } from "../../provider/core/decision.js";
import { listEdits } from "../../provider/core/edits.js";
import { formatLine, renderPlan } from "../../provider/core/render.js";
import { redact } from "../../provider/redacted.js";
import { anyKey, at, defaultRules, own, secret, see, want, wish } from "./entries.js";

function planOf({ rules, ...given }: Partial<Omit<DecisionRequest, "rules">> & { rules?: Partial<Rules> }) {
  const { plan } = decide({
    desired: wish(want("web/KEY")),
    ledger: {},
    live: [see("all/KEY")],
    slots: ["web"],
    coveringSlot: "all",
    claims: [],
    keyGrammar: anyKey,
    notLive: undefined,
    ...given,
    rules: { ...defaultRules, adopt: ["KEY"], ...rules },
  });
  return plan.filter(({ action }) => action !== "foreign");
}

const adopted = { ...at("web/KEY"), action: "adopt", label: secret, found: `${secret} #m1`, over: "all" };
const created = { ...at("web/KEY"), action: "create", label: secret, drift: false };

describe("a foreign entry that holds at the place of a key", () => {
  test("is taken over where the key may be adopted", () => {
    expect(planOf({})).toEqual([adopted]);
    expect(planOf({ rules: { adopt: [], overwrite: true } })).toEqual([adopted]);
    expect(renderPlan(planOf({})).map(formatLine)).toEqual([
      "> web/KEY: will be adopted from all, value cannot be compared and will be replaced by the one of the source",
    ]);
  });

  test("is written at the place also where its value is the one that is wanted", () => {
    expect(planOf({ compare: () => true })).toStrictEqual([{ ...adopted, keepsValue: true }]);
  });

  test("is told with its author", () => {
    const live = [{ ...see("all/KEY"), by: "Jane" }];
    expect(planOf({ live })).toEqual([{ ...adopted, by: "Jane" }]);
  });

  test("is taken over again where it stands instead of ours", () => {
    expect(planOf({ ledger: own({ "web/KEY": {} }) })).toEqual([{ ...created, drift: true, over: "all" }]);
  });

  test.each<[string, Parameters<typeof planOf>[0]]>([
    ["the key may not be adopted", { rules: { adopt: ["OTHER"] } }],
    ["the destination has no such slot", { coveringSlot: undefined }],
    ["it is of another key", { live: [see("all/OTHER")] }],
    ["it stands at another slot", { live: [see("api/KEY")] }],
    ["another sync of the program wants it", { claims: [{ owner: "sibling", places: [at("all/KEY")] }] }],
  ])("is none where %s", (_, given) => {
    expect(planOf(given)).toEqual([created]);
  });

  test("is none where it is ours, or wanted as well", () => {
    const left = { ...at("all/KEY"), action: "delete", because: "left", elsewhere: true };
    expect(planOf({ ledger: own({ "all/KEY": {} }) })).toEqual([left, created]);
    expect(planOf({ desired: wish(want("web/KEY"), want("all/KEY")) })).toContainEqual(created);
  });

  test("is none beside an entry of the place itself", () => {
    const live = [see("all/KEY"), see("web/KEY")];
    expect(planOf({ live })).toEqual([{ ...adopted, over: undefined }]);
  });
});

test("the edit of a takeover says from where, and that of any other entry does not", () => {
  const desired = { ...wish(want("web/KEY")), values: new Map([["KEY", redact("v")]]) };
  const edits = (plan: ReturnType<typeof planOf>) =>
    listEdits(plan, { desired, ledger: {}, place: () => [{ slot: "web", label: secret, attributes: {} }] });
  expect(edits(planOf({}))).toMatchObject([{ action: "set", over: "all" }]);
  expect(edits(planOf({ live: [] })).map((edit) => "over" in edit)).toEqual([false]);
});

describe("an entry of ours that leaves, beside one of its key that another sync wants and that is not there", () => {
  const leavingAt = (name: string, given: Parameters<typeof planOf>[0] = {}) =>
    planOf({ desired: wish(), ledger: own({ [name]: {} }), live: [see(name)], ...given });
  const claims = (...places: string[]) => [{ owner: "sibling", places: places.map(at) }];
  const kept = { action: "retain", claimedBy: "sibling" };

  test.each([
    ["all/KEY", "web/KEY"],
    ["web/KEY", "all/KEY"],
  ])("stays at %s while %s is wanted", (name, wanted) => {
    expect(leavingAt(name, { claims: claims(wanted) })).toEqual([{ ...at(name), ...kept }]);
  });

  test.each<[string, Parameters<typeof planOf>[0]]>([
    ["that one is there already", { claims: claims("web/KEY"), live: [see("all/KEY"), see("web/KEY")] }],
    ["it is of another key", { claims: claims("web/OTHER") }],
    ["neither covers the other", { claims: claims("web/KEY"), coveringSlot: undefined }],
    ["this sync wants the key there, too", { claims: claims("api/KEY"), desired: wish(want("web/KEY")) }],
  ])("goes where %s", (_, given) => {
    expect(leavingAt("all/KEY", given)).toContainEqual(expect.objectContaining({ ...at("all/KEY"), action: "delete" }));
  });

  test("goes where both are for single slots", () => {
    expect(leavingAt("web/KEY", { claims: claims("api/KEY") })).toMatchObject([{ action: "delete" }]);
  });

  test("does not count as one that leaves", () => {
    const ledger = own({ "all/KEY": {}, "all/OTHER": {}, "all/THIRD": {} });
    const live = ["all/KEY", "all/OTHER", "all/THIRD"].map((name) => see(name));
    const given = {
      desired: wish(want("all/THIRD")),
      ledger,
      live,
      slots: ["all"],
      coveringSlot: "all",
      keyGrammar: anyKey,
    };
    const codes = (wanted: string) =>
      decide({ ...given, claims: claims(wanted), notLive: undefined, rules: defaultRules }).problems.map(
        ({ code }) => code,
      );
    expect([codes("web/KEY"), codes("web/ELSE")]).toEqual([[], ["deletion.limit"]]);
  });
});
