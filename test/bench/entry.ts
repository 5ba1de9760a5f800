// What loading the provider costs, each time in a process of its own, and what the first use brings in.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { appSpec } from "./programs.js";
import type { Table } from "./table.js";

const entry = join(__dirname, "../../dist/provider/entry.js");

/** Prints the milliseconds of loading, then the modules that are there before and after the first check. */
const script = `
const start = performance.now();
const provider = require(${JSON.stringify(entry)});
const ms = performance.now() - start;
const before = Object.keys(require.cache);
(async () => {
  const appId = process.argv[1];
  if (appId !== undefined) {
    provider.configure({ config: { get: () => undefined } });
    const destination = { type: "digital-ocean-app-platform", appId };
    const { failures } = await provider.check({}, { __urn: "urn", __resourceName: "a", __dryRun: true, source: [{ type: "inline" }], destination, __values: { 0: { A: "a" } } });
    if (failures.length > 0) throw new Error(failures[0].reason);
  }
  console.log(JSON.stringify({ ms, before, after: Object.keys(require.cache) }));
  process.exit();
})();`;

interface Loaded {
  readonly ms: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

async function load(environment: Record<string, string> = {}, ...args: string[]): Promise<Loaded> {
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, ...args], {
    env: { ...process.env, ...environment },
  });
  // Without an engine the messages of the preview go to standard output, too.
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Loaded;
}

const otherVendors = /netlify|infisical|vault|doppler|aws|yaml|dotenv|commander/;

export async function measureEntry(table: Table): Promise<void> {
  const runs: Loaded[] = [];
  for (let run = 0; run < 9; run += 1) runs.push(await load());
  const best = Math.min(...runs.map(({ ms }) => ms));
  table.goal({ what: "provider entry before first use, best of 9", value: best, atMost: 10, unit: " ms" });
  table.goal({ what: "  modules loaded with it", value: (runs[0]?.before.length ?? 0) - 1, atMost: 0 });
  const cloud = await startDigitalOcean();
  const { id } = cloud.createApp(appSpec("one"));
  const { after } = await load({ DIGITALOCEAN_API_URL: cloud.url, DIGITALOCEAN_TOKEN: cloud.token }, id);
  await cloud.close();
  const parts = after.map(
    (path) =>
      path
        .replaceAll("\\", "/")
        .split(/\/dist\/|\/node_modules\//)
        .at(-1) ?? path,
  );
  const strange = parts.filter((part) => otherVendors.test(part) && !part.startsWith("schema/"));
  table.note("modules after a preview of inline values to one app", String(after.length));
  table.goal({
    what: `  of vendors that are not used${strange.map((part) => ` ${part}`).join()}`,
    value: strange.length,
    atMost: 0,
  });
}
