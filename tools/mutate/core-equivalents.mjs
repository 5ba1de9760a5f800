// Equivalents in what decides, each with its reason.

import { within } from "./equivalent.mjs";

/** @type {ReadonlyArray<import("./equivalent.mjs").Equivalent>} */
export const coreEquivalents = [
  ...within("provider/core/claims.ts", "a shortcut: without claims nothing is filtered and nothing is found", [
    ["if (claims.length === 0)", "claims.length === 0", "false"],
  ]),
  ...within("provider/core/commitment.ts", "an outcome is only ever compared with the two others", [
    ["const { ledger, live, outcome", '() => "done" as const', "() => undefined"],
  ]),
  ...within("provider/core/commitment.ts", "a text is no entry: its place is one that nobody asks for", [
    ["(live ?? []).map", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/core/decision.ts", "no entry stands at the slot undefined, so the map is empty", [
    ["if (coveringSlot === undefined)", "coveringSlot === undefined", "false"],
  ]),
  ...within("provider/core/edits.ts", "a shortcut: the index gives the same for keys that stand once", [
    ["const isTwice = live.some(", "nth !== undefined", "true"],
  ]),
  ...within("provider/core/edits.ts", "a restore is planned for an entry of the ledger only; the type cannot say so", [
    ['action: "restore"', "ledgerAt(ledger, change)?.prior", "ledgerAt(ledger, change).prior"],
  ]),
  ...within("provider/core/edits.ts", "a change that takes over another entry says which; the type cannot say so", [
    ["const over =", '"over" in change && change.over !== undefined', '"over" in change || change.over !== undefined'],
    ["const over =", "change.over !== undefined", "true"],
  ]),
  ...within("provider/core/entry.ts", "what is equal was asked before", [
    ["if (a.slot !== b.slot)", "a.slot < b.slot", "a.slot <= b.slot"],
    ["return a.key < b.key", "a.key < b.key", "a.key <= b.key"],
  ]),
  ...within("provider/core/filter.ts", "only whether it is true counts", [
    ["const excluded =", "() => false", "() => undefined"],
  ]),
  ...within("provider/core/fingerprint.ts", "a text that was split has a first part", [
    ["readKeys(salt)[0]", '""', '"Stryker was here!"'],
    ["...inner] = readKeys(salt)", '""', '"Stryker was here!"'],
  ]),
  ...within("provider/core/fingerprint.ts", "no two members have one name", [[".sort(([a], [b])", "a < b", "a <= b"]]),
  ...within("provider/core/imports.ts", "asked for the type: what was found before is there", [
    ["const given =", "request.sources[at]?.get", "request.sources[at].get"],
    ["if (first === undefined", "first === undefined", "false"],
    ["revealed.some((value)", "value?.reveal", "value.reveal"],
    ["return names(a) === names(b)", "b.values.get(key)?.reveal", "b.values.get(key).reveal"],
  ]),
  ...within("provider/core/imports.ts", "no key holds a space, so two of them never read as others without a break", [
    ["const names =", '"\\n"', '""'],
  ]),
  ...within("provider/core/moves.ts", "a shortcut: without steps the same ledger is put together again", [
    ["if (steps.size === 0)", "steps.size === 0", "false"],
  ]),
  ...within("provider/core/moves.ts", "a text without a number sign has no fingerprint either", [
    ["readFingerprint(from.entry.revision", '""', '"Stryker was here!"'],
  ]),
  ...within("provider/core/moves.ts", "a ciphertext of ours is found by the rule for ciphertexts, which comes first", [
    ["to.sealed !== true", "to.sealed !== true", "true"],
    ["to.sealed !== true", "true", "false"],
  ]),
  ...within("provider/core/ownership.ts", "a shortcut: nothing is looked for", [
    ["if (gone.length === 0)", "gone.length === 0", "false"],
  ]),
  ...within("provider/core/plan.ts", "asked for the type: what is unchanged stands there", [
    ["const carrier =", "live.get(placeName(change))?.sealed", "live.get(placeName(change)).sealed"],
  ]),
  ...within("provider/core/plan.ts", "asked for the type: no other change has that member", [
    ["change.recordOnly === true", 'change.action === "adopt"', "true"],
    ["change.drift", 'change.action === "create"', "true"],
  ]),
  ...within("provider/core/ownership.ts", "asked for the type: what leaves is in the ledger", [
    ["return owned !== undefined && listOwn(", "owned !== undefined", "true"],
  ]),
  ...within("provider/core/policy.ts", "a shortcut: without claims no change is another sync's", [
    ["if (claims.length === 0)", "claims.length === 0", "false"],
  ]),
  ...within("provider/core/policy.ts", "asked for the type: no other change has that reason", [
    ["const pruned =", 'change.action === "delete"', "true"],
    ['change.because === "gone"', 'change.action === "forget"', "true"],
  ]),
  ...within("provider/core/policy.ts", "no number is at most undefined", [
    ["pruned.length <= limit", "limit !== undefined", "true"],
  ]),
  ...within("provider/core/policy.ts", "no key has that name", [["const held =", "[]", '["Stryker was here"]']]),
  ...within("provider/core/preflight.ts", "no number is greater than undefined", [
    ["const tooLong =", "grammar.maxLength !== undefined", "true"],
  ]),
  ...within("provider/core/preflight.ts", "no key has that name", [
    ["agreed: readonly string[]", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/core/render.ts", "nothing is returned either way", [
    ['case "unchanged":', '"unchanged"', '""'],
    ['case "foreign":', 'case "foreign": return undefined;', 'case "foreign":'],
    ['case "foreign":', '"foreign"', '""'],
  ]),
  ...within("provider/core/render.ts", "asked for the type: no other change has that reason", [
    ['change.because === "taken-over"', 'change.action === "forget"', "true"],
  ]),
];
