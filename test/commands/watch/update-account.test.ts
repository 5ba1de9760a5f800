// A run whose CLI prints something unknown: it is reported as such, and never counts as a success.

import { describe, expect, test } from "vitest";
import { readSyncs } from "../../../provider/commands/deployment.js";
import { accountFor } from "../../../provider/commands/watch/update-account.js";
import { playStack, sync } from "./played-stack.js";

const changed = () => sync({ wanted: ["A", "B"] });
const results = ({ syncs }: { syncs: ReadonlyArray<{ sync: string; result: string }> }) =>
  Object.fromEntries(syncs.map(({ sync: name, result }) => [name, result]));

describe("output of the CLI that is not understood", () => {
  /** An update that does its work and reports it in these words. */
  const updateWith = async (tell: (text: string) => string, code = 0) => {
    const stack = playStack({ web: changed(), other: sync() });
    const { cli } = stack.context;
    const up: typeof cli.up = async (order) => {
      const { stdout } = await cli.up(order);
      return { code, stdout: tell(stdout), stderr: "" };
    };
    return playStack(stack.syncs, { cli: { ...cli, up } }).run();
  };

  test.each<[string, (text: string) => string]>([
    ["nothing", () => ""],
    ["another language", () => "Mise à jour (prod)\n  SecretSync web modifié\n\nDurée : 4 s\n"],
    [
      "events",
      () => '{"sequence":0,"preludeEvent":{}}\n{"sequence":1,"summaryEvent":{"resourceChanges":{"update":1}}}',
    ],
    ["other words of a step", (text) => text.replace(" updated (", " modified (")],
    ["words of a step that name somebody else", (text) => text.replace(" web updated (", " web at work; 1 updated (")],
    ["another heading of the counts", (text) => text.replace("Resources:", "Summary:")],
    ["other counts", (text) => text.replace("~ 1 updated", "~ updated: 1")],
    ["no counts", (text) => text.replace(/Resources:[^]*/, "Resources:\n")],
  ])("after an update, such as %s, is no success; state says what became of the syncs", async (_, tell) => {
    const outcome = await updateWith(tell);
    expect(outcome).toMatchObject({
      result: "failed",
      isWhole: true,
      changes: [{ sync: "web", did: "version 2" }],
      problems: [{ code: "cli.unreadable" }],
    });
    expect(results(outcome)).toEqual({ web: "synced", other: "unchanged" });
  });

  test("when nothing was written is a failure of the sync, too", async () => {
    const stack = playStack({ web: changed() });
    const up = async () => ({ code: 0, stdout: "done", stderr: "" });
    const outcome = await playStack(stack.syncs, { cli: { ...stack.context.cli, up } }).run();
    expect(outcome).toMatchObject({
      result: "failed",
      isWhole: true,
      changes: [],
      problems: [{ code: "cli.unreadable" }],
    });
    expect(results(outcome)).toEqual({ web: "failed" });
  });

  test("of a failed update is reported as a failure, without its words", async () => {
    for (const text of ["", "canary-1", "Diagnostics:\n  canary-1\n", '{"error": "canary-1"}']) {
      const outcome = await updateWith(() => text, 1);
      expect(outcome, text).toMatchObject({ result: "failed", isWhole: true, problems: [{ code: "stack.failed" }] });
      expect(JSON.stringify(outcome)).not.toContain("canary");
    }
  });

  test.each(["", "done", "{}", '{"sequence":0,"summaryEvent":{"resourceChanges":{"same":1}}}', '{"steps":[]}'])(
    "of a preview, such as %j, is a failure, and nothing is written",
    async (stdout) => {
      const stack = playStack({ web: changed() });
      const preview = async () => ({ code: 0, stdout, stderr: "" });
      const outcome = await playStack(stack.syncs, { cli: { ...stack.context.cli, preview } }).run();
      expect(outcome).toMatchObject({ result: "failed", isWhole: true, problems: [{ code: "cli.unreadable" }] });
      expect(stack.asked).toEqual(["export"]);
    },
  );

  test("does not include counts in several lines and of several kinds", async () => {
    const lines = "    + 1 created\n    ~ 1 updated\n    +-1 replaced\n    3 changes. 12 unchanged\n\nDuration: 4s\n";
    const outcome = await updateWith((text) => text.replace(/(?<=Resources:\n)[^]*/, lines));
    expect(outcome).toMatchObject({ result: "synced", changes: [{ sync: "web" }], problems: [] });
  });
});

describe("an update of syncs with one name, in components of different types", () => {
  const type = "pulumi-nodejs:dynamic/secret-sync:SecretSync";
  const shop = `urn:pulumi:prod::p::my:Shop$${type}::web`;
  const blog = `urn:pulumi:prod::p::my:Blog$${type}::web`;
  const unchanged = [1, "succeeded"] as const;
  const record = (outcomes: Readonly<Record<string, readonly [version: number, syncStatus: string]>>) => {
    const rest = { lastSyncMessage: "", managedKeys: [], targetId: "a", drift: [] };
    const resources = Object.entries(outcomes).map(([urn, [version, syncStatus]]) => ({
      urn,
      type,
      inputs: {},
      outputs: { version, syncStatus, ...rest },
    }));
    return readSyncs({ deployment: { resources } });
  };

  test.each<[string, { first: readonly [number, string]; second: readonly [number, string]; failed: string[] }]>([
    ["the first", { first: [2, "succeeded"], second: [2, "written-not-live"], failed: [blog] }],
    ["the second", { first: unchanged, second: [2, "succeeded"], failed: [shop] }],
    ["neither, as far as state shows,", { first: unchanged, second: [2, "failed"], failed: [shop, blog] }],
  ])("blames only those that failed when %s has succeeded", (_, { first, second, failed }) => {
    const targets = [shop, blog];
    const problem = { code: "deployment.failed", message: "web: it failed" } as const;
    const account = accountFor({
      targets,
      answer: { code: 1, stdout: ` ~  ${type} web updated (0.3s)\nResources:\n    ~ 1 updated\n`, stderr: "" },
      problems: [{ ...problem, urn: shop }],
      before: record({ [shop]: unchanged, [blog]: unchanged }),
      after: record({ [shop]: first, [blog]: second }),
    });
    expect(account.problems).toEqual(failed.map((urn) => ({ ...problem, urn })));
    expect([...account.failed]).toEqual(failed);
    expect([...account.written].filter((urn) => !account.failed.has(urn))).toEqual(
      targets.filter((urn) => !failed.includes(urn)),
    );
  });
});
