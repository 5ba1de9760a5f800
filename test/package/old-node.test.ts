// A Node that is too old: the program, the provider and the command line each say so in one sentence, at the first call.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { findNodeProblem } from "../../provider/node-version.js";

const repository = resolve(__dirname, "../..");
const built = (file: string) => join(repository, "dist/provider", file);
const read = (file: string) => readFileSync(join(repository, file), "utf8");

const oldNode = findOldNode();

/** The first Node on the PATH that the package refuses. */
function findOldNode(): { readonly file: string; readonly version: string } | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "node"))
    .map((file) => ({ file, version: spawnSync(file, ["--version"], { encoding: "utf8" }).stdout?.trim().slice(1) }))
    .find(({ version }) => version && findNodeProblem(version) !== undefined);
}

function run(node: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: repository, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("the oldest Node", () => {
  test.each(["22.19.0", "22.19.1", "22.20.0", "23.0.0", "24.0.0", "24.21.0", "25.0.0-nightly2026", "100.0.0"])(
    "%s will do",
    (version) => expect(findNodeProblem(version)).toBeUndefined(),
  );

  test.each(["22.18.99", "22.2.0", "22.0.0", "21.99.0", "20.20.2", "18.0.0", "9.0.0", "", "none"])(
    "%s is refused by name",
    (version) => {
      const problem = findNodeProblem(version);
      expect(problem?.code).toBe("node.unsupported");
      expect(problem?.message).toContain(`this is Node ${version}, `);
      expect(problem?.message).toContain("22.19 or newer");
    },
  );

  test("is the same in the code, in `engines` and in the README", () => {
    const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
    expect(engines.node).toBe(">=22.19");
    expect(read("README.md")).toContain("needs Node 22.19 or newer");
  });
});

// Skipped where no Node older than the package asks for is installed.
describe.skipIf(oldNode === undefined)("on an older Node", () => {
  const { file: node = "", version = "" } = oldNode ?? {};
  const sentence = `node.unsupported: this is Node ${version}, and pulumi-secret-sync needs 22.19 or newer; install it and put it first on the PATH`;

  test.each([
    ["check", "{}, {}"],
    ["diff", '"id", {}, {}'],
    ["create", "{}"],
    ["read", '"id", {}'],
    ["update", '"id", {}, {}'],
    ["delete", '"id", {}'],
  ])("the provider loads, and %s says which Node it needs, without a stack", (method, args) => {
    const code = `const provider = require(${JSON.stringify(built("entry.js"))});
      const tell = ({ code, message, stack }) => console.log(JSON.stringify({ code, message, stack }));
      provider.configure({ config: { get: () => undefined } });
      provider.${method}(${args}).then(() => console.log("null"), tell);`;
    const { stdout, stderr } = run(node, "-e", code);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({ code: "node.unsupported", message: sentence, stack: sentence });
  });

  test.each([
    ["SecretSync", '{ source: { type: "inline", values: {} }, destination: {} }'],
    ["Connection", '{ app: "digital-ocean", method: "api-token", credentials: { apiToken: "t" } }'],
    ["SecretSync", "undefined"],
    ["Connection", "undefined"],
  ])("the program's first %s (%s) says which Node it needs", (resource, args) => {
    const code = `const pulumi = require("@pulumi/pulumi");
      const { ${resource} } = require(${JSON.stringify(built("index.js"))});
      try { new ${resource}("name", ${args}); }
      catch (error) { console.log(JSON.stringify([pulumi.RunError.isInstance(error), error.message])); }`;
    expect(JSON.parse(run(node, "-e", code).stdout)).toEqual([true, sentence]);
  });

  test.each([[["status"]], [["--help"]], [["--version"]], [[]]])("the command line says so for %j", (args) => {
    expect(run(node, built("commands/main.js"), ...args)).toEqual({
      status: 1,
      stdout: "",
      stderr: `error: ${sentence}\n`,
    });
  });
});

test("the command line on a Node that will do goes on", () => {
  expect(run(process.execPath, built("commands/main.js"), "--version")).toMatchObject({ status: 0, stderr: "" });
});
