// Quickstart: runs examples/quickstart, against the emulator or, with `--app NAME` and DIGITALOCEAN_TOKEN, against the real service.
import { parseArgs } from "node:util";
import { runDemonstration } from "./demonstration.mjs";
import { destroyOnService, runOnService } from "./service.mjs";

async function main() {
  const { values } = parseArgs({ options: { app: { type: "string" }, destroy: { type: "boolean" } } });
  if (values.app === undefined) return runDemonstration();
  const token = process.env["DIGITALOCEAN_TOKEN"] || process.env["DIGITALOCEAN_ACCESS_TOKEN"];
  if (!token) throw new Error("--app needs an API token with the scopes app:read and app:update in DIGITALOCEAN_TOKEN");
  return values.destroy ? destroyOnService(values.app) : runOnService(values.app);
}

main().catch((error) => {
  console.error(`\nquickstart: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
