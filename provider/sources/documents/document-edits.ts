// Pure: writes keys and values into the bytes of a file, and leaves everything else as it is. Proven by reading the result again.

import type { TextFormat } from "../../../schema/index.js";
import { isSecretSyncError, type Problem, SecretSyncError } from "../../errors.js";
import type { Redacted } from "../../redacted.js";
import { valuesAround } from "./content.js";
import { decode, type DocumentRequest, readDocument } from "./document.js";
import { failPlacing, keepCurrent, type SourceEdit, type TextEditing } from "./edit.js";

/** A manifest belongs to a cluster and is only read. */
export type WritableFormat = Exclude<TextFormat, "kubernetes">;

const bom = Buffer.from("\uFEFF");

/** One editor per format. Each throws `import.unplaceable` for what it cannot write. */
const editors: { readonly [F in WritableFormat]: () => Promise<(text: string, editing: TextEditing) => string> } = {
  dotenv: async () => (await import("./dotenv-edits.js")).editDotenv,
  json: async () => (await import("./json-edits.js")).editJson,
  yaml: async () => (await import("./yaml-edits.js")).editYaml,
};

/**
 * The new text of a document. Comments, order and spelling of everything else stay.
 *
 * @throws SecretSyncError `import.changed` when a key is not as it was read, `import.unplaceable` when one cannot be written there
 */
export async function editDocument(
  request: DocumentRequest & { readonly format: WritableFormat; readonly edits: readonly SourceEdit[] },
): Promise<string> {
  const { origin, separator = "_", dialect, expand } = request;
  const before = await readAround(request, request.edits);
  const edits = keepCurrent(request.edits, before, origin);
  const text = decode(request.bytes, origin);
  const edit = await editors[request.format]();
  const edited = edits.length === 0 ? text : edit(text, { separator, edits, origin, dialect, expand });
  await proveEdit(request, { before, edits, edited });
  // The BOM belongs to the file, not to its text.
  return bom.equals(request.bytes.subarray(0, 3)) ? `\uFEFF${edited}` : edited;
}

/** Faults of other keys do not matter; but another value would break the seal of an encrypted file. */
async function readAround(
  request: DocumentRequest,
  edits: readonly SourceEdit[],
): Promise<ReadonlyMap<string, Redacted>> {
  const content = await readDocument(request);
  const sealed = content.faults.flatMap(({ keys, tell }) => (tell(keys).code === "source.encrypted" ? keys : []));
  return valuesAround(content, [...sealed, ...edits.map(({ key }) => key)]);
}

interface Proof {
  readonly before: ReadonlyMap<string, Redacted>;
  readonly edits: readonly SourceEdit[];
  readonly edited: string;
}

/** Whatever an editor did, the result has to read as the old values with the edits, and nothing else. */
async function proveEdit(request: DocumentRequest, { before, edits, edited }: Proof): Promise<void> {
  const wanted = new Map([...before, ...edits.map(({ key, value }) => [key, value] as const)]);
  const after = await readAround({ ...request, bytes: Buffer.from(edited) }, edits).catch((error: unknown) => {
    if (isSecretSyncError(error)) return new Map<string, Redacted>();
    throw error;
  });
  const differing = [...new Set([...wanted.keys(), ...after.keys()])].filter(
    (key) => wanted.get(key)?.reveal() !== after.get(key)?.reveal(),
  );
  if (differing.length === 0) return;
  const blamed = edits.filter(({ key }) => differing.includes(key));
  const isReferred = blamed.length === 0 && request.expand === true && after.size > 0;
  const reason = isReferred ? "another value of the file refers to it" : "the file would not read back correctly";
  const problems: Problem[] = (blamed.length > 0 ? blamed : edits).map(({ key }) =>
    failPlacing(request.origin, key, reason),
  );
  throw new SecretSyncError(problems);
}
