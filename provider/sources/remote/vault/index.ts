// IO side: the Vault source, for KV version 2 of Vault and OpenBao. Several paths merge in order; a tree must not have a name twice.

import type { Credentials } from "../../../credentials/credentials.js";
import { SecretSyncError, listProblems } from "../../../errors.js";
import type { Network } from "../../../http/network.js";
import type { Redacted } from "../../../redacted.js";
import type { VaultSource } from "../../../../schema/index.js";
import { askEach } from "../ask-each.js";
import { withOrigin } from "../failure.js";
import { shareClients } from "../../../credentials/clients.js";
import { type Content, faultOf } from "../../documents/content.js";
import type { RemoteStore } from "../../source.js";
import { describePlace, listPaths, readSecret, type SecretPlace } from "./secrets.js";
import { findOrigin, lookupPath, openSession, type Session } from "./session.js";
import { lookupAnswer } from "./wire.js";
import { patchSecret } from "./write.js";

type VaultContent = Content<Redacted>;

export function createVaultStore(network: Network): RemoteStore<"vault"> {
  const sessionOf = shareClients(findOrigin, (place) => openSession(place, network));
  return {
    read: (source, { credentials }) => readPaths(source, sessionOf(credentials, readNamespace(credentials, source))),
    write: (source, { credentials, ...writing }) => {
      const session = sessionOf(credentials, readNamespace(credentials, source));
      return withOrigin(describeSource(source), () =>
        patchSecret({ source, session, writing, read: () => readPaths(source, session) }),
      );
    },
    prove: async (credentials) => {
      const session = sessionOf(credentials, readNamespace(credentials));
      await session.token();
      // A login proves itself.
      if (!credentials.fields.has("token")) return { account: undefined };
      const answer = await session.ask({ method: "GET", path: lookupPath, repeat: "safe" });
      const parsed = lookupAnswer.safeParse(answer.body);
      return { account: parsed.success ? parsed.data.data.display_name : undefined };
    },
  };
}

/** The namespace of the source, of the connection, or the one of the stack and the shell. */
function readNamespace({ fields, namespace }: Credentials, source?: VaultSource): string {
  return source?.namespace ?? fields.get("namespace")?.reveal() ?? namespace ?? "";
}

function describeSource({ mount = "secret", path, paths }: VaultSource): string {
  return describePlace({ mount, path: path ?? paths?.at(-1) ?? "" });
}

async function readPaths(source: VaultSource, session: Session): Promise<VaultContent> {
  const { mount = "secret", version, separator } = source;
  const places = (source.paths ?? [source.path ?? ""]).map((path) => ({ mount, path, version, separator }));
  // Try every path, so that one run reports everything that is wrong.
  const read = await Promise.allSettled(
    places.map((place) =>
      withOrigin(describePlace(place), () =>
        source.recursive === true ? readTree(session, place) : readOne(session, place),
      ),
    ),
  );
  const problems = read.flatMap((result) => (result.status === "rejected" ? listProblems(result.reason) : []));
  if (problems.length > 0) throw new SecretSyncError(problems);
  return joinContents(read.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])));
}

/** Later values win; a fault of a key stays, because the order of the paths does not fix it. */
function joinContents(contents: readonly VaultContent[]): VaultContent {
  return {
    values: new Map(contents.flatMap(({ values }) => [...values])),
    faults: contents.flatMap(({ faults }) => faults),
  };
}

async function readOne(session: Session, place: SecretPlace): Promise<VaultContent> {
  const secret = await readSecret(session, place);
  if (secret === undefined)
    throw notFound(place, "there is no secret; check `path`, or give `version` of one that exists");
  return secret.content;
}

/** The secret at the path, if there is one, and everything below it. */
async function readTree(session: Session, place: SecretPlace): Promise<VaultContent> {
  const below = await listPaths(session, place);
  const at = await readSecret(session, place);
  if (at === undefined && below.length === 0)
    throw notFound(place, "there is neither a secret nor a folder; check `path`");
  const read = await askEach(below, async (path) => [path, await readOne(session, { ...place, path })] as const);
  return mergeTree([...(at === undefined ? [] : [[place.path, at.content] as const]), ...read], place);
}

/** Folders of a tree have no order, so the same name in two of them is a mistake, not a merge. */
function mergeTree(
  secrets: readonly (readonly [path: string, content: VaultContent])[],
  place: SecretPlace,
): VaultContent {
  const origins = new Map<string, string[]>();
  for (const [path, { values }] of secrets)
    for (const key of values.keys()) origins.set(key, [...(origins.get(key) ?? []), path]);
  const doubles = [...origins]
    .filter(([, paths]) => paths.length > 1)
    .map(([key, paths]) =>
      faultOf(key, {
        code: "source.duplicate_key",
        message: `${describePlace(place)}: ${key} is in ${paths.join(" and ")}; rename all but one, or list the paths in \`paths\`, where the order decides`,
      }),
    );
  const { values, faults } = joinContents(secrets.map(([, content]) => content));
  return { values, faults: [...doubles, ...faults] };
}

function notFound(place: SecretPlace, reason: string): SecretSyncError {
  return new SecretSyncError({ code: "source.not_found", message: `${describePlace(place)}: ${reason}` });
}
