// Pure: turns a sync that Infisical runs into the arguments of one that does the same here, or says why that is impossible.

import type { ListedDestination, ListedSync } from "../../../sources/sync-lister.js";
import {
  type Destination,
  destination as destinationSchema,
  type InfisicalSource,
  secretSync,
  type SyncOptions,
} from "../../../../schema/index.js";

export interface MovedSync {
  readonly name: string;
  readonly description: string | undefined;
  readonly isEnabled: boolean;
  readonly source: InfisicalSource;
  readonly destination: Destination;
  readonly options: SyncOptions;
  readonly connection: ListedSync["connection"];
  readonly connectionApp: "digital-ocean" | "netlify";
  /** What is not the same here, in sentences. */
  readonly differences: readonly string[];
}

export interface LeftSync {
  readonly name: string;
  readonly reason: string;
}

export type Move = { readonly moved: MovedSync } | { readonly left: LeftSync };

export function moveSync(sync: ListedSync): Move {
  const { name, environment, secretPath } = sync;
  const leave = (reason: string): Move => ({ left: { name, reason } });
  if (environment === undefined || secretPath === undefined)
    return leave("its environment or folder was removed in Infisical, so it syncs nothing");
  const destination = moveDestination(sync.destination);
  if (destination === undefined) return leave(branchless);
  const moved: MovedSync = {
    name,
    description: sync.description,
    isEnabled: sync.isEnabled,
    source: {
      type: "infisical",
      projectId: sync.projectId,
      environment,
      secretPath,
      ...(sync.recursive ? { recursive: true } : {}),
    },
    destination,
    options: moveOptions(sync),
    connection: sync.connection,
    connectionApp: destination.type === "netlify" ? "netlify" : "digital-ocean",
    differences: [...tellBehavior(sync), ...tellDestination(sync.destination), ...tellPause(sync)],
  };
  const { source, options, description } = moved;
  const parsed = secretSync.safeParse({ name, description, source, destination, syncOptions: options });
  return parsed.success
    ? { moved }
    : leave(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}

const branchless =
  'its context is branch, and Infisical keeps no branch name, so it cannot have worked; write it by hand with context: "branch" and branch: "…"';

/**
 * With the settings that Infisical gives to what it writes: at build time too on App Platform, readable on Netlify
 * (Infisical: backend/src/services/secret-sync/digital-ocean-app-platform and netlify). What is there may have others.
 */
function moveDestination(listed: ListedDestination): Destination | undefined {
  if (listed.type === "digital-ocean-app-platform")
    return destinationSchema.parse({ ...listed, scope: "RUN_AND_BUILD_TIME" });
  const { context = "all", siteId, siteName, ...team } = listed;
  const owner = siteId === undefined ? { level: "team" } : { siteId, siteName };
  const parsed = destinationSchema.safeParse({ ...team, ...owner, context, isSecret: false });
  return parsed.success ? parsed.data : undefined;
}

/** Without `initialSyncBehavior`: it is for a first run, which these syncs have behind them. */
function moveOptions({ keySchema, disableSecretDeletion, autoSyncEnabled }: ListedSync): SyncOptions {
  return {
    ...(keySchema === undefined ? {} : { keySchema }),
    ...(disableSecretDeletion ? { disableSecretDeletion } : {}),
    ...(autoSyncEnabled ? {} : { autoSyncEnabled }),
  };
}

function tellBehavior({ initialSyncBehavior, disableSecretDeletion, keySchema }: ListedSync): string[] {
  const strangers = disableSecretDeletion
    ? "keys that are not in the folder stay, there and here"
    : `Infisical removes ${keySchema === undefined ? "every key" : `every key that matches ${keySchema}`} that is not in the folder on each run; here only keys that the sync owns are removed, after the preview has named them`;
  return [
    `initialSyncBehavior is "${initialSyncBehavior}" there and left out here: it is required there, optional here, and for the first run only; the adoption takes its place`,
    strangers,
  ];
}

function tellDestination(listed: ListedDestination): string[] {
  if (listed.type !== "netlify")
    return [
      "Infisical writes secrets for run time and build time, so the scope here is RUN_AND_BUILD_TIME; RUN_TIME is enough unless a build needs them",
    ];
  return [
    'Infisical writes variables that everybody at Netlify can read, so isSecret is false here; secrets are kept in production, deploy-preview and branch-deploy, never under "all"',
    ...(listed.context === undefined ? ["the sync names no context, which means all contexts here"] : []),
    ...(listed.siteId === undefined ? ["the sync has no site, so it writes variables of the whole team"] : []),
  ];
}

function tellPause({ autoSyncEnabled, isEnabled }: ListedSync): string[] {
  return [
    ...(autoSyncEnabled
      ? []
      : [
          "auto-sync is off there, and autoSyncEnabled is false here; take it out if it was switched off for this move",
        ]),
    ...(isEnabled ? [] : ["the sync is disabled there, and here: nothing is read or written until isEnabled is true"]),
  ];
}
