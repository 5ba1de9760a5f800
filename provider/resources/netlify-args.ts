// Program side: the arguments of a Netlify destination, with the meaning, unit, default and errors of each.

import type { Input } from "@pulumi/pulumi";
import type { Connection } from "./connection.js";
import type { NetlifyConnectionArgs } from "./destination-connection-args.js";

/** A deploy context by name. https://docs.netlify.com/site-deploys/overview/#deploy-contexts */
export type NetlifyContextName = "all" | "production" | "deploy-preview" | "branch-deploy" | "dev" | "dev-server";

/** One deploy context. A branch is named with `{ context: "branch", branch: "staging" }`; `branch` goes with that context alone. */
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
       * The branch of the context `branch`.
       *
       * Example: `branch: "staging"`
       */
      branch?: Input<string>;
    };

/** Where a variable is available. https://docs.netlify.com/environment-variables/overview/#scopes */
export type NetlifyScope = "builds" | "functions" | "runtime" | "post_processing";

/** Other settings for one destination key. */
export interface NetlifyVariableArgs {
  /**
   * Whether Netlify hides the value after it is written.
   *
   * Example: `isSecret: false`
   */
  isSecret?: Input<boolean>;
  /**
   * Errors: `scopes.secret` for a secret in `post_processing`.
   *
   * Example: `scopes: ["builds"]`
   */
  scopes?: Input<Input<NetlifyScope>[]>;
  /**
   * Contexts of this key instead of those of the destination.
   *
   * Example: `contexts: ["dev"]`
   */
  contexts?: Input<NetlifyContextArgs[]>;
}

/**
 * Netlify uses new values with the next deploy only: builds and functions alike.
 * https://docs.netlify.com/environment-variables/get-started/
 */
export interface NetlifyBuildArgs {
  /**
   * Start one build after a run that wrote something, together for all syncs of the site that are written at the same time.
   * Errors: `build.unlinked` for a site without repository, `build.stopped` when its builds are stopped, `build.locked` when
   * it is locked to a deploy, `build.limit` when Netlify's 100 deploys a day are used up, `build.refused` for whatever else Netlify says.
   *
   * Example: `trigger: true`
   *
   * @default false
   */
  trigger?: Input<boolean>;
  /**
   * Follow the build until its deploy is live. A failed one leaves `syncStatus` at `written-not-live`, and the next `up` builds again.
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
   * Needed for level `site`. Errors: `destination.not_found`.
   *
   * Example: `siteId: "5b8c7e0f-0000-4000-8000-000000000000"`
   */
  siteId?: Input<string>;
  /**
   * The site's name, beside its id: checked, for people who read the program. Errors: `destination.wrong_name`.
   *
   * Example: `siteName: "storefront"`
   */
  siteName?: Input<string>;
  /**
   * Id or slug of the team. Errors: `destination.wrong_account` when the site belongs to another one.
   *
   * Example: `accountId: "acme"`
   *
   * @default the team of the site
   */
  accountId?: Input<string>;
  /**
   * The team's name or slug: checked, for people who read the program. Errors: `destination.wrong_name`.
   *
   * Example: `accountName: "Acme"`
   */
  accountName?: Input<string>;
  /**
   * `site`: variables of this site only. `team`: variables that all sites of the team share, where its plan has them. A sync of a
   * site never falls back to the team. https://docs.netlify.com/environment-variables/overview/#shared-environment-variables
   *
   * Example: `level: "team"`
   *
   * @default "site"
   */
  level?: Input<"site" | "team">;
  /**
   * Deploy contexts that get the values; each key is owned in each context by itself, and other contexts are never changed.
   * `all` stands alone. Netlify keeps no secret under `all`, so for secrets `all` means `production`, `deploy-preview` and
   * `branch-deploy`; `dev` and `dev-server`, where a secret can be read back, have to be named. For plain values `all` is the one
   * value for every context, and one that somebody else made is taken over with `adoptExisting`, for these contexts only. Errors:
   * `context.all_exists` and `context.others_exist` where one would replace the other's values.
   *
   * Example: `contexts: ["production", { context: "branch", branch: "staging" }]`
   *
   * @default ["all"]
   */
  contexts?: Input<NetlifyContextArgs[]>;
  /**
   * One context, the word of the reference; instead of `contexts`.
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
   * Whether Netlify hides the values after they are written. A change of it, or of `scopes`, replaces the variable; that is refused
   * with `variable.shared` where values of others would be lost. Secrets take part in Netlify's secret scanning: exclude public values.
   * https://docs.netlify.com/environment-variables/secrets-controller/
   *
   * Example: `isSecret: false`
   *
   * @default true
   */
  isSecret?: Input<boolean>;
  /**
   * Scopes; other than all need a paid plan. Errors: `scopes.plan` when the plan has none, `scopes.secret` for a secret in
   * `post_processing`. https://docs.netlify.com/environment-variables/overview/#scopes
   *
   * Example: `scopes: ["builds", "functions"]`
   *
   * @default all four; for secrets builds, functions and runtime
   */
  scopes?: Input<Input<NetlifyScope>[]>;
  /**
   * Other settings for single destination keys.
   *
   * Example: `variables: { PUBLIC_URL: { isSecret: false } }`
   */
  variables?: Record<string, NetlifyVariableArgs>;
  /**
   * A build after the write; none unless `trigger` asks for it.
   *
   * Example: `build: { trigger: true }`
   */
  build?: NetlifyBuildArgs;
  /**
   * What to do when the variables that functions get exceed the 4 KB of AWS Lambda, which makes deploys with functions fail.
   * Errors: `functions.too_large` with `refuse`. `warn` is for sites without functions.
   *
   * Example: `functionsLimit: "warn"`
   *
   * @default "refuse"
   */
  functionsLimit?: Input<"refuse" | "warn">;
}
