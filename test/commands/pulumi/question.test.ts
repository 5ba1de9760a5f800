// What the CLI is asked before anything of a stack is known, with a CLI that the test writes.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { askCli } from "../../../provider/commands/pulumi/question.js";
import { exportDeployment, openStack } from "../../../provider/commands/stack.js";
import { writeExecutable } from "../../executable.js";
import { waitFor } from "../../waiting.js";
import { isAlive } from "../alive.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "secret-sync-question-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function play(script: string): void {
  writeExecutable(path.join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
  vi.stubEnv("PATH", `${folder}${path.delimiter}${process.env["PATH"]}`);
}

const name = z.object({ name: z.string() });
const ask = (ending?: AbortSignal) =>
  askCli({ subject: "the shop", directory: folder, args: ["stack", "shop", "--json"], answer: name, ending });

test("the CLI is asked once, in the program's folder, without a terminal and without looking for a new version", async () => {
  play(`echo once >> asked; echo "{\\"name\\":\\"$* $PULUMI_SKIP_UPDATE_CHECK $(pwd -P)\\"}"`);
  const { name: answered } = await ask();
  expect(answered).toBe(`stack shop --json --non-interactive true ${folder}`);
  expect(await readFile(path.join(folder, "asked"), "utf8")).toBe("once\n");
});

test.each([
  ["no JSON", "echo canary"],
  ["nothing", "true"],
  ["another answer", `echo '{"canary":1}'`],
])("%s is told as unexpected, and not quoted", async (_, script) => {
  play(script);
  const failure = ask();
  await expect(failure).rejects.toThrow(
    "stack.unreadable: the shop cannot be read: pulumi stack shop printed something unexpected",
  );
  await expect(failure).rejects.not.toThrow("canary");
});

test.each([
  [
    "echo 'error: the passphrase is wrong' >&2; exit 255",
    "stack.unreadable: the shop cannot be read: pulumi stack shop failed: the passphrase is wrong; run it by hand",
  ],
  ["exit 3", "stack.unreadable: the shop cannot be read: pulumi stack shop failed: it printed no reason; "],
  [
    `echo "error: no stack named 'x' found" >&2; exit 255`,
    "stack.missing: the shop cannot be read: pulumi stack shop failed: no stack named 'x' found; ",
  ],
])("%s is a failure in the CLI's words", async (script, message) => {
  play(script);
  await expect(ask()).rejects.toThrow(message);
});

test("a CLI, and a folder, that is not there are told as such", async () => {
  vi.stubEnv("PATH", folder);
  await expect(ask()).rejects.toThrow("cli.missing: the Pulumi CLI cannot be started: pulumi is not on the PATH; ");
  await writeFile(path.join(folder, "file"), "");
  for (const place of ["no", "file"])
    await expect(openStack({ directory: path.join(folder, place) })).rejects.toThrow(
      "program.missing: there is no folder ",
    );
});

test("the question ends with whoever asked it, and so does the CLI", async () => {
  play("echo $$ > started; exec sleep 300");
  const end = new AbortController();
  const asked = ask(end.signal);
  const started = () => readFile(path.join(folder, "started"), "utf8").then(Number, () => 0);
  await waitFor(async () => expect(await started()).toBeGreaterThan(0));
  end.abort();
  await expect(asked).rejects.toThrow("aborted");
  expect(isAlive(await started())).toBe(false);
});

test("the question ends in time if somebody waits for no longer", async () => {
  play("exec sleep 300");
  await expect(openStack({ directory: folder }, { limit: 300 })).rejects.toThrow(
    `watch.timeout: ${folder} cannot be read: pulumi stack ls --json did not end in time and was stopped; `,
  );
});

test("the selected stack is the one that the list calls current; a name that is given is not looked up", async () => {
  play(`echo '[{"name":"dev"},{"name":"acme/shop/prod","current":true}]'`);
  expect(await openStack({ directory: folder })).toEqual({ name: "acme/shop/prod", directory: folder });
  play("exit 1");
  expect(await openStack({ directory: folder, stack: "dev" })).toEqual({ name: "dev", directory: folder });
  play(`echo '[{"name":"dev","current":false}]'`);
  await expect(openStack({ directory: folder })).rejects.toThrow(`stack.missing: no stack is selected in ${folder}; `);
});

test("the state of a stack is read with its secrets encrypted", async () => {
  play(`echo "$*" > asked; echo '{"version":3,"deployment":null}'`);
  expect(await exportDeployment({ name: "dev", directory: folder })).toMatchObject({ deployment: null });
  const asked = await readFile(path.join(folder, "asked"), "utf8");
  expect(asked).toBe("stack export --stack dev --non-interactive\n");
});
