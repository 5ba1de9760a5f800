// The files that `init` writes: all of them or none, never over one that is there, and values for their owner alone.

import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFiles } from "../../provider/commands/init/files.js";
import { listProblems } from "../../provider/errors.js";

const files = ["index.ts", "shop.env", "Pulumi.yaml"].map((name) => ({
  name,
  text: `new ${name}`,
  isPrivate: name.endsWith(".env"),
}));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "init-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("are written into a folder that is made for them, and values can be read by their owner alone", async () => {
  const made = path.join(folder, "a", "b");
  await writeFiles(made, files);
  const modes = await Promise.all(files.map(async ({ name }) => (await stat(path.join(made, name))).mode & 0o077));
  expect(modes).toEqual([expect.any(Number), 0, expect.any(Number)]);
  for (const { name, text } of files) expect(await readFile(path.join(made, name), "utf8")).toBe(text);
});

test.each<[string, (at: string) => Promise<void>]>([
  ["a file", (at) => writeFile(at, "mine")],
  ["a folder", (at) => mkdir(at)],
  ["a link that leads nowhere", (at) => symlink("nowhere", at)],
])("are not written at all where %s is in the way of any of them, and each such place is named", async (_, put) => {
  for (const name of ["shop.env", "Pulumi.yaml"]) await put(path.join(folder, name));
  const problems = await writeFiles(folder, files).catch(listProblems);
  expect(problems).toEqual(
    ["Pulumi.yaml", "shop.env"].map((name) => ({
      code: "file.exists",
      message: `${path.join(folder, name)} already exists, and nothing was written; give another --directory`,
    })),
  );
  expect((await readdir(folder)).sort()).toEqual(["Pulumi.yaml", "shop.env"]);
});

test("are not written where a file is in the way of their folder, or of one above it", async () => {
  const file = path.join(folder, "mine");
  await writeFile(file, "");
  await expect(writeFiles(file, files)).rejects.toThrow(
    `file.unwritable: ${file} cannot be written (EEXIST: a file or a link stands there); correct that, or give another --directory; nothing was written`,
  );
  const below = path.join(file, "a", "b");
  await expect(writeFiles(below, files)).rejects.toThrow(`file.unwritable: ${below} cannot be written (ENOTDIR: `);
  await symlink("nowhere", path.join(folder, "link"));
  await expect(writeFiles(path.join(folder, "link"), files)).rejects.toThrow("file.unwritable: ");
  expect((await readdir(folder)).sort()).toEqual(["link", "mine"]);
});

test("are taken back when one of them has come meanwhile, which is not written over", async () => {
  const twice = { name: "index.ts", text: "another one", isPrivate: false };
  await expect(writeFiles(folder, [...files, twice])).rejects.toThrow("EEXIST");
  expect(await readdir(folder)).toEqual([]);
});

test("are taken back when one of them cannot be written, and what was there stays", async () => {
  await writeFile(path.join(folder, "README.md"), "mine");
  // A folder that is not there fails for whoever runs this, also for root.
  const impossible = { name: path.join("missing", "index.ts"), text: "", isPrivate: false };
  await expect(writeFiles(folder, [...files, impossible])).rejects.toThrow("ENOENT");
  expect(await readdir(folder)).toEqual(["README.md"]);
});
