// Leaf: the error of a write that went out and whose outcome nobody could read.

import { SecretSyncError } from "../errors.js";

/** State keeps every place that the write touched as ours, and the next run compares before it sends anything. */
export class UnconfirmedWrite extends SecretSyncError {
  override readonly ambiguous = true;
}
