// Pure: what a destroy would do with the keys of a sync, as far as state shows. The preview of a destroy calls no provider.

import { countKeys } from "../core/render.js";

export interface DestroyInput {
  readonly keys: readonly string[];
  /** Undefined if an earlier version wrote the state. */
  readonly adopted: readonly string[] | undefined;
  /** Those among them that are left as they are, because what was there is not known. */
  readonly left?: readonly string[] | undefined;
  readonly onDestroy: "delete" | "retain" | "restore" | undefined;
  readonly isEnabled: boolean;
}

/** Each key is in one of the lists. */
export interface DestroyPlan {
  readonly removes: readonly string[];
  /** Adopted keys, which will be as they were found. */
  readonly givesBack: readonly string[];
  readonly keeps: readonly string[];
  /** Removed or given back: state does not show which of them were adopted. */
  readonly untold: readonly string[];
}

export function planDestroy(input: DestroyInput): DestroyPlan {
  const { keys, adopted, left = [], onDestroy = "restore", isEnabled } = input;
  const none = { removes: [], givesBack: [], keeps: [], untold: [] };
  if (!isEnabled || onDestroy === "retain") return { ...none, keeps: keys };
  if (onDestroy === "delete") return { ...none, removes: keys };
  if (adopted === undefined) return { ...none, untold: keys };
  const [removes, others] = [keys.filter((key) => !adopted.includes(key)), keys.filter((key) => adopted.includes(key))];
  const isLeft = (key: string) => left.includes(key);
  return { ...none, removes, givesBack: others.filter((key) => !isLeft(key)), keeps: others.filter(isLeft) };
}

/** For example `removes 2 keys, gives back 1 key`; empty if there are no keys. */
export function describeDestroy({ removes, givesBack, keeps, untold }: DestroyPlan): string {
  const parts = [
    ["removes", removes],
    ["gives back", givesBack],
    ["removes or gives back", untold],
    ["leaves in place", keeps],
  ] as const;
  return parts
    .filter(([, keys]) => keys.length > 0)
    .map(([what, keys]) => `${what} ${countKeys(keys.length)}`)
    .join(", ");
}
