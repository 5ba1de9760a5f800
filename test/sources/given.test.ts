// The sources that read nothing from outside: inline and environment; and the registry that finds the reader of each type.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { redact } from "../../provider/redacted.js";
import { readEnvironment } from "../../provider/sources/environment.js";
import { readInline } from "../../provider/sources/inline.js";
import { readers, readSource } from "../../provider/sources/registry.js";
import { source as sourceSchema } from "../../schema/index.js";
import { canary, failureOf, reveal, surroundings } from "./canary.js";

describe("an inline source", () => {
  test("gives its values as they are, also those that a preview does not know yet", async () => {
    const secrets = new Map([
      ["A", redact(canary)],
      ["B", undefined],
    ]);
    const values = await readInline({ type: "inline", values: {} }, surroundings({ secrets }));
    expect(reveal(values)).toEqual({ A: canary, B: undefined });
    expect([...values.keys()]).toEqual(["A", "B"]);
    expect(values).not.toBe(secrets);
  });
});

describe("an environment source", () => {
  const environment = { APP_A: canary, APP_B: "", APP_: "nothing left", OTHER: "x", APP_GONE: undefined };
  const read = (source: { variables?: string[]; prefix?: string }) =>
    readEnvironment({ type: "environment", ...source }, surroundings({ environment }));

  test("gives the named variables; one that is set to nothing counts as set", async () => {
    expect(reveal(await read({ variables: ["APP_A", "APP_B", "APP_A"] }))).toEqual({ APP_A: canary, APP_B: "" });
  });

  test("gives all variables with a prefix, without the prefix", async () => {
    expect(reveal(await read({ prefix: "APP_" }))).toEqual({ A: canary, B: "" });
  });

  test("gives nothing when no variable has the prefix", async () => {
    expect(reveal(await read({ prefix: "NONE_" }))).toEqual({});
  });

  test("names every missing variable in one failure", async () => {
    expect(await failureOf(read({ variables: ["ZED", "APP_A", "APP_GONE", "constructor", "ZED"] }))).toEqual([
      "source.missing_variable: environment source: APP_GONE, ZED, constructor not set; set each of them where pulumi runs, or remove it from `variables`",
    ]);
  });
});

describe("the registry", () => {
  test("has a reader for every type of source in the schema", () => {
    const types = sourceSchema.options.map(({ shape }) => shape.type.value);
    expect(Object.keys(readers).sort()).toEqual([...types].sort());
  });

  test("gives every source to its reader", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "registry-"));
    writeFileSync(path.join(directory, ".env"), "FROM=file");
    const around = surroundings({
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
