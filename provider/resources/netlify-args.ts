// Program side: the arguments of a Netlify destination, with the meaning, unit, default and errors of each.

import type { Input } from "@pulumi/pulumi";
import type { Connection } from "./connection.js";
import type { NetlifyConnectionArgs } from "./destination-connection-args.js";

/** A deploy context by name. https://docs.netlify.com/site-deploys/overview/#deploy-contexts */
export type NetlifyContextName = "all" | "production" | "deploy-preview" | "branch-deploy" | "dev" | "dev-server";

/** One deploy context. Name a branch as `{ context: "branch", branch: "staging" }`; no other context takes `branch`. */
export type NetlifyContextArgs =
  | NetlifyContextName
  | {
      /**
       * The context by name; `branch` for a single branch.
       *
       * Example: `context: "branch"`
       */
      context: Input<NetlifyContextName | "branch">;
      /**
       * The branch, for the context `branch`.
       *
       * Example: `branch: "staging"`
       */
      branch?: Input<string>;
    };

/** Where a variable is available. https://docs.netlify.com/environment-variables/overview/#scopes */
export type NetlifyScope = "builds" | "functions" | "runtime" | "post_processing";

/** Settings that override the destination's for one key. */
export interface NetlifyVariableArgs {
  /**
   * Whether Netlify hides the value after it is written.
   *
   * Example: `isSecret: false`
   */
  isSecret?: Input<boolean>;
  /**
   * Scopes of this key, instead of the destination's. Errors: `scopes.plan` if the plan has none, `scopes.secret` for a secret in
   * `post_processing`.
   *
   * Example: `scopes: ["builds"]`
   */
  scopes?: Input<Input<NetlifyScope>[]>;
  /**
   * Contexts of this key, instead of the destination's.
   *
   * Example: `contexts: ["dev"]`
   */
  contexts?: Input<NetlifyContextArgs[]>;
}

/**
 * The build after a write: Netlify uses new values only from the next deploy on, in builds and functions alike.
 * https://docs.netlify.com/environment-variables/get-started/
 */
export interface NetlifyBuildArgs {
  /**
   * Start a build after a run that wrote something, one for all syncs of the site that are written at the same time. Errors:
   * `build.unlinked` for a site without a repository, `build.stopped` if its builds are stopped, `build.locked` if it is locked to a
   * deploy, `build.limit` if Netlify's 100 deploys a day are used up, `build.refused` for any other refusal.
   *
   * Example: `trigger: true`
   *
   * @default false
   */
  trigger?: Input<boolean>;
  /**
   * Follow the build until its deploy is live. A failed build leaves `syncStatus` at `written-not-live`, and the next `up` builds again.
   *
   * Example: `wait: false`
   *
   * @default true
   */
  wait?: Input<boolean>;
  /**
   * Build without the cache of earlier builds.
   *
   * Example: `clearCache: true`
   *
   * @default false
   */
  clearCache?: Input<boolean>;
  /**
   * The branch to build.
   *
   * Example: `branch: "staging"`
   *
   * @default the site's production branch
   */
  branch?: Input<string>;
  /**
   * Seconds to follow the build. Errors: `deployment.timeout`.
   *
   * Example: `timeoutSeconds: 600`
   *
   * @default 1800
   */
  timeoutSeconds?: Input<number>;
}

/** Variables of a Netlify site, or with `level: "team"` of a team. https://docs.netlify.com/environment-variables/overview/ */
export interface NetlifyDestinationArgs {
  /** Example: `type: "netlify"` */
  type: "netlify";
  /**
   * Credentials: a {@link Connection}, or its arguments.
   *
   * Example: `connection: netlify`
   *
   * @default stack config `netlify:token`, else `NETLIFY_AUTH_TOKEN`, read in the provider process
   */
  connection?: Connection | NetlifyConnectionArgs;
  /**
   * The site's id ("Project ID" in its configuration) or its domain; may be an output of a site that is created in the same program.
   * Required for level `site`. Errors: `destination.not_found`.
   *
   * Example: `siteId: "5b8c7e0f-0000-4000-8000-000000000000"`
   */
  siteId?: Input<string>;
  /**
   * The site's name, for people who read the program; checked against its id. Errors: `destination.wrong_name`.
   *
   * Example: `siteName: "storefront"`
   */
  siteName?: Input<string>;
  /**
   * Id or slug of the team. Errors: `destination.wrong_account` if the site belongs to another team.
   *
   * Example: `accountId: "acme"`
   *
   * @default the team of the site
   */
  accountId?: Input<string>;
  /**
   * The team's name or slug, for people who read the program; checked against the team. Errors: `destination.wrong_name`.
   *
   * Example: `accountName: "Acme"`
   */
  accountName?: Input<string>;
  /**
   * `site`: variables of this site only. `team`: variables that all sites of the team share, if its plan has them. A sync of a site never
   * falls back to the team. https://docs.netlify.com/environment-variables/overview/#shared-environment-variables
   *
   * Example: `level: "team"`
   *
   * @default "site"
   */
  level?: Input<"site" | "team">;
  /**
   * Deploy contexts that receive the values; ownership is per key and context, and other contexts are never changed. `all` excludes other
   * contexts. Netlify keeps no secret under `all`, so for secrets `all` means `production`, `deploy-preview` and `branch-deploy`; `dev` and
   * `dev-server`, where a secret can be read back, must be named. For plain values `all` is one value for every context; `adoptExisting`
   * takes over such a value of somebody else for these contexts only. Errors: `context.all_exists` and `context.others_exist` if one kind
   * would replace values of the other.
   *
   * Example: `contexts: ["production", { context: "branch", branch: "staging" }]`
   *
   * @default ["all"]
   */
  contexts?: Input<NetlifyContextArgs[]>;
  /**
   * A single context, as the reference names it, instead of `contexts`.
   *
   * Example: `context: "production"`
   */
  context?: Input<NetlifyContextArgs | "branch">;
  /**
   * The branch of `context: "branch"`.
   *
   * Example: `branch: "staging"`
   */
  branch?: Input<string>;
  /**
   * Whether Netlify hides the values after they are written. Changing it or `scopes` replaces the variable, which is refused with
   * `variable.shared` if values of others would be lost. Netlify's secret scanning covers secrets, so a public value must not be one.
   * https://docs.netlify.com/environment-variables/secrets-controller/
   *
   * Example: `isSecret: false`
   *
   * @default true
   */
  isSecret?: Input<boolean>;
  /**
   * Scopes; anything but the default needs a paid plan. Errors: `scopes.plan` if the plan has none, `scopes.secret` for a secret in
   * `post_processing`. https://docs.netlify.com/environment-variables/overview/#scopes
   *
   * Example: `scopes: ["builds", "functions"]`
   *
   * @default all four; for secrets builds, functions and runtime
   */
  scopes?: Input<Input<NetlifyScope>[]>;
  /**
   * Overrides for individual destination keys.
   *
   * Example: `variables: { PUBLIC_URL: { isSecret: false } }`
   */
  variables?: Record<string, NetlifyVariableArgs>;
  /**
   * A build after the write; none unless `trigger` is true.
   *
   * Example: `build: { trigger: true }`
   */
  build?: NetlifyBuildArgs;
  /**
   * What to do if the variables of functions exceed AWS Lambda's 4 KB, which makes deploys with functions fail. Errors:
   * `functions.too_large` with `refuse`. `warn` is for sites without functions.
   *
   * Example: `functionsLimit: "warn"`
   *
   * @default "refuse"
   */
  functionsLimit?: Input<"refuse" | "warn">;
}
