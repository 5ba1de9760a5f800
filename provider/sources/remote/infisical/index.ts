// IO side: the Infisical source. One list call reads a folder with its imports; a second one proves that no import is missing.
// https://infisical.com/docs/api-reference/endpoints/secrets/list

import { SecretSyncError } from "../../../errors.js";
import { isHttpError } from "../../../http/error.js";
import type { Network } from "../../../http/network.js";
import type { InfisicalSource } from "../../../../schema/index.js";
import { askEach } from "../ask-each.js";
import { withOrigin } from "../failure.js";
import { shareClients } from "../../../credentials/clients.js";
import type { RemoteStore } from "../../source.js";
import { hasFolder, isMissingFolder, listFolders, listImports, listSecrets, proveToken } from "./api.js";
import type { Declared } from "./doubles.js";
import { checkPlace } from "./place.js";
import { checkImports, collectValues } from "./secrets.js";
import { findOrigin, openSession, type Session } from "./session.js";
import { type Listing, trimPath } from "./wire.js";
import { writeSecrets } from "./write.js";

export function createInfisicalStore(network: Network): RemoteStore<"infisical"> {
  const sessionOf = shareClients(findOrigin, (place) => openSession(place, network));
  return {
    read: (source, { credentials }) => {
      const origin = describeOrigin(source);
      return withOrigin(origin, async () => {
        const session = sessionOf(credentials);
        const { listing, declared } = await listAll(source, { session, origin });
        return collectValues({ source, listing, origin }, declared);
      });
    },
    write: (source, { credentials, ...writing }) => {
      const origin = describeOrigin(source);
      return withOrigin(origin, async () => {
        const session = sessionOf(credentials);
        const { listing } = await listAll(source, { session, origin });
        await writeSecrets({ source, session, listing, origin }, writing);
      });
    },
    prove: async (credentials) => {
      const session = sessionOf(credentials);
      // A login proves itself.
      if (credentials.fields.has("accessToken")) await proveToken(session);
      else await session.token();
      return { account: undefined };
    },
  };
}

function describeOrigin({ projectId, environment, secretPath = "/" }: InfisicalSource): string {
  return `infisical source ${environment}:${secretPath} of project ${projectId}`;
}

interface Listed {
  readonly listing: Listing;
  readonly declared: Declared;
}

async function listAll(source: InfisicalSource, { session, origin }: Omit<ProveInput, "listing">): Promise<Listed> {
  const listing = await listSecrets(source, session, origin).catch((error: unknown) => {
    throw isMissingFolder(error) ? missingFolder(source, origin) : error;
  });
  checkPlace({ source, listing, origin });
  // An older server returns nothing for a missing folder.
  const isBare = listing.secrets.length === 0 && (listing.imports ?? []).length === 0;
  if (isBare && (await hasFolder(source, session)) === false) throw missingFolder(source, origin);
  if (source.includeImports === false) return { listing, declared: new Map() };
  return { listing, declared: await proveImports(source, { listing, session, origin }) };
}

/** Applies even if an empty answer is allowed: a missing folder is not an empty one. */
function missingFolder({ environment, secretPath = "/" }: InfisicalSource, origin: string): SecretSyncError {
  return new SecretSyncError({
    code: "source.not_found",
    message: `${origin}: there is no folder ${secretPath} in the environment ${environment}, or it is gone, and nothing is removed because of that; correct secretPath and environment, restore the folder, or take the source out of the program`,
  });
}

interface ProveInput {
  readonly listing: Listing;
  readonly session: Session;
  readonly origin: string;
}

async function proveImports(source: InfisicalSource, { listing, session, origin }: ProveInput): Promise<Declared> {
  // As the server tells it.
  const secretPath = trimPath(source.secretPath ?? "/");
  const own = source.recursive === true ? listing.secrets.map((secret) => secret.secretPath ?? secretPath) : [];
  const below = source.recursive === true ? await listFolders(source, secretPath, { session, origin }) : [];
  const certain = new Set([secretPath, ...own]);
  const asked = await askEach([...new Set([...certain, ...below])].sort(), async (folder) => {
    const imports = listImports(source, folder, { session, origin });
    // A folder that gives nothing may be none of this identity's.
    return [folder, await (certain.has(folder) ? imports : imports.catch(ignoreForbidden))] as const;
  });
  const declared = new Map(asked);
  checkImports([...declared.values()].flat(), { source, listing, origin });
  return declared;
}

function ignoreForbidden(error: unknown): readonly never[] {
  if (isHttpError(error) && error.code === "http.forbidden") return [];
  throw error;
}
