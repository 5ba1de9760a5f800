// Program side: the arguments of a SecretSync, with the meaning, unit, default and errors of each.

import type { Input } from "@pulumi/pulumi";
import type { AppPlatformDestinationArgs } from "./app-platform-args.js";
import type { SourceArgs } from "./source-args.js";
import type { NetlifyDestinationArgs } from "./netlify-args.js";

/** What is written to, told apart by `type`. */
export type DestinationArgs = AppPlatformDestinationArgs | NetlifyDestinationArgs;

/** How a sync treats names, other people's keys and keys that go away. */
export interface SyncOptionsArgs {
  /**
   * First run only. `merge`: foreign keys stay, a same-named one is a conflict unless adopted. `overwrite-destination`: same-named keys
   * are taken over, and keys at the target that match the key schema but are not in the source are removed; each is shown in the preview.
   *
   * `import-prioritize-source` and `import-prioritize-destination`: values that can be read at the destination (`GENERAL` on App
   * Platform, not secret on Netlify) and are missing in the source are first written into it, and their keys are taken over. Where both
   * have a value, the one of the source or of the destination counts; with `import-prioritize-destination` the source is changed. What
   * cannot be read is neither imported nor removed. Of several sources the last one that can be written takes the values: `file`,
   * `infisical` or `vault`. Errors: `import.*`, and `conflict.exists` for a key whose value at the destination should have counted and
   * cannot be read.
   *
   * Example: `initialSyncBehavior: "overwrite-destination"`
   *
   * @default "merge"
   */
  initialSyncBehavior?: Input<
    "merge" | "overwrite-destination" | "import-prioritize-source" | "import-prioritize-destination"
  >;
  /**
   * Template of destination keys: `{{secretKey}}` exactly once, `{{environment}}` at will, else letters, digits, `_`, `-` and `/`.
   *
   * Example: `keySchema: "{{environment}}_{{secretKey}}"`
   *
   * @default "{{secretKey}}"
   */
  keySchema?: Input<string>;
  /**
   * Keys that leave the source stay at the destination, and stay ours.
   *
   * Example: `disableSecretDeletion: true`
   *
   * @default false
   */
  disableSecretDeletion?: Input<boolean>;
  /**
   * Existing keys of the same name that may be taken over: all, or by destination key. Errors: `conflict.exists` for the others.
   *
   * Example: `adoptExisting: ["DATABASE_URL"]`
   *
   * @default false
   */
  adoptExisting?: Input<boolean | Input<string>[]>;
  /**
   * How many keys may leave the source in one run. Errors: `deletion.limit`.
   *
   * Example: `deletionLimit: 12`
   *
   * @default one, or at most half of the owned keys
   */
  deletionLimit?: Input<number>;
  /**
   * What destroy does with the keys: `delete` them, `retain` them, or `restore` adopted ones as they were and delete the rest.
   * With `restore`, adopted entries are kept in state, encrypted, as they were.
   *
   * Example: `onDestroy: "retain"`
   *
   * @default "restore"
   */
  onDestroy?: Input<"delete" | "retain" | "restore">;
  /**
   * Text for `{{environment}}`.
   *
   * Example: `environment: "prod"`
   *
   * @default the environment of the last source that has one (the Infisical environment slug), else the stack's name
   */
  environment?: Input<string>;
  /**
   * What becomes of a key whose value is empty, after later sources have won. `refuse`: the run fails. `skip`: it counts as a key that
   * the source does not hold, so one that was written before is removed, as the plan says; what others have under its name is left
   * alone. `write`: it is written, also as a `SECRET`. Errors: `value.empty`, on Netlify also for `write`.
   *
   * Example: `emptyValues: "skip"`
   *
   * @default refused as a `SECRET` of App Platform and on Netlify, written as a `GENERAL` variable
   */
  emptyValues?: Input<"refuse" | "skip" | "write">;
  /**
   * Whether unattended runs (`watch`) include this sync.
   *
   * Example: `autoSyncEnabled: false`
   *
   * @default true
   */
  autoSyncEnabled?: Input<boolean>;
}

/** Arguments of a SecretSync. */
export interface SecretSyncArgs {
  /**
   * Name of the sync: a slug of 1 to 256 characters. Errors: `argument.invalid`.
   *
   * Example: `name: "shop-production"`
   *
   * @default the resource's name, as a slug
   */
  name?: Input<string>;
  /**
   * Free text of at most 256 characters.
   *
   * Example: `description: "secrets of the shop"`
   */
  description?: Input<string>;
  /**
   * One source, or several: later ones win, and every one has to be readable.
   *
   * Example: `source: { type: "file", path: "secrets.env" }`
   */
  source: SourceArgs | SourceArgs[];
  /**
   * One app, site or team. Several destinations are several syncs; the source is read once.
   *
   * Example: `destination: { type: "digital-ocean-app-platform", appName: "shop" }`
   */
  destination: DestinationArgs;
  /**
   * How keys are named, taken over and removed.
   *
   * Example: `syncOptions: { adoptExisting: ["DATABASE_URL"] }`
   */
  syncOptions?: SyncOptionsArgs;
  /**
   * False: nothing is read, written or removed, and the preview says so.
   *
   * Example: `isEnabled: false`
   *
   * @default true
   */
  isEnabled?: Input<boolean>;
}
