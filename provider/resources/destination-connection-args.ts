// Program side: connections to the platforms that syncs write to, with what their tokens need to be allowed.

import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionCommonArgs } from "./connection-common-args.js";

/** A DigitalOcean API token. Needs the scopes `app:read` and `app:update`; https://docs.digitalocean.com/reference/api/scopes/ */
export interface DigitalOceanConnectionArgs extends ConnectionCommonArgs {
  app: "digital-ocean";
  /** Fixed at creation: another method replaces the connection. */
  method: "api-token";
  /** Always treated as a secret. */
  credentials: {
    /** A personal access token (`dop_v1_…`). Always treated as a secret. */
    apiToken: pulumi.Input<string>;
  };
}

/** A Netlify personal access token. https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#authentication */
export interface NetlifyConnectionArgs extends ConnectionCommonArgs {
  app: "netlify";
  /** Fixed at creation: another method replaces the connection. */
  method: "access-token";
  /** Always treated as a secret. */
  credentials: {
    /**
     * A personal access token. Always treated as a secret. It acts as its owner: with the token of a machine user, the preview can
     * tell what a person changed from what this program wrote.
     */
    accessToken: pulumi.Input<string>;
  };
}
