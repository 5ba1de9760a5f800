// Setup: makes a bare clone ready for a command. `node tools/setup.mjs [build] [emulator] [cli]`; needs Node 20 and npm, nothing else.
import { rmSync } from "node:fs";
import { buildOnce } from "./setup/build.mjs";
import { installPackages, linkToItself } from "./setup/packages.mjs";

const log = (/** @type {string} */ line) => process.stderr.write(`setup: ${line}\n`);

/** @type {Record<string, () => Promise<unknown>>} */
const steps = {
  build: () =>
    buildOnce({ what: "the package", config: "tsconfig.json", sources: ["provider", "schema"], out: "dist", log }),
  emulator: () =>
    buildOnce({
      what: "the App Platform emulator",
      config: "tools/quickstart/tsconfig.json",
      sources: ["test/emulators/digitalocean", "test/emulators/faults.ts"],
      out: ".quickstart/emulator",
      log,
    }),
  cli: async () => {
    const { compiled, ensurePulumi } = await import("./pulumi-cli/index.mjs");
    // One entry stays for each program of each test, so it begins anew.
    rmSync(compiled, { recursive: true, force: true });
    return ensurePulumi({ log });
  },
};

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((step) => !(step in steps));
  if (unknown.length > 0) throw new Error(`no step ${unknown.join(", ")}; there are ${Object.keys(steps).join(", ")}`);
  await installPackages(log);
  linkToItself();
  for (const step of wanted) await steps[step]?.();
}

main().catch((error) => {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
