// Program side: connections to the platforms that syncs write to, with what their tokens need to be allowed.

import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionCommonArgs } from "./connection-common-args.js";

/** A DigitalOcean API token. Needs the scopes `app:read` and `app:update`; https://docs.digitalocean.com/reference/api/scopes/ */
export interface DigitalOceanConnectionArgs extends ConnectionCommonArgs {
  /** Example: `app: "digital-ocean"` */
  app: "digital-ocean";
  /**
   * Fixed at creation: another method replaces the connection.
   *
   * Example: `method: "api-token"`
   */
  method: "api-token";
  /**
   * Always treated as a secret.
   *
   * Example: `credentials: { apiToken: config.requireSecret("oceanToken") }`
   */
  credentials: {
    /**
     * A personal access token (`dop_v1_…`). Always treated as a secret.
     *
     * Example: `apiToken: config.requireSecret("oceanToken")`
     */
    apiToken: pulumi.Input<string>;
  };
}

/** A Netlify personal access token. https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#authentication */
export interface NetlifyConnectionArgs extends ConnectionCommonArgs {
  /** Example: `app: "netlify"` */
  app: "netlify";
  /**
   * Fixed at creation: another method replaces the connection.
   *
   * Example: `method: "access-token"`
   */
  method: "access-token";
  /**
   * Always treated as a secret.
   *
   * Example: `credentials: { accessToken: config.requireSecret("netlifyToken") }`
   */
  credentials: {
    /**
     * A personal access token. Always treated as a secret. It acts as its owner: with the token of a machine user, the preview can
     * tell what a person changed from what this program wrote.
     *
     * Example: `accessToken: config.requireSecret("netlifyToken")`
     */
    accessToken: pulumi.Input<string>;
  };
}
