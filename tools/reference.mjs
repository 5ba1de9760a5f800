// Reference: writes docs/reference.md from the types and their comments; with `--check` it compares instead, and fails where they differ.
// An exported type or member without a comment is a failure either way.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Application, ReflectionKind } from "typedoc";

const project = fileURLToPath(new URL("..", import.meta.url));
const page = path.join(project, "docs", "reference.md");

/** Members that TypeScript has and nobody writes a comment for. */
const documented = [
  ReflectionKind.Class,
  ReflectionKind.Interface,
  ReflectionKind.TypeAlias,
  ReflectionKind.Function,
  ReflectionKind.Property,
  ReflectionKind.Accessor,
  ReflectionKind.Variable,
].map((kind) => ReflectionKind[kind]);

const table = "table";
const options = {
  entryPoints: [path.join(project, "provider", "index.ts")],
  tsconfig: path.join(project, "tsconfig.json"),
  plugin: ["typedoc-plugin-markdown"],
  router: "module",
  readme: "none",
  name: "Reference",
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: table,
  interfacePropertiesFormat: table,
  classPropertiesFormat: table,
  typeAliasPropertiesFormat: table,
  propertyMembersFormat: table,
  sort: ["source-order"],
  logLevel: "Warn",
  // The page of the error codes is docs/errors.md.
  intentionallyNotExported: ["errorCodes"],
  validation: { notDocumented: true, notExported: true, invalidLink: true },
  requiredToBeDocumented: documented,
};

/**
 * Discriminators, whose value says all; credentials, which the interface around them explains; symbols.
 * @param {import("typedoc").ProjectReflection} reflection
 */
function namesThatSayAll(reflection) {
  return Object.values(reflection.reflections)
    .filter((one) => one.kind === ReflectionKind.Property && !one.hasComment())
    .filter(
      (one) =>
        (one.isDeclaration() && one.type?.type === "literal") || /\.credentials\.__type\./.test(one.getFullName()),
    )
    .map((one) => one.getFullName());
}

async function render() {
  const out = mkdtempSync(path.join(tmpdir(), "reference-"));
  try {
    const app = await Application.bootstrapWithPlugins(/** @type {any} */ ({ ...options, out }));
    const reflection = await app.convert();
    if (reflection === undefined) throw new Error("the types do not compile");
    app.options.setValue("intentionallyNotDocumented", namesThatSayAll(reflection));
    app.validate(reflection);
    if (app.logger.hasWarnings() || app.logger.hasErrors()) throw new Error("see the warnings above");
    await app.generateOutputs(reflection);
    return readFileSync(path.join(out, "README.md"), "utf8");
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const heading = "<!-- Generated from the types by `npm run generate`. -->\n\n";
const wanted = heading + (await render());
if (process.argv.includes("--check")) {
  const isSame = readFileSync(page, "utf8") === wanted;
  if (!isSame) console.log("docs/reference.md is not what the types say: npm run generate");
  process.exitCode = isSame ? 0 : 1;
} else {
  mkdirSync(path.dirname(page), { recursive: true });
  writeFileSync(page, wanted);
}
