// Network side of Vault and OpenBao: one client per token or AppRole and namespace, which keeps the token valid.

import type { ClientPlace } from "../../../credentials/clients.js";
import { type Credentials, tellOrigin } from "../../../credentials/credentials.js";
import { createHttpClient, type HttpCall, type HttpClient } from "../../../http/client.js";
import { isHttpError } from "../../../http/error.js";
import type { Network } from "../../../http/network.js";
import { readOrigin } from "../../../http/origin.js";
import { SecretSyncError } from "../../../errors.js";
import { redact, type Redacted } from "../../../redacted.js";
import type { Ask } from "../conditional.js";
import { failAnswer } from "../failure.js";
import { createLeasedAsk } from "../leased-calls.js";
import { createLeaseKeeper, keepReady, type Lease, type LeaseKeeper } from "../lease.js";
import { authAnswer } from "./wire.js";

export interface Session {
  /** Sends with the token and within the namespace. */
  readonly ask: Ask;
  /** Logs in if necessary. */
  readonly token: () => Promise<Redacted>;
}

export function findOrigin({ baseUrl }: Credentials): string {
  if (baseUrl === undefined) throw noAddress();
  return readOrigin(baseUrl, ["/v1"]);
}

export function openSession({ credentials, origin, part: namespace }: ClientPlace, network: Network): Session {
  // The namespace is not secret, and messages have to name it.
  const issued = [...credentials.fields].flatMap(([field, value]) => (field === "namespace" ? [] : [value]));
  const http = createHttpClient({
    vendor: "Vault",
    origin,
    headers: () => ({ "x-vault-request": "true" }),
    ...network,
    mask: () => [...network.mask(), ...issued],
    // A self-hosted server has no limit by default; this keeps a recursive read from looking like an attack.
    pace: { requests: 3000, windowMs: 60_000, parallel: 8 },
    hints: {
      // Of a standby node that does not forward. https://developer.hashicorp.com/vault/docs/concepts/ha#client-redirection
      307: "a standby node sends to the active one, which may be another one tomorrow: give the address of the whole cluster, such as its load balancer; redirects are not followed, because they would carry the token along",
      403: `check that the token${tellOrigin(credentials)} is valid, and that its policy allows read on <mount>/data/<path> (and list on <mount>/metadata/<path> for \`recursive\`), in this namespace`,
      404: "check mount, path and namespace; only KV version 2 mounts are read",
      503: "the server is sealed or in maintenance: unseal it, then run again",
    },
  });
  // The login may take place in a parent of the namespace that is read.
  const login = credentials.fields.get("namespace")?.reveal() ?? credentials.namespace ?? namespace;
  const keeper = keepToken(credentials, network, { http, issued, login });
  const sendTo = (part: string) => (call: HttpCall, token: Redacted) =>
    http.request({ ...call, headers: { ...call.headers, ...inNamespace(part), "x-vault-token": token.reveal() } });
  // Vault gives the same answer for a policy, a revoked token, and one whose uses are spent.
  const ask = createLeasedAsk({
    keeper,
    send: sendTo(namespace),
    isRefusal: isForbidden,
    // The default policy of a parent speaks of the parent only.
    isKnown: (token) =>
      sendTo(login)({ method: "GET", path: lookupPath, repeat: "safe", accept: [403] }, token).then(
        ({ status }) => status !== 403,
        () => true,
      ),
  });
  return { ask, token: () => keeper.current() };
}

/** Open to every token that has the default policy. */
export const lookupPath = "/v1/auth/token/lookup-self";

function isForbidden(error: unknown): boolean {
  return isHttpError(error) && error.status === 403;
}

function inNamespace(namespace: string): Record<string, string> {
  return namespace === "" ? {} : { "x-vault-namespace": namespace };
}

interface TokenPlace {
  readonly http: HttpClient;
  readonly issued: Redacted[];
  /** The namespace of the login. */
  readonly login: string;
}

function keepToken({ fields }: Credentials, { clock }: Network, place: TokenPlace): LeaseKeeper {
  const ready = fields.get("token");
  if (ready !== undefined) return keepReady(ready);
  const { http, issued, login } = place;
  const take = async (call: Pick<HttpCall, "path" | "body" | "headers" | "hints">): Promise<Lease> => {
    const answer = await http.request({ ...call, method: "POST", repeat: "safe" });
    const parsed = authAnswer.safeParse(answer.body);
    if (!parsed.success) throw failAnswer(`Vault (POST ${call.path})`, "a token");
    const { client_token, lease_duration, renewable } = parsed.data.auth;
    const token = redact(client_token);
    issued.push(token);
    return { token, lifetimeMs: lease_duration > 0 ? lease_duration * 1000 : undefined, renewable };
  };
  return createLeaseKeeper(clock, {
    login: () =>
      take({
        path: "/v1/auth/approle/login",
        body: { role_id: fields.get("roleId")?.reveal(), secret_id: fields.get("secretId")?.reveal() },
        headers: inNamespace(login),
        hints: {
          400: "check role id and secret id; a secret id may have expired or its uses may be spent",
          // What Vault says of an address without a login, too.
          403: "check that the AppRole method is enabled at auth/approle, in this namespace, and from where the role may be used",
        },
      }),
    renew: (token) =>
      take({
        path: "/v1/auth/token/renew-self",
        body: {},
        headers: { ...inNamespace(login), "x-vault-token": token.reveal() },
      }),
  });
}

function noAddress(): SecretSyncError {
  return new SecretSyncError({
    code: "connection.missing_address",
    message: "the address of the Vault server is missing; give `baseUrl` in the connection, or set VAULT_ADDR",
  });
}
