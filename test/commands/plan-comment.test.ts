// What a comment on a pull request leaves out, and that it says so: sections that are too many, lines that are too many, and nothing else.

import { describe, expect, test } from "vitest";
import { announcePlan } from "../../provider/core/announcement.js";
import { renderComment } from "../../provider/commands/plan/comment.js";
import { reportPlan } from "../../provider/commands/plan/report.js";

/** A plan with this many syncs, each of which adds as many keys as its number says. */
function reportOf(counts: readonly number[]) {
  const syncs = counts.map((count, at) => {
    const keys = Array.from({ length: count }, (_, key) => `KEY_${key}`);
    const plan = keys.map((key) => ({ slot: "web", key, action: "create", label: "SECRET", drift: false }) as const);
    const urn = `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/secret-sync:SecretSync::sync-${String(at).padStart(4, "0")}`;
    const message = announcePlan(plan, { target: "shop", isFirst: false, nameSource: () => "secrets.env" }) ?? "";
    return { urn, message };
  });
  const diagnostics = syncs.map((one) => ({ ...one, severity: "info" }));
  const steps = syncs.map(({ urn }) => ({ op: "update", urn }));
  const changeSummary = { update: steps.length };
  return reportPlan("prod", { code: 0, stdout: JSON.stringify({ steps, diagnostics, changeSummary }), stderr: "" });
}

const sectionsOf = (comment: string) => [...comment.matchAll(/^\*\*`(sync-\d+)`/gm)].map(([, name]) => name);
const leftOut = (comment: string) =>
  /\n… and (\d+) more; `pulumi-secret-sync plan` shows all of them$/.exec(comment)?.[1];

describe("a comment", () => {
  test.each([1, 2, 40])("on %i small syncs holds all of them, and says nothing of what is left out", (count) => {
    const comment = renderComment(reportOf(Array.from({ length: count }, () => 2)));
    expect(sectionsOf(comment)).toHaveLength(count);
    expect(comment).not.toContain(" more");
  });

  test.each([
    [3000, undefined],
    [100, 4000],
    [40, 2500],
  ])("on %i syncs, too many for it, holds the first of them and counts the others", (count, limit) => {
    const comment = renderComment(reportOf(Array.from({ length: count }, () => 1)), limit);
    const shown = sectionsOf(comment);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThan(count);
    expect(shown).toEqual(shown.toSorted());
    expect(shown[0]).toBe("sync-0000");
    expect(shown.length + Number(leftOut(comment))).toBe(count);
  });

  test("on a sync with too many keys counts those that it leaves out, and calls no sync left out", () => {
    const comment = renderComment(reportOf([500]), 4000);
    const shown = comment.match(/^\+ web\/KEY_\d+/gm) ?? [];
    const more = /^… and (\d+) more$/m.exec(comment)?.[1];
    expect(shown.length + Number(more)).toBe(500);
    expect(leftOut(comment)).toBeUndefined();
  });
});
