// Pure, wire: what Infisical says about its secret syncs and connections.
// https://infisical.com/docs/api-reference/endpoints/secret-syncs/netlify/create

import { z } from "zod";
import type { ListedDestination, ListedSync } from "../../sync-lister.js";

const given = z.string().min(1);
const optional = z
  .string()
  .nullish()
  .transform((text) => text || undefined);

const sync = z.object({
  name: given,
  description: optional,
  projectId: given,
  // The server's schema has only `isAutoSyncEnabled`; the documentation's samples have the other two.
  isAutoSyncEnabled: z.boolean().optional(),
  isEnabled: z.boolean().optional(),
  connection: z.object({ id: given, name: given }),
  environment: z.object({ slug: given }).nullish(),
  folder: z.object({ path: given }).nullish(),
  syncOptions: z.object({
    initialSyncBehavior: z.string(),
    keySchema: optional,
    disableSecretDeletion: z.boolean().nullish(),
    recursive: z.boolean().nullish(),
    autoSyncEnabled: z.boolean().optional(),
  }),
});

const appPlatformConfig = z.object({ appId: given, appName: optional });
const netlifyConfig = z.object({
  accountId: given,
  accountName: optional,
  siteId: optional,
  siteName: optional,
  context: optional,
});

/** The destinations supported by both, each with its path in an address and the app of its connections. */
export const syncKinds = [
  {
    path: "digital-ocean-app-platform",
    app: "digital-ocean",
    read: (config: unknown): ListedDestination => ({
      type: "digital-ocean-app-platform",
      ...appPlatformConfig.parse(config),
    }),
  },
  {
    path: "netlify",
    app: "netlify",
    read: (config: unknown): ListedDestination => ({ type: "netlify", ...netlifyConfig.parse(config) }),
  },
] as const;

export type SyncKind = (typeof syncKinds)[number];

const syncsAnswer = z.object({ secretSyncs: z.array(sync.extend({ destinationConfig: z.unknown() })) });

/** Descriptions by the id of a connection. */
export type Descriptions = ReadonlyMap<string, string | undefined>;

/** @returns undefined for an answer of another shape */
export function readSyncs(body: unknown, { read }: SyncKind, descriptions: Descriptions): ListedSync[] | undefined {
  const parsed = syncsAnswer.safeParse(body);
  if (!parsed.success) return undefined;
  try {
    return parsed.data.secretSyncs.map(({ connection, environment, folder, syncOptions, ...one }) => ({
      name: one.name,
      description: one.description,
      projectId: one.projectId,
      isEnabled: one.isEnabled ?? true,
      autoSyncEnabled: syncOptions.autoSyncEnabled ?? one.isAutoSyncEnabled ?? true,
      environment: environment?.slug,
      secretPath: folder?.path,
      recursive: syncOptions.recursive ?? false,
      initialSyncBehavior: syncOptions.initialSyncBehavior,
      keySchema: syncOptions.keySchema,
      disableSecretDeletion: syncOptions.disableSecretDeletion ?? false,
      connection: { ...connection, description: descriptions.get(connection.id) },
      destination: read(one.destinationConfig),
    }));
  } catch (error) {
    if (error instanceof z.ZodError) return undefined;
    throw error;
  }
}

/** Answer of `GET /api/v1/app-connections/{app}`. */
export const connectionsAnswer = z.object({ appConnections: z.array(z.object({ id: given, description: optional })) });

const projects = z.array(z.object({ id: given, name: optional }));

/** Answer of `GET /api/v1/projects`, and of `GET /api/v1/workspace` of older servers. */
export const projectsAnswer = z.union([
  z.object({ projects }).transform((answer) => answer.projects),
  z.object({ workspaces: projects }).transform((answer) => answer.workspaces),
]);
