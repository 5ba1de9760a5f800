// What watch asks the CLI for: of an update the text for people, never the events, which hold outputs in clear.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openCli } from "../../../provider/commands/pulumi/cli.js";
import { writeExecutable } from "../../executable.js";

async function openPlayed(script: string, environment: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "secret-sync-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  writeExecutable(path.join(folder, "pulumi"), `#!/bin/sh\n${script}\n`);
  vi.stubEnv("PATH", `${folder}${path.delimiter}${process.env["PATH"]}`);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  return openCli({ name: "dev", directory: folder }, path.join(folder, "calls"));
}

const order = { targets: ["urn:a"], message: "why", limit: 20_000, files: [] };

test("an update is asked for neither JSON, nor events, nor outputs", async () => {
  const cli = await openPlayed('printf "%s\\n" "$@"');
  const { code, stdout } = await cli.up(order);
  const asked = stdout.trim().split("\n");
  expect(code).toBe(0);
  expect(asked).toEqual(expect.arrayContaining(["up", "--skip-preview", "--suppress-outputs", "--target", "urn:a"]));
  for (const flag of ["--json", "--debug", "--event-log", "-v=9", "--verbose"]) expect(asked).not.toContain(flag);
});

test.each([
  [1, {}, "16"],
  [100, {}, "100"],
  [100, { PULUMI_PARALLEL: "4" }, undefined],
])(
  "an update of %s syncs has a step for each, unless somebody has set a number (%j)",
  async (count, envVars, steps) => {
    const cli = await openPlayed('printf "%s\\n" "$@"', envVars);
    const { stdout } = await cli.up({ ...order, targets: Array.from({ length: count }, (_, at) => `urn:${at}`) });
    const asked = stdout.trim().split("\n");
    const at = asked.indexOf("--parallel");
    expect(at < 0 ? undefined : asked[at + 1]).toBe(steps);
  },
);

test("whatever is asked for is asked without a terminal, and of the one stack", async () => {
  const cli = await openPlayed('printf "%s\\n" "$@" >&2; exit 1');
  const look = { limit: 20_000, ending: new AbortController().signal };
  const asked = [await cli.up(order), await cli.preview({ ...look, targets: [], excluded: [] })];
  for (const { stderr } of asked) expect(stderr).toMatch(/\n--stack\ndev\n--non-interactive\n--color\nnever\n$/);
});

test("an update is told the state of every file that its plan was made from", async () => {
  const cli = await openPlayed('printf "%s" "$PULUMI_SECRET_SYNC_FILES"');
  const { stdout } = await cli.up({ ...order, files: ['{"/a.env":"1 2 3 4"}', '{"/b.env":"5 6 7 8"}'] });
  expect(JSON.parse(stdout)).toEqual({ "/a.env": "1 2 3 4", "/b.env": "5 6 7 8" });
});
