// What proves a connection: one live call per app, with as few permissions as there are, and nothing of the credentials in a failure.

import { afterEach, describe, expect, test } from "vitest";
import { createProver } from "../../provider/credentials/prover.js";
import { resolveCredentials } from "../../provider/credentials/credentials.js";
import { connection as connectionSchema } from "../../schema/index.js";
import { startDoppler } from "../emulators/doppler/index.js";
import { startInfisical } from "../emulators/infisical/index.js";
import { type Loopback, type Reply, startLoopback } from "../emulators/loopback.js";
import { canary } from "./canary.js";
import { makeCredentials, createHastyClock, readSource, sourcesWith } from "./reading.js";

const servers: Loopback[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function opened<S extends Loopback>(server: S): S {
  servers.push(server);
  return server;
}

/** Parses a connection and proves it, as its creation does. */
function prove(args: unknown, environment: Record<string, string> = {}) {
  const destinations = { prove: () => Promise.resolve({ account: "a destination's" }) };
  const prover = createProver(sourcesWith({ clock: createHastyClock(), environment }), destinations);
  const parsed = connectionSchema.parse(args);
  return prover(parsed, resolveCredentials(parsed));
}

async function refusal(proving: Promise<unknown>): Promise<string> {
  const text = await proving.then(String, String);
  expect(text).not.toContain(canary);
  return text;
}

const infisical = (baseUrl: string, rest: object) => ({ app: "infisical", baseUrl, ...rest });
const vault = (answers: Readonly<Record<string, Reply>>) =>
  startLoopback(({ method, path }) => answers[`${method} ${path}`] ?? { status: 404, body: { errors: [] } }).then(
    opened,
  );

describe("a connection is proven", () => {
  test("by the destination that uses its app", async () => {
    const args = { app: "digital-ocean", method: "api-token", credentials: { apiToken: "t" } };
    expect(await prove(args)).toEqual({ account: "a destination's" });
  });

  test("by a login to Infisical", async () => {
    const server = opened(await startInfisical());
    server.instance.identities.push({ clientId: "id", clientSecret: "right" });
    const log = (clientSecret: string) =>
      prove(infisical(server.origin, { method: "universal-auth", credentials: { clientId: "id", clientSecret } }));
    expect(await log("right")).toEqual({ account: undefined });
    expect(server.received.map(({ path }) => path)).toEqual(["/api/v1/auth/universal-auth/login"]);
    expect(await refusal(log(canary))).toMatch(/http.unauthorized: Infisical does not accept the token/);
  });

  test.each(["v3", "v4"] as const)("by one call with a ready token of Infisical (%s)", async (generation) => {
    const server = opened(await startInfisical());
    server.instance.generation = generation;
    const identity = { clientId: "id", clientSecret: "x" };
    server.instance.tokens.set("right", { identity, until: Number.POSITIVE_INFINITY, uses: 0 });
    const use = (accessToken: string) =>
      prove(infisical(server.origin, { method: "access-token", credentials: { accessToken } }));
    server.instance.tokens.set("st.right", { identity, until: Number.POSITIVE_INFINITY, uses: 0 });
    expect(await use("right")).toEqual({ account: undefined });
    expect(await use("st.right")).toEqual({ account: undefined });
    expect(server.received.at(-1)?.path).toBe("/api/v2/service-token");
    expect(await refusal(use(canary))).toMatch(/http.unauthorized/);
    server.instance.wrongToken = "TokenError";
    for (const wrong of [canary, `st.${canary}`])
      expect(await refusal(use(wrong))).toMatch(/http.unauthorized: .*TokenError.*: check client id.*or the token/);
  });

  test("by a look at Doppler's own token", async () => {
    const server = opened(await startDoppler());
    server.tokens.set("right", "all");
    const use = (serviceToken: string) =>
      prove({ app: "doppler", method: "service-token", credentials: { serviceToken }, baseUrl: server.origin });
    expect(await use("right")).toEqual({ account: "Acme / deploy" });
    expect(await refusal(use(canary))).toMatch(/http.unauthorized: Doppler/);
  });

  test("by a look at Vault's own token, in its namespace", async () => {
    const lookup = { status: 200, body: { data: { display_name: "token-ci" } } };
    const server = await vault({ "GET /v1/auth/token/lookup-self": lookup });
    const credentials = { token: "right", namespace: "team" };
    expect(await prove({ app: "vault", method: "token", credentials, baseUrl: server.origin })).toEqual({
      account: "token-ci",
    });
    expect(server.received[0]?.headers["x-vault-namespace"]).toBe("team");
  });

  test("by a login to Vault", async () => {
    const auth = { client_token: "t", lease_duration: 60, renewable: true };
    const server = await vault({ "POST /v1/auth/approle/login": { status: 200, body: { auth } } });
    const credentials = { roleId: "role", secretId: "right" };
    expect(await prove({ app: "vault", method: "app-role", credentials, baseUrl: `${server.origin}/v1` })).toEqual({});
    expect(server.received).toHaveLength(1);
    const noAddress = { app: "vault", method: "app-role", credentials };
    expect(await refusal(prove(noAddress))).toMatch("connection.missing_address");
    expect(await prove(noAddress, { VAULT_ADDR: server.origin })).toEqual({});
  });

  test("only for the source that it is for", async () => {
    const source = { type: "vault", path: "web" } as const;
    const credentials = makeCredentials("doppler", { serviceToken: canary });
    expect(await refusal(readSource(source, undefined, { credentials }))).toMatch(
      'connection.wrong_app: the connection of the vault source has app "doppler"; give one with app "vault"',
    );
  });

  test("by nothing at all when the scheme would show it", () => {
    const args = { app: "vault", method: "token", credentials: { token: canary }, baseUrl: "http://vault.example.com" };
    expect(() => connectionSchema.parse(args)).toThrow(/plain http is only allowed to loopback/);
  });
});
