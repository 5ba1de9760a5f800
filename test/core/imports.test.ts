// The import of a first run as a table: what a source lacks or should be told, what is left alone, and why.

import { describe, expect, test } from "vitest";
import {
  decideImports,
  explainConflict,
  type ImportRequest,
  renderImports,
  sameImports,
} from "../../provider/core/imports.js";
import { listLines } from "../../provider/core/render.js";
import { redact } from "../../provider/redacted.js";
import { at, see } from "./entries.js";

const canary = "canary-value";

interface Case {
  readonly priority?: "source" | "destination";
  /** Values of each source; the one at `into` is written. */
  readonly sources?: ReadonlyArray<Readonly<Record<string, string>>>;
  readonly into?: number;
  /** `slot/KEY` with its value; null: it cannot be read. */
  readonly live: Readonly<Record<string, string | null>>;
  readonly more?: Partial<ImportRequest>;
  readonly slots?: readonly string[];
}

function decide({ priority = "source", sources = [{}], into = 0, live, more = {}, slots = ["app"] }: Case) {
  return decideImports({
    priority,
    sources: sources.map((values) => new Map(Object.entries(values).map(([key, text]) => [key, redact(text)]))),
    into: { index: into, accepts: () => true },
    live: Object.keys(live).map((name) => see(name)),
    reveal: ({ slot, key }) => {
      const value = live[slot === "app" ? key : `${slot}/${key}`] ?? live[`${slot}/${key}`];
      return value === undefined || value === null ? undefined : redact(value);
    },
    place: () => slots.map((slot) => ({ slot, label: "SECRET RUN_TIME", attributes: {} })),
    keySchema: undefined,
    environment: "prod",
    claims: [],
    ...more,
  });
}

const imported = (one: Case) => decide(one).imports.map(({ key, action }) => `${action} ${key}`);
const left = (one: Case) => decide(one).left.map(({ key, because }) => `${key} ${because}`);

describe("a key that no source gives", () => {
  test.each(["source", "destination"] as const)("is added to the source, with priority of the %s", (priority) => {
    const one = { priority, live: { A: "one" } };
    expect(imported(one)).toEqual(["create A"]);
    expect(decide(one).agreed).toEqual(["A"]);
    expect(decide(one).values.get("A")?.reveal()).toBe("one");
  });

  test("is added although it is a reference of another tool, where the source allows that", () => {
    const into = { index: 0, accepts: () => true, allowReferences: ["A"] };
    expect(imported({ live: { A: "op://vault/item/field" }, more: { into } })).toEqual(["create A"]);
  });

  test.each<[string, Case, string]>([
    ["cannot be read", { live: { A: null } }, "unreadable"],
    ["is empty", { live: { A: "" } }, "empty"],
    ["is a reference of another tool", { live: { A: "op://vault/item/field" } }, "unreadable"],
    ["differs between places", { live: { "web/A": "1", "api/A": "2" }, slots: ["web", "api"] }, "differs"],
    ["cannot be read in one place", { live: { "web/A": "1", "api/A": null }, slots: ["web", "api"] }, "unreadable"],
    ["stands in one place of two", { live: { "web/A": "1" }, slots: ["web", "api"] }, "partial"],
    [
      "is claimed by another sync",
      { live: { A: "1" }, more: { claims: [{ owner: "other", places: [at("A")] }] } },
      "claimed",
    ],
    [
      "is claimed by another sync in one of two places",
      {
        live: { "web/A": "1", "api/A": "1" },
        slots: ["web", "api"],
        more: { claims: [{ owner: "other", places: [at("api/A")] }] },
      },
      "claimed",
    ],
    [
      "is held by another sync from before",
      { live: { A: "1" }, more: { claims: [{ owner: "other", places: [], keys: ["A"] }] } },
      "claimed",
    ],
    [
      "would be dropped again by a filter",
      { live: { A: "1" }, more: { into: { index: 0, accepts: () => false } } },
      "filtered",
    ],
  ])("is left alone when it %s", (_why, one, because) => {
    expect(imported(one)).toEqual([]);
    expect(left(one)).toEqual([`A ${because}`]);
    expect(decide(one).agreed).toEqual([]);
  });

  test("is nobody's concern where the sync does not write, or what the key schema could not have made", () => {
    expect(decide({ live: { "web/A": "1" } })).toMatchObject({ imports: [], left: [] });
    expect(decide({ live: { A: "1" }, more: { keySchema: "APP_{{secretKey}}" } })).toMatchObject({
      imports: [],
      left: [],
    });
  });

  test("loses prefix and suffix on its way into the source", () => {
    const one = decide({ live: { APP_A_prod: "1" }, more: { keySchema: "APP_{{secretKey}}_{{environment}}" } });
    expect(one.imports).toEqual([{ key: "APP_A_prod", sourceKey: "A", action: "create" }]);
    expect([...one.values.keys()]).toEqual(["A"]);
  });
});

describe("a key that a source gives too", () => {
  const sources = [{ A: "source" }];

  test("keeps the source's value with priority of the source, and is taken over", () => {
    for (const live of [{ A: "there" }, { A: null }])
      expect(decide({ sources, live })).toMatchObject({ imports: [], left: [], agreed: ["A"] });
  });

  test("changes the source with priority of the destination", () => {
    const one = { priority: "destination", sources, live: { A: "there" } } as const;
    expect(imported(one)).toEqual(["update A"]);
    expect(decide(one).values.get("A")?.reveal()).toBe("there");
  });

  test("is taken over where both agree already", () => {
    const one = { priority: "destination", sources, live: { A: "source" } } as const;
    expect(decide(one)).toMatchObject({ imports: [], left: [], agreed: ["A"] });
  });

  test("replaces a value that a preview does not know yet", () => {
    const unknown = { into: { index: 0, accepts: () => true }, sources: [new Map([["A", undefined]])] };
    expect(imported({ priority: "destination", live: { A: "there" }, more: unknown })).toEqual(["update A"]);
    expect(decide({ live: { A: "there" }, more: unknown })).toMatchObject({ imports: [], agreed: ["A"] });
  });

  test("stays a conflict where the destination should count and cannot be read", () => {
    const one = { priority: "destination", sources, live: { A: null } } as const;
    expect(decide(one)).toMatchObject({
      imports: [],
      left: [{ key: "A", because: "unreadable", given: true }],
      agreed: [],
    });
  });

  test("is added to the source that is written when an earlier one gives it, and left when a later one does", () => {
    const both = { priority: "destination", live: { A: "there" } } as const;
    expect(imported({ ...both, sources: [{ A: "earlier" }, {}], into: 1 })).toEqual(["create A"]);
    expect(left({ ...both, sources: [{}, { A: "later" }], into: 0 })).toEqual(["A overruled"]);
  });
});

test("what is said of an import holds names and no value", () => {
  const lines = renderImports(
    decide({
      priority: "destination",
      sources: [{ B: "old" }],
      live: { APP_A: canary, APP_B: canary, APP_C: null },
      more: { keySchema: "APP_{{secretKey}}" },
    }),
    { origin: 'file source "secrets.env"' },
  );
  expect(listLines(lines)).toEqual([
    '^ APP_A (as A): will be added to the file source "secrets.env"',
    '^ APP_B (as B): will replace the value in the file source "secrets.env"',
    ". APP_C: not imported, stays as it is: its value cannot be read, or is a reference",
  ]);
});

test("nothing is said of a key that a source gives and the destination hides: the plan calls it a conflict", () => {
  const one = { priority: "destination", sources: [{ A: "x" }], live: { A: null } } as const;
  expect(renderImports(decide(one), { origin: "vault source" })).toEqual([]);
});

test("keys are in order, whatever order the destination has", () => {
  expect(imported({ live: { B: "1", C: "1", A: "1" } })).toEqual(["create A", "create B", "create C"]);
});

describe("two looks", () => {
  const first = { priority: "destination", sources: [{ A: "old" }], live: { A: "one", B: "two" } } as const;

  test.each<[string, Case, boolean]>([
    ["the same", first, true],
    ["another value", { ...first, live: { A: "one", B: "three" } }, false],
    ["a key that is gone", { ...first, live: { A: "one" } }, false],
    ["a key more", { ...first, live: { A: "one", B: "two", C: "x" } }, false],
    ["an update that became an addition", { ...first, sources: [{}] }, false],
  ])("that show %s", (_what, second, same) => {
    expect(sameImports(decide(first), decide(second))).toBe(same);
  });
});

test("a conflict is explained by why there was nothing to import", () => {
  const [one] = decide({ priority: "destination", sources: [{ A: "x" }], live: { A: null } }).left;
  expect(one && explainConflict(one)).toBe("A cannot be imported, because its value cannot be read, or is a reference");
});

test("a source that is not there is added to", () => {
  expect(imported({ sources: [], live: { A: "one" } })).toEqual(["create A"]);
});

test("a key that has one name in both places is said once", () => {
  expect(listLines(renderImports(decide({ live: { A: "one" } }), { origin: "vault source" }))).toEqual([
    "^ A: will be added to the vault source",
  ]);
});

test("after the write an import says what was done", () => {
  const given = { priority: "destination", sources: [{ B: "old" }], live: { A: "new", B: "new" } } as const;
  expect(listLines(renderImports(decide(given), { origin: "vault source", isDone: true }))).toEqual([
    "^ A: added to the vault source",
    "^ B: replaced the value in the vault source",
  ]);
});

test("an empty text in a source counts as none, whatever the priority", () => {
  for (const priority of ["source", "destination"] as const) {
    const one = { priority, sources: [{ A: "" }], live: { A: "real" } };
    expect(imported(one)).toEqual(["update A"]);
    expect(left({ ...one, live: { A: null } })).toEqual(["A unreadable"]);
  }
});

test("what is taken over because of its value is remembered as it was seen, in every place", () => {
  const { seen } = decide({ live: { "web/A": "1", "api/A": "1", B: null }, slots: ["web", "api"] });
  expect(seen).toEqual({ "web/A": "SECRET RUN_TIME #m1", "api/A": "SECRET RUN_TIME #m1" });
  expect(decide({ sources: [{ A: "source" }], live: { A: "there" } }).seen).toEqual({});
});

test("many keys with the same outcome are one line with their names below it", () => {
  const names = Array.from({ length: 500 }, (_, index) => `KEY_${String(index).padStart(3, "0")}`);
  const lines = renderImports(decide({ live: Object.fromEntries(names.map((name) => [name, "v"])) }), {
    origin: "vault source",
  });
  expect(listLines(lines)).toEqual([
    "^ 500 keys: will be added to the vault source",
    ...names.map((name) => `    ${name}`),
  ]);
});
