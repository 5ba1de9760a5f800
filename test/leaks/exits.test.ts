// Every way out of the package: where it writes to a terminal or a log, what is written is printable. A new way has to be put here.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { judgeLive, judgeReady, noteOutcome, startHealth } from "../../provider/commands/watch/health.js";
import { openMetrics } from "../../provider/commands/watch/metrics.js";
import { renderJson, renderLine, renderProblemLines, type Report } from "../../provider/commands/watch/report.js";
import { problemsIn } from "../../provider/commands/pulumi/preview.js";
import { renderStatus } from "../../provider/commands/status/text.js";
import type { StatusReport, SyncReport } from "../../provider/commands/status/report.js";
import { createLineReporter } from "../../provider/lifecycle/engine/line-reporter.js";
import { findActing, hostileName, hostileTexts } from "./hostile-text.js";

const root = path.join(__dirname, "../../provider");

/** The statement that writes, by its file. */
const exits: Readonly<Record<string, readonly RegExp[]>> = {
  "commands/init/action.ts": [/^process\.stdout\.write\(joinLines\(/],
  "commands/main.ts": [/^process\.stderr\.write\(`error: \$\{renderProblems\(listShownProblems\(/],
  "commands/map/action.ts": [/^process\.stdout\.write\(`\$\{printable\(line\)\}\\n`\)/],
  "commands/output.ts": [/^process\.stderr\.write\(`error: \$\{renderProblems\(listShownProblems\(/],
  "commands/plan/action.ts": [
    /^process\.stdout\.write\(`\$\{render\(report, \{ json, markdown \}\)\}\\n`\)/,
    /^process\.stderr\.write\(`\$\{renderText\(report\)\}\\n`\)/,
  ],
  "commands/status/action.ts": [
    /^process\.stdout\.write\(options\.json \? `\$\{printableJson\(status, 2\)\}\\n` : renderStatus\(/,
  ],
  "commands/watch/action.ts": [
    /^process\.stderr\.write\(`error: \$\{renderProblems\(listShownProblems\(/,
    /^process\.stdout\.write\(`\$\{json \? renderJson\(report\) : renderLine\(report\)\}\\n`\)/,
    /^process\.stderr\.write\(`\$\{printable\(line\)\}\\n`\)/,
  ],
  "commands/watch/stopping.ts": [/^process\.stderr\.write\(`\$\{printable\(text\)\}\\n`\)/],
  // Behind the line reporter, which is the only one that the lifecycle has.
  "lifecycle/engine/engine-log.ts": [/^process\.stdout\.write\(`\$\{text\}\\n`\)/],
  "plugin/main.ts": [/^process\.stdout\.write\(`\$\{port\}\\n`\)/, /^process\.stderr\.write\(`\$\{printable\(/],
};

test("there is no other place that writes to a terminal", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const found = files.sort().flatMap((file) => {
    const text = readFileSync(path.join(root, file), "utf8");
    return [...text.matchAll(/(?:process\.std(?:out|err)\.write|console\.\w+)\(/g)].map(
      ({ index }) => [file, text.slice(index)] as const,
    );
  });
  const known = Object.entries(exits).flatMap(([file, statements]) =>
    statements.map((statement) => [file, statement] as const),
  );
  expect(found.map(([file]) => file)).toEqual(known.map(([file]) => file));
  for (const [at, [, statement]] of found.entries()) expect(statement).toMatch(known[at]?.[1] ?? /never/);
});

const problem = { code: "source.unreadable", message: hostileName, lines: hostileTexts } as const;

const report: Report = {
  run: "run-1",
  attempt: 1,
  nextAt: 0,
  stack: hostileName,
  causes: ["interval"],
  endedAt: 0,
  durationMs: 1,
  outcome: {
    result: "waiting",
    isWhole: false,
    syncs: (["planned", "resting", "held"] as const).map((result) => ({ urn: hostileName, sync: hostileName, result })),
    holds: [{ urn: hostileName, sync: hostileName, kind: "person", reason: hostileName }],
    changes: [{ sync: hostileName, did: hostileName, keys: 1 }],
    waiting: hostileTexts,
    problems: [problem],
  },
};

const row: SyncReport = {
  resource: hostileName,
  urn: hostileName,
  name: hostileName,
  target: { type: "x", platform: hostileName, name: hostileName, id: hostileName, url: hostileName },
  keys: [hostileName],
  destroy: { removes: [hostileName], givesBack: [], keeps: [], untold: [] },
  status: hostileName,
  message: hostileName,
  carriedBy: null,
  lastSyncedAt: hostileName,
  deploymentId: hostileName,
  version: 1,
  drift: hostileTexts,
  unread: [hostileName],
};
const status: StatusReport = { format: 1, stack: hostileName, syncs: [row] };

const times = { now: 9, wall: 9, interval: 1, longestRun: 1, durationMs: 1 };
const history = noteOutcome(startHealth(hostileName, 0), report.outcome, times);
const health = { ...history, nextAt: 0, failures: 0 };

const metrics = openMetrics().render([health], times);

const lines: ReadonlyArray<readonly [string, readonly string[] | Promise<string[]>]> = [
  ["a run of watch", [renderLine(report)]],
  ["a run of watch that went wrong", [renderLine({ ...report, outcome: { ...report.outcome, result: "failed" } })]],
  ["a run of watch as JSON", [renderJson(report)]],
  ["what went wrong in watch", renderProblemLines(report)],
  ["the metrics of watch", metrics.then((text) => text.split("\n"))],
  ["the health of watch", [judgeReady([health], times).body.trimEnd(), judgeLive([health], times).body.trimEnd()]],
];

test.each(lines)("%s is one line that does not act", async (_, shown) => {
  for (const line of await shown) {
    expect(line).not.toContain("\n");
    expect(findActing(line)).toEqual([]);
  }
});

test.each([20, 80, 200, Infinity])("status in %d columns does not act, wherever it is wrapped", (columns) => {
  const terminal = { columns, paint: (_: unknown, line: string) => line };
  expect(findActing(renderStatus(status, terminal))).toEqual([]);
  expect(findActing(renderStatus({ ...status, syncs: [] }, terminal))).toEqual([]);
});

test("a message of the engine cannot make a line of watch", () => {
  const urn = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::web";
  for (const text of hostileTexts) {
    const diagnostics = [
      { urn, severity: "error", message: `source.unreadable: ${text}\n  - source.missing: ${text}` },
    ];
    const answer = { code: 255, stdout: JSON.stringify({ diagnostics }), stderr: "" };
    const problems = problemsIn(answer, "preview", { now: 0, host: "here", isAlive: () => true });
    const shown = renderProblemLines({ ...report, outcome: { ...report.outcome, problems } });
    expect(shown).toHaveLength(problems.length);
    expect(findActing(shown.join("\n"))).toEqual([]);
  }
});

test("a line for the engine stays one, and of several each does", async () => {
  const said: string[] = [];
  const reporter = createLineReporter({
    say: async (_urn, _severity, text) => void said.push(text),
    show: async (_urn, text) => void said.push(text),
  });
  await reporter.say("urn", "info", hostileName);
  await reporter.show("urn", hostileName);
  await reporter.say("urn", "warning", [hostileName, "two", hostileName]);
  expect(said.map((text) => text.split("\n").length)).toEqual([1, 1, 3]);
  expect(findActing(said.join("\n"))).toEqual([]);
});
