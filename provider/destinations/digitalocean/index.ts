// Composition: one HTTP client, reader and memory of questions per DigitalOcean token and endpoint.

import { createHttpClient } from "../../http/client.js";
import { readOrigin } from "../../http/origin.js";
import { cleanText } from "../../http/vendor-problem.js";
import { shortenCiphertexts } from "../../masking/ciphertext.js";
import type { AppPlatformDestination } from "../../../schema/index.js";
import { type ClientPlace, shareClients } from "../../credentials/clients.js";
import { type Credentials, tellOrigin } from "../../credentials/credentials.js";
import { identifyCredentials } from "../../credentials/identity.js";
import type { Adapter, AdapterOptions } from "../adapter.js";
import { type AppPlatformApi, createAppPlatformApi } from "./api.js";
import { ciphertext } from "./ciphertext.js";
import { type AppPlatform, openAppPlatform } from "./target.js";
import { mayUpdate } from "./permission.js";
import { createAppReader, createSpecReader } from "./live/reader.js";
import { createValidator } from "./validation.js";
import type { App } from "./wire.js";

const publicOrigin = "https://api.digitalocean.com";

export function createAdapter(options: AdapterOptions): Adapter<AppPlatformDestination["type"]> {
  const platformOf = shareClients(findOrigin, (place) => connect(place, options));
  return {
    open: (destination, credentials) =>
      openAppPlatform(destination, identifyCredentials(credentials, findOrigin(credentials)), platformOf(credentials)),
    prove: async (credentials) => {
      const { api } = platformOf(credentials);
      const app = await api.proveToken();
      const [account, missingScopes] = await Promise.all([api.whoAmI().catch(() => undefined), findMissing(api, app)]);
      return { account, missingScopes };
    },
  };
}

/** Whether the token may change an app can be asked of any account that has one. */
async function findMissing(api: AppPlatformApi, app: App | undefined): Promise<string[]> {
  if (app === undefined) return [];
  return (await mayUpdate(api, app)) ? [] : ["app:update"];
}

function findOrigin({ baseUrl }: Credentials): string {
  return readOrigin(baseUrl ?? publicOrigin, ["/v2"]);
}

function connect({ credentials, origin }: ClientPlace, options: AdapterOptions): AppPlatform {
  const { clock, random, mask, onCall, timeoutMs, environment } = options;
  const token = credentials.fields.get("apiToken");
  const http = createHttpClient({
    vendor: "DigitalOcean",
    origin,
    headers: () => ({ authorization: `Bearer ${token?.reveal() ?? ""}` }),
    clock,
    random,
    mask,
    onCall,
    ciphertext,
    timeoutMs,
    hints: {
      401: `the token${tellOrigin(credentials)} is invalid, expired or revoked: create a new one in the control panel and set it in its place`,
      403: `the token${tellOrigin(credentials)} lacks a scope: a sync needs app:read and app:update`,
    },
  });
  const api = createAppPlatformApi(http);
  return {
    api,
    reader: createAppReader(api, clock),
    clock,
    clean: (text) => cleanText(shortenCiphertexts(text, ciphertext), [...mask()]),
    specs: createSpecReader(),
    probed: new Map(),
    validator: environment?.["PULUMI_SECRET_SYNC_VALIDATE"] === "0" ? undefined : createValidator(api),
  };
}
