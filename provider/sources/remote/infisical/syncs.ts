// IO side: lists the secret syncs that Infisical itself runs to App Platform and Netlify. Nothing is changed there.
// https://infisical.com/docs/api-reference/endpoints/secret-syncs/netlify/list

import { shareClients } from "../../../credentials/clients.js";
import { SecretSyncError } from "../../../errors.js";
import { isHttpError } from "../../../http/error.js";
import type { Network } from "../../../http/network.js";
import type { ListedSync, SyncLister } from "../../sync-lister.js";
import { askEach } from "../ask-each.js";
import { failAnswer, withOrigin } from "../failure.js";
import { askNewest, get } from "./api.js";
import { findOrigin, openSession, type Session } from "./session.js";
import {
  connectionsAnswer,
  type Descriptions,
  projectsAnswer,
  readSyncs,
  type SyncKind,
  syncKinds,
} from "./sync-wire.js";

export function createSyncLister(network: Network): SyncLister {
  const sessionOf = shareClients(findOrigin, (place) => openSession(place, network));
  return {
    listProjects: (credentials) =>
      withOrigin("Infisical (list of projects)", async () => {
        const calls = [get("/api/v1/projects", {}), get("/api/v1/workspace", {})];
        const parsed = projectsAnswer.safeParse((await askNewest(sessionOf(credentials), calls)).body);
        if (!parsed.success) throw failAnswer("Infisical", "a list of projects");
        return parsed.data.map(({ id, name }) => ({ id, name: name ?? id }));
      }),
    listSyncs: (projectId, credentials) => {
      const origin = `Infisical (secret syncs of project ${projectId})`;
      return withOrigin(origin, async () => {
        const listing = { projectId, session: sessionOf(credentials), origin };
        const lists = await askEach(syncKinds, (kind) => listKind(kind, listing));
        return lists.flat();
      });
    },
  };
}

interface Listing {
  readonly projectId: string;
  readonly session: Session;
  readonly origin: string;
}

async function listKind(kind: SyncKind, { projectId, session, origin }: Listing): Promise<ListedSync[]> {
  const [answer, descriptions] = await Promise.all([
    session.read(get(`/api/v1/secret-syncs/${kind.path}`, { projectId })).catch((error: unknown) => {
      throw isHttpError(error) && error.status === 403 ? failRole(origin) : error;
    }),
    describeConnections(kind, session),
  ]);
  const syncs = readSyncs(answer.body, kind, descriptions);
  if (syncs === undefined) throw failAnswer(origin, `a list of ${kind.path} syncs`);
  return syncs;
}

/** A description is not worth a failure: the sync itself has the name of its connection. */
async function describeConnections({ app }: SyncKind, session: Session): Promise<Descriptions> {
  const answer = await session.read(get(`/api/v1/app-connections/${app}`, {})).catch(() => undefined);
  const parsed = connectionsAnswer.safeParse(answer?.body);
  return new Map(parsed.success ? parsed.data.appConnections.map(({ id, description }) => [id, description]) : []);
}

function failRole(origin: string): SecretSyncError {
  return new SecretSyncError({
    code: "source.forbidden",
    message: `${origin}: the machine identity may not read secret syncs; give it a role in this project that may`,
  });
}
