// Pure: an answer with the question that it belongs to.

import type { InfisicalSource } from "../../../../schema/index.js";
import type { Listing } from "./wire.js";

export interface CollectInput {
  readonly source: InfisicalSource;
  readonly listing: Listing;
  /** For messages. */
  readonly origin: string;
}
