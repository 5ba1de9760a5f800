// Waits for what another process or a timer does. Vitest gives up after a second, which a busy machine may spend on something else.

import { vi } from "vitest";

/** Until `check` throws no longer, or half a minute has passed. */
export function waitFor(check: () => unknown): Promise<unknown> {
  return vi.waitFor(check, { timeout: 30_000 });
}
