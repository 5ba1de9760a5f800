// Program side: the members that every connection has.

import type * as pulumi from "@pulumi/pulumi";

/** Members that every connection has. */
export interface ConnectionCommonArgs {
  /**
   * Name of the connection: a slug (lower-case letters, digits, single hyphens) of 1 to 64 characters.
   *
   * Example: `name: "production-token"`
   *
   * @default the resource's name, as a slug
   */
  name?: pulumi.Input<string>;
  /**
   * Free text of at most 256 characters.
   *
   * Example: `description: "the machine user of the shop team"`
   */
  description?: pulumi.Input<string>;
  /**
   * The vendor's origin, for emulators and proxies. A trailing API version is tolerated. Plain http is allowed to loopback only.
   *
   * Example: `baseUrl: "http://localhost:4010"`
   *
   * @default the vendor's public endpoint, or its usual environment variable
   */
  baseUrl?: pulumi.Input<string>;
}
