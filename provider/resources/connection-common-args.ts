// Program side: the members that every connection has.

import type * as pulumi from "@pulumi/pulumi";

/** Members that every connection has. */
export interface ConnectionCommonArgs {
  /**
   * Name of the connection: a slug (lower-case letters, digits, single hyphens) of 1 to 64 characters.
   *
   * @default the resource's name, as a slug
   */
  name?: pulumi.Input<string>;
  /** Free text of at most 256 characters. */
  description?: pulumi.Input<string>;
  /**
   * The vendor's origin, for emulators and proxies. A trailing API version is tolerated. Plain http only to loopback.
   *
   * @default the vendor's public endpoint, or its usual environment variable
   */
  baseUrl?: pulumi.Input<string>;
  /** Part of the reference, not supported here: only `false` is accepted. */
  isPlatformManagedCredentials?: pulumi.Input<false>;
  /** Part of the reference, not supported here: only `false` is accepted. */
  isAutoRotationEnabled?: pulumi.Input<false>;
  /** Part of the reference, not supported here: leave it out. */
  gatewayId?: null;
  /** Part of the reference, not supported here: leave it out. */
  rotation?: null;
}
