// Names: what enumerations are called in every language, and which texts are secret. What is not listed here fails the generation.

/** By their values, so that one enumeration that several arguments have is one type. */
const enumerations = /** @type {const} */ ({
  AppPlatformScope: ["RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"],
  AppPlatformVariableType: ["SECRET", "GENERAL"],
  AwsSecretFormat: ["auto", "json", "dotenv", "text"],
  DeploymentFailureBehavior: ["report", "restore"],
  DestroyBehavior: ["delete", "retain", "restore"],
  DotenvDialect: ["dotenv", "compose", "literal"],
  EmptyValueBehavior: ["refuse", "skip", "write"],
  ExecStderr: ["show", "hide"],
  InitialSyncBehavior: ["merge", "overwrite-destination", "import-prioritize-source", "import-prioritize-destination"],
  NetlifyContextName: ["all", "production", "deploy-preview", "branch-deploy", "dev", "dev-server"],
  NetlifyContextOrBranchName: ["all", "production", "deploy-preview", "branch-deploy", "dev", "dev-server", "branch"],
  NetlifyFunctionsLimit: ["refuse", "warn"],
  NetlifyLevel: ["site", "team"],
  NetlifyScope: ["builds", "functions", "runtime", "post_processing"],
  TextFormat: ["dotenv", "json", "yaml", "kubernetes"],
});

/**
 * @param {readonly string[]} values
 * @returns {string}
 */
export function nameEnumeration(values) {
  const wanted = values.toSorted().join();
  const found = Object.entries(enumerations).find(([, known]) => known.toSorted().join() === wanted);
  if (found === undefined)
    throw new Error(`tools/pulumi-schema/names.mjs names no enumeration of ${values.join(", ")}`);
  return found[0];
}

/** Arguments whose texts are secret whatever a program says; each has to exist. */
export const secretMembers = ["InlineSource.values", "ExecSource.env"];

/** Objects that TypeScript has no name for, by the type and the member that holds them. */
export const anonymous = /** @type {Readonly<Record<string, string>>} */ ({
  "NetlifyDestination.context": "NetlifyContext",
  "NetlifyDestination.contexts": "NetlifyContext",
  "NetlifyVariable.contexts": "NetlifyContext",
  // By id or by name: other languages have one type for both.
  "SecretSync.destination": "AppPlatformDestination",
});

/** @param {string} name */
export function tokenOf(name) {
  return `secret-sync:index:${name}`;
}

/** @param {string} name */
export function referTo(name) {
  return { $ref: `#/types/${tokenOf(name)}` };
}
