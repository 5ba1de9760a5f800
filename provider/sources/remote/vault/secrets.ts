// Network side of Vault and OpenBao: reads one secret of a KV v2 mount, and lists what is below a path.
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2

import { isHttpError } from "../../../http/error.js";
import { SecretSyncError } from "../../../errors.js";
import type { Redacted } from "../../../redacted.js";
import { askEach } from "../ask-each.js";
import { failAnswer } from "../failure.js";
import type { Content } from "../../documents/content.js";
import type { Tree } from "../../documents/tree.js";
import { readTree, readValues } from "../../documents/values.js";
import type { Session } from "./session.js";
import { listAnswer, missingAnswer, mountAnswer, readAnswer } from "./wire.js";

export interface SecretPlace {
  readonly mount: string;
  readonly path: string;
  readonly version?: number | undefined;
  readonly separator?: string | undefined;
}

/** One version of a secret. */
export interface SecretVersion {
  readonly version: number;
  readonly content: Content<Redacted>;
  /** The values with their nesting. */
  readonly tree: () => Tree;
}

/** @returns undefined if there is no secret, so that the caller can say where else it could have been. */
export async function readSecret(session: Session, place: SecretPlace): Promise<SecretVersion | undefined> {
  const { version, separator } = place;
  const origin = describePlace(place);
  const answer = await session
    .ask({ method: "GET", path: readAddress(place), query: { version }, repeat: "safe", accept: [404] })
    .catch(async (error: unknown) => {
      // A policy for a mount of version 1 names other addresses.
      if (isHttpError(error) && error.status === 403) await refuseVersionOne(session, place);
      throw error;
    });
  const parsed = readAnswer.safeParse(answer.body);
  if (!parsed.success) {
    await refuseVersionOne(session, place);
    if (answer.status !== 404) throw failAnswer(origin, "the data of a KV version 2 secret");
    checkMissing(answer.body, place);
    return undefined;
  }
  const { data, metadata } = parsed.data.data;
  // A live version may have a deletion time, too: when it will be deleted (`delete_version_after`).
  if (answer.status === 404 || data === null) throw deleted(place, metadata);
  const part = { text: answer.text, at: ["data", "data"], origin };
  return { version: metadata.version, content: readValues({ ...part, separator }), tree: () => readTree(part) };
}

/** Where the data of a secret is. */
export function readAddress({ mount, path }: SecretPlace): string {
  return `/v1/${encodePath(mount)}/data/${encodePath(path)}`;
}

function deleted(place: SecretPlace, { version, destroyed }: { version: number; destroyed: boolean }): SecretSyncError {
  // A source that pins a version never reads a new one.
  const remedy =
    place.version === undefined
      ? "write a new version, or remove the secret with `vault kv metadata delete`"
      : "give another `version`, or leave it out for the newest";
  return new SecretSyncError({
    code: "source.deleted_version",
    message: `${describePlace(place)}: version ${version} is ${destroyed ? "destroyed" : "deleted"}; ${destroyed ? "" : "bring it back with `vault kv undelete`, "}${remedy}`,
  });
}

/**
 * A mount of version 1 has no address with `data/`, and denies it just like a missing secret. The call that Vault's own CLI makes shows
 * the type of the mount, and is open to every token that may use it.
 */
async function refuseVersionOne(session: Session, place: SecretPlace): Promise<void> {
  const path = `/v1/sys/internal/ui/mounts/${encodePath(place.mount)}`;
  const answer = await session.ask({ method: "GET", path, repeat: "safe", accept: [403, 404] }).catch(() => undefined);
  const { data: mount } = mountAnswer.safeParse(answer?.body);
  if (mount === undefined || !["kv", "generic"].includes(mount.data.type) || mount.data.options?.version === "2")
    return;
  throw new SecretSyncError({
    code: "source.not_found",
    message: `${describePlace(place)}: the mount ${JSON.stringify(place.mount)} is KV version 1, and only version 2 is read; upgrade it with \`vault kv enable-versioning ${place.mount}\`, or let an exec source print the data (\`vault kv get -format=json -mount=${place.mount} ${place.path} | jq .data\`)`,
  });
}

/**
 * A 404 with an explanation: no such mount, or one of version 1. Without one: no such secret. A 404 that is not Vault's own says nothing
 * about what is there.
 */
function checkMissing(body: unknown, place: Pick<SecretPlace, "mount" | "path">): void {
  const parsed = missingAnswer.safeParse(body);
  if (!parsed.success) throw failAnswer(describePlace(place), "Vault's own word for what is not there");
  const { errors = [], warnings } = parsed.data;
  if (errors.length === 0 && (warnings ?? []).length === 0) return;
  throw new SecretSyncError({
    code: "source.not_found",
    message: `${describePlace(place)}: there is no KV version 2 mount at ${JSON.stringify(place.mount)}, or it has no such address; check \`mount\`, \`path\` (without "data/") and \`namespace\``,
  });
}

/** As deep as a document may nest. */
const deepest = 100;
/** In all folders together; orders of magnitude more than a platform takes. */
const mostNames = 10_000;

/** Paths of all secrets at or below a path, in order, level by level. A tree whose folders never end is reported as such. */
export async function listPaths(session: Session, place: SecretPlace): Promise<string[]> {
  const { mount } = place;
  const found: string[] = [];
  let listed = 0;
  const list = async (path: string) => {
    const names = await listFolder(session, { mount, path });
    listed += names.length;
    if (listed > mostNames) throw tooLarge(place);
    if (names.length === 0 && path !== place.path) throw vanished({ mount, path });
    return names.map((name) => `${path}/${name}`);
  };
  let folders: readonly string[] = [place.path];
  for (let depth = 1; folders.length > 0; depth += 1) {
    if (depth > deepest) throw tooLarge(place);
    const inner = (await askEach(folders, list)).flat();
    found.push(...inner.filter((path) => !path.endsWith("/")));
    folders = inner.filter((path) => path.endsWith("/")).map((path) => path.slice(0, -1));
  }
  return [...new Set(found)].sort();
}

function tooLarge(place: SecretPlace): SecretSyncError {
  return new SecretSyncError({
    code: "source.too_large",
    message: `${describePlace(place)}: there are more than ${mostNames} names below it, or folders more than ${deepest} levels deep; name a path that holds only secrets of the app`,
  });
}

/** A folder exists only as long as it has content, and it was listed a moment ago. */
function vanished(place: SecretPlace): SecretSyncError {
  return new SecretSyncError({
    code: "source.incomplete",
    message: `${describePlace(place)}: the folder is listed and then holds nothing; run again`,
  });
}

async function listFolder(session: Session, { mount, path }: SecretPlace): Promise<readonly string[]> {
  const answer = await session.ask({
    method: "GET",
    path: `/v1/${encodePath(mount)}/metadata/${encodePath(path)}`,
    // The equivalent of the verb LIST, for clients without it.
    query: { list: true },
    repeat: "safe",
    accept: [404],
  });
  // An empty folder does not exist.
  if (answer.status === 404) {
    checkMissing(answer.body, { mount, path });
    return [];
  }
  const parsed = listAnswer.safeParse(answer.body);
  if (!parsed.success || !parsed.data.data.keys.every(isName))
    throw failAnswer(describePlace({ mount, path }), "a list of names");
  return parsed.data.data.keys;
}

/** Whether a name leads to where it is listed. */
function isName(listed: string): boolean {
  const name = listed.replace(/\/$/, "");
  return !["", ".", ".."].includes(name) && !name.includes("/");
}

export function describePlace({ mount, path }: Pick<SecretPlace, "mount" | "path">): string {
  return `vault source ${mount}/${path}`;
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
