// Reference: writes docs/reference.md from the types and their comments; with `--check` it compares instead, and fails where they differ.
// An exported type or member without a comment is a failure either way.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Application, ReflectionGroup, ReflectionKind } from "typedoc";

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

/**
 * Chapters in the order in which a reader asks: the two resources first, then what they take. The first pattern that fits counts.
 * @type {ReadonlyArray<readonly [string, RegExp]>}
 */
const chapters = [
  ["Resources", /^(?:SecretSync|Connection)$/],
  ["Arguments of SecretSync", /^(?:SecretSyncArgs|SyncOptionsArgs)$/],
  ["Sources", /Source(?:Common)?Args$/],
  ["Destinations", /DestinationArgs$|^(?:AppPlatform|Netlify)(?!Connection)/],
  ["Connections", /Connection(?:Common)?Args$/],
  ["With digitalocean.App", /^(?:ignoreEnvChanges|AppSpecShape)$/],
  ["Hosts", /^registerAs$/],
  ["Errors", /./],
];

/** What a chapter begins with; the rest of it follows in the order of the source. */
const first = [
  "SecretSync",
  "SecretSyncArgs",
  "SourceArgs",
  "InlineSourceArgs",
  "FileSourceArgs",
  "ExecSourceArgs",
  "EnvironmentSourceArgs",
  "DestinationArgs",
  "AppPlatformDestinationArgs",
  "AppPlatformVariableArgs",
  "AppPlatformDeploymentArgs",
  "NetlifyDestinationArgs",
  "ConnectionArgs",
  "ignoreEnvChanges",
  "isSecretSyncError",
];

/** What every member of a family has comes after the family. */
const last = ["RemoteSourceArgs", "SourceCommonArgs", "SourceConnectionArgs", "ConnectionCommonArgs"];

/** @param {{ name: string }} reflection */
function rank({ name }) {
  if (last.includes(name)) return first.length + 1 + last.indexOf(name);
  return first.includes(name) ? first.indexOf(name) : first.length;
}

/** @param {import("typedoc").ProjectReflection} reflection */
function arrange(reflection) {
  const rest = new Set(reflection.children);
  reflection.groups = chapters.flatMap(([title, pattern]) => {
    const chapter = new ReflectionGroup(title, reflection);
    const members = [...rest].filter(({ name }) => pattern.test(name)).sort((a, b) => rank(a) - rank(b));
    for (const one of members) rest.delete(one);
    chapter.children = members;
    return members.length === 0 ? [] : [chapter];
  });
}

/**
 * Members that the package talks to itself with: `__provider`, symbols. Nobody calls them.
 * @param {import("typedoc").ProjectReflection} reflection
 */
function removeInternals(reflection) {
  const internals = Object.values(reflection.reflections).filter(
    (one) => one.kind === ReflectionKind.Property && /^(?:__|\[)/.test(one.name),
  );
  for (const one of internals) {
    // A group keeps what its class has lost.
    const parent = /** @type {import("typedoc").ContainerReflection} */ (one.parent);
    for (const group of parent.groups ?? []) group.children = group.children.filter((child) => child !== one);
    reflection.removeReflection(one);
  }
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
    removeInternals(reflection);
    arrange(reflection);
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
