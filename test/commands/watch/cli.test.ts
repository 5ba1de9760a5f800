// What watch asks the CLI for: of an update the text for people, never the events, which hold outputs in clear.

import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCli } from "../../../provider/commands/watch/cli.js";
import type { OpenStack } from "../../../provider/commands/stack.js";

test("an update is asked for neither JSON, nor events, nor outputs", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "secret-sync-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const command = path.join(folder, "pulumi");
  await writeFile(command, '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  await chmod(command, 0o700);
  const workspace = { pulumiCommand: { command }, workDir: folder, envVars: {} };
  const cli = openCli({ name: "dev", workspace } as unknown as OpenStack);
  const { code, stdout } = await cli.up({ targets: ["urn:a"], message: "why", limit: 20_000 });
  const asked = stdout.trim().split("\n");
  expect(code).toBe(0);
  expect(asked).toEqual(expect.arrayContaining(["up", "--skip-preview", "--suppress-outputs", "--target", "urn:a"]));
  for (const flag of ["--json", "--debug", "--event-log", "-v=9", "--verbose"]) expect(asked).not.toContain(flag);
});
