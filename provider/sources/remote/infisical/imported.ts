// Pure: the imported secrets that a source selects. The server selects by tags and metadata in the folder itself only, and gives the
// secrets of an import as a whole (Infisical: backend/src/services/secret-import/secret-import-fns.ts).

import type { InfisicalSource } from "../../../../schema/index.js";
import type { Fault } from "../../documents/content.js";
import type { WireSecret } from "./wire.js";

type Selection = Pick<InfisicalSource, "tagSlugs" | "metadata">;

/** Whether the source selects a secret; undefined if the server does not tell. */
function isSelected({ tags, secretMetadata }: WireSecret, { tagSlugs, metadata }: Selection): boolean | undefined {
  const byTags = tagSlugs === undefined ? true : tags?.some(({ slug }) => tagSlugs.includes(slug));
  const byMetadata = metadata === undefined ? true : secretMetadata && hasAll(secretMetadata, metadata);
  return byMetadata === false ? false : byTags && byMetadata;
}

function hasAll(
  told: NonNullable<WireSecret["secretMetadata"]>,
  wanted: NonNullable<InfisicalSource["metadata"]>,
): boolean {
  return Object.entries(wanted).every(([name, text]) =>
    told.some(({ key, value, isEncrypted }) => key === name.trim() && value === text.trim() && isEncrypted !== true),
  );
}

/** Without those that are certainly not selected. */
export function selectImported(secrets: readonly WireSecret[], selection: Selection): WireSecret[] {
  return secrets.filter((secret) => isSelected(secret, selection) !== false);
}

/** Imported secrets that would be written without having been selected. */
export function findUnselected(secrets: readonly WireSecret[], source: Selection, origin: string): Fault[] {
  const unknown = secrets.filter((secret) => isSelected(secret, source) === undefined);
  const [what, field] = source.tagSlugs === undefined ? ["metadata", "metadata"] : ["tags", "tagSlugs"];
  return [
    {
      keys: unknown.map(({ secretKey }) => secretKey).sort(),
      tell: (keys) => ({
        code: "argument.invalid",
        message: `${origin}: the server does not say which ${what} the imported ${keys.join(", ")} have, so \`${field}\` cannot select among them; set \`includeImports: false\`, or select by folder, or by \`include\` and \`exclude\``,
      }),
    },
  ];
}
