// Composition: one HTTP client and reader per Netlify token and endpoint.

import { createHttpClient } from "../../http/client.js";
import { readOrigin } from "../../http/origin.js";
import { cleanText } from "../../http/vendor-problem.js";
import { SecretSyncError } from "../../errors.js";
import { type ClientPlace, shareClients } from "../../credentials/clients.js";
import { type Credentials, tellOrigin } from "../../credentials/credentials.js";
import { identifyCredentials } from "../../credentials/identity.js";
import type { Adapter, AdapterOptions } from "../adapter.js";
import { createNetlifyApi } from "./api/api.js";
import { createBuildHistory } from "./builds/build-history.js";
import { type Netlify, openNetlify } from "./target.js";
import { createReader } from "./live/view.js";

const publicOrigin = "https://api.netlify.com";

export function createAdapter(options: AdapterOptions): Adapter<"netlify"> {
  const netlifyOf = shareClients(findOrigin, (place) => connect(place, options));
  return {
    open: (destination, credentials) =>
      openNetlify(destination, identifyCredentials(credentials, findOrigin(credentials)), netlifyOf(credentials)),
    prove: async (credentials) => {
      const user = await netlifyOf(credentials).api.whoAmI();
      if (user === undefined) throw notNetlify();
      return { account: user.name };
    },
  };
}

function findOrigin({ baseUrl }: Credentials): string {
  return readOrigin(baseUrl ?? publicOrigin, ["/api/v1"]);
}

function connect({ credentials, origin }: ClientPlace, { clock, random, mask, onCall }: AdapterOptions): Netlify {
  const token = credentials.fields.get("accessToken");
  const http = createHttpClient({
    vendor: "Netlify",
    origin,
    headers: () => ({ authorization: `Bearer ${token?.reveal() ?? ""}` }),
    clock,
    random,
    mask,
    onCall,
    // 500 a minute; a little is left for other users of the token.
    // https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#rate-limiting
    pace: { requests: 450, parallel: 8 },
    hints: {
      401: `the token${tellOrigin(credentials)} is invalid, expired or revoked: create a new one (User settings > Applications > Personal access tokens) and set it in its place`,
      403: `the owner of the token${tellOrigin(credentials)} may not do this: give them a role in the team that may see and change environment variables`,
    },
  });
  const api = createNetlifyApi(http);
  const clean = (text: string) => cleanText(text, [...mask()]);
  return { api, reader: createReader(api, clock), history: createBuildHistory({ api, clock, clean }), clock, clean };
}

function notNetlify(): SecretSyncError {
  return new SecretSyncError({
    code: "http.not_found",
    message: "the server at baseUrl does not answer like the Netlify API; check baseUrl",
  });
}
