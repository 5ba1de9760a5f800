// The published package at work: CommonJS, ES modules, TypeScript by ts-node and by tsx; npm, pnpm, workspaces of both.

import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { library, openPlace, programs, runInstalled } from "./installed.js";

type Opened = Awaited<ReturnType<typeof openPlace>>;
let place: Opened;

const works = {
  plan: "+ app/DATABASE_URL (SECRET RUN_TIME)",
  isWritten: true,
  outputs: { keys: ["DATABASE_URL"] },
};

/** The SDK depends on a package with an install script, which pnpm asks its user about. */
const pnpmSettings = "strictDepBuilds: false\n";
const quick = ["--prefer-offline", "--no-audit", "--no-fund"];

describe("a workspace of npm", () => {
  const kinds = ["common-js", "es-module", "mjs", "ts-node", "tsx"] as const;

  beforeAll(async () => {
    place = await openPlace();
    await place.write("package.json", '{ "name": "root", "private": true, "workspaces": ["programs/*"] }');
    for (const name of kinds) await place.writeProgram(`programs/${name}`, programs[name]);
    await place.manage("npm", "install", ...quick);
  });
  afterAll(() => place.close());

  test.each(kinds)("runs a program of the kind %s", async (name) => {
    expect(await runInstalled(path.join(place.folder, "programs", name))).toMatchObject(works);
  });
});

describe("a workspace of pnpm, where a package sees only what it declares", () => {
  const kinds = ["ts-node", "tsx", "behind-a-library"] as const;

  beforeAll(async () => {
    place = await openPlace();
    await place.write("package.json", '{ "name": "root", "private": true }');
    await place.write("pnpm-workspace.yaml", `packages: [programs/*, library]\n${pnpmSettings}`);
    const manifest = { name: library, version: "1.0.0", main: "index.js", dependencies: place.ours };
    await place.write("library/package.json", JSON.stringify(manifest));
    await place.write("library/index.js", 'module.exports = require("pulumi-secret-sync");\n');
    for (const name of kinds) await place.writeProgram(`programs/${name}`, programs[name]);
    await place.manage("pnpm", "install", "--prefer-offline");
  });
  afterAll(() => place.close());

  test.each(kinds)("runs a program of the kind %s", async (name) => {
    expect(await runInstalled(path.join(place.folder, "programs", name))).toMatchObject(works);
  });
});

describe("a folder of its own", () => {
  beforeAll(async () => {
    place = await openPlace();
  });
  afterAll(() => place.close());

  test("npm installs the package without a word, brings the SDK, and its command runs", async () => {
    await place.write("package.json", '{ "name": "empty", "private": true }');
    const said = await place.manage("npm", "install", ...quick, place.tarball);
    expect(said).not.toMatch(/peer|ERESOLVE|EBADENGINE|pulumi-secret-sync.*install script/i);
    const listed = await place.manage("npm", "ls", "@pulumi/pulumi", "--all", "--parseable");
    expect(listed.split("\n").filter((line) => line.startsWith(place.folder))).toEqual([
      path.join(place.folder, "node_modules/@pulumi/pulumi"),
    ]);
    expect(await place.manage("npm", "exec", "--no", "pulumi-secret-sync", "--", "--help")).toMatch(
      /^Usage: pulumi-secret-sync /m,
    );
  });

  test("pnpm runs a program of the kind common-js", async () => {
    await place.writeProgram("alone", programs["common-js"]);
    await place.write("alone/pnpm-workspace.yaml", pnpmSettings);
    await place.manage("pnpm", "install", "--prefer-offline", "--dir", "alone");
    expect(await runInstalled(path.join(place.folder, "alone"))).toMatchObject(works);
  });
});
