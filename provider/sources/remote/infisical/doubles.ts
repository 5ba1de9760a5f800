// Pure: names that several folders of a tree give. A variable has no folder, so all but one would be lost.

import { type Fault, faultOf } from "../../documents/content.js";
import { selectImported } from "./imported.js";
import type { CollectInput } from "./collect-input.js";
import { type DeclaredImport, nameFolder, type WireSecret } from "./wire.js";

/** The imports of each folder that was asked about them. */
export type Declared = ReadonlyMap<string, readonly DeclaredImport[]>;

interface Given {
  readonly folder: string;
  readonly value: string;
  readonly isOwn: boolean;
}

/** Equal names in different folders differ only by `secretPath`. What folders import may agree. */
export function findDoubles(own: readonly WireSecret[], input: CollectInput, declared: Declared): Fault[] {
  const given = new Map<string, Given[]>();
  const add = ({ secretKey: key, secretValue: value }: WireSecret, folder: string, isOwn: boolean) =>
    given.set(key, [...(given.get(key) ?? []), { folder, value, isOwn }]);
  for (const secret of own) add(secret, secret.secretPath ?? "/", true);
  if (input.source.recursive === true)
    for (const [folder, imports] of declared) {
      const names = new Set(own.flatMap(({ secretKey, secretPath = "/" }) => (secretPath === folder ? secretKey : [])));
      for (const secret of takeImported(imports, input)) if (!names.has(secret.secretKey)) add(secret, folder, false);
    }
  return [...given].flatMap(([key, all]) => (isTorn(all) ? failDouble(key, all, input.origin) : []));
}

/** What a folder gets from its own imports: the last one wins. */
function takeImported(declared: readonly DeclaredImport[], { source, listing }: CollectInput): Iterable<WireSecret> {
  const names = new Set(declared.map(({ importEnv, importPath }) => nameFolder(importEnv.slug, importPath)));
  const taken = new Map<string, WireSecret>();
  for (const { environment, secretPath, secrets } of (listing.imports ?? []).toReversed())
    if (names.has(nameFolder(environment, secretPath)))
      for (const secret of selectImported(secrets, source))
        if (!taken.has(secret.secretKey)) taken.set(secret.secretKey, secret);
  return taken.values();
}

function isTorn(given: readonly Given[]): boolean {
  return given.filter(({ isOwn }) => isOwn).length > 1 || given.some(({ value }) => value !== given[0]?.value);
}

function failDouble(key: string, given: readonly Given[], origin: string): Fault {
  const folders = given.map(({ folder }) => folder).sort();
  return faultOf(key, {
    code: "source.duplicate_key",
    message: `${origin}: ${key} is in ${folders.join(" and ")}; rename all but one, or read the folders as separate sources, where the order decides`,
  });
}
