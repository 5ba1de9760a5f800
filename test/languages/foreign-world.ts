// A program of another language against the emulator, as a newcomer has it: an empty folder, the real CLI, a language host, the plugin.

import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { listBlocks } from "../documents/markdown.js";
import { openWorld, succeed, type World } from "../e2e/harness.js";
import { version } from "../../provider/http/version.js";
import { execute, repository } from "./generated.js";

export interface ForeignWorld extends World {
  /** The emulator's app that the programs of the pages write to. */
  readonly appId: string;
  /** The secret that goes there. */
  readonly value: string;
}

export interface ForeignOptions {
  /** `Pulumi.yaml`. */
  readonly project: string;
  /** Other files of the program by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folders that PATH begins with. */
  readonly path?: readonly string[];
}

/** The program of a language's page. */
export function programOf(page: string, language: string): string {
  const block = listBlocks(`docs/languages/${page}.md`).find((one) => one.language === language);
  if (block === undefined) throw new Error(`docs/languages/${page}.md has no ${language}`);
  return block.text;
}

/** The archive of this platform and the folder, made once for a test file. */
export async function makePlugin(folder: string): Promise<{ archives: string; archive: string; named: string }> {
  const [archives, named] = [path.join(folder, "archives"), path.join(folder, "named")];
  const make = (...args: string[]) =>
    execute(process.execPath, [path.join(repository, "tools/plugin/main.mjs"), ...args], {
      cwd: repository,
      env: process.env,
    });
  await make("--out", archives);
  await make("--folder", "--out", named);
  const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
  return {
    archives,
    named,
    archive: path.join(archives, `pulumi-resource-secret-sync-v${version}-${platform}.tar.gz`),
  };
}

/** A stack in which nothing is from npm, with the two secrets that the programs of the pages read. */
export async function openForeignWorld({
  project,
  files = {},
  path: folders = [],
}: ForeignOptions): Promise<ForeignWorld> {
  const world = await openWorld();
  for (const name of ["node_modules", "package.json", "index.js"])
    await rm(path.join(world.directory, name), { recursive: true });
  await world.write("Pulumi.yaml", project);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(world.directory, name)), { recursive: true });
    await writeFile(path.join(world.directory, name), text);
  }
  world.environment = {
    ...world.environment,
    PATH: [...folders, world.environment["PATH"]].join(path.delimiter),
    DIGITALOCEAN_TOKEN: "",
  };
  const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const value = world.secret("api-key");
  await world.openStack("foreign");
  succeed(await world.pulumi("config", "set", "--secret", "token", world.cloud.token));
  succeed(await world.pulumi("config", "set", "--secret", "apiKey", value));
  return Object.assign(world, { appId: id, value });
}

/** What every language has to go through; what was seen on the way, in the order of the runs. */
export async function playWholeLife(world: ForeignWorld) {
  const written = () => world.cloud.running(world.appId)["web"]?.["API_KEY"]?.value;
  const previewed = (await world.preview()).text;
  await world.up();
  const value = written();
  const again = (await world.up()).text;
  succeed(await world.pulumi("destroy", "--yes"));
  return { previewed, value, again, left: written() };
}
