// Laws of the translation from edits to calls, for variables and edits of any shape.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Edit } from "../../provider/core/entry.js";
import { placeName } from "../../provider/core/entry.js";
import { formatLabel, type Shape } from "../../provider/destinations/netlify/contexts.js";
import { fingerprintValue } from "../../provider/destinations/netlify/live/masked-values.js";
import { readEntries, rememberValue, toCalls } from "../../provider/destinations/netlify/variables.js";
import { orderScopes, type Variable, variableAnswer } from "../../provider/destinations/netlify/wire.js";
import { redact } from "../../provider/redacted.js";
import { MASK } from "../emulators/netlify/index.js";

const keys = ["A", "B", "C"];
const contexts = ["production", "deploy-preview", "branch-deploy", "dev"];
const shapes: Shape[] = [
  { isSecret: true, scopes: ["builds", "functions", "runtime"] },
  { isSecret: false, scopes: ["builds", "functions", "runtime", "post_processing"] },
  { isSecret: false, scopes: ["builds"] },
];

const live = (key: string): fc.Arbitrary<Variable> =>
  fc
    .record({
      shape: fc.constantFrom(...shapes),
      slots: fc.oneof(fc.constant<string[]>(["all"]), fc.subarray([...contexts, "branch:x"], { minLength: 1 })),
    })
    .map(({ shape, slots }) =>
      variableAnswer.parse({
        key,
        is_secret: shape.isSecret,
        scopes: shape.scopes,
        updated_at: "2026-01-01T00:00:00.000Z",
        updated_by: { id: "u", full_name: "Jane Doe" },
        values: (shape.isSecret ? slots.filter((slot) => slot !== "all") : slots).map((slot, index) => ({
          id: `${key}-${index}`,
          value: shape.isSecret && slot !== "dev" ? MASK : `live ${key} ${slot}`,
          ...(slot.startsWith("branch:") ? { context: "branch", context_parameter: slot.slice(7) } : { context: slot }),
        })),
      }),
    );

const variables = fc
  .subarray(keys)
  .chain((chosen) => fc.tuple(...chosen.map(live)))
  .map((list): Variable[] => [...list]);

const edits = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom(...keys),
      slot: fc.constantFrom("all", ...contexts),
      action: fc.constantFrom("set" as const, "remove" as const),
      shape: fc.constantFrom(...shapes),
    }),
    { selector: placeName, maxLength: 8 },
  )
  .map((list) =>
    list.map(({ key, slot, action, shape }): Edit => {
      if (action === "remove") return { action, key, slot };
      return { action, key, slot, value: redact(`new ${key} ${slot}`), attributes: shape, label: formatLabel(shape) };
    }),
  );

describe("for every live state and every set of edits", () => {
  test("calls touch the places of edits and no others", () => {
    fc.assert(
      fc.property(variables, edits, (before, wanted) => {
        const program = toCalls(before, wanted);
        const named = new Set(wanted.map(placeName));
        const touched = [...program.creates, ...program.chains.flat()].flatMap(({ places }) => places);
        expect([...touched, ...program.idle].every((place) => named.has(placeName(place)))).toBe(true);
        const ids = new Map(
          before.flatMap((one) => one.values.map((value) => [value.id, placeName({ ...value, key: one.key })])),
        );
        const deleted = program.chains.flat().flatMap((call) => (call.kind === "unset" ? [ids.get(call.id)] : []));
        expect(deleted.every((name) => name !== undefined && named.has(name))).toBe(true);
      }),
    );
  });

  test("a whole variable is written only when every value that it has is named", () => {
    fc.assert(
      fc.property(variables, edits, (before, wanted) => {
        const named = new Set(wanted.map(placeName));
        const whole = toCalls(before, wanted)
          .chains.flat()
          .filter((call) => call.kind === "replace" || call.kind === "recreate");
        const values = whole
          .flatMap(({ key }) => before.filter((one) => one.key === key))
          .flatMap((one) => one.values.map(({ slot }) => ({ slot, key: one.key })));
        expect(values.every((place) => named.has(placeName(place)))).toBe(true);
      }),
    );
  });

  test("no mask is ever sent, not even for giving back what was adopted", () => {
    fc.assert(
      fc.property(variables, edits, (before, wanted) => {
        const restores = before.flatMap((one) =>
          one.values.map(({ slot }): Edit => {
            const place = { slot, key: one.key };
            return { action: "restore", ...place, prior: rememberValue(before, place) };
          }),
        );
        for (const list of [wanted, restores]) expect(JSON.stringify(toCalls(before, list))).not.toContain(MASK);
      }),
    );
  });

  test("every edit is sent, is idle, or is told as a problem", () => {
    fc.assert(
      fc.property(variables, edits, (before, wanted) => {
        const { creates, chains, idle, problems } = toCalls(before, wanted);
        const handled = new Set(
          [...creates, ...chains.flat()]
            .flatMap(({ places }) => places)
            .concat(idle)
            .map(placeName),
        );
        for (const edit of wanted) {
          const told = problems.some(({ message }) => message.startsWith(`${edit.key} `));
          expect(handled.has(placeName(edit)) || told).toBe(true);
        }
      }),
    );
  });

  test("entries hold no value, and fingerprints differ by salt", () => {
    fc.assert(
      fc.property(variables, (before) => {
        const reading = { salt: "s", ledger: undefined, written: new Set<string>(), ourselves: undefined };
        const text = JSON.stringify(readEntries(before, reading));
        for (const variable of before) {
          for (const value of variable.values) {
            expect(text).not.toContain(value.value);
            expect(fingerprintValue("s", variable, value)).not.toBe(fingerprintValue("t", variable, value));
          }
        }
      }),
    );
  });
});

test.each([
  [
    ["builds", "post-processing"],
    ["builds", "post_processing"],
  ],
  [
    ["Post Processing", "runtime", "functions"],
    ["functions", "runtime", "post_processing"],
  ],
  [
    ["builds", "edge", "builds"],
    ["builds", "edge"],
  ],
])("scopes %j are read as %j", (given, read) => {
  expect(orderScopes(given)).toEqual(read);
});

test("an answer without values is not taken for a variable without values", () => {
  expect(variableAnswer.safeParse({ key: "A" }).success).toBe(false);
  expect(variableAnswer.safeParse({ key: "A", values: null }).success).toBe(false);
});

test("names of people are shown without anything that a terminal would obey", () => {
  const variable = variableAnswer.parse({
    key: "A",
    values: [{ id: "1", context: "dev", value: "x" }],
    updated_at: "2026-01-01T00:00:00Z",
    updated_by: { full_name: "Eve\u001b[31m\n\u202e Ünal" },
  });
  const [entry] = readEntries([variable], { salt: "s", ledger: undefined, written: new Set(), ourselves: undefined });
  expect(entry?.by).toBe("Eve[31m Ünal, 1 Jan 00:00 UTC");
});
