// The program of a folder: found where the Pulumi CLI finds it, and nothing of its file is quoted.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProject } from "../../../provider/commands/pulumi/project.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "secret-sync-project-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFile(path.join(folder, file), text);

test.each([
  ["Pulumi.yaml", "name: shop\nruntime: nodejs\n", { name: "shop", main: "." }],
  ["Pulumi.yml", "name: shop\nmain: infra\n", { name: "shop", main: "infra" }],
  [
    "Pulumi.json",
    '{\n\t"name": "shop", "runtime": "nodejs", "main": "infra/index.ts"\n}',
    { name: "shop", main: "infra/index.ts" },
  ],
  ["Pulumi.yaml", "name: 007\n", { name: "007", main: "." }],
  ["Pulumi.yaml", "\uFEFFname: on\r\nconfig: { a: !!binary aGk=, a: 2 }\r\n", { name: "on", main: "." }],
])("%s that says %j", async (file, text, project) => {
  await write(file, text);
  expect(await findProject(folder)).toEqual({ ...project, folder });
});

test("the first document of a file counts, and the file whose name comes first", async () => {
  await write("Pulumi.yaml", "name: shop\n---\nname: [canary\n");
  expect(await findProject(folder)).toMatchObject({ name: "shop" });
  await write("Pulumi.json", '{ "name": "first" }');
  expect(await findProject(folder)).toMatchObject({ name: "first" });
});

test("it may lie above, and its main is seen from there", async () => {
  await write("Pulumi.yaml", "name: shop\nmain: infra\n");
  const inside = path.join(folder, "infra", "src");
  await mkdir(inside, { recursive: true });
  expect(await findProject(inside)).toEqual({ name: "shop", main: "infra", folder });
});

test("a folder without one has none", async () => {
  expect(await findProject(folder)).toBeUndefined();
});

describe("a file that says no name", () => {
  test.each(["name: [canary", "runtime: canary", "name: ''\nx: canary", "name: { a: canary }", "canary", ""])(
    "%j is named, and not quoted",
    async (text) => {
      await write("Pulumi.yaml", text);
      const failure = findProject(folder);
      await expect(failure).rejects.toThrow(
        `program.failed: ${path.join(folder, "Pulumi.yaml")} is no YAML with the name of a project; correct it`,
      );
      await expect(failure).rejects.not.toThrow("canary");
    },
  );

  test("a folder in its place is told as unreadable", async () => {
    await mkdir(path.join(folder, "Pulumi.yaml"));
    await expect(findProject(folder)).rejects.toThrow("Pulumi.yaml cannot be read (EISDIR); correct that");
  });
});
