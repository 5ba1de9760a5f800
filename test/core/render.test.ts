// A plan in words: every action has its line, and drift says who did what to which key.

import { describe, expect, test } from "vitest";
import type { Change, Plan } from "../../provider/core/plan.js";
import { formatLine, renderPlan, renderTaken, summarize } from "../../provider/core/render.js";
import { at, secret } from "./entries.js";

const place = at("web/KEY");
const ours = `${secret} #m1`;
const update = (
  because: Extract<Change, { action: "update" }>["because"],
  found = ours,
  ...expected: Array<string | undefined>
): Change => ({
  ...place,
  action: "update",
  label: "GENERAL RUN_TIME",
  because,
  expected: expected.length === 0 ? ours : expected[0],
  found,
});

const lines: ReadonlyArray<readonly [string, Change]> = [
  ["+ web/KEY (SECRET RUN_TIME)", { ...place, action: "create", label: secret, drift: false }],
  [
    "+ web/KEY (SECRET RUN_TIME): gone from the destination, will be written again",
    { ...place, action: "create", label: secret, drift: true },
  ],
  [
    "> web/KEY: will be adopted, value cannot be compared and will be replaced by the one of the source (GENERAL RUN_TIME becomes SECRET RUN_TIME)",
    { ...place, action: "adopt", label: secret, found: "GENERAL RUN_TIME #m0" },
  ],
  [
    "> web/KEY: will be adopted, value cannot be compared and will be replaced by the one of the source",
    { ...place, action: "adopt", label: secret, found: ours },
  ],
  [
    "> web/KEY: will be adopted, value stays",
    { ...place, action: "adopt", label: secret, found: ours, keepsValue: true },
  ],
  [
    "> web/KEY: will be adopted from all, VALUE CHANGES to the one of the source (GENERAL RUN_TIME becomes SECRET RUN_TIME), last changed by Ada",
    {
      ...place,
      action: "adopt",
      label: secret,
      found: "GENERAL RUN_TIME #m0",
      keepsValue: false,
      over: "all",
      by: "Ada",
    },
  ],
  [
    "! web/KEY: exists at the destination and was not written by this sync",
    { ...place, action: "conflict", found: ours },
  ],
  ["~ web/KEY: new value", update(["value"])],
  ["~ web/KEY: becomes GENERAL RUN_TIME", update(["attributes"])],
  ["~ web/KEY: stored, but not in the running deployment", update(["not-live"])],
  ["~ web/KEY: value changed at the destination; will be written again", update(["drift"], `${secret} #m2`)],
  [
    "~ web/KEY: changed at the destination from SECRET RUN_TIME to GENERAL RUN_TIME; will be written again",
    update(["drift"], "GENERAL RUN_TIME #m2"),
  ],
  ["~ web/KEY: unconfirmed earlier write (is SECRET RUN_TIME)", update(["drift"], ours, undefined)],
  [
    "~ web/KEY: new value, becomes GENERAL RUN_TIME, stored, but not in the running deployment",
    update(["value", "attributes", "not-live"]),
  ],
  ["- web/KEY: has left the source", { ...place, action: "delete", because: "left" }],
  ["- web/KEY: not in the source, removed by overwrite-destination", { ...place, action: "delete", because: "pruned" }],
  ["< web/KEY: given back as it was before it was adopted", { ...place, action: "restore" }],
  ["= web/KEY: has left the source, kept by disableSecretDeletion", { ...place, action: "retain" }],
  [
    ". web/KEY: has left the source and is already gone from the destination",
    { ...place, action: "forget", because: "gone" },
  ],
  [
    ". web/KEY: has left the source, and its write was never seen at the destination",
    { ...place, action: "forget", because: "unseen" },
  ],
  [
    ". web/KEY: gone from the destination, and the program wants nothing there any more",
    { ...place, action: "forget", because: "slot-gone" },
  ],
  [
    ". web/KEY: has left the source, but somebody else has changed it since (SECRET RUN_TIME); left in place",
    { ...place, action: "forget", because: "taken-over", found: ours },
  ],
  [
    ". web/KEY: has left the source, but somebody else has changed it since (unseen); left in place",
    { ...place, action: "forget", because: "taken-over" },
  ],
  ["- web/KEY: is no longer wanted in web", { ...place, action: "delete", because: "left", elsewhere: true }],
  [
    "= web/KEY: is no longer wanted in web, kept by disableSecretDeletion",
    { ...place, action: "retain", elsewhere: true },
  ],
  [
    ". web/KEY: is no longer wanted in web and is already gone from the destination",
    { ...place, action: "forget", because: "gone", elsewhere: true },
  ],
  [
    ". web/KEY: is no longer wanted in web, but somebody else has changed it since (unseen); left in place",
    { ...place, action: "forget", because: "taken-over", elsewhere: true },
  ],
  [". web/KEY: left in place by onDestroy", { ...place, action: "forget", because: "released" }],
  [
    ". web/KEY: left in place, because what was there before it was adopted could not be read",
    { ...place, action: "forget", because: "unreadable" },
  ],
];

/** What differs after the write. */
const past: ReadonlyArray<readonly [ahead: string, done: string]> = [
  ["will be adopted", "adopted"],
  ["will be written", "written"],
  ["value cannot be compared and will be replaced", "value could not be compared and was replaced"],
  ["value stays", "value stayed"],
  ["VALUE CHANGES", "VALUE CHANGED"],
  ["becomes", "became"],
  ["stored, but", "was stored, but"],
];

describe("a plan in words", () => {
  test.each(lines)("%s", (line, change) => {
    expect(renderPlan([change]).map(formatLine)).toEqual([line]);
    const done = past.reduce((text, [ahead, words]) => text.replaceAll(ahead, words), line);
    expect(renderPlan([change], { isDone: true }).map(formatLine)).toEqual([done]);
  });

  test("says only that somebody else has changed a key, if there is no source any longer", () => {
    const taken = { ...place, action: "forget", because: "taken-over", found: ours } as const;
    const gone = { ...place, action: "forget", because: "gone" } as const;
    expect(renderTaken([{ ...place, action: "delete", because: "left" }, gone, taken])).toEqual([
      "web/KEY: somebody else has changed it since (SECRET RUN_TIME); left in place",
    ]);
  });

  test("says of a removed key that still runs why another is sent again", () => {
    expect(renderPlan([update(["removal"])]).map(formatLine)).toEqual([
      "~ web/KEY: sent again, because a removed key still runs",
    ]);
  });

  test("says where else a change may have happened, and of which key the author is known", () => {
    const change = { ...update(["drift"], `${secret} #m2`), by: "Ada" } as Extract<Change, { action: "update" }>;
    const text = (more: object) => renderPlan([{ ...change, ...more }], { isDone: true })[0]?.text;
    expect(text({})).toBe(": value changed at the destination by Ada; written again");
    expect(text({ among: ["dev", "all"], byKey: true })).toBe(
      ": value changed at the destination, here or in dev or all; KEY was last changed by Ada; written again",
    );
    expect(text({ among: ["dev"], by: undefined })).toBe(
      ": value changed at the destination, here or in dev; written again",
    );
  });

  test.each([
    [". web/KEY: is empty in the source, and emptyValues skips it and is already gone from the destination", "gone"],
    [
      ". web/KEY: is empty in the source, and emptyValues skips it, but somebody else has changed it since (unseen); left in place",
      "taken-over",
    ],
  ] as const)("%s", (line, because) => {
    expect(renderPlan([{ ...place, action: "forget", because, empty: true }]).map(formatLine)).toEqual([line]);
  });

  test("names the source of a value that is new or replaces another", () => {
    const nameSource = (key: string) => (key === "KEY" ? "shop.env" : undefined);
    const adopt = { ...place, action: "adopt", label: secret, found: ours } as const;
    const plan: Plan = [update(["value"]), adopt, { ...adopt, keepsValue: false }];
    expect(renderPlan(plan, { nameSource }).map(({ text }) => text)).toEqual([
      ": new value (from shop.env)",
      ": will be adopted, value cannot be compared and will be replaced by the one of shop.env",
      ": will be adopted, VALUE CHANGES to the one of shop.env",
    ]);
  });

  test("says nothing of what stays as it is", () => {
    const plan: Plan = [
      { ...place, action: "unchanged" },
      { ...place, action: "foreign" },
    ];
    expect(renderPlan(plan)).toEqual([]);
  });
});

describe("a plan in numbers", () => {
  test("counts what was done, in one order", () => {
    const plan = [...lines.map(([, change]) => change), { ...place, action: "unchanged" } as const];
    expect(summarize(plan, "done")).toBe(
      "2 added, 4 adopted, 7 changed, 3 removed, 1 restored, 2 retained, 9 forgotten, 1 unchanged",
    );
  });

  test("says what a preview only intends", () => {
    const plan = [...lines.map(([, change]) => change), { ...place, action: "unchanged" } as const];
    expect(summarize(plan, "ahead")).toBe(
      "2 to add, 4 to adopt, 7 to change, 3 to remove, 1 to restore, 2 to retain, 9 to forget, 1 unchanged",
    );
  });

  test("says so when there is nothing", () => {
    expect(summarize([], "ahead")).toBe("nothing to do");
    expect(summarize([{ ...place, action: "foreign" }], "done")).toBe("nothing to do");
  });
});
