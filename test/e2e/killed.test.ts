// A CLI that is killed leaves its provider process behind: it ends by itself, and writes nothing against the next run.

import { readdir, readFile, readlink } from "node:fs/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { valuesAt } from "./evidence.js";
import { openWorld, startCli, type World } from "./harness.js";
import { waitFor } from "../waiting.js";

let world: World;

beforeAll(async () => {
  world = await openWorld({ program: "inline", provider: "process", deployment: { phaseMs: 60_000 } });
});
afterAll(() => world.close());

const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;

/** Processes of this world's provider, by the folder that they run in. */
async function listProviders(): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const [folder, command] = await Promise.all([
        readlink(`/proc/${id}/cwd`).catch(() => ""),
        readFile(`/proc/${id}/cmdline`, "utf8").catch(() => ""),
      ]);
      return folder === world.directory && command.includes("dynamic-provider") ? [id] : [];
    }),
  );
  return found.flat();
}

// Skipped where there is no /proc to find the provider in.
test.skipIf(process.platform !== "linux")("after kill -9 the provider ends within seconds", async () => {
  const { id: appId } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const value = world.secret("a");
  await world.program(`
    new SecretSync("web", {
      source: { type: "inline", values: { A: ${JSON.stringify(value)} } },
      destination: { type: "digital-ocean-app-platform", appId: "${appId}" },
    });
  `);
  const running = startCli(world, ["up", "--yes", "--skip-preview"]);
  await vi.waitFor(() => expect(puts()).toBe(1), { timeout: 60_000 });
  expect(await listProviders()).not.toEqual([]);
  process.kill(running.pid, "SIGKILL");
  await waitFor(async () => expect(await listProviders()).toEqual([]));
  await running.done;
  expect(puts()).toBe(1);
  expect(valuesAt(world, appId)).toEqual({ A: value });
});
