// The door of a batch that no other sync joins.

import type { Door } from "../../provider/reconciler/batch/door.js";
import { nobodyElse } from "../../provider/reconciler/batch/waiting.js";

export function closedDoor(): Door {
  const { signal } = new AbortController();
  return {
    gather: async () => undefined,
    late: () => [],
    isCalled: () => false,
    call: () => signal,
    outlook: () => nobodyElse,
    answer: () => undefined,
    own: new Set(),
    vacated: new Map(),
    debt: undefined,
  };
}
