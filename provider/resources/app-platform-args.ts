// Program side: the arguments of an App Platform destination, with the meaning, unit, default and errors of each.

import type { Input } from "@pulumi/pulumi";
import type { Connection } from "./connection.js";
import type { DigitalOceanConnectionArgs } from "./destination-connection-args.js";

/** Settings that override the destination's for one key. */
export interface AppPlatformVariableArgs {
  /**
   * `SECRET` is write-only on the platform; `GENERAL` can be read back.
   *
   * Example: `variableType: "GENERAL"`
   */
  variableType?: Input<"SECRET" | "GENERAL">;
  /**
   * When the variable is available.
   *
   * Example: `scope: "BUILD_TIME"`
   */
  scope?: Input<"RUN_TIME" | "BUILD_TIME" | "RUN_AND_BUILD_TIME">;
  /**
   * Names of services, workers, jobs, static sites or functions. Errors: `destination.unknown_component`.
   *
   * Example: `components: ["worker"]`
   */
  components?: Input<Input<string>[]>;
}

/** How the deployment of a write is previewed and followed. */
export interface AppPlatformDeploymentArgs {
  /**
   * Follow the deployment until the written values are live.
   *
   * Example: `wait: false`
   *
   * @default true
   */
  wait?: Input<boolean>;
  /**
   * Seconds to follow the deployment. Errors: `deployment.timeout`.
   *
   * Example: `timeoutSeconds: 600`
   *
   * @default 1800
   */
  timeoutSeconds?: Input<number>;
  /**
   * `report`: the new values stay stored, the run fails with `written-not-live`, and the next `up` tries again. `restore`: the earlier
   * entries are put back, except those that somebody has changed since.
   *
   * Example: `onFailure: "restore"`
   *
   * @default "report"
   */
  onFailure?: Input<"report" | "restore">;
  /**
   * Whether a preview with changes asks the platform to validate the new spec (`POST /v2/apps/propose`) and, for an app with databases,
   * whether the token may see them. The request replaces new secret values by the same number of `x`, and changes nothing. If the platform
   * does not answer, the preview goes on. `PULUMI_SECRET_SYNC_VALIDATE=0` in the environment switches validation off for every sync.
   * Errors: `destination.rejected`, `connection.forbidden`.
   *
   * Example: `validate: false`
   *
   * @default true
   */
  validate?: Input<boolean>;
}

/** Settings of an App Platform destination, without the app's id and name. */
export interface AppPlatformSettingsArgs {
  /** Example: `type: "digital-ocean-app-platform"` */
  type: "digital-ocean-app-platform";
  /**
   * Credentials: a {@link Connection}, or its arguments.
   *
   * Example: `connection: ocean`
   *
   * @default stack config `digitalocean:token`, else `DIGITALOCEAN_TOKEN` or `DIGITALOCEAN_ACCESS_TOKEN`, read in the provider process
   */
  connection?: Connection | DigitalOceanConnectionArgs;
  /**
   * Components that receive the variables.
   *
   * Example: `components: ["web", "worker"]`
   *
   * @default app level: every component
   */
  components?: Input<Input<string>[]>;
  /**
   * When the variables are available. Set it for a `SECRET` that the build needs.
   *
   * Example: `scope: "RUN_AND_BUILD_TIME"`
   *
   * @default "RUN_TIME" for a `SECRET`, "RUN_AND_BUILD_TIME" for a `GENERAL` variable
   */
  scope?: Input<"RUN_TIME" | "BUILD_TIME" | "RUN_AND_BUILD_TIME">;
  /**
   * `SECRET` is write-only on the platform; `GENERAL` can be read back.
   *
   * Example: `variableType: "GENERAL"`
   *
   * @default "SECRET"
   */
  variableType?: Input<"SECRET" | "GENERAL">;
  /**
   * Overrides for individual destination keys.
   *
   * Example: `variables: { LOG_LEVEL: { variableType: "GENERAL" } }`
   */
  variables?: Record<string, AppPlatformVariableArgs>;
  /**
   * Whether a preview validates the new spec, and how the deployment of a write is followed.
   *
   * Example: `deployment: { onFailure: "restore" }`
   */
  deployment?: AppPlatformDeploymentArgs;
  /**
   * Whether values may hold `${…}`, which the platform replaces as bindable variables. Errors: `value.bindable` when false,
   * `value.unknown_bindable` if `${name.…}` names no component or database of the app.
   *
   * Example: `allowBindables: true`
   *
   * @default false
   */
  allowBindables?: Input<boolean>;
}

/** Which app: by its id, with its name as an optional check, or by its name alone. */
export type AppPlatformAddressArgs =
  | {
      /**
       * The app's id; may be an output of an app that is created in the same program. Errors: `destination.not_found`.
       *
       * Example: `appId: app.id`
       */
      appId: Input<string>;
      /**
       * The app's name. Use it instead of the id, or beside it as a check. Errors: `destination.not_found`, `destination.wrong_name`.
       *
       * Example: `appName: "shop"`
       */
      appName?: Input<string>;
    }
  | {
      /**
       * The app's id; may be an output of an app that is created in the same program. Errors: `destination.not_found`.
       *
       * Example: `appId: app.id`
       */
      appId?: undefined;
      /**
       * The app's name. Use it instead of the id, or beside it as a check. Errors: `destination.not_found`, `destination.wrong_name`.
       *
       * Example: `appName: "shop"`
       */
      appName: Input<string>;
    };

/** An app on DigitalOcean App Platform, by id or by name. https://docs.digitalocean.com/products/app-platform/how-to/use-environment-variables/ */
export type AppPlatformDestinationArgs = AppPlatformSettingsArgs & AppPlatformAddressArgs;
