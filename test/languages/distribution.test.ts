// Every way in which a program gets the plugin, with what is released: each is tried with the real CLI.

import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, mkdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { version } from "../../provider/http/version.js";
import { succeed } from "../e2e/harness.js";
import { openPlace } from "../e2e/installed.js";
import { type ForeignWorld, makePlugin, openForeignWorld, programOf } from "./foreign-world.js";

const host = inject("programs").languages.yaml;
const program = programOf("yaml", "yaml");
const install = ["plugin", "install", "resource", "secret-sync", version];

let folder: string;
let made: Awaited<ReturnType<typeof makePlugin>>;
let world: ForeignWorld | undefined;

/** Opens a world with the program of the page, and something added to its project file. */
async function open(added = "", onPath: readonly string[] = []): Promise<ForeignWorld> {
  world = await openForeignWorld({ project: `${program}${added}`, path: [path.dirname(host ?? ""), ...onPath] });
  return world;
}

// Skipped where the language host for YAML cannot be built from Go modules.
describe.skipIf(host === null)("the plugin is found", () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "secret-sync-distribution-"));
    made = await makePlugin(folder);
  });
  afterEach(() => world?.close());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a preview says, and how it plans the one key. */
  const preview = async (opened: ForeignWorld) => {
    const { text } = await opened.preview();
    return { text, plan: /^ +(.*API_KEY.*)$/m.exec(text)?.[1] };
  };
  const plan = "+ web/API_KEY (SECRET RUN_TIME)";

  test("after `pulumi plugin install --file`, without a word about it", async () => {
    const opened = await open();
    succeed(await opened.pulumi(...install, "--file", made.archive));
    const said = await preview(opened);
    expect(said.plan).toBe(plan);
    expect(said.text).not.toContain("pulumi-resource-secret-sync");
    // What `pulumi package add` generates from.
    const { stdout } = succeed(await opened.pulumi("package", "get-schema", `secret-sync@${version}`));
    const [served, shipped] = [stdout, readFileSync(path.join(made.named, "schema/pulumi.json"), "utf8")].map(
      (text) => JSON.parse(text) as Record<"types" | "resources", object>,
    );
    for (const part of ["types", "resources"] as const)
      expect(Object.keys(served?.[part] ?? {})).toEqual(Object.keys(shipped?.[part] ?? { nothing: true }));
  });

  test("after `pulumi plugin install --server`, under the name that the engine asks for", async () => {
    const { server, asked, url } = await serveArchives(made.archives);
    try {
      const opened = await open();
      succeed(await opened.pulumi(...install, "--server", url));
      expect(asked).toEqual([`/${path.basename(made.archive)}`]);
      expect((await preview(opened)).plan).toBe(plan);
    } finally {
      server.close();
    }
  });

  test("in the folder that the project names under `packages`", async () => {
    const opened = await open(`packages:\n  secret-sync: ${made.named}\n`);
    expect((await preview(opened)).plan).toBe(plan);
  });

  test("in the folder that the project names under `plugins`", async () => {
    const plugins = `plugins:\n  providers: [{ name: secret-sync, path: ${made.named} }]\n`;
    expect((await preview(await open(plugins))).plan).toBe(plan);
  });

  test("on PATH, also through a link, as npm makes one", async () => {
    const bin = path.join(folder, "bin");
    mkdirSync(bin);
    symlinkSync(path.join(made.named, "pulumi-resource-secret-sync"), path.join(bin, "pulumi-resource-secret-sync"));
    const said = await preview(await open("", [bin]));
    expect(said.plan).toBe(plan);
    expect(said.text).toContain("using pulumi-resource-secret-sync from $PATH");
  });

  test("on PATH as the command of the npm package", async () => {
    const place = await openPlace();
    try {
      await place.write("package.json", '{ "name": "empty", "private": true }');
      await place.manage("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", place.tarball);
      const opened = await open("", [path.join(place.folder, "node_modules/.bin")]);
      expect((await preview(opened)).plan).toBe(plan);
    } finally {
      await place.close();
    }
  });

  test("not at all, and the CLI names what is missing", async () => {
    const opened = await open();
    const { code, text } = await opened.pulumi("preview");
    expect(code).not.toBe(0);
    expect(text).toContain("no resource plugin 'pulumi-resource-secret-sync' found");
  });

  test("of another version than the program asks for, and both are told", async () => {
    const asking = program.replaceAll(/^ {4}type: secret-sync:\w+$/gm, "$&\n    options: { version: 9.9.9 }");
    world = await openForeignWorld({ project: asking, path: [path.dirname(host ?? ""), made.named] });
    const { text } = await world.pulumi("preview");
    expect(text).toContain(
      `the program asks for version 9.9.9 of the plugin secret-sync, and version ${version} is running`,
    );
  });

  test("without Node on PATH, and it says what to install", async () => {
    const opened = await open();
    succeed(await opened.pulumi(...install, "--file", made.archive));
    const folders = (opened.environment["PATH"] ?? "").split(path.delimiter);
    opened.environment["PATH"] = folders
      .filter((one) => holds(one, /^pulumi/) && !holds(one, /^node$/))
      .join(path.delimiter);
    const { text } = await opened.pulumi("preview");
    expect(text).toContain("node.missing: the plugin secret-sync runs on Node");
  });
});

test("the archive holds nothing that has to be installed, and the folder names its runtime", async () => {
  const place = mkdtempSync(path.join(tmpdir(), "secret-sync-folder-"));
  try {
    const { named, archives } = await makePlugin(place);
    expect(
      readdirSync(named, { recursive: true, encoding: "utf8" })
        .filter((file) => /\./.test(file))
        .toSorted(),
    ).toEqual([
      "PulumiPlugin.yaml",
      "dist/provider/plugin/main.js",
      "package.json",
      "pulumi-resource-secret-sync.cmd",
      "schema/pulumi.json",
    ]);
    const manifest = JSON.parse(readFileSync(path.join(named, "package.json"), "utf8")) as { dependencies?: object };
    expect(manifest.dependencies).toBeUndefined();
    expect(readdirSync(archives)).toHaveLength(6);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});

function holds(place: string, name: RegExp): boolean {
  try {
    return readdirSync(place).some((file) => name.test(file));
  } catch {
    return false;
  }
}

/** A server of release archives. */
async function serveArchives(archives: string): Promise<{ server: Server; asked: string[]; url: string }> {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.end(readFileSync(path.join(archives, path.basename(url))));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
