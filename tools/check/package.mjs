// Package: packs it as it would be published and looks at the tarball: resolution, types, and what is in it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "../pulumi-cli/command.mjs";
import { project, runNpm } from "../setup/packages.mjs";
import { findProgram } from "./programs.mjs";

const required = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "dist/provider/entry.d.ts",
  "dist/provider/entry.js",
  "dist/provider/index.d.ts",
  "dist/provider/index.js",
  "dist/schema/index.d.ts",
  "dist/schema/index.js",
  "package.json",
  "schema/json/connection.json",
  "schema/json/secret-sync.json",
  "schema/pulumi.json",
];

/** Compiled code and its declarations, and the pages that the README links to; no tests, maps, sources or stamps. */
const welcome = /^(?:dist\/(?:provider|schema)\/[\w/-]+\.(?:js|d\.ts)|docs\/(?:guides\/|languages\/)?[\w-]+\.md)$/;

/** @returns {Promise<{ ok: boolean, text: string }>} */
export async function checkPackage() {
  const folder = mkdtempSync(path.join(tmpdir(), "secret-sync-package-"));
  try {
    const packed = await runNpm(["pack", "--json", "--loglevel=error", "--pack-destination", folder]);
    if (!packed.ok) return { ok: false, text: packed.stdout + packed.stderr };
    const [{ filename, files }] = JSON.parse(packed.stdout);
    const tarball = path.join(folder, filename);
    const problems = listMisfits(files.map((/** @type {{ path: string }} */ file) => file.path));
    for (const [name, program, ...args] of [
      ["publint", "publint", "run", tarball, "--strict"],
      // Old resolvers, which know no `exports`, find the main entry alone.
      ["@arethetypeswrong/cli", "attw", tarball, "--profile", "node16", "--format", "ascii", "--no-color"],
    ]) {
      const run = await runCommand(process.execPath, [findProgram(String(name), String(program)), ...args], {
        cwd: project,
      });
      if (!run.ok) problems.push(run.stdout + run.stderr);
    }
    return { ok: problems.length === 0, text: problems.join("\n") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string[]} files */
function listMisfits(files) {
  return [
    ...required.filter((file) => !files.includes(file)).map((file) => `the package lacks ${file}`),
    ...files
      .filter((file) => !required.includes(file) && !welcome.test(file))
      .map((file) => `the package holds ${file}`),
  ];
}
