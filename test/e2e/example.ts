// An example of this repository, copied as it is, configured as its README says, and run by the real CLI.

import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { openWorld, type World, type WorldOptions } from "./harness.js";

export interface Setting {
  readonly config?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** Secrets inside an object of the configuration, such as `web.KEY`. */
  readonly paths?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whatever has to be there before the run, in the program's folder. */
  readonly prepare?: (world: World) => Promise<void>;
}

/**
 * Runs preview, up and up again. `provider` says what runs the provider; the library of AWS needs a process.
 * @returns the values at the app
 */
export async function runExample(
  name: string,
  setting: (world: World) => Setting,
  { provider = "inline" }: Pick<WorldOptions, "provider"> = {},
): Promise<Record<string, unknown>> {
  const world = await openWorld({ provider });
  try {
    const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    await mkdir(world.directory, { recursive: true });
    const example = path.join(__dirname, "../../examples", name);
    for (const file of ["index.ts", "tsconfig.json", "package.json"])
      await cp(path.join(example, file), path.join(world.directory, file));
    await cp(path.join(example, "secrets.yaml"), path.join(world.directory, "secrets.yaml")).catch(() => undefined);
    const { config = {}, secrets = {}, paths = {}, environment = {}, prepare } = setting(world);
    // The gate has judged its types.
    Object.assign(world.environment, { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }, environment);
    await prepare?.(world);
    await set(world, { appName: "shop", ...config }, ["--plaintext"]);
    await set(world, secrets, ["--secret"]);
    await set(world, paths, ["--secret", "--path"]);
    await world.preview();
    await world.up();
    const again = await world.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(again).toMatchObject({ code: 0 });
    const state = await world.pulumi("stack", "export");
    expect(state.code).toBe(0);
    const running = world.cloud.running(id)["web"] ?? {};
    return Object.fromEntries(Object.entries(running).map(([key, entry]) => [key, entry.value]));
  } finally {
    await world.close();
  }
}

async function set(world: World, settings: Readonly<Record<string, string>>, flags: readonly string[]): Promise<void> {
  for (const [key, value] of Object.entries(settings)) {
    expect(await world.pulumi("config", "set", ...flags, key, value)).toMatchObject({ code: 0 });
  }
}
