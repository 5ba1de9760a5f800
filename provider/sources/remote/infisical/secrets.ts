// Pure: a list of secrets becomes values, or every reason why it may not.

import { type Problem, SecretSyncError } from "../../../errors.js";
import { redact, type Redacted } from "../../../redacted.js";
import type { Content, Fault } from "../../documents/content.js";
import type { CollectInput } from "./collect-input.js";
import { type Declared, findDoubles } from "./doubles.js";
import { findUnselected, selectImported } from "./imported.js";
import { type DeclaredImport, nameFolder, type WireSecret } from "./wire.js";

/** What the server sends instead of a value that the identity may not see. */
const hiddenText = "<hidden-by-infisical>";

/** The server's own pattern of a reference: `${KEY}`, `${environment.folder.KEY}` or `${@project.environment.folder.KEY}`. */
const reference = /\$\{[\w.@-]+\}/;

/**
 * Own secrets win over imported ones; of several imports the last one wins, according to the documentation but not to the official SDK:
 * https://infisical.com/docs/documentation/platform/secret-reference#secret-imports
 * Within one import the first of two equal names wins: the server lists what is in the folder before what the folder itself imports,
 * and its own syncs fill gaps only (Infisical: backend/src/services/secret-sync/secret-sync-queue.ts).
 *
 * @throws SecretSyncError `source.empty`
 */
export function collectValues(
  { source, listing, origin }: CollectInput,
  declared: Declared = new Map(),
): Content<Redacted> {
  const own = shared(listing.secrets);
  const imported = new Map<string, WireSecret>();
  for (const { secrets } of (listing.imports ?? []).toReversed())
    for (const secret of selectImported(shared(secrets), source))
      if (!imported.has(secret.secretKey)) imported.set(secret.secretKey, secret);
  const effective = new Map([...imported, ...own.map((secret) => [secret.secretKey, secret] as const)]);
  if (effective.size === 0 && source.allowEmpty !== true) throw emptyAnswer(origin);
  return {
    values: new Map([...effective].map(([key, secret]) => [key, redact(secret.secretValue)])),
    faults: [
      ...findDoubles(own, { source, listing, origin }, declared),
      ...findUnselected(
        [...effective.values()].filter((secret) => imported.get(secret.secretKey) === secret),
        source,
        origin,
      ),
      ...findHidden(effective, origin),
      ...(source.expandSecretReferences === false ? [] : findUnresolved(effective, { source, origin })),
    ],
  };
}

/** Personal overrides are somebody's own. */
function shared(secrets: readonly WireSecret[]): WireSecret[] {
  return secrets.filter(({ type }) => type !== "personal");
}

function findHidden(secrets: ReadonlyMap<string, WireSecret>, origin: string): Fault[] {
  const hidden = [...secrets.values()].filter(
    ({ secretValueHidden, secretValue }) => secretValueHidden === true || secretValue === hiddenText,
  );
  return [
    {
      keys: nameKeys(hidden),
      tell: (keys) => ({
        code: "source.hidden_value",
        message: `${origin}: the identity may not read the value of ${keys.join(", ")}; give it the permission "read value" for secrets there`,
      }),
    },
  ];
}

/** An unresolved reference stays as it is written, without an error from the server. */
function findUnresolved(
  secrets: ReadonlyMap<string, WireSecret>,
  { source, origin }: Pick<CollectInput, "source" | "origin">,
): Fault[] {
  const allowed = source.allowUnresolved ?? [];
  const left = [...secrets.values()].filter(
    ({ secretKey, secretValue }) => reference.test(secretValue) && !allowed.includes(secretKey),
  );
  return [
    {
      keys: nameKeys(left),
      tell: (keys) => ({
        code: "source.unresolved_reference",
        message: `${origin}: ${keys.join(", ")} still holds a reference that the server could not resolve; correct it there, or name the key in \`allowUnresolved\` if the text is meant`,
      }),
    },
  ];
}

/** Secrets that an identity may not even describe are silently left out: an empty folder looks the same as no permission. */
function emptyAnswer(origin: string): SecretSyncError {
  return new SecretSyncError({
    code: "source.empty",
    message: `${origin}: the answer holds no secret, which is also what an identity without permission gets; check its role, environment and path, or set \`allowEmpty: true\``,
  });
}

/**
 * Imports that the identity may not read are silently left out of the answer, too, or stay in it without a secret, like those of a folder
 * that is gone: whatever is declared must be there, and give something.
 *
 * @throws SecretSyncError `source.import_unreadable`
 */
export function checkImports(declared: readonly DeclaredImport[], { source, listing, origin }: CollectInput): void {
  const { imports = [] } = listing;
  const present = new Set(imports.map(({ environment, secretPath }) => nameFolder(environment, secretPath)));
  const missing = declared
    // A replication is a copy within the folder itself and is listed under a reserved path.
    .filter(({ isReplication, isReserved }) => isReplication !== true && isReserved !== true)
    .map(({ importEnv, importPath }) => nameFolder(importEnv.slug, importPath))
    .filter((folder) => !present.has(folder));
  const silent = imports
    .filter(({ secrets }) => secrets.length === 0 && source.allowEmpty !== true)
    .map(({ environment, secretPath }) => nameFolder(environment, secretPath));
  const problems = [
    ...failImport(origin, missing, [
      "is not in the answer",
      "give the identity read access there, or set `includeImports: false`",
    ]),
    ...failImport(origin, silent, [
      "gives no secret, which is also what an identity without permission gets",
      "give it read access there, take the import out if its folder is gone, or set `allowEmpty: true`",
    ]),
  ];
  if (problems.length > 0) throw new SecretSyncError(problems);
}

function failImport(origin: string, folders: readonly string[], [fault, remedy]: readonly [string, string]): Problem[] {
  if (folders.length === 0) return [];
  const from = [...new Set(folders)].sort().join(" and ");
  return [{ code: "source.import_unreadable", message: `${origin}: the import from ${from} ${fault}; ${remedy}` }];
}

function nameKeys(secrets: readonly WireSecret[]): string[] {
  return secrets.map(({ secretKey }) => secretKey).sort();
}
