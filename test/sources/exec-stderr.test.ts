// What a message shows of the standard error of a command that failed: its end, and no value.

import { describe, expect, test } from "vitest";
import { canary, failureOf } from "./canary.js";
import { runScript as run } from "./exec-script.js";

describe("the standard error in a message", () => {
  test.each([
    ["of its own environment", `console.error("bad token " + process.env.A)`, { env: { A: canary } }],
    [
      "of its own environment in base64",
      `console.error(btoa(process.env.A)); console.error(process.env.A)`,
      { env: { A: canary } },
    ],
    [
      "of its own environment in colour",
      `console.error("\\x1b[31m" + process.env.A.replace("-", "\\x1b[1m-") + "\\x1b[0m")`,
      { env: { A: canary } },
    ],
    [
      "of an inherited credential",
      `console.error("denied: " + process.env.VAULT_TOKEN)`,
      { environment: { VAULT_TOKEN: canary } },
    ],
    [
      "of any inherited variable of eight and more characters",
      `console.error("denied: " + process.env.HARMLESS)`,
      { environment: { HARMLESS: canary } },
    ],
    [
      "of a variable that it does not inherit",
      `console.error("denied: ${canary}")`,
      { environment: { NETLIFY_AUTH_TOKEN: canary } },
    ],
    ["in a URL", `console.error("dial postgres://admin:${canary}@db:5432")`, {}],
    ["behind a secret name", `console.error("DB_PASSWORD=${canary}")`, {}],
    ["in a header", `console.error("> Authorization: Custom ${canary}")`, {}],
    [
      "behind a name that was cut off",
      `console.error("PASSWORD=" + "x".repeat(17000) + "${canary}"); console.error("last")`,
      {},
    ],
    ["in a half line without an end", `process.stderr.write("x ".repeat(9000) + "${canary}")`, {}],
    ["of a printed document", `console.log('{"A":"${canary}"}'); console.error("value ${canary}, sorry")`, {}],
    ["of a printed text", `console.log("A is ${canary}"); console.error("value=<${canary}>")`, {}],
    ["of a printed document with escapes", `console.log('{"A":"x\\\\n${canary}"}'); console.error("${canary}")`, {}],
    [
      "of a printed document with escapes and a key that has no value",
      `console.log('{"A":"x\\\\n${canary}","B":null}'); console.error("${canary}")`,
      {},
    ],
    [
      "of a printed document with escapes that was cut off",
      `console.log('{"A":"x\\\\n${canary}","B":"y'); console.error("${canary}")`,
      {},
    ],
    ["of a printed text in colour", `console.log("\x1b[32m${canary}\x1b[39m"); console.error("value ${canary}")`, {}],
    ["of a printed text between signs", `console.log("token(${canary})"); console.error("value <${canary}>")`, {}],
    [
      "where it is cut",
      `console.error("x".repeat(20000) + process.env.A + "\\n" + "y ".repeat(900))`,
      { env: { A: canary } },
    ],
  ] as const)("never holds a value %s", async (_, script, options) => {
    const [problem] = await failureOf(run(`${script}; process.exitCode = 3`, options));
    expect(problem).toContain("ended with exit code 3");
    for (const part of [canary, canary.slice(5), btoa(canary)]) expect(problem).not.toContain(part);
  });

  test("is left out when the command also printed more than the 16 KiB that can be searched", async () => {
    const printing = (length: number) =>
      failureOf(run(`process.stdout.write("x ".repeat(${length / 2})); console.error("y"); process.exitCode = 3`));
    expect((await printing(16 * 1024))[0]).toMatch(/ it said: y$/);
    expect((await printing(16 * 1024 + 2))[0]).toMatch(
      / to see why \(its standard error is not shown: it also printed much on standard output\)$/,
    );
  });

  test.each([
    ["DB_PASS", true],
    ["API_KEY", true],
    ["AUTH", true],
    ["my_token", true],
    ["VAULT_TOKEN_FILE", false],
    ["SSH_AUTH_SOCK", false],
    ["KEY_DIR", false],
    ["SECRET_PATH_OF", true],
    ["LANG", false],
  ])("a short inherited value of %s is hidden: %s", async (name, isHidden) => {
    const script = `console.error("refused: tiger (" + process.env[${JSON.stringify(name)}] + ")"); process.exitCode = 1`;
    const [problem] = await failureOf(run(script, { environment: { PATH: process.env["PATH"], [name]: "tiger" } }));
    expect(problem?.includes("tiger")).toBe(!isHidden);
    expect(problem).toContain("refused");
  });

  test("shows the last five lines, on one line, without control characters", async () => {
    const script = `for (let i = 0; i < 5000; i++) console.error("line " + i + "\\u0007\\t\\x1b[2J"); process.exitCode = 3`;
    const [problem = ""] = await failureOf(run(script));
    expect(problem).toMatch(/it said: …line 4995 \| line 4996 \| line 4997 \| line 4998 \| line 4999$/);
    expect(problem).toMatch(/^\P{Cc}+$/u);
  });

  test("shows nothing from before its last 16 KiB, and no half of a line", async () => {
    const fill = 16 * 1024 - "first\nearly".length - "last\n".length;
    const said = async (length: number) => {
      const script = `process.stderr.write("first\\nearly" + "\\n".repeat(${length}) + "last\\n"); process.exitCode = 3`;
      return (await failureOf(run(script)))[0];
    };
    expect(await said(fill)).toMatch(/it said: first \| early \| last$/);
    expect(await said(fill + 1)).toMatch(/it said: early \| last$/);
    expect(await said(fill + 1000)).toMatch(/it said: last$/);
  });

  test("shows the last two kilobytes of long lines, and says that they are cut", async () => {
    const said = async (end: string) => {
      const script = `console.error("a ".repeat(1023) + "${end}"); process.exitCode = 3`;
      return (await failureOf(run(script)))[0]?.replace(/^.* it said: /, "");
    };
    expect(await said("bb")).toBe(`${"a ".repeat(1023)}bb`);
    expect(await said("bbb")).toBe(`… ${"a ".repeat(1022)}bbb`);
  });

  test("is masked before its lines are counted: a secret of many lines stays one", async () => {
    const lines = Array.from({ length: 12 }, (_, at) => `${canary} part ${at}`);
    const script = `console.error(${JSON.stringify(["-----BEGIN PRIVATE KEY-----", ...lines].join("\n"))}); process.exitCode = 3`;
    expect((await failureOf(run(script)))[0]).not.toContain(canary);
  });

  test.each([
    ["ends with an exit code", "process.exitCode = 3", /ended with exit code 3; run it by hand to see why$/],
    ["takes too long", "setInterval(() => {}, 1000)", /check that it does not wait for input$/],
  ])("is not shown at all where the source hides it: a command that %s", async (_, end, told) => {
    const script = `console.error("plain words"); ${end}`;
    const [problem] = await failureOf(run(script, { stderr: "hide", timeoutSeconds: 1 }));
    expect(problem).toMatch(told);
  });
});
