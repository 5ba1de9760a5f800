// Program side: the arguments of a SecretSync, with the meaning, unit, default and errors of each.

import type { Input } from "@pulumi/pulumi";
import type { Connection } from "./connection.js";
import type { DigitalOceanConnectionArgs } from "./destination-connection-args.js";
import type { SourceArgs } from "./source-args.js";
import type { NetlifyDestinationArgs } from "./netlify-args.js";

/** Which components of an app, when, and how. */
export interface AppPlatformVariableArgs {
  /** `SECRET` is write-only at the platform, `GENERAL` can be read there. */
  variableType?: Input<"SECRET" | "GENERAL">;
  /** When the variable is there. */
  scope?: Input<"RUN_TIME" | "BUILD_TIME" | "RUN_AND_BUILD_TIME">;
  /** Names of services, workers, jobs, static sites or functions. Errors: `destination.unknown_component`. */
  components?: Input<Input<string>[]>;
}

/** How the deployment that a write causes is previewed and followed. */
export interface AppPlatformDeploymentArgs {
  /** @default true */
  wait?: Input<boolean>;
  /**
   * Seconds.
   *
   * @default 1800
   */
  timeoutSeconds?: Input<number>;
  /**
   * `report`: the new values stay stored, the run fails with `written-not-live`, and the next `up` tries again.
   * `restore`: the entries are put back as they were, except those that somebody has changed since.
   *
   * @default "report"
   */
  onFailure?: Input<"report" | "restore">;
  /**
   * Whether a preview that would write asks the platform if it would take the new spec (`POST /v2/apps/propose`), and, for an app with
   * databases, whether the token may see them. New secret values are replaced by as many other characters, and nothing is changed. When
   * the platform does not answer, the preview goes on. `PULUMI_SECRET_SYNC_VALIDATE=0` in the environment switches it off for every
   * sync. Errors: `destination.rejected`, `connection.forbidden`.
   *
   * @default true
   */
  validate?: Input<boolean>;
}

/** An app on DigitalOcean App Platform, by id or by name. https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/ */
export interface AppPlatformDestinationArgs {
  type: "digital-ocean-app-platform";
  /**
   * Credentials: a {@link Connection}, or its arguments.
   *
   * @default stack config `digitalocean:token`, else `DIGITALOCEAN_TOKEN` or `DIGITALOCEAN_ACCESS_TOKEN`, read in the provider process
   */
  connection?: Connection | DigitalOceanConnectionArgs;
  /** The app's id; may be an output of an app that is created in the same program. Errors: `destination.not_found`. */
  appId?: Input<string>;
  /** The app's name, instead of its id; beside the id it is checked. Errors: `destination.not_found`, `destination.wrong_name`. */
  appName?: Input<string>;
  /**
   * Components that get the variables.
   *
   * @default app level: every component
   */
  components?: Input<Input<string>[]>;
  /**
   * When the variables are there. A `SECRET` that a build needs says so.
   *
   * @default "RUN_TIME" for a `SECRET`, "RUN_AND_BUILD_TIME" for a `GENERAL` variable
   */
  scope?: Input<"RUN_TIME" | "BUILD_TIME" | "RUN_AND_BUILD_TIME">;
  /** @default "SECRET" */
  variableType?: Input<"SECRET" | "GENERAL">;
  /** Other settings for single destination keys. */
  variables?: Input<Record<string, Input<AppPlatformVariableArgs>>>;
  /** What a preview asks beforehand, and whether and how long the deployment of a write is followed. */
  deployment?: Input<AppPlatformDeploymentArgs>;
  /**
   * Whether values may hold `${…}`, which the platform replaces as bindable variables. Errors: `value.bindable` when false,
   * `value.unknown_bindable` where `${name.…}` names no component or database of the app.
   *
   * @default false
   */
  allowBindables?: Input<boolean>;
}

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
   * @default "merge"
   */
  initialSyncBehavior?: Input<
    "merge" | "overwrite-destination" | "import-prioritize-source" | "import-prioritize-destination"
  >;
  /**
   * Template of destination keys: `{{secretKey}}` exactly once, `{{environment}}` at will, else letters, digits, `_`, `-` and `/`.
   *
   * @default "{{secretKey}}"
   */
  keySchema?: Input<string>;
  /**
   * Keys that leave the source stay at the destination, and stay ours.
   *
   * @default false
   */
  disableSecretDeletion?: Input<boolean>;
  /**
   * Existing keys of the same name that may be taken over: all, or by destination key. Errors: `conflict.exists` for the others.
   *
   * @default false
   */
  adoptExisting?: Input<boolean | Input<string>[]>;
  /**
   * How many keys may leave the source in one run. Errors: `deletion.limit`.
   *
   * @default one, or at most half of the owned keys
   */
  deletionLimit?: Input<number>;
  /**
   * What destroy does with the keys: `delete` them, `retain` them, or `restore` adopted ones as they were and delete the rest.
   * With `restore`, adopted entries are kept in state, encrypted, as they were.
   *
   * @default "restore"
   */
  onDestroy?: Input<"delete" | "retain" | "restore">;
  /**
   * Text for `{{environment}}`.
   *
   * @default the environment of the last source that has one (the Infisical environment slug), else the stack's name
   */
  environment?: Input<string>;
  /**
   * What becomes of a key whose value is empty, after later sources have won. `refuse`: the run fails. `skip`: it counts as a key that
   * the source does not hold, so one that was written before is removed, as the plan says; what others have under its name is left
   * alone. `write`: it is written, also as a `SECRET`. Errors: `value.empty`, on Netlify also for `write`.
   *
   * @default refused as a `SECRET` of App Platform and on Netlify, written as a `GENERAL` variable
   */
  emptyValues?: Input<"refuse" | "skip" | "write">;
  /**
   * Whether unattended runs take part in this sync.
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
   * @default the resource's name, as a slug
   */
  name?: Input<string>;
  /** Free text of at most 256 characters. */
  description?: Input<string>;
  /** One source, or several: later ones win, and every one has to be readable. */
  source: SourceArgs | SourceArgs[];
  /** One app, site or team. Several destinations are several syncs; the source is read once. */
  destination: DestinationArgs;
  /** How keys are named, taken over and removed. */
  syncOptions?: Input<SyncOptionsArgs>;
  /**
   * False: nothing is read, written or removed, and the preview says so.
   *
   * @default true
   */
  isEnabled?: Input<boolean>;
}
