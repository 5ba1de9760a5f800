// The door of a batch that no other sync joins.

import type { Door } from "../../provider/reconciler/door.js";
import { nobodyElse } from "../../provider/reconciler/waiting.js";

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
