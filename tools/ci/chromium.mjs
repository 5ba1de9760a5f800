// Chromium for the test that looks at pages: installs Debian's where it is missing, this is root and apt is there. Never fails: the test says what is missing.
import { existsSync } from "node:fs";
import path from "node:path";
import { runCommand } from "../pulumi-cli/command.mjs";

const log = (/** @type {string} */ line) => process.stderr.write(`chromium: ${line}\n`);
const minutes = 60_000;

function isThere() {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return Boolean(process.env["CHROMIUM"]) || folders.some((folder) => existsSync(path.join(folder, "chromium")));
}

async function main() {
  if (isThere()) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return log("missing, and cannot be installed here");
  log("installing (about half a minute)");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runCommand("apt-get", ["update", "-qq"], { env, timeout: 3 * minutes });
  const args = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"];
  const { ok, stderr } = await runCommand("apt-get", args, { env, timeout: 8 * minutes });
  if (!ok) log(`apt-get install failed: ${stderr.split("\n").at(-1)}`);
}

await main();
