// Examples: the program of each language's page, as the registry and the generated packages show it.
import { readFileSync } from "node:fs";
import path from "node:path";
import { project } from "../setup/packages.mjs";

/** The page, the fence of its program, and the fence that Pulumi knows the language by. */
const languages = /** @type {const} */ ([
  ["typescript", "ts", "typescript"],
  ["python", "python", "python"],
  ["go", "go", "go"],
  ["csharp", "csharp", "csharp"],
  ["java", "java", "java"],
  ["yaml", "yaml", "yaml"],
]);

/** https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/: a generated package keeps the program of its language. */
export function renderExamples() {
  const programs = languages.map(([page, fence, name]) => `\`\`\`${name}\n${readProgram(page, fence)}\`\`\``);
  return [
    "{{% examples %}}",
    "## Example Usage",
    "{{% example %}}",
    "### One secret of an app",
    "",
    programs.join("\n\n"),
    "",
    "{{% /example %}}",
    "{{% /examples %}}",
  ].join("\n");
}

/**
 * @param {string} page
 * @param {string} fence
 * @returns {string}
 */
function readProgram(page, fence) {
  const text = readFileSync(path.join(project, "docs", "languages", `${page}.md`), "utf8");
  const program = new RegExp(`^\`\`\`${fence}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(text)?.[1];
  if (program === undefined) throw new Error(`docs/languages/${page}.md has no program`);
  return program;
}
