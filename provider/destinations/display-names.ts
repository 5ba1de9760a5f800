// Pure: what the arguments of a destination alone show, without a call, in words that people use.

import type { Destination, DestinationType } from "../../schema/index.js";

/** One vendor's words. */
export interface DisplayNames<T extends DestinationType = DestinationType> {
  /** The platform's own name. */
  readonly platform: string;
  /** What the arguments call the target: by name if they give one, else by id. */
  nameOf(destination: Extract<Destination, { type: T }>): string | undefined;
  /** The slots that a destination key goes to. */
  slotsOf(destination: Extract<Destination, { type: T }>, key: string): readonly string[];
  /** Type and scope of a destination key, in the platform's words. */
  labelOf(destination: Extract<Destination, { type: T }>, key: string): string;
  /** The everyday name of a slot. */
  titleOf(slot: string): string;
}

/** The display names of one destination: its arguments are bound. */
export interface BoundDisplayNames {
  readonly platform: string;
  readonly name: string | undefined;
  slotsOf(key: string): readonly string[];
  labelOf(key: string): string;
  titleOf(slot: string): string;
}
