// Errors: writes docs/errors.md from the table of error codes; with `--check` it compares instead, and fails where they differ.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {{ meaning: string, remedy: string, retryable: boolean }} Row */

const project = fileURLToPath(new URL("..", import.meta.url));
const page = path.join(project, "docs", "errors.md");
const require = createRequire(import.meta.url);

const introduction = `<!-- Generated from provider/error-codes.ts by \`npm run generate\`. -->

# Error codes

Every error starts with a stable code, names what is wrong and says what to do. All problems of a run are reported together. The tables
group the codes by the part before the dot.

A retry helps where the same run may succeed later although nobody has changed or repaired anything; such a message ends with
"(retrying may help)".

In a program, \`isSecretSyncError(error)\` recognises the errors of this package. \`error.code\` is the code of the first problem,
\`error.problems\` lists \`code\`, \`message\` and \`retryable\` of all of them, and the type \`ErrorCode\` lists the codes.
`;

/** @returns {string} */
function render() {
  /** @type {{ errorCodes: Record<string, Row> }} */
  const { errorCodes } = require(path.join(project, "dist", "provider", "error-codes.js"));
  const groups = Map.groupBy(Object.entries(errorCodes), ([code]) => code.split(".")[0] ?? "");
  return [introduction, ...[...groups].map(([group, rows]) => renderGroup(group, rows))].join("\n");
}

/**
 * @param {string} group
 * @param {[string, Row][]} rows
 */
function renderGroup(group, rows) {
  const lines = rows.map(
    ([code, { meaning, remedy, retryable }]) =>
      `| \`${code}\` | ${meaning} | ${remedy} | ${retryable ? "yes" : "no"} |\n`,
  );
  return `## ${group}\n\n| code | meaning | what to do | retry helps |\n| --- | --- | --- | --- |\n${lines.join("")}`;
}

const wanted = render();
if (process.argv.includes("--check")) {
  const isSame = readFileSync(page, "utf8") === wanted;
  if (!isSame) console.log("docs/errors.md is not what provider/error-codes.ts says: npm run generate");
  process.exitCode = isSame ? 0 : 1;
} else {
  mkdirSync(path.dirname(page), { recursive: true });
  writeFileSync(page, wanted);
}
