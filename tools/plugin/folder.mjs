// Folder: the plugin as the engine finds it, with nothing beside it to install.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { project } from "../setup/packages.mjs";
import { bundlePlugin } from "./bundle.mjs";

/** Three folders below the root, as in the npm package: it looks for the schema from there. */
const main = "dist/provider/plugin/main.js";

/** The engine starts this one, and shows what it says when it does not get a port. */
const posix = `#!/bin/sh
# Starts the plugin under the Node that is on PATH.
if ! command -v node > /dev/null; then
  echo "node.missing: the plugin secret-sync runs on Node, and there is none on PATH; install Node 22.19 or newer" >&2
  exit 1
fi
self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in /*) self=$target ;; *) self=$(dirname "$self")/$target ;; esac
done
exec node "$(dirname "$self")/${main}" "$@"
`;
const windows = `@node "%~dp0${main.replaceAll("/", "\\")}" %*\r\n`;

/** The language host for Node then runs the folder, without TypeScript's compiler. */
const pluginFile = `name: secret-sync
runtime:
  name: nodejs
  options:
    typescript: false
`;

/**
 * @param {string} folder
 * @param {{ isNamed: boolean }} use whether a program names it under `packages:`; an archive is started by its executable alone
 */
export async function writePluginFolder(folder, { isNamed }) {
  const { name, version, license, engines } = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8"));
  mkdirSync(path.join(folder, "schema"), { recursive: true });
  await bundlePlugin(path.join(folder, main));
  for (const file of ["schema/pulumi.json", "LICENSE"]) copyFileSync(path.join(project, file), path.join(folder, file));
  writeFileSync(
    path.join(folder, "package.json"),
    `${JSON.stringify({ name, version, license, main, engines }, null, 2)}\n`,
  );
  writeFileSync(path.join(folder, "pulumi-resource-secret-sync"), posix);
  chmodSync(path.join(folder, "pulumi-resource-secret-sync"), 0o755);
  writeFileSync(path.join(folder, "pulumi-resource-secret-sync.cmd"), windows);
  if (isNamed) writeFileSync(path.join(folder, "PulumiPlugin.yaml"), pluginFile);
}
