// What a run says in one line, and how --once ends.

import { describe, expect, test } from "vitest";
import { emptyOutcome, type Outcome } from "../../../provider/commands/watch/outcome.js";
import { readExitCode, renderJson, renderLine, renderProblemLines } from "../../../provider/commands/watch/report.js";

const urn = (name: string) => `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::${name}`;
const reportOf = (outcome: Partial<Outcome>) => ({
  run: "r1",
  attempt: 2,
  nextAt: Date.UTC(2026, 0, 2, 3, 9),
  stack: "shop/prod",
  causes: ["file", "webhook"] as const,
  outcome: { ...emptyOutcome, result: "unchanged" as const, ...outcome },
  endedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
  durationMs: 4210,
});
const changes = [{ sync: "web", did: "1 added, 2 changed", keys: 7 }];
const problems = [
  { code: "source.unreadable", message: "web: not there", urn: urn("web") },
  { code: "http.unavailable", message: "api: no answer", urn: urn("api") },
] as const;

describe("a run is one line", () => {
  test("of text", () => {
    const say = (outcome: Partial<Outcome>) => renderLine(reportOf(outcome)).replace(/^.*?: (.*), after .*$/, "$1");
    expect(renderLine(reportOf({ result: "synced", changes }))).toBe(
      "2026-01-02T03:04:05.000Z shop/prod: synced web (1 added, 2 changed), after file and webhook, 4.2 s",
    );
    expect(say({})).toBe("nothing to do");
    expect(say({ result: "failed", problems })).toBe("failed: web (source.unreadable), api (http.unavailable)");
    expect(say({ result: "failed", problems: [{ code: "program.failed", message: "m" }] })).toBe(
      "failed: program.failed",
    );
    expect(say({ result: "failed", problems: problems.slice(1), changes })).toBe(
      "synced web (1 added, 2 changed); failed: api (http.unavailable)",
    );
    expect(say({ result: "locked", problems: [{ code: "stack.lock_stale", message: "m" }] })).toBe(
      "locked: stack.lock_stale",
    );
    expect(say({ result: "held", holds: [{ urn: urn("web"), sync: "web", kind: "soon", reason: "why" }] })).toBe(
      "held web: why",
    );
    const one = (result: "planned" | "resting") => ({ syncs: [{ urn: urn("web"), sync: "web", result }] });
    expect(say({ result: "planned", ...one("planned") })).toBe("would write web");
    expect(say({ result: "failed", ...one("resting") })).toBe("tried again later: web");
    expect(say({ result: "waiting", waiting: ["a", "b"] })).toBe("waiting: a; b");
    expect(say({ result: "waiting", waiting: ["a"], changes })).toBe("synced web (1 added, 2 changed); waiting: a");
    expect(say({ result: "stopped" })).toBe("stopped before anything was written");
  });

  test("of JSON", () => {
    expect(JSON.parse(renderJson(reportOf({ result: "synced", changes })))).toEqual({
      time: "2026-01-02T03:04:05.000Z",
      severity: "info",
      run: "r1",
      stack: "shop/prod",
      cause: ["file", "webhook"],
      result: "synced",
      message: "synced web (1 added, 2 changed)",
      changes,
      syncs: [],
      attempt: 2,
      next: "2026-01-02T03:09:00.000Z",
      durationMs: 4210,
    });
    const failed = renderJson(reportOf({ result: "failed", problems }));
    expect(failed).not.toContain("\n");
    expect(JSON.parse(failed)).toMatchObject({
      severity: "error",
      code: "source.unreadable",
      codes: ["source.unreadable", "http.unavailable"],
      problems: [
        { code: "source.unreadable", message: "web: not there", sync: "web", retryable: false },
        { code: "http.unavailable", message: "api: no answer", sync: "api", retryable: true },
      ],
    });
    const hold = { urn: urn("web"), sync: "web", kind: "person", reason: "why" } as const;
    expect(JSON.parse(renderJson(reportOf({ result: "held", holds: [hold] })))).toMatchObject({
      severity: "warning",
      holds: [{ sync: "web", kind: "person", reason: "why" }],
    });
    const severity = (outcome: Partial<Outcome>) =>
      (JSON.parse(renderJson(reportOf(outcome))) as { severity: string }).severity;
    expect(severity({ result: "waiting", waiting: ["a person"] })).toBe("warning");
    expect(severity({ result: "held", holds: [{ ...hold, kind: "soon" }] })).toBe("info");
  });

  test("and its problems are lines for standard error", () => {
    expect(renderProblemLines(reportOf({ result: "failed", problems }))).toEqual([
      "shop/prod: source.unreadable: web: not there",
      "shop/prod: http.unavailable: api: no answer",
    ]);
  });
});

test("--once ends by the worst of its runs", () => {
  expect(readExitCode(["synced", "unchanged", "stopped"])).toBe(0);
  expect(readExitCode(["synced", "waiting"])).toBe(3);
  expect(readExitCode(["waiting", "failed", "synced"])).toBe(1);
  expect(readExitCode(["locked"])).toBe(1);
  expect(readExitCode(["held", "planned"])).toBe(3);
  expect(readExitCode(["planned"])).toBe(0);
});
