// One run of one stack, with a CLI that the test plays: what it is asked for, in which order, and what is not.

import { expect, test } from "vitest";
import type { StackCli } from "../../../provider/commands/watch/cli.js";
import { type RunOrder, runStack } from "../../../provider/commands/watch/run.js";
import type { SyncOnRecord } from "../../../provider/commands/deployment.js";
import { SecretSyncError } from "../../../provider/errors.js";

const type = "pulumi-nodejs:dynamic/secret-sync:SecretSync";
const urn = `urn:pulumi:prod::shop::${type}::web`;

const state = (lastSyncMessage: string) => {
  const source = [{ type: "file", path: "a.env" }];
  const inputs = { name: "web", source, destination: { type: "netlify", siteId: "s" } };
  const outputs = {
    syncStatus: "succeeded",
    lastSyncMessage,
    version: 1,
    managedKeys: ["A"],
    targetId: "s",
    drift: [],
  };
  return { deployment: { resources: [{ urn, type, inputs, outputs }] } };
};
const answer = (stdout: unknown, code = 0) => ({ code, stdout: JSON.stringify(stdout), stderr: "" });
const drifted = answer({ steps: [{ op: "update", urn, newState: {} }] });

/** Plays the CLI and writes down what it was asked for. */
function play(over: Partial<StackCli> = {}, order: Partial<RunOrder> = {}) {
  const asked: string[] = [];
  const note = <T>(what: string, given: T) => (asked.push(what), Promise.resolve(given));
  const cli: StackCli = {
    export: () => note("export", state(asked.includes("up") ? "1 changed" : "1 added")),
    preview: () => note("preview", drifted),
    up: () => note("up", answer({})),
    ...over,
  };
  return runStack({ cli, causes: ["file"], isStopping: () => false, ...order }).then((outcome) => ({ outcome, asked }));
}

test("a run looks, writes what it has seen, and tells what the state says afterwards", async () => {
  const told: string[] = [];
  const onSyncs = async (syncs: readonly SyncOnRecord[]) => void told.push(...syncs.map(({ resource }) => resource));
  const { outcome, asked } = await play({}, { onSyncs });
  expect(told).toEqual(["web"]);
  expect(asked).toEqual(["export", "preview", "up", "export"]);
  expect(outcome).toMatchObject({ result: "synced", changes: [{ sync: "web", did: "1 changed", keys: 1 }] });
});

test("the update is told what caused it, and its targets are the syncs of the preview", async () => {
  const given: unknown[] = [];
  const up = (...args: unknown[]) => (given.push(...args), Promise.resolve(answer({})));
  await play({ up }, { causes: ["file", "interval"] });
  expect(given).toEqual([[urn], "pulumi-secret-sync watch: file, interval"]);
});

test("a run with nothing to do is a preview and no more", async () => {
  const { outcome, asked } = await play({ preview: async () => answer({ steps: [{ op: "same", urn }] }) });
  expect(asked).toEqual(["export"]);
  expect(outcome.result).toBe("unchanged");
});

test("a stack without automatic syncs is not even previewed", async () => {
  const exported = { deployment: { resources: [{ urn: "urn:pulumi:prod::shop::a:b:C::c", type: "a:b:C" }] } };
  const { outcome, asked } = await play({ export: async () => exported });
  expect([outcome.result, asked]).toEqual(["unchanged", []]);
});

test("a runner that was told to stop while it looked begins no update", async () => {
  let isStopping = false;
  const preview = async () => {
    isStopping = true;
    return drifted;
  };
  const { outcome, asked } = await play({ preview }, { isStopping: () => isStopping });
  expect(outcome.result).toBe("stopped");
  expect(asked).not.toContain("up");
});

test("a state that cannot be read is a failure, or the end of a runner that was told to stop", async () => {
  const broken = async () => {
    throw new SecretSyncError({ code: "stack.unreadable", message: "the state of prod cannot be read" });
  };
  expect((await play({ export: broken })).outcome).toMatchObject({
    result: "failed",
    problems: [{ code: "stack.unreadable" }],
  });
  expect((await play({ export: broken }, { isStopping: () => true })).outcome.result).toBe("stopped");
});

test("a preview that fails writes nothing", async () => {
  const { outcome, asked } = await play({ preview: async () => answer({}, 1) });
  expect(outcome).toMatchObject({ result: "failed", problems: [{ code: "stack.failed" }] });
  expect(asked).not.toContain("up");
});
