// Program side: the members that every source has.

import type { Input } from "@pulumi/pulumi";

/** Members that every source has. */
export interface SourceCommonArgs {
  /**
   * Globs on source keys: only matching keys are taken.
   *
   * Example: `include: ["WEB_*"]`
   *
   * @default all
   */
  include?: Input<Input<string>[]>;
  /**
   * Globs on source keys: matching keys are left out, after `include`.
   *
   * Example: `exclude: ["DEBUG_*"]`
   */
  exclude?: Input<Input<string>[]>;
  /**
   * Keys whose value may be a reference or ciphertext of another tool (`op://…`, `ENC[…]`, `vault:v1:…`), because the app resolves it. In
   * other keys it is refused. Errors: `source.unresolved_reference`, `source.encrypted`.
   *
   * Example: `allowReferences: ["DATABASE_URL"]`
   *
   * @default none
   */
  allowReferences?: Input<Input<string>[]>;
}
