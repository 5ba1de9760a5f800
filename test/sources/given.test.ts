// The sources that read nothing from outside: inline and environment; and the registry that finds the reader of each type.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { redact } from "../../provider/redacted.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { readEnvironment } from "../../provider/sources/local/environment.js";
import { readInline } from "../../provider/sources/local/inline.js";
import type { EnvironmentSource } from "../../schema/index.js";
import { canary, failureOf, reveal, sourceOptions } from "./canary.js";
import { readSource } from "./reading.js";

describe("an inline source", () => {
  test("gives its values as they are, also those that a preview does not know yet", async () => {
    const secrets = new Map([
      ["A", redact(canary)],
      ["B", undefined],
    ]);
    const { values } = await readInline({ type: "inline", values: {} }, sourceOptions({ secrets }));
    expect(reveal(values)).toEqual({ A: canary, B: undefined });
    expect([...values.keys()]).toEqual(["A", "B"]);
    expect(values).not.toBe(secrets);
  });
});

describe("an environment source", () => {
  const environment = { APP_A: canary, APP_B: "", APP_: "nothing left", OTHER: "x", APP_GONE: undefined };
  const read = async (source: { variables?: string[]; prefix?: string }) =>
    takeFrom(await readEnvironment({ type: "environment", ...source }, sourceOptions({ environment })));

  test("gives the named variables; one that is set to nothing counts as set", async () => {
    expect(reveal(await read({ variables: ["APP_A", "APP_B", "APP_A"] }))).toEqual({ APP_A: canary, APP_B: "" });
  });

  test("gives all variables with a prefix, without the prefix", async () => {
    expect(reveal(await read({ prefix: "APP_" }))).toEqual({ A: canary, B: "" });
  });

  test("fails when no variable has the prefix: the shell may not have been prepared", async () => {
    expect(await failureOf(read({ prefix: "NONE_" }))).toEqual([
      expect.stringMatching(/^source\.missing_variable: environment source: no variable begins with "NONE_"/),
    ]);
  });

  test("names every missing variable in one failure", async () => {
    expect(await failureOf(read({ variables: ["ZED", "APP_A", "APP_GONE", "constructor", "ZED"] }))).toEqual([
      "source.missing_variable: environment source: not set: APP_GONE, ZED, constructor; set what is missing where pulumi runs, or remove it from `variables`",
    ]);
  });
});

// Skipped on Windows, where a variable holds no bytes.
describe.skipIf(process.platform === "win32")("a variable with bytes that are not UTF-8", () => {
  // As a child of Pulumi's CLI gets it: "p\xe4ss" in Latin-1.
  const print = `APP_A=$(printf 'p\\344${canary}') exec "${process.execPath}" -e 'console.log(JSON.stringify(process.env))'`;
  const environment = JSON.parse(
    execFileSync("/bin/sh", ["-c", print], { encoding: "utf8", env: { APP_B: "pä" } }),
  ) as Record<string, string>;
  const read = (source: Omit<EnvironmentSource, "type">) =>
    readSource({ type: "environment", ...source }, sourceOptions({ environment }));

  test.each([
    [{ variables: ["APP_A", "APP_B"] }, "APP_A"],
    [{ prefix: "APP_" }, "A"],
  ])("is refused in %j", async (source, key) => {
    expect(await failureOf(read(source))).toEqual([
      `source.unparsable: environment source: not UTF-8 text: ${key}; set the value in UTF-8 where pulumi runs, or give it by another source`,
    ]);
  });

  test("does no harm if it is not taken", async () => {
    expect(reveal(await read({ prefix: "APP_", exclude: ["A"] }))).toEqual({ B: "pä" });
  });
});

describe("the registry", () => {
  test.each([
    { type: "infisical", projectId: "p", environment: "prod" },
    { type: "vault", path: "web" },
    { type: "doppler" },
  ] as const)("says where the credentials of a $type source may come from", async (source) => {
    const failure = readSource(source).catch((error: unknown) => String(error));
    expect(await failure).toMatch(
      new RegExp(
        `connection.missing: the ${source.type} source has no credentials; give source.connection, or set [A-Z_]+`,
      ),
    );
  });

  test("gives every local source to its reader", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "registry-"));
    writeFileSync(path.join(directory, ".env"), "FROM=file");
    const around = sourceOptions({
      directory,
      environment: { FROM: "environment" },
      secrets: new Map([["FROM", redact("secrets")]]),
    });
    const print = "process.stdout.write(JSON.stringify({ FROM: `exec, ${process.env.FROM}` }))";
    expect(reveal(await readSource({ type: "inline", values: {} }, around))).toEqual({ FROM: "secrets" });
    expect(reveal(await readSource({ type: "file", path: ".env" }, around))).toEqual({ FROM: "file" });
    expect(reveal(await readSource({ type: "environment", variables: ["FROM"] }, around))).toEqual({
      FROM: "environment",
    });
    expect(reveal(await readSource({ type: "exec", command: [process.execPath, "-e", print] }, around))).toEqual({
      FROM: "exec, secrets",
    });
    rmSync(directory, { recursive: true });
  });
});
