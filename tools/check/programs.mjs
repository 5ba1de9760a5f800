// Programs: where a development tool's own script lies, so that it runs under this Node on every platform.
import { readFileSync } from "node:fs";
import path from "node:path";
import { project } from "../setup/packages.mjs";

/**
 * @param {string} name a package of node_modules
 * @param {string} program one of the programs it brings
 */
export function findProgram(name, program) {
  const folder = path.join(project, "node_modules", name);
  const { bin } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const file = typeof bin === "string" ? bin : bin?.[program];
  if (typeof file !== "string") throw new Error(`the package ${name} brings no program ${program}`);
  return path.join(folder, file);
}
