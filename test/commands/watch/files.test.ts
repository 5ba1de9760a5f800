// Real files in a temporary folder, replaced in every way that editors, checkouts and Kubernetes know.

import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FileWatch, openFileWatch } from "../../../provider/commands/watch/files.js";

let folder: string;
let watch: FileWatch;
const seen = { changes: 0 };
const blind: string[] = [];
const at = (...names: string[]) => join(folder, ...names);
const pause = (ms: number) => new Promise((later) => setTimeout(later, ms));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "secret-sync-files-"));
  watch = await openFileWatch({
    onChange: () => (seen.changes += 1),
    onBlind: (place) => blind.push(place),
    lookEvery: 300,
  });
});
afterEach(async () => {
  await watch.close();
  await rm(folder, { recursive: true, force: true });
});

/** Whether an edit is told, within the time that it may take. */
async function notices(edit: () => Promise<void>, within = 5000): Promise<boolean> {
  await pause(150);
  seen.changes = 0;
  await edit();
  const end = Date.now() + within;
  while (seen.changes === 0 && Date.now() < end) await pause(20);
  return seen.changes > 0;
}

async function replace(file: string, text: string): Promise<void> {
  await writeFile(at(`${file}.swp`), text);
  await rename(at(`${file}.swp`), at(file));
}

test("a file is noticed when it is written, replaced by a rename, again and again, removed, and made again", async () => {
  await writeFile(at("a.env"), "A=1");
  await watch.watch([at("a.env")]);
  expect(await notices(() => writeFile(at("a.env"), "A=22"))).toBe(true);
  for (const text of ["A=1", "A=2", "A=3"]) expect(await notices(() => replace("a.env", text))).toBe(true);
  expect(await notices(() => unlink(at("a.env")))).toBe(true);
  expect(await notices(() => writeFile(at("a.env"), "A=4"))).toBe(true);
});

test("a neighbour of the file is not noticed", async () => {
  await writeFile(at("a.env"), "A=1");
  await watch.watch([at("a.env")]);
  const edit = async () => {
    await writeFile(at("b.env"), "B=1");
    await replace("b.env", "B=2");
    await mkdir(at("deep"));
    await writeFile(at("deep", "a.env"), "A=3");
  };
  expect(await notices(edit, 500)).toBe(false);
});

test("a mounted Kubernetes secret is noticed when the link to its data is swapped", async () => {
  await mkdir(at("..1"));
  await writeFile(at("..1", "a.env"), "A=1");
  await symlink("..1", at("..data"));
  await symlink(join("..data", "a.env"), at("a.env"));
  await watch.watch([at("a.env")]);
  const swap = async () => {
    await mkdir(at("..2"));
    await writeFile(at("..2", "a.env"), "A=2");
    await symlink("..2", at("..data_tmp"));
    await rename(at("..data_tmp"), at("..data"));
  };
  expect(await notices(swap)).toBe(true);
});

test("a change is noticed although the runner names the same files again before it is told", async () => {
  await writeFile(at("a.env"), "A=1");
  await watch.watch([at("a.env")]);
  const edit = async () => {
    await writeFile(at("a.env"), "A=22");
    await watch.watch([at("a.env")]);
  };
  expect(await notices(edit)).toBe(true);
});

test("the set of files can change, and a folder that is not there yet does no harm", async () => {
  await writeFile(at("a.env"), "A=1");
  await watch.watch([]);
  await watch.watch([at("a.env"), at("missing", "b.env")]);
  expect(await notices(() => replace("a.env", "A=2"))).toBe(true);
  await watch.watch([at("missing", "b.env")]);
  expect(await notices(() => replace("a.env", "A=3"), 500)).toBe(false);
  await watch.watch([]);
});

test.each<[string, (file: string) => Promise<void>]>([
  [
    "removed and made again",
    (file) =>
      rm(at("in"), { recursive: true })
        .then(() => mkdir(at("in")))
        .then(() => writeFile(file, "A=2")),
  ],
  [
    "swapped for another",
    async () => {
      await mkdir(at("other"));
      await writeFile(at("other", "a.env"), "A=22");
      await rename(at("in"), at("old"));
      await rename(at("other"), at("in"));
    },
  ],
])("a folder that is %s is watched again, and so is what happens in it later", async (_, change) => {
  await mkdir(at("in"));
  await writeFile(at("in", "a.env"), "A=1");
  await watch.watch([at("in", "a.env")]);
  expect(await notices(() => change(at("in", "a.env")))).toBe(true);
  await pause(700);
  expect(await notices(() => replace(join("in", "a.env"), "A=333"))).toBe(true);
});

test("a folder that is a link, and one that is switched to another folder, are followed", async () => {
  for (const name of ["one", "two"]) await mkdir(at(name)).then(() => writeFile(at(name, "a.env"), name));
  await symlink("one", at("link"));
  await watch.watch([at("link", "a.env")]);
  expect(await notices(() => writeFile(at("one", "a.env"), "longer than one"))).toBe(true);
  const swap = () => symlink("two", at("next")).then(() => rename(at("next"), at("link")));
  expect(await notices(swap)).toBe(true);
  await pause(700);
  expect(await notices(() => writeFile(at("two", "a.env"), "longer than two"))).toBe(true);
});

test("a file that is a link into a folder elsewhere is noticed when it changes there", async () => {
  await mkdir(at("mount"));
  await writeFile(at("mount", "real.env"), "A=1");
  await symlink(at("mount", "real.env"), at("a.env"));
  await watch.watch([at("a.env")]);
  expect(await notices(() => writeFile(at("mount", "real.env"), "A=22"))).toBe(true);
});

test("a folder that comes later is watched from then on", async () => {
  await watch.watch([at("later", "a.env")]);
  expect(await notices(() => mkdir(at("later")).then(() => writeFile(at("later", "a.env"), "A=1")))).toBe(true);
  await pause(700);
  expect(await notices(() => replace(join("later", "a.env"), "A=2"))).toBe(true);
});
