// Provider process: a target whose every look adds to the values that the run has to hide.

import type { Redacted } from "../redacted.js";
import type { Target } from "./destination.js";

/** @param learn called before anything that a look shows can be refused with a message that quotes it */
export function rememberValues(target: Target, learn: (values: Iterable<Redacted>) => void): Target {
  return {
    ...target,
    observe: async (look) => {
      const snapshot = await target.observe(look);
      learn(target.listReadable(snapshot, undefined));
      return snapshot;
    },
    read: (snapshot, salt, ledger) => {
      if (ledger !== undefined) learn(target.listReadable(snapshot, ledger));
      return target.read(snapshot, salt, ledger);
    },
  };
}
