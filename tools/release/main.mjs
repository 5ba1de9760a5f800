// Release: checks a tag against the files. `node tools/release/main.mjs v1.2.3 OWNER/NAME`; says each reason against it, and fails.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { listObstacles } from "./release.mjs";

const project = fileURLToPath(new URL("../..", import.meta.url));
const read = (/** @type {string} */ file) => readFileSync(path.join(project, file), "utf8");

const [tag = "", repository = ""] = process.argv.slice(2);
const obstacles = listObstacles({
  tag,
  repository,
  manifest: JSON.parse(read("package.json")),
  lock: JSON.parse(read("package-lock.json")),
  changelog: read("CHANGELOG.md"),
  versionSource: read("provider/http/version.ts"),
});
for (const obstacle of obstacles) console.error(`release: ${obstacle}`);
if (obstacles.length > 0) process.exitCode = 1;
