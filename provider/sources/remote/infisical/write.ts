// Network side of Infisical: writes keys into the folder that a source reads.

import { type Problem, SecretSyncError } from "../../../errors.js";
import type { InfisicalSource } from "../../../../schema/index.js";
import { valuesAround } from "../../documents/content.js";
import { failPlacing, keepCurrent } from "../../documents/edit.js";
import { refuseSource } from "../../refusal.js";
import type { SourceEdit, WriteInput } from "../../source.js";
import { sendBatch } from "./api.js";
import { collectValues } from "./secrets.js";
import type { Session } from "./session.js";
import type { Listing } from "./wire.js";

interface Folder {
  readonly source: InfisicalSource;
  readonly session: Session;
  /** What the folder holds now. */
  readonly listing: Listing;
  readonly origin: string;
}

/** New keys in one request, changed ones in another. A key that came from an import becomes one of the folder's own, which wins. */
export async function writeSecrets(folder: Folder, { edits, rehearse }: WriteInput): Promise<void> {
  const { source, listing, origin } = folder;
  refuseSelection(source, origin);
  const content = collectValues({ source: { ...source, allowEmpty: true }, listing, origin });
  const values = valuesAround(
    content,
    edits.map(({ key }) => key),
  );
  const open = keepCurrent(edits, values, origin);
  const problems = open.flatMap((edit) => refuseEdit(edit, folder));
  if (problems.length > 0) throw new SecretSyncError(problems);
  if (rehearse) return;
  const own = new Set(listing.secrets.filter(({ type }) => type !== "personal").map(({ secretKey }) => secretKey));
  await send(
    folder,
    "POST",
    open.filter(({ key }) => !own.has(key)),
  );
  await send(
    folder,
    "PATCH",
    open.filter(({ key }) => own.has(key)),
  );
}

/** The same request has to read back what is written. */
function refuseSelection({ recursive, tagSlugs = [], metadata = {} }: InfisicalSource, origin: string): void {
  if (recursive === true)
    throw refuseSource(
      origin,
      "it reads several folders, where the folder for a new key is ambiguous; leave `recursive` out",
    );
  if (tagSlugs.length > 0 || Object.keys(metadata).length > 0)
    throw refuseSource(origin, "it selects by tags or metadata, which a new secret would not have; select by folder");
}

function refuseEdit({ key, value }: SourceEdit, { source, origin }: Folder): Problem[] {
  const text = value.reveal();
  if (/[:/\s]/.test(key)) return [failPlacing(origin, key, "Infisical allows no colon, slash or space in a name")];
  // The server trims values, except for one line break at the end (Infisical: backend/src/server/routes/v3/secret-router.ts).
  const kept = text.endsWith("\n") ? `${text.trim()}\n` : text.trim();
  if (kept !== text) return [failPlacing(origin, key, "Infisical would trim the white space around its value")];
  if (source.expandSecretReferences !== false && text.includes("${"))
    return [failPlacing(origin, key, 'its value contains "${", which Infisical would read as a reference')];
  return [];
}

async function send(
  { source, session, origin }: Folder,
  method: "POST" | "PATCH",
  edits: readonly SourceEdit[],
): Promise<void> {
  if (edits.length === 0) return;
  const secrets = edits.map(({ key, value }) => ({ secretKey: key, secretValue: value.reveal() }));
  if (await sendBatch(source, session, { method, secrets })) return;
  throw new SecretSyncError({
    code: "import.approval",
    message: `${origin} holds the import back until somebody approves it; approve it in Infisical, then run up again`,
  });
}
