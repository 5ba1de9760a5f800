// Pure: the syncs that a vault itself runs, as it lists them, so that a program can take their place.

import type { Credentials } from "../credentials/credentials.js";

/** What such a sync writes to, in the words of `destinationConfig`. */
export type ListedDestination =
  | { readonly type: "digital-ocean-app-platform"; readonly appId: string; readonly appName: string | undefined }
  | {
      readonly type: "netlify";
      readonly accountId: string;
      readonly accountName: string | undefined;
      /** Without a site the sync writes variables of the team. */
      readonly siteId: string | undefined;
      readonly siteName: string | undefined;
      readonly context: string | undefined;
    };

export interface ListedSync {
  readonly name: string;
  readonly description: string | undefined;
  readonly isEnabled: boolean;
  readonly autoSyncEnabled: boolean;
  readonly projectId: string;
  /** Undefined, like the folder, once it has been removed there. */
  readonly environment: string | undefined;
  readonly secretPath: string | undefined;
  readonly recursive: boolean;
  readonly initialSyncBehavior: string;
  readonly keySchema: string | undefined;
  readonly disableSecretDeletion: boolean;
  readonly connection: { readonly id: string; readonly name: string; readonly description: string | undefined };
  readonly destination: ListedDestination;
}

export interface SyncLister {
  /** Projects that the credentials may see. */
  listProjects(credentials: Credentials): Promise<ReadonlyArray<{ readonly id: string; readonly name: string }>>;
  /** Every sync of a project to a destination that this package supports. */
  listSyncs(projectId: string, credentials: Credentials): Promise<readonly ListedSync[]>;
}
