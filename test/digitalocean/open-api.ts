// The calls of the adapter on an emulator of their own, at a time that passes only by waiting.

import { type AppPlatformApi, createAppPlatformApi } from "../../provider/destinations/digitalocean/api.js";
import { createHttpClient } from "../../provider/http/client.js";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { createJumpingClock } from "../http/simulated-clock.js";

export interface OpenApi {
  readonly ocean: DigitalOceanEmulator;
  readonly api: AppPlatformApi;
  /** Fails where a call was none that the platform documents. */
  readonly close: () => Promise<void>;
}

export async function openApi(): Promise<OpenApi> {
  const clock = createJumpingClock();
  const ocean = await startDigitalOcean({ clock: () => clock.now() });
  const headers = () => ({ authorization: `Bearer ${ocean.token}` });
  const asked = { vendor: "DigitalOcean", origin: ocean.url, headers };
  const http = createHttpClient({ ...asked, clock, random: () => 0.5, mask: () => [] });
  const close = async () => {
    await http.close();
    await ocean.close();
    if (ocean.complaints.length > 0) throw new Error(JSON.stringify(ocean.complaints));
  };
  return { ocean, api: createAppPlatformApi(http), close };
}
