// Network side of Infisical: one client per machine identity, with a token that is fetched, renewed and replaced when refused.

import type { ClientPlace } from "../../../credentials/clients.js";
import { type Credentials, tellOrigin } from "../../../credentials/credentials.js";
import { createHttpClient, type HttpAnswer, type HttpCall, type HttpClient } from "../../../http/client.js";
import { isHttpError } from "../../../http/error.js";
import type { Network } from "../../../http/network.js";
import { readOrigin } from "../../../http/origin.js";
import { redact, type Redacted } from "../../../redacted.js";
import { askConditionally, type Ask } from "../conditional.js";
import { failAnswer } from "../failure.js";
import { createLeasedAsk } from "../leased-calls.js";
import { createLeaseKeeper, keepReady, type Lease, type LeaseKeeper } from "../lease.js";
import { loginAnswer } from "./wire.js";

/** The US cloud. Others by `baseUrl`: `https://eu.infisical.com`, or a server of one's own. */
const publicOrigin = "https://app.infisical.com";

export interface Session {
  /** Sends with the token of this identity. */
  readonly ask: Ask;
  /** As `ask`, but conditional if the server gave an ETag. */
  readonly read: Ask;
  /** A token, fetched if necessary. */
  readonly token: () => Promise<Redacted>;
  /** Addresses that the server turned out not to know: the older ones are called at once. */
  readonly missingRoutes: Set<string>;
}

export function findOrigin({ baseUrl }: Credentials): string {
  return readOrigin(baseUrl ?? publicOrigin, ["/api"]);
}

export function openSession({ credentials, origin }: ClientPlace, network: Network): Session {
  const issued: Redacted[] = [...credentials.fields.values()];
  const unauthorized = `check client id and client secret, or the token, of the machine identity${tellOrigin(credentials)}; it may have expired or its uses may be spent`;
  const http = createHttpClient({
    vendor: "Infisical",
    origin,
    // Each call brings its own: a login must not carry the token that it replaces.
    headers: () => ({}),
    ...network,
    mask: () => [...network.mask(), ...issued],
    // The free plan's limit for reading: https://infisical.com/docs/documentation/platform/limits
    pace: { requests: 200, windowMs: 60_000, parallel: 8 },
    hints: {
      401: unauthorized,
      [wrongToken]: unauthorized,
      403: "give the machine identity a role in this project that may describe and read secrets, and read secret imports, in this environment and path",
      404: "check project id, environment slug and path; base url is for self-hosted servers and other regions (https://eu.infisical.com)",
    },
    codes: { [wrongToken]: "http.unauthorized" },
  });
  const keeper = keepToken(credentials, network, { http, issued });
  const ask = createLeasedAsk({ keeper, send: (call, token) => send(http, call, token), isRefusal });
  return { ask, read: askConditionally(ask), token: () => keeper.current(), missingRoutes: new Set() };
}

function send(http: HttpClient, call: HttpCall, token: Redacted): Promise<HttpAnswer> {
  return http.request({ ...call, headers: { ...call.headers, authorization: `Bearer ${token.reveal()}` } });
}

/** The server's name for a token that has expired or is none, with a 403 (Infisical: backend/src/server/plugins/error-handler.ts). */
const wrongToken = "TokenError";

function isRefusal(error: unknown): boolean {
  return isHttpError(error) && error.code === "http.unauthorized";
}

interface TokenPlace {
  readonly http: HttpClient;
  /** Every token of this session, to be hidden in messages. */
  readonly issued: Redacted[];
}

function keepToken({ fields }: Credentials, { clock }: Network, { http, issued }: TokenPlace): LeaseKeeper {
  const ready = fields.get("accessToken");
  if (ready !== undefined) return keepReady(ready);
  const take = async (path: string, body: unknown): Promise<Lease> => {
    const answer = await http.request({ method: "POST", path, body, repeat: "safe" });
    const parsed = loginAnswer.safeParse(answer.body);
    if (!parsed.success) throw failAnswer(`Infisical (POST ${path})`, "an access token");
    const { accessToken, expiresIn } = parsed.data;
    const token = redact(accessToken);
    issued.push(token);
    // 0 means no end.
    const lifetimeMs = expiresIn === undefined || expiresIn <= 0 ? undefined : expiresIn * 1000;
    return { token, lifetimeMs, renewable: true };
  };
  return createLeaseKeeper(clock, {
    login: () =>
      take("/api/v1/auth/universal-auth/login", {
        clientId: fields.get("clientId")?.reveal() ?? "",
        clientSecret: fields.get("clientSecret")?.reveal() ?? "",
      }),
    renew: (token) => take("/api/v1/auth/token/renew", { accessToken: token.reveal() }),
  });
}
