// Leaf: the error of a write that was sent, but whose outcome could not be read.

import { SecretSyncError } from "../errors.js";

/** State keeps every place that the write touched as ours, and the next run compares before it sends anything. */
export class UnconfirmedWrite extends SecretSyncError {
  override readonly ambiguous = true;
}
