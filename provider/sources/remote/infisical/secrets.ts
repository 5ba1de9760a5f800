// Pure: a list of secrets becomes values, or every reason why it may not.

import { SecretSyncError, type Problem } from "../../../errors.js";
import { redact, type Redacted } from "../../../redacted.js";
import type { InfisicalSource } from "../../../../schema/index.js";
import type { DeclaredImport, Listing, WireSecret } from "./wire.js";

/** What the server sends instead of a value that the identity may not see. */
const hiddenText = "<hidden-by-infisical>";

/** The server's own pattern of a reference: `${KEY}` or `${environment.folder.KEY}`. */
const reference = /\$\{[\w.-]+\}/;

export interface CollectInput {
  readonly source: InfisicalSource;
  readonly listing: Listing;
  /** For messages. */
  readonly origin: string;
}

/**
 * Own secrets win over imported ones; of several imports the last one wins, as the documentation says and the official SDK does not:
 * https://infisical.com/docs/documentation/platform/secret-reference#secret-imports
 *
 * @throws SecretSyncError `source.hidden_value`, `source.unresolved_reference`, `source.duplicate_key`, `source.empty`
 */
export function collectValues({ source, listing, origin }: CollectInput): Map<string, Redacted> {
  const own = shared(listing.secrets);
  const effective = new Map<string, WireSecret>();
  for (const { secrets } of listing.imports ?? [])
    for (const secret of shared(secrets)) effective.set(secret.secretKey, secret);
  for (const secret of own) effective.set(secret.secretKey, secret);
  const problems = [
    ...findDoubles(own),
    ...findHidden(effective),
    ...(source.expandSecretReferences === false ? [] : findUnresolved(effective, source.allowUnresolved ?? [])),
    ...(effective.size > 0 || source.allowEmpty === true ? [] : [emptyAnswer]),
  ].map((problem) => ({ ...problem, message: `${origin}: ${problem.message}` }));
  if (problems.length > 0) throw new SecretSyncError(problems);
  return new Map([...effective].map(([key, secret]) => [key, redact(secret.secretValue)]));
}

/** Personal overrides are somebody's own. */
function shared(secrets: readonly WireSecret[]): WireSecret[] {
  return secrets.filter(({ type }) => type !== "personal");
}

/** Only `secretPath` tells equal names of different folders apart, and a variable has no folder. */
function findDoubles(secrets: readonly WireSecret[]): Problem[] {
  const folders = new Map<string, string[]>();
  for (const { secretKey, secretPath } of secrets)
    folders.set(secretKey, [...(folders.get(secretKey) ?? []), secretPath ?? "/"]);
  return [...folders]
    .filter(([, paths]) => paths.length > 1)
    .map(([key, paths]) => ({
      code: "source.duplicate_key",
      message: `${key} is in ${paths.sort().join(" and ")}; rename all but one, or read the folders as separate sources, where the order decides`,
    }));
}

function findHidden(secrets: ReadonlyMap<string, WireSecret>): Problem[] {
  const hidden = [...secrets.values()].filter(
    ({ secretValueHidden, secretValue }) => secretValueHidden === true || secretValue === hiddenText,
  );
  if (hidden.length === 0) return [];
  return [
    {
      code: "source.hidden_value",
      message: `the identity may not read the value of ${nameKeys(hidden)}; give it the permission "read value" for secrets there`,
    },
  ];
}

/** An unresolved reference stays as it is written, without an error from the server. */
function findUnresolved(secrets: ReadonlyMap<string, WireSecret>, allowed: readonly string[]): Problem[] {
  const left = [...secrets.values()].filter(
    ({ secretKey, secretValue }) => reference.test(secretValue) && !allowed.includes(secretKey),
  );
  if (left.length === 0) return [];
  return [
    {
      code: "source.unresolved_reference",
      message: `${nameKeys(left)} still holds a reference that the server could not resolve; correct it there, or name the key in \`allowUnresolved\` if the text is meant`,
    },
  ];
}

/** Secrets that an identity may not even describe are left out without a word: nothing at all looks the same as no permission. */
const emptyAnswer: Problem = {
  code: "source.empty",
  message:
    "the answer holds no secret, which is also what an identity without permission gets; check its role, environment and path, or set `allowEmpty: true`",
};

/**
 * Imports that the identity may not read are left out of the answer without a word, too: whatever is declared must be there.
 *
 * @throws SecretSyncError `source.import_unreadable`
 */
export function checkImports(
  declared: readonly DeclaredImport[],
  { listing, origin }: Omit<CollectInput, "source">,
): void {
  const present = new Set(
    (listing.imports ?? []).map(({ environment, secretPath }) => nameFolder(environment, secretPath)),
  );
  const missing = declared
    // A replication is a copy within the folder itself and is listed under a reserved path.
    .filter(({ isReplication, isReserved }) => isReplication !== true && isReserved !== true)
    .map(({ importEnv, importPath }) => nameFolder(importEnv.slug, importPath))
    .filter((folder) => !present.has(folder));
  if (missing.length === 0) return;
  throw new SecretSyncError({
    code: "source.import_unreadable",
    message: `${origin}: the import from ${[...new Set(missing)].sort().join(" and ")} is not in the answer; give the identity read access there, or set \`includeImports: false\``,
  });
}

function nameFolder(environment: string, path: string): string {
  return `${environment}:${path.replace(/(?<=.)\/+$/, "")}`;
}

function nameKeys(secrets: readonly WireSecret[]): string {
  return secrets
    .map(({ secretKey }) => secretKey)
    .sort()
    .join(", ");
}
