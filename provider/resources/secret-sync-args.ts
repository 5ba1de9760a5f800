// Program side: the arguments of a SecretSync, with the meaning, unit, default and errors of each.

import type { Input } from "@pulumi/pulumi";
import type { AppPlatformDestinationArgs } from "./app-platform-args.js";
import type { SourceArgs } from "./source-args.js";
import type { NetlifyDestinationArgs } from "./netlify-args.js";

/** The app, site or team that a sync writes to, told apart by `type`. */
export type DestinationArgs = AppPlatformDestinationArgs | NetlifyDestinationArgs;

/** How a sync treats names, other people's keys, and keys that leave the source. */
export interface SyncOptionsArgs {
  /**
   * First run only. `merge`: foreign keys stay; one of the same name is a conflict unless adopted. `overwrite-destination`: keys of the
   * same name are taken over, and keys at the destination that match the key schema but are not in the source are removed; the preview
   * shows each.
   *
   * `import-prioritize-source` and `import-prioritize-destination`: values that the source lacks and the destination shows (`GENERAL` on
   * App Platform, not secret on Netlify) are first written into the source, and their keys are taken over. If both have a value, that of
   * the named side wins; `import-prioritize-destination` then changes the source. A value that cannot be read is neither imported nor
   * removed. Of several sources the last writable one (`file`, `infisical` or `vault`) takes the values. Errors: `import.*`, and
   * `conflict.exists` for a key whose value at the destination should win but cannot be read.
   *
   * Example: `initialSyncBehavior: "overwrite-destination"`
   *
   * @default "merge"
   */
  initialSyncBehavior?: Input<
    "merge" | "overwrite-destination" | "import-prioritize-source" | "import-prioritize-destination"
  >;
  /**
   * Template of destination keys: `{{secretKey}}` exactly once, `{{environment}}` any number of times, otherwise letters, digits, `_`, `-`
   * and `/`.
   *
   * Example: `keySchema: "{{environment}}_{{secretKey}}"`
   *
   * @default "{{secretKey}}"
   */
  keySchema?: Input<string>;
  /**
   * Whether keys that leave the source stay at the destination. They stay owned by the sync.
   *
   * Example: `disableSecretDeletion: true`
   *
   * @default false
   */
  disableSecretDeletion?: Input<boolean>;
  /**
   * Existing keys of the same name that may be taken over: `true` for all, or a list of destination keys. Errors: `conflict.exists` for the
   * others.
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
   * @default one, or half of the owned keys if that is more
   */
  deletionLimit?: Input<number>;
  /**
   * What destroy does with the keys: `delete` them, `retain` them, or `restore` adopted ones as they were and delete the rest. With
   * `restore`, the state keeps the original entries, encrypted.
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
   * What happens to a key whose value is empty, after later sources have won. `refuse`: the run fails. `skip`: the key counts as missing in
   * the source, so the plan removes one that was written before; entries of others under its name are left alone. `write`: it is written,
   * even as a `SECRET`. Errors: `value.empty`, on Netlify also for `write`.
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
   * One source, or several: later ones win, and all must be readable.
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
   * With `false` nothing is read, written or removed, and the preview says so.
   *
   * Example: `isEnabled: false`
   *
   * @default true
   */
  isEnabled?: Input<boolean>;
}
