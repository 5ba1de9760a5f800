// A world whose program is YAML and whose resources are served by the provider plugin, as a program of any other language has them.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { goProgram } from "../servers/cache.js";
import { openWorld, type World, type WorldOptions } from "./harness.js";
import { writeExecutable } from "../executable.js";

const languageHost = {
  module: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  name: "pulumi-language-yaml",
  version: "v1.25.0",
};

export interface PluginWorld extends World {
  /** Replaces the program: the resources of a YAML program, as plain data. */
  declare(resources: Readonly<Record<string, unknown>>, outputs?: Readonly<Record<string, string>>): Promise<void>;
}

/** The folder of the language host. The CLI is built from Go modules as well, so it is there wherever these tests run. */
async function findYamlHost(): Promise<string> {
  const { module, ...program } = languageHost;
  const file = await goProgram(module, program);
  if (file === undefined) throw new Error("the YAML language host cannot be built here");
  return path.dirname(file);
}

export async function openPluginWorld(options: WorldOptions = {}): Promise<PluginWorld> {
  const host = await findYamlHost();
  const world = await openWorld(options);
  const plugin = await writeLauncher(world, "plugin");
  world.environment["PATH"] = [host, world.environment["PATH"]].join(path.delimiter);
  const declare: PluginWorld["declare"] = (resources, outputs = {}) =>
    world.write(
      "Pulumi.yaml",
      JSON.stringify({
        name: "world",
        runtime: "yaml",
        plugins: { providers: [{ name: "secret-sync", path: plugin }] },
        resources,
        outputs,
      }),
    );
  await declare({});
  return Object.assign(world, { declare });
}

/** The built plugin: `pulumi-resource-secret-sync` of the npm package. */
export const pluginProgram = path.resolve(__dirname, "../../dist/provider/plugin/main.js");

/** @returns the folder in which the engine finds the plugin */
async function writeLauncher(world: World, name: string): Promise<string> {
  const folder = path.join(world.directory, name);
  await mkdir(folder);
  const launcher = path.join(folder, "pulumi-resource-secret-sync");
  writeExecutable(
    launcher,
    `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(pluginProgram)} "$@"\n`,
  );
  return folder;
}

/** For a TypeScript program, as npm links it: the engine finds the folder by the project file. */
export async function placePlugin(world: World): Promise<void> {
  await writeLauncher(world, "bin");
  const plugins = "plugins:\n  providers: [{ name: secret-sync, path: ./bin }]\n";
  await world.write("Pulumi.yaml", `name: world\nruntime: nodejs\nmain: .\n${plugins}`);
}

/** A sync of inline values into an app. */
export function syncOf(
  values: Readonly<Record<string, unknown>>,
  { destination, ...rest }: Readonly<Record<string, unknown>> & { destination: object },
): Readonly<Record<string, unknown>> {
  return {
    type: "secret-sync:SecretSync",
    properties: {
      source: [{ type: "inline", values }],
      destination: { type: "digital-ocean-app-platform", ...destination },
      ...rest,
    },
  };
}
