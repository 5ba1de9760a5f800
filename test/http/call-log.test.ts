// What a runner learns of the calls to vendors: a line for each request that was sent, in the file that it has asked for.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCallFile } from "../../provider/commands/watch/call-file.js";
import { openCallLog } from "../../provider/lifecycle/engine/call-log.js";
import { vendorCallsVariable } from "../../provider/vendor-calls.js";
import { openStack, sync } from "../lifecycle/stack.js";

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "call-log-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test("each request of a run is counted once, with what is left of the limit, and nothing else is written down", async () => {
  const folder = await openFolder();
  const calls = openCallFile({ folder, key: "file:///state shop prod" });
  const stack = await openStack();
  stack.environment = { ...stack.environment, [vendorCallsVariable]: calls.path };
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  await stack.up([sync("web", { A: stack.secret("a") }, { destination: { appId } })]);
  expect(await readFile(calls.path, "utf8")).toMatch(/^(?:DigitalOcean \d*\n)+$/);
  const uses = await calls.take();
  expect([...uses.keys()]).toEqual(["DigitalOcean"]);
  expect(uses.get("DigitalOcean")?.calls).toBe(stack.cloud.requests.length);
  expect(uses.get("DigitalOcean")?.remaining).toBeGreaterThan(0);
  expect((await calls.take()).size).toBe(0);
});

test("without a runner, and in a folder that cannot be written, nothing is written and nothing fails", () => {
  for (const environment of [{}, { [vendorCallsVariable]: "" }]) expect(openCallLog(environment)).toBeUndefined();
  const tell = openCallLog({ [vendorCallsVariable]: "/dev/null/nowhere" });
  expect(() => tell?.({ vendor: "Netlify", remaining: 1 })).not.toThrow();
});
