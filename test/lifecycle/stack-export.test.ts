// What is looked up in the stack's state while an update is under way, through a CLI that is a script in a folder of its own.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createStackReader } from "../../provider/lifecycle/engine/stack-export.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { writeExecutable } from "../executable.js";

const stack = "organization/world/test";
const urnOf = (type: string, name = "web") => `urn:pulumi:test::world::${type}::${name}`;
const [dynamic, plugin] = ["pulumi-nodejs:dynamic/secret-sync:SecretSync", "secret-sync:index:SecretSync"];
const connection = "secret-sync:index:Connection";
const seal = (plaintext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext,
});

/** A CLI that prints a text, and writes down how it was called. Without `--stack` it prints what is selected, and otherwise fails. */
function installCli(printed: string, ending = "exit 0", selected = "") {
  const folder = mkdtempSync(path.join(tmpdir(), "stack-export-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [told, answer, current, cli] = ["told", "answer", "current", "pulumi"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string, string];
  writeFileSync(answer, printed);
  writeFileSync(current, selected);
  writeFileSync(told, "");
  writeExecutable(
    cli,
    [
      "#!/bin/sh",
      `echo "$@ [$PULUMI_SKIP_UPDATE_CHECK $OWN]" >> "${told}"`,
      `case "$*" in *--stack*) /bin/cat "${answer}"; ${ending} ;; esac`,
      `[ -s "${current}" ] && exec /bin/cat "${current}"`,
      "exit 255\n",
    ].join("\n"),
  );
  const list = createStackReader({ PATH: folder, OWN: "own" });
  return { list, calls: () => readFileSync(told, "utf8").split("\n").slice(0, -1) };
}

const print = (...resources: readonly Properties[]) => JSON.stringify({ version: 3, deployment: { resources } });

test.each([dynamic, plugin, `my:app:Part$${dynamic}`])(
  "a %s is listed as recorded, with its secrets opened",
  async (type) => {
    const outputs = { record: seal('"a text"'), nested: [{ deep: seal('{"A":1}') }], none: null, plaintext: "p" };
    const { list } = installCli(print({ urn: urnOf(type), inputs: { name: "web", salt: seal('"s"') }, outputs }));
    const recorded = {
      inputs: { name: "web", salt: "s" },
      outputs: { record: "a text", nested: [{ deep: { A: 1 } }], none: null, plaintext: "p" },
    };
    expect([...(await list(stack))]).toEqual([[urnOf(type), recorded]]);
  },
);

test("the CLI is called once for each stack, with secrets shown, and without a prompt", async () => {
  const { list, calls } = installCli(print({ urn: urnOf(plugin), inputs: {}, outputs: {} }));
  await Promise.all([list(stack), list(stack)]);
  await list(stack);
  expect(calls()).toEqual([`stack export --show-secrets --stack ${stack} --non-interactive [true own]`]);
  await list("organization/world/other");
  expect(calls()).toHaveLength(2);
});

describe("a stack of which only the name is known, as a plugin knows it", () => {
  const recorded = { urn: urnOf(plugin), inputs: { name: "web" }, outputs: {} };
  const elsewhere = { urn: urnOf(plugin), inputs: { name: "of the default organization" }, outputs: {} };

  test("is the selected one of that name, whatever the organization of either", async () => {
    const { list, calls } = installCli(print(elsewhere), "exit 0", print(recorded));
    expect([...(await list("test")).values()]).toEqual([{ inputs: { name: "web" }, outputs: {} }]);
    expect(calls()).toEqual(["stack export --show-secrets --non-interactive [true own]"]);
  });

  test.each([
    ["another one is selected", print({ ...recorded, urn: recorded.urn.replace(":test::", ":other::") })],
    ["the selected one is empty", JSON.stringify({ version: 3, deployment: { resources: [] } })],
    ["the selected one was never deployed", JSON.stringify({ version: 3 })],
    ["none is selected", ""],
  ])("is looked up by its name if %s", async (_what, selected) => {
    const { list, calls } = installCli(print(recorded), "exit 0", selected);
    expect([...(await list("test")).keys()]).toEqual([urnOf(plugin)]);
    expect(calls()).toHaveLength(2);
  });
});

test("it is called again for what is recorded now, but not twice at the same time", async () => {
  const { list, calls } = installCli(print({ urn: urnOf(plugin), inputs: {}, outputs: {} }));
  await list(stack);
  await Promise.all([list(stack, "now"), list(stack, "now"), list(stack)]);
  expect(calls()).toHaveLength(2);
  await list(stack, "now");
  expect(calls()).toHaveLength(3);
  await list(stack);
  expect(calls()).toHaveLength(3);
});

test("a replaced resource that still awaits removal does not count as recorded", async () => {
  const removed = { urn: urnOf(plugin), inputs: { name: "removed" }, outputs: {}, delete: true };
  const now = { urn: urnOf(plugin), inputs: { name: "now" }, outputs: {} };
  const listed = await installCli(print(removed, now)).list(stack);
  const pending = [{ inputs: { name: "removed" }, outputs: {} }];
  expect([...listed.values()]).toEqual([{ inputs: { name: "now" }, outputs: {}, pending }]);
  expect(await installCli(print(removed)).list(stack)).toEqual(new Map());
});

test("what is removed already and waits for its replacement is told from what stands", async () => {
  const removed = { urn: urnOf(plugin), inputs: { name: "removed" }, outputs: {}, pendingReplacement: true };
  const listed = await installCli(print(removed)).list(stack);
  expect([...listed.values()]).toEqual([{ inputs: { name: "removed" }, outputs: {}, isRemoved: true }]);
});

test("a stack of a megabyte is read like any other", async () => {
  const filler = { urn: urnOf("aws:s3:Bucket", "big"), inputs: { text: "x".repeat(1_200_000) }, outputs: {} };
  const { list } = installCli(print(filler, { urn: urnOf(plugin), inputs: { name: "web" }, outputs: {} }));
  expect([...(await list(stack)).keys()]).toEqual([urnOf(plugin)]);
});

const theirs = (type: string) => print({ urn: urnOf(type), inputs: {}, outputs: {} });

test.each<[string, { printed: string; ending?: string }]>([
  ["has resources of another kind alone", { printed: theirs(connection) }],
  ["is empty", { printed: JSON.stringify({ version: 3, deployment: {} }) }],
  ["was never deployed", { printed: JSON.stringify({ version: 3 }) }],
  ["cannot be read by the CLI", { printed: theirs(plugin), ending: "exit 255" }],
  ["is printed as something else", { printed: "no JSON" }],
])("nothing is recorded if the stack %s", async (_what, { printed, ending }) => {
  expect((await installCli(printed, ending).list(stack)).size).toBe(0);
});

test("nothing is recorded on a machine without the CLI", async () => {
  expect((await createStackReader({ PATH: "/nowhere" })(stack)).size).toBe(0);
});
