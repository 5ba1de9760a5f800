// Program side: the names of a sync's arguments. The types hold the lists complete.

import type { KnownArguments } from "./known-arguments.js";
import type { AppPlatformDestinationArgs } from "./app-platform-args.js";
import type { SecretSyncArgs, SyncOptionsArgs } from "./secret-sync-args.js";
import type { NetlifyDestinationArgs } from "./netlify-args.js";

const options: Readonly<Record<keyof SyncOptionsArgs, true>> = {
  initialSyncBehavior: true,
  keySchema: true,
  disableSecretDeletion: true,
  adoptExisting: true,
  deletionLimit: true,
  onDestroy: true,
  environment: true,
  emptyValues: true,
  autoSyncEnabled: true,
};

/** A `type` or a `connection` may be meant for the source as well. */
type Told = Exclude<keyof AppPlatformDestinationArgs | keyof NetlifyDestinationArgs, "type" | "connection">;

const destination: Readonly<Record<Told, true>> = {
  appId: true,
  appName: true,
  components: true,
  scope: true,
  variableType: true,
  variables: true,
  deployment: true,
  allowBindables: true,
  siteId: true,
  siteName: true,
  accountId: true,
  accountName: true,
  level: true,
  contexts: true,
  context: true,
  branch: true,
  isSecret: true,
  scopes: true,
  build: true,
  functionsLimit: true,
};

export const syncArguments: KnownArguments<SecretSyncArgs> = {
  known: { name: true, description: true, source: true, destination: true, syncOptions: true, isEnabled: true },
  within: { syncOptions: options, destination },
};
