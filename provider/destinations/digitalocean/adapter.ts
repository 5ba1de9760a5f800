// Composition: one HTTP client, reader and memory of questions per DigitalOcean token and endpoint.

import { createHttpClient } from "../../http/client.js";
import { originOf } from "../../http/origin.js";
import { cleanText } from "../../http/vendor-problem.js";
import type { AppPlatformDestination } from "../../../schema/index.js";
import { nameAuthority } from "../authority.js";
import type { Authority } from "../destination.js";
import type { Adapter, Surroundings } from "../registry.js";
import { type AppPlatformApi, createAppPlatformApi } from "./api.js";
import { type AppPlatform, openAppPlatform } from "./index.js";
import { mayUpdate } from "./permission.js";
import { createAppReader, createSpecReader } from "./reader.js";
import { createValidator } from "./validation.js";
import type { App } from "./wire.js";

const publicOrigin = "https://api.digitalocean.com";

export function createAdapter(surroundings: Surroundings): Adapter<AppPlatformDestination["type"]> {
  const platforms = new Map<string, AppPlatform>();
  const platformOf = (authority: Authority): AppPlatform => {
    const name = nameOf(authority);
    const platform = platforms.get(name) ?? connect(authority, surroundings);
    platforms.set(name, platform);
    return platform;
  };
  return {
    open: (destination, authority) => openAppPlatform(destination, nameOf(authority), platformOf(authority)),
    prove: async (authority) => {
      const { api } = platformOf(authority);
      const app = await api.proveToken();
      const [account, missingScopes] = await Promise.all([api.whoAmI().catch(() => undefined), findMissing(api, app)]);
      return { account, missingScopes };
    },
  };
}

/** Every account with an app can be asked whether the token may change one. */
async function findMissing(api: AppPlatformApi, app: App | undefined): Promise<string[]> {
  if (app === undefined) return [];
  return (await mayUpdate(api, app)) ? [] : ["app:update"];
}

function originFor({ baseUrl }: Authority): string {
  return originOf(baseUrl ?? publicOrigin, ["/v2"]);
}

function nameOf(authority: Authority): string {
  return nameAuthority(authority, originFor(authority));
}

function connect(authority: Authority, surroundings: Surroundings): AppPlatform {
  const { clock, random, mask, timeoutMs, environment } = surroundings;
  const token = authority.credentials.get("apiToken");
  const http = createHttpClient({
    vendor: "DigitalOcean",
    origin: originFor(authority),
    headers: () => ({ authorization: `Bearer ${token?.reveal() ?? ""}` }),
    clock,
    random,
    mask,
    timeoutMs,
    hints: {
      401: "the token is not valid any more: create a new one in the control panel and set it where this sync finds it",
      403: "the token lacks a scope: a sync needs app:read and app:update",
    },
  });
  const api = createAppPlatformApi(http);
  return {
    api,
    reader: createAppReader(api, clock),
    clock,
    clean: (text) => cleanText(text, [...mask()]),
    specs: createSpecReader(),
    probed: new Map(),
    validator: environment?.["PULUMI_SECRET_SYNC_VALIDATE"] === "0" ? undefined : createValidator(api),
  };
}
