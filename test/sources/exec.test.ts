// The exec source against real child processes: node running a line of script. No shell, no tool of the machine.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canary, failureOf, reveal } from "./canary.js";
import { type Run, runScript } from "./exec-script.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "exec-source-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const run = (script: string, given: Run = {}) => runScript(script, given, directory);
const origin = `exec source ${JSON.stringify(process.execPath)}`;
const printEnvironment = "process.stdout.write(JSON.stringify(process.env))";

describe("an exec source", () => {
  test("gives what the command prints as JSON", async () => {
    expect(reveal(await run(`console.log('{"A":"x","db":{"port":1.0}}')`))).toEqual({ A: "x", db_port: "1.0" });
  });

  test.each([
    ["dotenv", "A=x"],
    ["yaml", "A: x"],
  ] as const)("gives what the command prints as %s", async (format, text) => {
    expect(reveal(await run(`console.log(${JSON.stringify(text)})`, { format }))).toEqual({ A: "x" });
  });

  test("hands arguments over as they are, because there is no shell", async () => {
    const command = [process.execPath, "-e", "console.log(JSON.stringify({A: process.argv[1]}))", "$HOME; `id` *"];
    expect(reveal(await run("", { command }))).toEqual({ A: "$HOME; `id` *" });
  });

  test("runs in the directory of the program, or in cwd beside it", async () => {
    const print = "console.log(JSON.stringify({A: require('node:fs').realpathSync('.')}))";
    const { A: here } = reveal(await run(print));
    expect(here?.endsWith(path.basename(directory))).toBe(true);
    expect(reveal(await run(print, { cwd: ".." }))).toEqual({ A: path.dirname(here ?? "") });
  });

  test("finds its command on the PATH that it inherits", async () => {
    const environment = { PATH: path.dirname(process.execPath) };
    const command = [path.basename(process.execPath), "-e", "console.log('{\"A\":1}')"];
    expect(reveal(await run("", { command, environment }))).toEqual({ A: "1" });
  });

  test("inherits the environment without what belongs to Pulumi; its own env wins", async () => {
    const environment = {
      HOME: "/home/x",
      AWS_PROFILE: "p",
      VAULT_TOKEN: "t",
      OWN: "inherited",
      PULUMI_CONFIG_PASSPHRASE: canary,
      PULUMI_ACCESS_TOKEN: canary,
      pulumi_config: canary,
      GONE: undefined,
    };
    const values = reveal(await run(printEnvironment, { environment, env: { OWN: "given", PULUMI_STACK: "given" } }));
    expect(values).toMatchObject({
      HOME: "/home/x",
      AWS_PROFILE: "p",
      VAULT_TOKEN: "t",
      OWN: "given",
      PULUMI_STACK: "given",
    });
    expect(JSON.stringify(values)).not.toContain(canary);
    expect(values).not.toHaveProperty("GONE");
  });

  test.each([
    "DIGITALOCEAN_TOKEN",
    "DIGITALOCEAN_ACCESS_TOKEN",
    "NETLIFY_AUTH_TOKEN",
    "Netlify_Auth_Token",
    "INFISICAL_WEBHOOK_SECRET",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
  ])("does not inherit %s, and gets it from its own env", async (name) => {
    const environment = { [name]: canary, HOME: "/home/x" };
    expect(reveal(await run(printEnvironment, { environment }))).toEqual({ HOME: "/home/x" });
    expect(reveal(await run(printEnvironment, { environment, env: { [name]: "given" } }))).toMatchObject({
      [name]: "given",
    });
  });

  test("inherits what tools need to find their keys", async () => {
    const environment = {
      AWS_SECRET_ACCESS_KEY: "a",
      VAULT_TOKEN: "b",
      OP_SERVICE_ACCOUNT_TOKEN: "c",
      SOPS_AGE_KEY: "d",
      INFISICAL_TOKEN: "e",
      DOPPLER_TOKEN: "f",
    };
    expect(reveal(await run(printEnvironment, { environment }))).toEqual(environment);
  });

  test("closes the command's input, so that a question ends instead of waiting", async () => {
    const script = "process.stdin.on('end', () => console.log('{\"A\":1}')).resume()";
    expect(reveal(await run(script))).toEqual({ A: "1" });
  });

  test("ignores what a command says on standard error when it succeeds", async () => {
    expect(reveal(await run(`console.error("warning"); console.log('{"A":1}')`))).toEqual({ A: "1" });
  });

  test("waits for the output of what the command started", async () => {
    const late = "setTimeout(() => console.log('1}'), 200)";
    const script = `process.stdout.write('{"A":'); require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(late)}], {stdio: ["ignore", "inherit", "ignore"]}).unref()`;
    expect(reveal(await run(script))).toEqual({ A: "1" });
  });

  test("is not to be read before its environment is known", async () => {
    await expect(run(printEnvironment, { env: { A: undefined } })).rejects.toThrow("before its `env` is known (A)");
  });
});

describe("a command that fails", () => {
  test("is told with its exit code and the end of its standard error", async () => {
    expect(await failureOf(run(`console.error("no key\\nfor this file"); process.exit(128)`))).toEqual([
      `source.command_failed: ${origin} ended with exit code 128; run it by hand to see why; it said: no key | for this file`,
    ]);
  });

  test("gives nothing, even when it printed a whole document before", async () => {
    expect(await failureOf(run(`console.log('{"A":"${canary}"}'); process.exitCode = 1`))).toEqual([
      `source.command_failed: ${origin} ended with exit code 1; run it by hand to see why`,
    ]);
  });

  test("is told with the signal that ended it", async () => {
    expect((await failureOf(run("process.kill(process.pid, 'SIGTERM')")))[0]).toMatch(
      /command_failed: .* was ended by SIGTERM/,
    );
  });

  test.each([
    [
      "it is not installed",
      ["no-such-program-at-all", canary],
      /^source\.command_not_found: exec source "no-such-program-at-all" was not found; install it/,
    ],
    ["its path is wrong", ["./no-such-program"], /^source\.command_not_found: /],
    [
      "an argument holds a NUL character",
      [process.execPath, `${canary}\0`],
      /^source\.command_failed: .* could not be started \(ERR_INVALID_ARG_VALUE\)/,
    ],
  ])("to start, because %s, is told with the remedy", async (_, command, reason) => {
    expect((await failureOf(run("", { command })))[0]).toMatch(reason);
  });

  // Skipped on Windows, where no mode forbids to run a file.
  test.skipIf(process.platform === "win32")("to start, because it may not be run, is told so", async () => {
    writeFileSync(path.join(directory, "tool"), "#!/bin/sh\n");
    chmodSync(path.join(directory, "tool"), 0o644);
    expect((await failureOf(run("", { command: ["./tool"] })))[0]).toMatch(/^source\.command_failed: .* \(EACCES\)/);
  });

  test("to start, because its directory is missing, is not told as a missing command", async () => {
    expect((await failureOf(run("", { cwd: "nowhere" })))[0]).toMatch(
      /^source\.unreadable: .*nowhere is not an accessible directory; correct `cwd`/,
    );
  });

  test.each([
    ["nothing", ""],
    ["a broken document", `{"A":"${canary}"`],
    ["a message instead of a document", `logged in, token ${canary}`],
  ])("to print a document, printing %s, is told without the output", async (_, text) => {
    const [problem] = await failureOf(run(`process.stdout.write(${JSON.stringify(text)})`));
    expect(problem).toContain(`source.unparsable: the output of ${origin} is `);
  });

  test("to print little enough is stopped", async () => {
    const script = "const flood = () => process.stdout.write('x'.repeat(1 << 20), flood); flood()";
    expect(await failureOf(run(script))).toEqual([
      `source.output_too_large: ${origin} printed more than 10 MiB; print only secrets`,
    ]);
  });
});
