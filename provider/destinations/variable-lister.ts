// Pure: what is at a target, slot by slot, as the arguments that would keep it as it is.

import type { Redacted } from "../redacted.js";
import type { Destination, DestinationType } from "../../schema/index.js";
import type { Snapshot } from "./destination.js";

/** One variable at one slot. */
export interface ListedVariable {
  readonly key: string;
  /** Undefined if the platform takes a value but never shows it. */
  readonly value: Redacted | undefined;
  /** Its settings, as `destination.variables` has them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface ListedSlot {
  readonly slot: string;
  /** For names of resources and files; undefined for the slot that means the whole target. */
  readonly name: string | undefined;
  /** The arguments of a sync for this slot alone. */
  readonly destination: Destination;
  readonly entries: readonly ListedVariable[];
}

/** One vendor's way to name a target, and to list what is there. */
export interface VariableLister<T extends DestinationType = DestinationType> {
  /** The target that a person means by this name or id. */
  address(target: string): Extract<Destination, { type: T }>;
  /** Everything that a look at the target shows. */
  listVariables(destination: Extract<Destination, { type: T }>, snapshot: Snapshot): readonly ListedSlot[];
  /** The same of a target that a file describes, if the vendor has such files; undefined if the document is not one. */
  readFile?(document: unknown): DescribedTarget<T> | undefined;
}

/** A target as a file describes it: no look was taken. */
export interface DescribedTarget<T extends DestinationType = DestinationType> {
  readonly address: Extract<Destination, { type: T }>;
  readonly snapshot: Snapshot;
  readonly slots: readonly ListedSlot[];
}
