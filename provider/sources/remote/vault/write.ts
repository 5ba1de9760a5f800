// Network side of Vault and OpenBao: writes keys as a new version of one secret, on top of the version that was read.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#patch-secret

import { isHttpError } from "../../../http/error.js";
import { SecretSyncError } from "../../../errors.js";
import { type Content, valuesAround } from "../../documents/content.js";
import { keepCurrent } from "../../documents/edit.js";
import { refuseSource } from "../../refusal.js";
import type { SourceEdit, WriteInput } from "../../source.js";
import { placeKeys } from "../../documents/tree-path.js";
import type { Redacted } from "../../../redacted.js";
import type { VaultSource } from "../../../../schema/index.js";
import { readAddress, describePlace, readSecret, type SecretPlace } from "./secrets.js";
import type { Session } from "./session.js";

interface PatchInput {
  readonly source: VaultSource;
  readonly session: Session;
  readonly writing: WriteInput;
  /** Everything that the source gives now. */
  readonly read: () => Promise<Content<Redacted>>;
}

/** Of several paths the last one, whose values win. Only the keys that change are sent, so that nothing else is rewritten. */
export async function patchSecret({ source, session, writing, read }: PatchInput): Promise<void> {
  const place = readPlace(source);
  const origin = describePlace(place);
  if (source.version !== undefined)
    throw refuseSource(origin, "it pins a version, which never changes; leave `version` out");
  if (source.recursive === true)
    throw refuseSource(origin, "it reads a tree, where the secret for a new key is ambiguous; name the paths");
  // Read the version first: anything written after it makes the check-and-set fail.
  const secret = await readSecret(session, place);
  if (secret === undefined) throw refuseSource(origin, "there is no secret to add to");
  const now = valuesAround(
    await read(),
    writing.edits.map(({ key }) => key),
  );
  const edits = keepCurrent(writing.edits, now, origin);
  const paths = placeKeys(secret.tree(), { edits, separator: source.separator ?? "_", origin });
  if (writing.rehearse || edits.length === 0) return;
  const data = edits.reduce((tree, edit) => setAt(tree, paths.get(edit.key) ?? [edit.key], edit), {});
  try {
    await session.ask({
      method: "PATCH",
      path: readAddress(place),
      headers: { "content-type": "application/merge-patch+json" },
      body: { options: { cas: secret.version }, data },
      repeat: "once",
    });
  } catch (error) {
    throw explain(error, origin);
  }
}

function readPlace({ mount = "secret", path, paths, separator }: VaultSource): SecretPlace {
  return { mount, path: path ?? paths?.at(-1) ?? "", separator };
}

type Patch = { readonly [key: string]: string | Patch };

/** Not by assignment, which would lose `__proto__`, a legal name. */
function setAt(patch: Patch, [name = "", ...rest]: readonly string[], edit: SourceEdit): Patch {
  const old = Object.hasOwn(patch, name) ? patch[name] : undefined;
  const value = rest.length === 0 ? edit.value.reveal() : setAt(typeof old === "object" ? old : {}, rest, edit);
  return Object.fromEntries([...Object.entries(patch), [name, value]]);
}

function explain(error: unknown, origin: string): unknown {
  if (!isHttpError(error)) return error;
  if (error.status === 400 && /check-and-set/i.test(error.vendorMessage ?? "")) {
    return new SecretSyncError({
      code: "import.changed",
      message: `${origin} got a new version since it was read, and nothing was written; run again`,
    });
  }
  if (error.status !== 403) return error;
  return refuseSource(origin, `the token may not write it; its policy needs the capability "patch" on the data path`);
}
