// An app on an emulator of its own, and the adapter of a sync that aims at it. Time passes only by waiting.

import { afterEach, beforeEach } from "vitest";
import { createAdapter } from "../../provider/destinations/digitalocean/index.js";
import type { Target } from "../../provider/destinations/destination.js";
import { redact } from "../../provider/redacted.js";
import { appPlatformDestination } from "../../schema/index.js";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { createJumpingClock, type JumpingClock } from "../http/simulated-clock.js";

export type Adapter = ReturnType<typeof createAdapter>;

export interface Shop {
  ocean: DigitalOceanEmulator;
  clock: JumpingClock;
  appId: string;
}

/** Filled anew for every test of the file. */
export function openShop(spec: object = {}) {
  const shop = {} as Shop;
  beforeEach(async () => {
    const clock = createJumpingClock();
    const ocean = await startDigitalOcean({ clock: () => clock.now() });
    const { id } = ocean.createApp({ name: "shop", services: [{ name: "web", instance_count: 1 }], ...spec });
    Object.assign(shop, { clock, ocean, appId: id });
  });
  afterEach(() => shop.ocean.close());

  const credentials = () => {
    const fields = new Map([["apiToken", redact(shop.ocean.token)]]);
    return { app: "digital-ocean", fields, baseUrl: shop.ocean.url } as const;
  };
  const adapt = (environment: Record<string, string> = {}): Adapter =>
    createAdapter({ clock: shop.clock, random: () => 0.5, mask: () => [redact("canary")], environment });
  const open = (more: object = {}, adapter = adapt()): Target => {
    const type = "digital-ocean-app-platform";
    const destination = appPlatformDestination.parse({ type, appId: shop.appId, ...more });
    return adapter.open(destination, credentials());
  };
  return {
    shop,
    credentials,
    adapt,
    open,
    look: () => open().observe({ fresh: true }),
    /** The next look at an app is answered with this instead. */
    editAnswer: (edit: (app: Record<string, unknown>) => void) => {
      const match = { path: /\/apps\/[^/]+$/ };
      shop.ocean.faults.add({ match, edit: (body) => edit(body["app"] as Record<string, unknown>) });
    },
    calls: () => shop.ocean.requests.map(({ method, template }) => `${method} ${template}`),
  };
}
