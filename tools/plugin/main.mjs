// Plugin: writes the release archives, one for each platform that the engine asks for. `npm run plugin -- [--out FOLDER] [--folder]`
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../pulumi-cli/command.mjs";
import { project } from "../setup/packages.mjs";
import { writePluginFolder } from "./folder.mjs";

/** https://www.pulumi.com/docs/iac/guides/building-extending/packages/publishing-packages/: name, version, system and processor. */
const platforms = ["darwin", "linux", "windows"].flatMap((system) => [`${system}-amd64`, `${system}-arm64`]);

async function main() {
  const { values } = parseArgs({ options: { out: { type: "string" }, folder: { type: "boolean" } } });
  const out = path.resolve(values.out ?? path.join(project, "plugin"));
  mkdirSync(out, { recursive: true });
  if (values.folder) return writePluginFolder(out, { isNamed: true });
  const folder = mkdtempSync(path.join(tmpdir(), "secret-sync-plugin-"));
  try {
    await writePluginFolder(folder, { isNamed: false });
    await pack(folder, out);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The bundle is the same on every platform.
 * @param {string} folder
 * @param {string} out
 */
async function pack(folder, out) {
  const { version } = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8"));
  const files = platforms.map((one) => path.join(out, `pulumi-resource-secret-sync-v${version}-${one}.tar.gz`));
  const [first = "", ...others] = files;
  const { ok, stderr } = await runCommand("tar", ["-czf", first, "-C", folder, "."]);
  if (!ok) throw new Error(`tar could not write ${first}: ${stderr}`);
  for (const file of others) copyFileSync(first, file);
  for (const file of files) console.log(path.relative(process.cwd(), file));
}

await main();
