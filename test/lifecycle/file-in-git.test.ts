// A file of secrets that git has, or would take, is told in previews: once, and only where git knows better.

import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { openStack, type Run, said, sync } from "./stack.js";

async function repository(isRepository = true) {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const directory = mkdtempSync(path.join(tmpdir(), "secret-sync-git-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  stack.directory = directory;
  stack.environment = { ...stack.environment, PATH: process.env["PATH"], HOME: directory };
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], {
      cwd: directory,
      env: { PATH: process.env["PATH"] ?? "", HOME: directory },
      stdio: "pipe",
    });
  if (isRepository) git("init", "--quiet");
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  };
  write("secrets.env", `A=${stack.secret("a")}\n`);
  const declare = (source: Properties = {}, name = "web") => ({
    ...sync(name, {}, { destination: { appId } }),
    args: {
      source: { type: "file", path: "secrets.env", ...source },
      destination: { type: "digital-ocean-app-platform", appId },
      syncOptions: { keySchema: `${name.toUpperCase()}_{{secretKey}}` },
    },
  });
  return { stack, git, write, declare };
}

const warnings = ({ messages }: Run) =>
  messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);

describe("a file", () => {
  test("that git does not ignore is a warning, beside the plan", async () => {
    const { stack, declare } = await repository();
    const run = await stack.preview([declare()]);
    expect(warnings(run)).toEqual([expect.stringMatching(/^secrets\.env is not ignored by git, .*\.gitignore/)]);
    expect(said(run)).toContain("1 to add");
  });

  test("that git tracks is a warning, with the command that takes it out", async () => {
    const { stack, git, write, declare } = await repository();
    git("add", "secrets.env");
    git("commit", "--quiet", "-m", "x");
    // A rule comes too late for what is tracked.
    write(".gitignore", "*.env\n");
    expect(warnings(await stack.preview([declare()]))).toEqual([
      expect.stringMatching(/^secrets\.env is tracked by git, .*git rm --cached secrets\.env/),
    ]);
  });

  test("is told once, however many syncs read it, and not in an update", async () => {
    const { stack, declare } = await repository();
    const program = [declare({}, "web"), declare({ include: ["A"] }, "api")];
    expect(warnings(await stack.preview(program))).toHaveLength(1);
    expect(warnings(await stack.up(program))).toEqual([]);
  });

  test("in a folder of its own is looked up there, by its name and not as a pattern", async () => {
    const { stack, git, write, declare } = await repository();
    write("conf/[a].env", "A=a\n");
    write("conf/a.env", "A=a\n");
    git("add", "conf/a.env");
    expect(warnings(await stack.preview([declare({ path: "conf/[a].env" })]))).toEqual([
      expect.stringContaining("conf/[a].env is not ignored by git"),
    ]);
  });
});

// Skipped on Windows, where a link needs a right of its own.
describe.skipIf(process.platform === "win32")("a link", () => {
  test("that git tracks says nothing of a file elsewhere", async () => {
    const { stack, git, declare } = await repository();
    symlinkSync(path.join(outside(), "secrets.env"), path.join(stack.directory, "linked.env"));
    git("add", "linked.env");
    expect(warnings(await stack.preview([declare({ path: "linked.env" })]))).toEqual([]);
  });

  test("is a warning if its file is in a repository", async () => {
    const { stack, git, declare } = await repository();
    git("add", "secrets.env");
    const file = path.join(stack.directory, "secrets.env");
    stack.directory = outside();
    symlinkSync(file, path.join(stack.directory, "linked.env"));
    expect(warnings(await stack.preview([declare({ path: "linked.env" })]))).toEqual([
      expect.stringContaining(`git rm --cached ${realpathSync(file)}, add it to .gitignore`),
    ]);
  });

  /** A folder with a file of secrets that no repository has. */
  function outside(): string {
    const directory = mkdtempSync(path.join(tmpdir(), "secret-sync-no-git-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    writeFileSync(path.join(directory, "secrets.env"), "A=a\n");
    return directory;
  }
});

describe("nothing is said of a file", () => {
  test("that git ignores", async () => {
    const { stack, write, declare } = await repository();
    write(".gitignore", "*.env\n");
    expect(warnings(await stack.preview([declare()]))).toEqual([]);
  });

  test.each([
    ["in the folder of a person's settings", "XDG_CONFIG_HOME", "settings"],
    ["named by a person's settings", "GIT_CONFIG_GLOBAL", "settings/config"],
  ])("that git ignores in all repositories, by a rule %s", async (_, variable, place) => {
    const { stack, write, declare } = await repository();
    const settings = path.join(stack.directory, "settings");
    write("settings/git/ignore", "*.env\n");
    write("settings/config", `[core]\n\texcludesFile = ${settings}/git/ignore\n`);
    stack.environment = { ...stack.environment, [variable]: path.join(stack.directory, place) };
    expect(warnings(await stack.preview([declare()]))).toEqual([]);
  });

  test("that is in git on purpose", async () => {
    const { stack, git, declare } = await repository();
    git("add", "secrets.env");
    expect(warnings(await stack.preview([declare({ allowTracked: true })]))).toEqual([]);
  });

  test("that git keeps encrypted", async () => {
    const { stack, git, write, declare } = await repository();
    write(".gitattributes", "*.env filter=git-crypt diff=git-crypt\n");
    git("add", ".gitattributes");
    git("-c", "filter.git-crypt.clean=cat", "add", "secrets.env");
    expect(warnings(await stack.preview([declare()]))).toEqual([]);
  });

  test("outside of a repository", async () => {
    const { stack, declare } = await repository(false);
    expect(warnings(await stack.preview([declare()]))).toEqual([]);
  });

  test("where there is no git", async () => {
    const { stack, declare } = await repository();
    stack.environment = { ...stack.environment, PATH: "/nowhere" };
    expect(warnings(await stack.preview([declare()]))).toEqual([]);
  });

  test("of another repository that a hook has set in the environment", async () => {
    const { stack, declare, write } = await repository();
    write(".gitignore", "*.env\n");
    stack.environment = { ...stack.environment, GIT_DIR: "/nowhere", GIT_INDEX_FILE: "/nowhere/index" };
    expect(warnings(await stack.preview([declare()]))).toEqual([]);
  });
});
