// Program side: the members that every source has.

import type { Input } from "@pulumi/pulumi";

/** Members that every source has. */
export interface SourceCommonArgs {
  /**
   * Globs on source keys: only matching ones are taken.
   *
   * @default all
   */
  include?: Input<Input<string>[]>;
  /** Globs on source keys: matching ones are left out, after `include`. */
  exclude?: Input<Input<string>[]>;
}
