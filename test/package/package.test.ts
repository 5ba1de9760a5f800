// The package as a user gets it: packed, unpacked into a program's node_modules, loaded in processes of its own.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { providerText } from "../../provider/resources/provider-text.js";

const repository = resolve(__dirname, "../..");
const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  version: string;
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

let folder = "";
let program = "";

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "secret-sync-package-")));
  program = join(folder, "program");
  const modules = join(program, "node_modules");
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(program, "package.json"), '{ "name": "program", "private": true }\n');
  execFileSync("npm", ["pack", "--loglevel=error", "--pack-destination", folder], {
    cwd: repository,
    stdio: ["ignore", "ignore", "inherit"],
  });
  execFileSync("tar", ["-xzf", join(folder, `pulumi-secret-sync-${manifest.version}.tgz`), "-C", folder]);
  execFileSync("mv", [join(folder, "package"), join(modules, "pulumi-secret-sync")]);
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(repository, "node_modules", name), join(modules, name), "dir");
  }
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a piece of CommonJS in the program's directory; it hands its answer to `tell`. */
function run(code: string, directory = program): unknown {
  const script = `const tell = (answer) => process.stdout.write(JSON.stringify(answer));\n${code}`;
  return JSON.parse(execFileSync(process.execPath, ["-e", script], { cwd: directory, encoding: "utf8" }));
}

/** Loads a text as the dynamic-provider server of the SDK does. */
const load = `const { createRequire } = require("node:module");
const requireFromString = createRequire(createRequire(${JSON.stringify(join(repository, "package.json"))}).resolve("@pulumi/pulumi"))("require-from-string");
const text = ${JSON.stringify(providerText)};`;

/** The package's own files, relative to its folder, among those that are loaded. */
const loaded = `const loaded = () => Object.keys(require.cache).map((file) => file.split("/pulumi-secret-sync/dist/")[1] ?? file);`;

describe("what is in the package", () => {
  const installed = () => join(program, "node_modules/pulumi-secret-sync");

  it("is compiled code with its declarations, the schemas and the documents, and nothing else", () => {
    const files = readdirSync(installed(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(installed(), join(entry.parentPath, entry.name)));
    const code = files.filter((file) => /^dist\/(?:provider|schema)\/[\w/-]+\.(?:js|d\.ts)$/.test(file));
    const pages = readdirSync(join(repository, "docs"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`);
    expect(files.filter((file) => file.startsWith("docs/")).sort()).toEqual(pages.sort());
    expect(files.filter((file) => !code.includes(file) && !pages.includes(file)).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "package.json",
      "schema/json/connection.json",
      "schema/json/secret-sync.json",
      "schema/pulumi.json",
    ]);
    const pairs = new Set(code.map((file) => file.replace(/\.(?:js|d\.ts)$/, "")));
    expect(code).toHaveLength(pairs.size * 2);
  });

  it("runs nothing when it is installed", () => {
    const hooks = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];
    expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([]);
  });

  it("has a command that says how it is used", () => {
    const file = join(installed(), manifest.bin["pulumi-secret-sync"] ?? "");
    expect(readFileSync(file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(file).isFile()).toBe(true);
    expect(execFileSync(process.execPath, [file, "--help"], { encoding: "utf8" })).toMatch(
      /^Usage: pulumi-secret-sync /,
    );
  });

  it("loads the metrics of the runner for nobody but who listens", () => {
    const watch = join(installed(), "dist/provider/commands/watch");
    const code = (file: string) =>
      `${loaded} import(${JSON.stringify(join(watch, file))}).then(() => tell(loaded().filter((one) => one.includes("prom-client")).length > 0))`;
    expect(run(code("action.js"))).toBe(false);
    expect(run(code("metrics.js"))).toBe(true);
  });

  it("knows the errors of a second copy of itself", () => {
    const copy = join(program, "node_modules/library/node_modules/pulumi-secret-sync");
    cpSync(installed(), copy, { recursive: true });
    const answer = run(`const ours = require("pulumi-secret-sync");
      const theirs = require(${JSON.stringify(copy)});
      tell([ours === theirs, ours.isSecretSyncError(new theirs.SecretSyncError({ code: "a.b", message: "c" }))])`);
    expect(answer).toEqual([false, true]);
  });
});

describe("the provider's entry", () => {
  it("exports what the engine calls, and nothing else", () => {
    expect(run(`tell(Object.keys(require("pulumi-secret-sync/provider")).sort())`)).toEqual([
      "check",
      "configure",
      "create",
      "delete",
      "diff",
      "read",
      "update",
    ]);
  });

  it("loads nothing else before first use: no zod, no undici, no yaml, no lifecycle", () => {
    expect(run(`${loaded} require("pulumi-secret-sync/provider"); tell(loaded())`)).toEqual(["provider/entry.js"]);
  });
});

describe("the text in every stack's state", () => {
  // Stacks that are deployed hold it for ever. Before the first release a change is free; afterwards this line never changes.
  const frozen = "1d9da43ea92d5278f96057db2ff3dba7af6a74c766d08b954384ea85e2738421";

  it("is the frozen one, byte for byte", () => {
    expect(createHash("sha256").update(providerText).digest("hex")).toBe(frozen);
  });

  it("loads the provider from the program's directory", () => {
    const answer = run(`${load} ${loaded}
      const provider = requireFromString(text).handler();
      tell({ same: provider === require("pulumi-secret-sync/provider"), check: typeof provider.check, file: require.resolve("pulumi-secret-sync/provider") })`);
    const file = join(program, "node_modules/pulumi-secret-sync/dist/provider/entry.js");
    expect(answer).toEqual({ same: true, check: "function", file });
  });

  it("turns a missing package into an instruction without a stack", () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const answer = run(
      `${load} try { requireFromString(text).handler(); } catch (error) { tell({ message: error.message, stack: error.stack }); }`,
      empty,
    ) as Record<"message" | "stack", string>;
    expect(answer.message).toMatch(/^package\.missing: .*npm install pulumi-secret-sync/);
    expect(answer.message).toContain(empty);
    expect(answer.stack).toBe(answer.message);
  });

  it("shows a fault inside the package as itself", () => {
    const broken = join(folder, "broken");
    mkdirSync(join(broken, "node_modules/pulumi-secret-sync"), { recursive: true });
    writeFileSync(
      join(broken, "node_modules/pulumi-secret-sync/package.json"),
      '{ "name": "pulumi-secret-sync", "exports": { "./provider": "./provider.js" } }',
    );
    writeFileSync(join(broken, "node_modules/pulumi-secret-sync/provider.js"), 'require("not-there");');
    expect(
      run(
        `${load} try { requireFromString(text).handler(); } catch (error) { tell(error.message.split("\\n")[0]); }`,
        broken,
      ),
    ).toBe("Cannot find module 'not-there'");
  });
});

describe("the program's side", () => {
  it("loads no code of the provider's side and no shapes", () => {
    const files = run(
      `${loaded} require("pulumi-secret-sync"); tell(loaded().filter((file) => !file.includes("node_modules")))`,
    ) as string[];
    expect(
      files.filter(
        (file) =>
          !/^provider\/(?:index|argument-names|errors|error-codes|spelling|node-version|printable|type-tokens|http\/version|resources\/[a-z-]+)\.js$/.test(
            file,
          ),
      ),
    ).toEqual([]);
    expect(files).toContain("provider/index.js");
  });

  it("offers the resources and the guards", () => {
    expect(run(`tell(Object.keys(require("pulumi-secret-sync")))`)).toEqual(
      expect.arrayContaining(["Connection", "SecretSync", "SecretSyncError", "isSecretSyncError"]),
    );
  });

  it("can be imported from an ES module by name", () => {
    expect(
      run(
        `import("pulumi-secret-sync").then(({ SecretSync, Connection }) => tell([typeof SecretSync, typeof Connection]))`,
      ),
    ).toEqual(["function", "function"]);
  });

  it("offers the shapes and their JSON Schema", () => {
    expect(
      run(
        `tell([typeof require("pulumi-secret-sync/schema").secretSync.parse, require("pulumi-secret-sync/schema/json/secret-sync.json").title])`,
      ),
    ).toEqual(["function", "SecretSync"]);
  });
});
