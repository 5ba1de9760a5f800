// Pulumi schema: writes schema/pulumi.json from the shapes and the TypeScript comments; with `--check` it compares instead.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { project } from "../setup/packages.mjs";
import { Declarations } from "./comments.mjs";
import { renderExamples } from "./examples.mjs";
import { tokenOf } from "./names.mjs";
import { configuration, describeConnection, describeSecretSync } from "./resources.mjs";
import { Types } from "./types.mjs";

const file = path.join(project, "schema", "pulumi.json");

/** @param {string} name */
function readJson(name) {
  return JSON.parse(readFileSync(path.join(project, name), "utf8"));
}

/** @returns {string} */
function render() {
  const { version, description, license, keywords, repository } = readJson("package.json");
  const place = readRepository(repository);
  const declarations = new Declarations();
  const types = new Types(declarations);
  const material = { declarations, types, examples: renderExamples() };
  const connection = describeConnection(readJson("schema/json/connection.json"), material);
  const sync = describeSecretSync(readJson("schema/json/secret-sync.json"), material);
  const schema = {
    name: "secret-sync",
    displayName: "Secret Sync",
    version,
    description,
    keywords: [...keywords, "kind/native", "category/utility"],
    license,
    // Where the release workflow puts the archives; until package.json names a repository, whoever installs says it.
    ...(place
      ? { repository: `https://github.com/${place}`, pluginDownloadURL: `github://api.github.com/${place}` }
      : {}),
    config: { variables: configuration },
    types: Object.fromEntries([...types.named].map(([name, type]) => [tokenOf(name), type]).toSorted(byToken)),
    provider: { description: "Settings of the plugin.", inputProperties: configuration },
    resources: { [tokenOf("Connection")]: connection, [tokenOf("SecretSync")]: sync },
    language: describeLanguages(place),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/**
 * @param {unknown[]} one
 * @param {unknown[]} other
 */
function byToken([one], [other]) {
  return String(one) < String(other) ? -1 : 1;
}

/** The version of a generated package is that of the plugin, so that the CLI looks for that one. */
const respectSchemaVersion = true;

/** @param {string | undefined} place OWNER/NAME */
const describeLanguages = (place) => ({
  csharp: { respectSchemaVersion },
  go: {
    importBasePath: `${place ? `github.com/${place}` : "example.com/pulumi-secret-sync"}/sdk/go/secretsync`,
    generateResourceContainerTypes: true,
    respectSchemaVersion,
  },
  java: {},
  nodejs: { packageName: "pulumi-secret-sync-sdk", respectSchemaVersion },
  python: {
    packageName: "pulumi_secret_sync",
    readme: "Secrets in a Pulumi program, reconciled into DigitalOcean App Platform apps and Netlify sites.",
    respectSchemaVersion,
    pyproject: { enabled: true },
  },
});

/** @param {string | { url?: string } | undefined} field */
function readRepository(field) {
  const url = typeof field === "string" ? field : field?.url;
  return /github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?$/.exec(url ?? "")?.[1];
}

const wanted = render();
if (process.argv.includes("--check")) {
  const isSame = readFileSync(file, "utf8") === wanted;
  if (!isSame) console.log("schema/pulumi.json is not what the shapes and comments say: npm run generate");
  process.exitCode = isSame ? 0 : 1;
} else {
  writeFileSync(file, wanted);
}
