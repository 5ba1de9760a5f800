// Composition: one HTTP client and reader per Netlify token and endpoint.

import { createHttpClient } from "../../http/client.js";
import { originOf } from "../../http/origin.js";
import { cleanText } from "../../http/vendor-problem.js";
import { SecretSyncError } from "../../errors.js";
import { nameAuthority } from "../authority.js";
import type { Authority } from "../destination.js";
import type { Adapter, Surroundings } from "../registry.js";
import { createNetlifyApi } from "./api.js";
import { type Netlify, openNetlify } from "./index.js";
import { createReader } from "./view.js";

const publicOrigin = "https://api.netlify.com";

export function createAdapter(surroundings: Surroundings): Adapter<"netlify"> {
  const connected = new Map<string, Netlify>();
  const netlifyOf = (authority: Authority): Netlify => {
    const name = nameOf(authority);
    const netlify = connected.get(name) ?? connect(authority, surroundings);
    connected.set(name, netlify);
    return netlify;
  };
  return {
    open: (destination, authority) => openNetlify(destination, nameOf(authority), netlifyOf(authority)),
    prove: async (authority) => {
      const user = await netlifyOf(authority).api.whoAmI();
      if (user === undefined) throw notNetlify();
      return { account: user.name };
    },
  };
}

function originFor({ baseUrl }: Authority): string {
  return originOf(baseUrl ?? publicOrigin, ["/api/v1"]);
}

function nameOf(authority: Authority): string {
  return nameAuthority(authority, originFor(authority));
}

function connect(authority: Authority, { clock, random, mask }: Surroundings): Netlify {
  const token = authority.credentials.get("accessToken");
  const http = createHttpClient({
    vendor: "Netlify",
    origin: originFor(authority),
    headers: () => ({ authorization: `Bearer ${token?.reveal() ?? ""}` }),
    clock,
    random,
    mask,
    // 500 a minute; a little is left for whoever else uses the token.
    // https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/#rate-limiting
    pace: { requests: 450, parallel: 8 },
    hints: {
      401: "the token is not valid any more: create a new one (User settings > Applications > Personal access tokens) and set it where this sync finds it",
      403: "the token's owner may not do this: give them a role in the team that may see and change environment variables",
    },
  });
  const api = createNetlifyApi(http);
  const clean = (text: string) => cleanText(text, [...mask()]);
  return { api, reader: createReader(api, clock), clock, clean };
}

function notNetlify(): SecretSyncError {
  return new SecretSyncError({
    code: "http.not_found",
    message: "the server at baseUrl does not answer like the Netlify API; check baseUrl",
  });
}
