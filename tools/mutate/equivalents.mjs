// Equivalents: mutants that change nothing that anybody can see, each with its reason. A survivor that is not here is a missing test.

import { coreEquivalents } from "./core-equivalents.mjs";
import { within } from "./equivalent.mjs";
import { reconcilerEquivalents } from "./reconciler-equivalents.mjs";
import { sourceEquivalents } from "./source-equivalents.mjs";

/** @typedef {import("./equivalent.mjs").Equivalent} Equivalent */

const listGrams =
  "const grams = createGrams(); for (const { bytes, isPacked } of listLayers(readText(text), false)) " +
  "addRuns(isPacked ? grams.packed : grams.plain, bytes); return grams;";

/** @type {readonly Equivalent[]} */
const equivalents = [
  ...coreEquivalents,
  ...reconcilerEquivalents,
  ...sourceEquivalents,
  ...within("provider/commands/carried.ts", "asked for the type: what is no time is before no other", [
    ['if (syncStatus !== "written-not-live"', "storedAt === undefined", "false"],
    ["Date.parse(other.lastSyncedAt", '""', '"Stryker was here!"'],
  ]),
  ...within("provider/commands/init/draft.ts", "asked for the type: a group has at least one member", [
    ["const usual =", "groups[0]?.[0]?.settings", "groups[0]?.[0].settings"],
  ]),
  ...within("provider/commands/init/dotenv-text.ts", "a shortcut: no other text leaves out less than nothing", [
    ["if (common.left.length === 0)", "common.left.length === 0", "false"],
  ]),
  ...within(
    "provider/commands/plan/comment.ts",
    "how long a section gets is an estimate, to which one character is nothing",
    [["sizes.findIndex((size)", "(used += size) > room", "(used += size) >= room"]],
  ),
  ...within(
    "provider/commands/pulumi/process.ts",
    "seen on Windows alone, where it keeps a console window from opening",
    [["windowsHide: true", "true", "false"]],
  ),
  ...within("provider/errors.ts", "no two members of a map have one name", [[".sort(([a], [b])", "a < b", "a <= b"]]),
  ...within("provider/http/client.ts", "a member that is undefined reads like none", [
    ["requestId === undefined ?", "requestId === undefined", "false"],
  ]),
  ...within("provider/http/exchange.ts", "a promise is settled once, whoever asks", [
    ["if (settled) return;", "settled", "false"],
  ]),
  ...within("provider/http/exchange.ts", "nobody is told the words with which a request is given up", [
    ["abort(", '"given up"', '""'],
  ]),
  ...within("provider/http/failure.ts", "silence has no status, and nothing is at least 300 then", [
    ["const foreign =", 'outcome.kind !== "silence"', "true"],
    ["const foreign =", '"silence"', '""'],
  ]),
  ...["base-url", "netlify", "sync-options"].flatMap((name) =>
    within(`schema/${name}.ts`, "people are told the message of an issue, and not its code", [
      ["addIssue", '"custom"', '""'],
    ]),
  ),
  ...within("provider/http/failure.ts", "a success is rejected by nobody, so where it leads is told nowhere", [
    ["outcome.status < 300", "outcome.status < 300", "false"],
  ]),
  ...within("provider/destinations/netlify/live/lists.ts", "any text that is no id tells a team from its sites", [
    ["const name =", '""', '"Stryker was here!"'],
  ]),
  ...within("schema/loopback.ts", "in a host name of a URL brackets stand only around all of it", [
    ["const name =", String.raw`/^\[(.*)\]$/`, String.raw`/\[(.*)\]$/`],
    ["const name =", String.raw`/^\[(.*)\]$/`, String.raw`/^\[(.*)\]/`],
  ]),
  ...within("schema/loopback.ts", "a host name of a URL that ends in a number is an address, with nothing before it", [
    ["return name ===", String.raw`/^127(?:\.\d{1,3}){3}$/`, String.raw`/127(?:\.\d{1,3}){3}$/`],
  ]),
  ...within(
    "provider/destinations/digitalocean/deployments/deployment-failure.ts",
    "a bound, to which one level of fifty is nothing",
    [["if (node.depth < deepest)", "node.depth < deepest", "node.depth <= deepest"]],
  ),
  ...within(
    "provider/destinations/digitalocean/refusal.ts",
    "asked for the type: what has no message has no words either",
    [["listNamed(vendorMessage ??", '""', '"Stryker was here!"']],
  ),
  ...within("provider/destinations/digitalocean/api.ts", "only a call that is sent once is told apart from others", [
    ['repeat: "safe"', '"safe"', '""'],
  ]),
  ...within(
    "provider/destinations/digitalocean/write/comparison.ts",
    "any order of variables will do: both specs get the same",
    [
      ["return a === b ?", "a === b", "false"],
      ["return a === b ?", "a < b", "a <= b"],
      ["return a === b ?", "a < b", "a >= b"],
    ],
  ),
  ...within("provider/destinations/digitalocean/write/comparison.ts", "the same list in both specs is no difference", [
    ["const rest =", "[]", '["Stryker was here"]'],
  ]),
  ...within(
    "provider/destinations/digitalocean/live/finder.ts",
    "a list that does not hold the name is asked for again anyway",
    [["return reader.byName(name", "{ notBefore: clock.now() }", "{}"]],
  ),
  ...within("provider/destinations/digitalocean/live/finder.ts", "an id is longer than any name, so none is near", [
    ["const meant =", "isId(wanted)", "false"],
  ]),
  ...within("provider/lifecycle/check.ts", "whatever is neither checked nor coming is waited for by nobody", [
    ['arrive(urn, { stage: "resting" })', '"resting"', '""'],
  ]),
  ...within("provider/lifecycle/diff.ts", "its inputs are repeated, so the engine finds no difference by itself", [
    ["if (memory.isFrozen(urn))", "{ changes: false }", "{}"],
  ]),
  ...within(
    "provider/lifecycle/arguments/known-fields.ts",
    "asked for the type: each member of such a union names its kind",
    [
      ["return members.filter(", "shape?.[discriminator]?._zod.values?.has", "shape?.[discriminator]?._zod.values.has"],
      ["return members.filter(", "shape?.[discriminator]?._zod", "shape?.[discriminator]._zod"],
      ["return members.filter(", "shape?.[discriminator]", "shape[discriminator]"],
    ],
  ),
  ...within(
    "provider/lifecycle/replacement/predecessor.ts",
    "a text has neither inputs nor outputs, and counts for nothing",
    [["keepRecorded(urn, { pending: []", "[]", '["Stryker was here"]']],
  ),
  ...within("provider/masking/ciphertext.ts", "an end stands behind a beginning, and so never at 0", [
    ["if (end < 0)", "end < 0", "end <= 0"],
  ]),
  ...within(
    "provider/masking/escapes.ts",
    "a shortcut: what changes nothing is read once more, and rounds are counted",
    [
      ["if (!kinds.some(", "!kinds.some((kind) => bytes.includes(kind))", "false"],
      ["return decoded.bytes.length <", "decoded.bytes.length < bytes.length", "true"],
      ["return decoded.bytes.length <", "decoded.bytes.length < bytes.length", "decoded.bytes.length <= bytes.length"],
      ["return escapeKinds.filter(", "escapeKinds.filter((kind) => bytes.includes(kind))", "escapeKinds"],
    ],
  ),
  ...within("provider/masking/escapes.ts", "asked for the type: what is no number is a name", [
    ['name = ""', '""', '"Stryker was here!"'],
  ]),
  ...within("provider/masking/gram-set.ts", "a free place is one as well when it is looked for backwards", [
    ["while (lows[at] !== 0", "at + 1", "at - 1"],
  ]),
  ...within("provider/masking/gram-set.ts", "only how much of the table is free: time and memory", [
    ["if (lows[at] !== 0) return;", "lows[at] !== 0", "false"],
    ["if (2 * count > lows.length)", "2 * count > lows.length", "2 * count >= lows.length"],
  ]),
  ...within(
    "provider/masking/grams.ts",
    "what no layer of the text holds is left out to save memory, and never found",
    [["if (within === undefined ||", "within === undefined || within.has(high, low)", "true"]],
  ),
  ...within("provider/masking/known-values.ts", "asked for the type: in a set without a length nothing is found", [
    ["if (length === undefined)", "length === undefined", "false"],
  ]),
  ...within("provider/masking/mask.ts", "a shortcut: without values nothing is found", [
    ["if (total === 0)", "total === 0", "false"],
  ]),
  ...within(
    "provider/masking/mask.ts",
    "only memory: runs that no layer of the text holds are left out, or kept and never found",
    [
      ["function listGrams(", `{${listGrams}}`, "{}"],
      ["const known =", "!isLong && total > text.length", "true"],
      ["const known =", "!isLong && total > text.length", "false"],
      ["const known =", "!isLong && total > text.length", "!isLong || total > text.length"],
      ["const known =", "!isLong", "isLong"],
      ["const known =", "total > text.length", "true"],
      ["const known =", "total > text.length", "total >= text.length"],
      ["const known =", "total > text.length", "total <= text.length"],
    ],
  ),
  ...within("provider/masking/mask.ts", "behind the end of the text stands only what the piece before it ends with", [
    ["for (let start = 0;", "start < text.length", "start <= text.length"],
  ]),
  ...within("provider/masking/mask.ts", "one kind by itself is what all kinds at once are", [
    ["if (listKinds(layer)", "listKinds(layer).length > 1", "true"],
    ["if (listKinds(layer)", "listKinds(layer).length > 1", "listKinds(layer).length >= 1"],
  ]),
  ...within("provider/masking/packings.ts", "a shortcut: without words the layers hold nothing", [
    ["return words.length === 0", "words.length === 0", "false"],
  ]),
  ...within("provider/masking/packings.ts", "behind the last byte no word begins", [
    ["for (let at = 0; at < bytes.length", "at < bytes.length", "at <= bytes.length"],
  ]),
  ...within("provider/masking/packings.ts", "a shortcut: shorter words hold fewer than four bytes, and no value", [
    ["if (at - start >= least)", "at - start >= least", "true"],
    ["if (at - start >= least)", "at - start", "at + start"],
  ]),
  ...within(
    "provider/masking/packings.ts",
    "behind the last letter only ones are read: one byte more that keeps apart",
    [["for (let at = start; at < end", "at < end", "at <= end"]],
  ),
  ...within("provider/destinations/digitalocean/live/finder.ts", "asked for the type: an id or a name is given", [
    ["const { appName =", '""', '"Stryker was here!"'],
    ["const wanted =", '""', '"Stryker was here!"'],
  ]),
  ...within("provider/destinations/digitalocean/bindables.ts", "asked for the type: what matches has that part", [
    ["const asked =", '""', '"Stryker was here!"'],
  ]),
  ...within(
    "provider/destinations/digitalocean/deployments/liveness.ts",
    "a shortcut: a spec does not differ from itself",
    [
      ["if (active.spec === stored)", "active.spec === stored", "false"],
      ["if (!active?.spec ||", "active.spec === stored", "false"],
    ],
  ),
  ...within("provider/destinations/digitalocean/wire.ts", "people are told where an issue is, and no more of it", [
    ["context.addIssue", '"custom"', '""'],
    ["context.addIssue", '"is of another kind"', '""'],
  ]),
  ...within("provider/destinations/digitalocean/wire.ts", "kept once to save memory: an equal copy says the same", [
    [
      "one.active_deployment &&",
      "one.active_deployment && isDeepStrictEqual(one.active_deployment.spec, one.spec)",
      "false",
    ],
  ]),
  ...within("provider/destinations/netlify/rules/functions-limit.ts", "asked for the type: no variable has no value", [
    ["if (variable === undefined ||", "variable === undefined", "false"],
  ]),
  ...within("provider/destinations/netlify/api/pages.ts", "its first member, the whole match, is read by nobody", [
    ["exec(parameters) ??", "[]", '["Stryker was here"]'],
  ]),
  ...within("provider/destinations/netlify/refusal.ts", "neither text speaks of scopes", [
    ["/scope/i.test(error.vendorMessage", '""', '"Stryker was here!"'],
  ]),
  ...within("provider/destinations/netlify/refusal.ts", "any other error has no status; the line is for the type", [
    ["if (!isHttpError(error))", "!isHttpError(error)", "false"],
  ]),
  ...within("provider/destinations/netlify/variables.ts", "all of them are sets; asked for the type", [
    ["const isBack =", 'wish.kind === "set"', "true"],
  ]),
  ...within("provider/destinations/netlify/target.ts", "a member that is undefined reads like none", [
    ["return { type, siteId: targetId", "build === undefined", "false"],
  ]),
  ...within("provider/destinations/netlify/ways.ts", "nothing is called for a variable that is not there, either way", [
    ["if (first === undefined)", "live === undefined", "false"],
  ]),
  ...within("provider/destinations/netlify/target.ts", 'of a policy only "restore" is ever asked for', [
    ['onFailure: "report"', '"report"', '""'],
  ]),
];

/**
 * @param {{ file: string, text: string, was: string, now: string }} mutant
 * @returns {Equivalent | undefined}
 */
export function findEquivalent({ file, text, was, now }) {
  return equivalents.find(
    (one) =>
      one.file === file &&
      bare(text).includes(bare(one.line)) &&
      bare(one.was) === bare(was) &&
      bare(one.now) === bare(now),
  );
}

/** @param {string} text */
function bare(text) {
  return text.replaceAll(/\s+/g, "");
}
