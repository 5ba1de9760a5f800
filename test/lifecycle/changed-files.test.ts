// A file that changes after it was read: right before the write it is read once more, and what it does not hold any more is not written.

import { appendFileSync, closeSync, openSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { general, ok, program as importing, shop } from "./import-shop.js";
import { openStack, type Program, puts, type Run, type Stack, sync, valuesAt } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly write: (text: string) => Promise<void>;
  readonly file: string;
  readonly declare: (source?: Properties) => Program;
  /** An update in which something happens after the sources were read and before the write. */
  readonly upWhile: (program: Program, change: () => Promise<void>) => Promise<Run>;
}

async function openScene(): Promise<Scene> {
  const stack = await openStack();
  const directory = await mkdtemp(join(tmpdir(), "changed-files-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  stack.directory = directory;
  const file = join(directory, "web.env");
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  return {
    stack,
    appId,
    file,
    write: (text) => writeFile(file, text),
    declare: (source = {}) => {
      const declared = sync("web", {}, { destination: { appId }, syncOptions: { deletionLimit: 9 } });
      return [{ ...declared, args: { ...declared.args, source: { type: "file", path: "web.env", ...source } } }];
    },
    upWhile: async (program, change) => {
      // A job waits for others that may share its write; its sources were read before.
      let isChanged = false;
      const sleep = async () => {
        if (!isChanged) await change();
        isChanged = true;
      };
      stack.clock = { now: Date.now, sleep };
      const run = await stack.up(program);
      delete stack.clock;
      expect(isChanged).toBe(true);
      return run;
    },
  };
}

const whole = "A=1\nB=2\nC=3\n";

describe("a file that was half written when it was read", () => {
  test("costs no key, and the next run has nothing to do", async () => {
    const { stack, appId, write, declare, upWhile } = await openScene();
    await write(whole);
    await stack.up(declare());
    await write("A=1\n");
    const run = await upWhile(declare(), () => write(whole));
    expect(run.problems).toMatch(/^source\.changed: file source "web\.env" changed after it was looked at/);
    expect([puts(run), valuesAt(stack, appId)]).toEqual([0, { A: "1", B: "2", C: "3" }]);
    expect((await stack.up(declare())).steps.map(({ op }) => op)).toEqual(["same"]);
  });

  test("is not the first thing that a new sync writes", async () => {
    const { stack, appId, write, declare, upWhile } = await openScene();
    await write("A=1\nB=cu");
    const run = await upWhile(declare(), () => write(whole));
    expect([run.problems.split(":")[0], valuesAt(stack, appId)]).toEqual(["source.changed", {}]);
    expect((await stack.up(declare())).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ A: "1", B: "2", C: "3" });
  });

  test("stops only the sync that reads it", async () => {
    const { stack, appId, write, declare, upWhile } = await openScene();
    await write("A=1\n");
    const program = [...declare(), sync("other", { OTHER: "x" }, { destination: { appId } })];
    const run = await upWhile(program, () => write(whole));
    expect(run.failures.map(({ urn }) => urn.split("::").at(-1))).toEqual(["web"]);
    expect([puts(run), valuesAt(stack, appId)]).toEqual([1, { OTHER: "x" }]);
  });
});

test("a file that has gone since has changed, too", async () => {
  const { stack, appId, file, write, declare, upWhile } = await openScene();
  await write(whole);
  const run = await upWhile(declare(), () => rm(file, { force: true }));
  expect(run.problems).toMatch(/^source\.changed: /);
  expect(valuesAt(stack, appId)).toEqual({});
});

describe("a file that changed and gives the same is written:", () => {
  const changes: Array<[string, Properties, (scene: Scene) => Promise<void>]> = [
    ["it was touched", {}, ({ file }) => utimes(file, 1, 1)],
    ["it has the same values in another order", {}, ({ write }) => write("C=3\nB=2\n# more\nA=1\n")],
    ["a key changed that the sync does not take", { exclude: ["C"] }, ({ write }) => write("A=1\nB=2\nC=4\n")],
  ];
  test.each(changes)("%s", async (_, source, change) => {
    const scene = await openScene();
    await scene.write(whole);
    const run = await scene.upWhile(scene.declare(source), () => change(scene));
    expect([run.problems, puts(run)]).toEqual(["", 1]);
  });
});

describe("a file that somebody changes right before the import writes into it", () => {
  const A = general("A", "a");
  const plan = "import-prioritize-source";
  const secondLook = { method: "GET", path: /^\/v2\/apps\/[^/]+$/, nth: 2 };

  test("is not what the plan was made from", async () => {
    const { stack, appId, path, text } = await shop(() => [A], "B=2\n");
    stack.cloud.onRequest(secondLook, () => writeFileSync(path, "B=3\n"));
    const run = await stack.up(importing(appId, plan));
    expect(run.problems).toMatch(/^source\.changed: /);
    expect([puts(run), valuesAt(stack, appId)]).toEqual([0, { A: "a" }]);
    await ok(stack.up(importing(appId, plan)));
    expect([valuesAt(stack, appId), await text()]).toEqual([{ A: "a", B: "3" }, "B=3\nA=a\n"]);
  });

  test.each<[Properties, Record<string, string>]>([
    [{}, { A: "a", B: "2", C: "4" }],
    // What a sync does not take would be lost from the file as well.
    [{ exclude: ["C"] }, { A: "a", B: "2" }],
  ])("is left to who is writing it, because the import puts another file in its place: %j", async (source, synced) => {
    const { stack, appId, path, text } = await shop(() => [A], "B=2\nC=3\n");
    const program = importing(appId, plan, { source });
    let open = -1;
    stack.cloud.onRequest(secondLook, () => {
      open = openSync(path, "w");
      writeSync(open, "B=2\n");
    });
    const run = await stack.up(program);
    writeSync(open, "C=4\n");
    closeSync(open);
    expect(run.problems).toMatch(/^source\.changed: /);
    expect([await text(), valuesAt(stack, appId)]).toEqual(["B=2\nC=4\n", { A: "a" }]);
    await ok(stack.up(program));
    expect([valuesAt(stack, appId), await text()]).toEqual([synced, "B=2\nC=4\nA=a\n"]);
  });

  test.each<[string, (path: string) => void]>([
    ["it was touched", (path) => utimesSync(path, 1, 1)],
    ["a comment was added", (path) => appendFileSync(path, "# more\n")],
  ])("is synced if it gives the same: %s", async (_, change) => {
    const { stack, appId, path } = await shop(() => [A], "B=2\n");
    stack.cloud.onRequest(secondLook, () => change(path));
    const run = await ok(stack.up(importing(appId, plan)));
    expect([puts(run), valuesAt(stack, appId)]).toEqual([1, { A: "a", B: "2" }]);
  });
});
