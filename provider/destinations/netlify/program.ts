// Leaf: the requests that make a set of edits, as data.

import type { Place } from "../../core/entry.js";
import type { Problem } from "../../errors.js";
import type { Note } from "../destination.js";
import type { Shape } from "./contexts.js";
import type { Value, Variable } from "./wire.js";

/** A variable as it is sent. */
export interface NewVariable {
  readonly key: string;
  readonly is_secret: boolean;
  readonly scopes?: readonly string[];
  readonly values: ReadonlyArray<{ context: string; context_parameter?: string; value: string }>;
}

/** One request, and the places that it is for. */
export type Call = { readonly key: string; readonly places: readonly Place[] } & (
  | ({ readonly kind: "replace" } & Whole & Create)
  | ({ readonly kind: "recreate" } & Whole & Create)
  | SetCall
  | ({ readonly kind: "unset" } & Removed)
  | ClearCall
);

/** One value is added or changed. */
export interface SetCall {
  readonly kind: "set";
  readonly slot: string;
  readonly value: string;
  /** The place was empty: whatever is there now is somebody else's. */
  readonly isNew?: boolean;
}

/** The variable is rewritten with all its values. */
interface Whole {
  /** What is replaced. */
  readonly from: Variable;
  /** Values among them that no edit names. */
  readonly carries: boolean;
}

/**
 * Deletes the variable with its last values, in one request. Removing them one by one would leave an empty variable, which nobody
 * owns, if something goes wrong in between.
 */
interface ClearCall {
  readonly kind: "clear";
  /** All of them are ours. */
  readonly values: readonly Removed[];
}

/** A value that is removed. */
export interface Removed extends Pick<Value, "id" | "slot"> {
  /** Undefined for a masked one. */
  readonly shown: string | undefined;
}

/** A variable that is created, and the places that it is for. */
export interface Create {
  readonly variable: NewVariable;
  readonly shape: Shape;
  readonly places: readonly Place[];
  /** Every value of it is given back, so what the team's plan refuses of its kind is given up. */
  readonly isBack: boolean;
}

export interface Program {
  /** Sent together. */
  readonly creates: readonly Create[];
  /** Per variable, in order. */
  readonly chains: ReadonlyArray<readonly Call[]>;
  /** Places where nothing has to be sent. */
  readonly idle: readonly Place[];
  readonly problems: readonly Problem[];
  /** What a person should know about keys, once they are written. */
  readonly notes: readonly Note[];
}
