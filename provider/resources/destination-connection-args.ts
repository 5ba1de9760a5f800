// Program side: connections to the platforms that syncs write to, with the permissions that their tokens need.

import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionCommonArgs } from "./connection-common-args.js";

/** A DigitalOcean API token. Needs the scopes `app:read` and `app:update`; https://docs.digitalocean.com/reference/api/scopes/ */
export interface DigitalOceanConnectionArgs extends ConnectionCommonArgs {
  /** Example: `app: "digital-ocean"` */
  app: "digital-ocean";
  /**
   * Changing it replaces the connection.
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
   * Changing it replaces the connection.
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
     * A personal access token. Always treated as a secret. It acts as its owner: with the token of a machine user, the preview can tell a
     * person's changes from those of this program.
     *
     * Example: `accessToken: config.requireSecret("netlifyToken")`
     */
    accessToken: pulumi.Input<string>;
  };
}
