// An inline provider sees what a process of its own would see, finds nothing of an earlier one, and ends with its engine.

import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../waiting.js";
import { openWorld, type World } from "./harness.js";

let world: World;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  world.environment["OF_THE_WORLD"] = "seen";
  process.env["OF_THE_TEST"] = "kept";
});
afterAll(() => {
  delete process.env["OF_THE_TEST"];
  return world.close();
});

/** A dynamic resource that tells what its provider sees, for each of the names. */
const probes = (...names: string[]) => `
  const provider = {
    create: async () => {
      const entry = require("pulumi-secret-sync/provider");
      entry.created = (entry.created ?? 0) + 1;
      const { pid, env, argv } = process;
      const directory = process.cwd();
      process.on("exit", () => require("node:fs").writeFileSync(directory + "/ended", ""));
      const seen = { pid, directory, engine: argv.at(-1), created: entry.created };
      return { id: "probe", outs: { seen: { ...seen, variables: [env.OF_THE_WORLD, env.OF_THE_TEST ?? "none"] } } };
    },
  };
  class Probe extends pulumi.dynamic.Resource {
    constructor(name) {
      super(provider, name, { seen: undefined });
    }
  }
  for (const name of ${JSON.stringify(names)}) exports[name] = new Probe(name).seen;`;

interface Seen {
  readonly pid: number;
  readonly directory: string;
  readonly engine: string;
  readonly created: number;
  readonly variables: readonly string[];
}

async function run(...names: string[]): Promise<Record<string, Seen>> {
  await world.program(probes(...names));
  await world.up("--parallel", "1");
  const { stdout } = await world.pulumi("stack", "output", "--json");
  return JSON.parse(stdout) as Record<string, Seen>;
}

test("it has the folder, the environment and the engine's address, and each start loads what is ours anew", async () => {
  const first = await run("one", "two");
  expect(first["one"]).toEqual({
    pid: process.pid,
    directory: realpathSync(world.directory),
    engine: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    created: 1,
    variables: ["seen", "none"],
  });
  expect(first["two"]).toMatchObject({ created: 2 });

  const second = await run("one", "two", "three");
  expect(second["three"]).toMatchObject({ created: 1 });
  expect(second["three"]?.engine).not.toBe(first["one"]?.engine);
});

test("it ends when its engine ends it, and tells whoever waits for that", async () => {
  await run("one", "two", "three", "four");
  await waitFor(() => expect(existsSync(join(world.directory, "ended"))).toBe(true));
});

test("the provider of ours works in it, and another Node that the world starts is the real one", async () => {
  const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  await world.program(`
    const destination = { type: "digital-ocean-app-platform", appId: ${JSON.stringify(id)} };
    const source = { type: "exec", command: ["node", "-p", "JSON.stringify({ PID: String(process.pid) })"] };
    new SecretSync("web", { source, destination });
  `);
  await world.up();
  const written = world.cloud.running(id)["web"]?.["PID"]?.value;
  expect(written).toMatch(/^\d+$/);
  expect(written).not.toBe(`${process.pid}`);
});
