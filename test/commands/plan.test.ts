// `plan`: a preview read back as data and as a comment on a pull request.

import { describe, expect, test } from "vitest";
import { announcePlan } from "../../provider/core/announcement.js";
import type { Change } from "../../provider/core/plan.js";
import { commentLimit, renderComment } from "../../provider/commands/plan/comment.js";
import { type PlanReport, reportPlan } from "../../provider/commands/plan/report.js";
import { renderText } from "../../provider/commands/plan/text.js";
import { findActing, hostileName, hostileTexts } from "../leaks/hostile-text.js";

const urnOf = (name: string, type = "pulumi-nodejs:dynamic/secret-sync:SecretSync") =>
  `urn:pulumi:prod::shop::${type}::${name}`;
const place = (key: string, slot = "web") => ({ slot, key });
const add = (key: string, drift = false): Change => ({
  ...place(key),
  action: "create",
  label: "SECRET RUN_TIME",
  drift,
});
const remove = (key: string): Change => ({ ...place(key), action: "delete", because: "left" });

/** What the CLI prints: a message for each thing said, with the severity before a warning. */
interface Said {
  readonly urn: string;
  readonly text: string;
  readonly severity?: "info" | "warning" | "error";
}

function answer(code: number, said: readonly Said[], steps: readonly object[] = []) {
  const diagnostics = said.map(({ urn, text, severity = "info" }) => ({
    urn,
    severity,
    message: `${severity === "info" ? "" : `${severity}: `}${text}\n`,
  }));
  const changeSummary = { same: 1, ...(steps.length > 0 ? { update: steps.length } : {}) };
  return { code, stdout: JSON.stringify({ steps, diagnostics, changeSummary }), stderr: "" };
}

function planOf(plan: readonly Change[], target = "shop"): string {
  return announcePlan(plan, { target, isFirst: false, nameSource: () => "secrets.env" }) ?? "";
}

const update = (urn: string) => ({ op: "update", urn });

describe("a preview that succeeds", () => {
  test("is shown sync by sync, with counts, lines, drift and warnings", () => {
    const text = planOf([add("LOST", true), add("NEW"), remove("OLD"), { ...place("SAME"), action: "unchanged" }]);
    const idle = "destination.variables names keys that no source provides: NOBODY";
    const report = reportPlan(
      "acme/shop/prod",
      answer(
        0,
        [
          { urn: urnOf("web"), text: idle, severity: "warning" },
          { urn: urnOf("web"), text, severity: "warning" },
          { urn: urnOf("api"), text: "all 3 values are the same, nothing is written" },
        ],
        [update(urnOf("web")), update(urnOf("api")), { op: "create", urn: urnOf("site", "random:index:RandomPet") }],
      ),
    );
    expect(report).toEqual({
      format: 1,
      stack: "acme/shop/prod",
      result: "planned",
      problems: [],
      warnings: [],
      syncs: [
        {
          resource: "api",
          urn: urnOf("api"),
          step: "update",
          target: null,
          counts: { add: 0, adopt: 0, change: 0, remove: 0, restore: 0, retain: 0, forget: 0, unchanged: 0, drift: 0 },
          changes: [],
          conflicts: [],
          problems: [],
          warnings: [],
          notes: ["all 3 values are the same, nothing is written"],
        },
        {
          resource: "web",
          urn: urnOf("web"),
          step: "update",
          target: "shop",
          counts: { add: 1, adopt: 0, change: 0, remove: 1, restore: 0, retain: 0, forget: 0, unchanged: 1, drift: 1 },
          changes: [
            {
              sign: "+",
              name: "web/LOST",
              text: "(SECRET RUN_TIME): gone from the destination, will be written again",
              drift: true,
            },
            { sign: "+", name: "web/NEW", text: "(SECRET RUN_TIME)", drift: false },
            { sign: "-", name: "web/OLD", text: "has left the source", drift: false },
          ],
          conflicts: [],
          problems: [],
          warnings: [idle],
          notes: [],
        },
      ],
      others: [{ step: "create", type: "random:index:RandomPet", resource: "site", urn: expect.any(String) }],
    });
    const comment = renderComment(report);
    expect(comment.startsWith("<!-- pulumi-secret-sync plan acme/shop/prod -->\n")).toBe(true);
    const order = ["[!WARNING]", "1 key of shop changed outside", idle, "- web/OLD: has left the source", "RandomPet"];
    expect(order.map((part) => comment.indexOf(part)).toSorted((a, b) => a - b)).toEqual(
      order.map((part) => comment.indexOf(part)),
    );
    expect(renderText(report)).toContain("1 drifted, 1 to add, 1 to remove, 1 other resource");
  });

  test("names every key when many change alike", () => {
    const plan = Array.from({ length: 120 }, (_, at) => add(`KEY_${at}`, at < 60));
    const [sync] = reportPlan(
      "prod",
      answer(0, [{ urn: urnOf("web"), text: planOf(plan), severity: "warning" }]),
    ).syncs;
    expect(sync?.changes.map(({ name }) => name).toSorted()).toEqual(plan.map(({ key }) => `web/${key}`).toSorted());
    expect(sync?.counts).toMatchObject({ add: 60, drift: 60 });
  });

  test("shows what becomes of the keys of a sync that leaves the program", () => {
    const outputs = { managedKeys: ["A", "B", "C"], adoptedKeys: ["B"], record: "[secret]" };
    const step = (inputs: object, more: object = {}) => ({
      op: "delete",
      urn: urnOf("web"),
      oldState: { inputs, outputs: { ...outputs, ...more } },
    });
    const signs = (one: object) =>
      reportPlan("prod", answer(0, [], [one])).syncs[0]?.changes.map(({ sign, name }) => `${sign} ${name}`);
    expect(signs(step({}))).toEqual(["- A", "- C", "< B"]);
    expect(signs(step({ syncOptions: { onDestroy: "delete" } }))).toEqual(["- A", "- B", "- C"]);
    expect(signs(step({ syncOptions: { onDestroy: "retain" } }))).toEqual([". A", ". B", ". C"]);
    expect(signs(step({ syncOptions: "[secret]" }, { syncStatus: "disabled" }))).toEqual([". A", ". B", ". C"]);
    expect(signs(step({}, { leftKeys: ["B"] }))).toEqual(["- A", "- C", ". B"]);
    expect(signs(step({ syncOptions: { onDestroy: "delete" } }, { leftKeys: ["B"] }))).toEqual(["- A", "- B", "- C"]);
    expect(signs(step({}, { adoptedKeys: undefined }))).toEqual(["- A", "- B", "- C"]);
    expect(renderText(reportPlan("prod", answer(0, [], [step({})])))).toContain(
      "web: the sync will be deleted, 2 to remove",
    );
    const kept = reportPlan("prod", answer(0, [], [step({ syncOptions: { onDestroy: "retain" } })]));
    expect(renderText(kept)).toMatch(
      /^prod: 3 to forget\n\nweb: the sync will be deleted, 3 to forget\n {2}\. A: left in place\n/,
    );
  });

  test("counts the updates that write no key, and only those", () => {
    const text =
      "what an earlier run wrote was not seen to go live: one more deployment is started, and nothing is written";
    const said = ["web", "api"].map((name) => ({ urn: urnOf(name), text }));
    const report = reportPlan("prod", answer(0, said, [update(urnOf("web")), update(urnOf("api"))]));
    expect(renderText(report).split("\n")).toEqual([
      "prod: nothing to write, 2 syncs to update",
      ...["api", "web"].flatMap((name) => ["", name, `  ${text}`]),
    ]);
  });

  test("without a change says so", () => {
    const report = reportPlan("prod", answer(0, []));
    expect(renderText(report)).toBe("prod: no changes");
    expect(renderComment(report)).toContain("no changes");
  });
});

describe("a preview that is refused", () => {
  const text =
    '2 problems:\n  - conflict.exists: web/A already exists\n  - source.unreadable: file source "x": gone (retrying may help)';

  test("shows each problem with its resource, and conflicts separately", () => {
    const report = reportPlan("prod", answer(1, [{ urn: urnOf("web"), text, severity: "error" }]));
    expect(report).toMatchObject({
      result: "refused",
      problems: [
        { code: "conflict.exists", message: "web/A already exists", lines: [], resource: "web" },
        { code: "source.unreadable", resource: "web" },
      ],
      syncs: [
        {
          resource: "web",
          conflicts: [{ code: "conflict.exists", message: "web/A already exists" }],
          problems: [{ code: "source.unreadable" }],
        },
      ],
    });
    const comment = renderComment(report);
    expect(comment).toMatch(/refused: 2 problems, nothing can be written[^]*\[!CAUTION\][^]*web: conflict\.exists/);
  });

  test("shows the problems of each of several syncs with that one alone", () => {
    const others = 'source.unreadable: file source "y": gone';
    const report = reportPlan(
      "prod",
      answer(1, [
        { urn: urnOf("web"), text, severity: "error" },
        { urn: urnOf("api"), text: others, severity: "error" },
      ]),
    );
    const shown = report.syncs.map(({ resource, conflicts, problems }) => [
      resource,
      [conflicts.length, problems.length],
    ]);
    expect(Object.fromEntries(shown)).toEqual({ api: [0, 1], web: [1, 1] });
    const ofWeb = report.problems.filter(({ resource }) => resource === "web");
    expect([ofWeb.length, report.problems.length]).toEqual([2, 3]);
  });

  test("names every conflicting key, even if there are many", () => {
    const keys = Array.from({ length: 500 }, (_, at) => `web/KEY_${at} (SECRET RUN_TIME)`);
    const many = `conflict.exists: 500 keys already exist:\n${keys.map((key) => `      ${key}`).join("\n")}`;
    const report = reportPlan("prod", answer(1, [{ urn: urnOf("web"), text: many, severity: "error" }]));
    expect(report.problems).toMatchObject([{ message: "500 keys already exist:", lines: keys }]);
    const comment = renderComment(report).split("\n");
    for (const key of keys) expect(comment).toContain(`  ${key}`);
  });

  test("is shown in a comment without the words of a failing command", () => {
    const said = 'source.command_failed: exec source "sops" ended with exit code 1; it said: canary <b> | canary';
    const report = reportPlan("prod", answer(1, [{ urn: urnOf("web"), text: said, severity: "error" }]));
    expect(renderComment(report)).toContain("ended with exit code 1; the log of this run says more");
    expect(renderComment(report)).not.toContain("canary");
    expect(renderText(report)).toContain("it said: canary");
  });

  test("repeats no word of another package's resource", () => {
    const urn = urnOf("db", "acme:index:Database");
    const report = reportPlan("prod", answer(1, [{ urn, text: "password canary is too short", severity: "error" }]));
    expect(report.problems).toMatchObject([{ code: "stack.failed" }]);
    expect(JSON.stringify(report) + renderComment(report) + renderText(report)).not.toContain("canary");
  });

  test("because the program fails is shown, too", () => {
    const report = reportPlan("prod", { code: 1, stdout: "", stderr: "error: no stack named 'prod' found\n" });
    expect(report).toMatchObject({ result: "refused", problems: [{ resource: null, urn: null }], syncs: [] });
  });
});

/** What a reader of Markdown would see outside of code, line by line. */
function proseOf(comment: string): string {
  const parts: string[] = [];
  let isCode = false;
  for (const line of comment.split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    else if (!isCode) parts.push(line.replaceAll(/(`+) ?[^]*?\1(?!`)/g, "CODE"));
  }
  expect(isCode).toBe(false);
  return parts.join("\n");
}

describe("a comment", () => {
  const names = [
    ...hostileTexts,
    hostileName,
    "@everyone #1 https://evil.example <img src=x onerror=alert(1)> [x](y) **b** ~~s~~",
    "```\n# heading\n```",
    "`` ` ```` forged",
    "</details><!-- forged -->",
    "| a | b |",
  ];
  const hostile = (name: string): PlanReport =>
    reportPlan(
      name,
      answer(
        0,
        [
          { urn: urnOf(name), text: planOf([add(name), remove(`${name}X`)], name), severity: "warning" },
          { urn: urnOf(name, "pulumi-nodejs:dynamic/secret-sync:Connection"), text: name, severity: "warning" },
        ],
        [update(urnOf(name)), update(urnOf(name, `${name}:index:Thing`))],
      ),
    );

  test.each(names.map((name, at) => [at, name] as const))("holds hostile name %i in code only", (_, name) => {
    const report = hostile(name);
    const comment = renderComment(report);
    const [marker = "", ...rest] = comment.split("\n");
    expect(marker).toMatch(/^<!-- pulumi-secret-sync plan [\w./-]+ -->$/);
    const prose = proseOf(rest.join("\n"));
    expect(prose).not.toMatch(/forged|evil|@|onerror|\*\*b/);
    expect(prose).not.toMatch(/[<|]/);
    expect(findActing(comment)).toEqual([]);
    expect(findActing(renderText(report))).toEqual([]);
  });

  test("never exceeds GitHub's limit, however much there is to show", () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => add(`${"LONG_NAME_".repeat(6)}${at}`));
    const cases = [
      [[4000], []],
      [Array.from({ length: 40 }, () => 100), []],
      [Array.from({ length: 3000 }, () => 1), []],
      [
        [1, 5000, 1],
        ["x".repeat(100_000), ...Array.from({ length: 2000 }, (_, at) => `warning ${at} ${"y".repeat(90)}`)],
      ],
    ] as const;
    for (const [syncs, warnings] of cases) {
      const report = reportPlan(
        "prod",
        answer(0, [
          ...syncs.map((count, at) => ({ urn: urnOf(`sync-${at}`), text: planOf(many(count)) })),
          ...warnings.map((text) => ({ urn: urnOf("sync-0"), text, severity: "warning" as const })),
        ]),
      );
      const comment = renderComment(report);
      expect(comment.length).toBeLessThanOrEqual(commentLimit);
      expect(comment.length).toBeGreaterThan(commentLimit / 2);
      expect(comment).toMatch(/… and \d+ more/);
      proseOf(comment);
    }
  });

  test("leaves nothing out of a small sync because another one is large", () => {
    const report = reportPlan(
      "prod",
      answer(0, [
        { urn: urnOf("large"), text: planOf(Array.from({ length: 5000 }, (_, at) => add(`LARGE_KEY_${at}`))) },
        { urn: urnOf("small"), text: planOf([add("ONE"), remove("TWO")]) },
      ]),
    );
    const comment = renderComment(report);
    for (const line of ["+ web/ONE (SECRET RUN_TIME)", "- web/TWO: has left the source"])
      expect(comment).toContain(line);
  });
});
