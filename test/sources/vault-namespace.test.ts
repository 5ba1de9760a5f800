// The namespaces of a Vault source: where it reads, and where it logs in.

import { describe, expect, test } from "vitest";
import { failureOf, reveal } from "./canary.js";
import { makeCredentials, readSource, sourcesWith } from "./reading.js";
import { denial, lease, role, secret, serve } from "./vault-answers.js";

describe("a vault source", () => {
  test("reads in the namespace of the source, of the connection, or of the environment", async () => {
    const server = await serve(() => secret({ A: "one" }));
    const read = (given: { namespace?: string }, ofConnection = {}, environment = {}) => {
      const credentials = makeCredentials("vault", { token: "t", ...ofConnection }, server.origin);
      const sources = sourcesWith({ environment });
      return readSource({ type: "vault", path: "web", ...given }, undefined, { credentials, sources });
    };
    const [connection, environment] = [{ namespace: "connection" }, { VAULT_NAMESPACE: "env" }];
    await read({ namespace: "own" }, connection, environment);
    await read({}, connection, environment);
    await read({}, {}, environment);
    await read({});
    const asked = server.received.map(({ headers }) => headers["x-vault-namespace"]);
    expect(asked).toEqual(["own", "connection", "env", undefined]);
  });

  test.each([
    [{}, { BAO_NAMESPACE: "bao" }, "bao"],
    [{}, { VAULT_NAMESPACE: "", BAO_NAMESPACE: "bao" }, "bao"],
    [{}, { VAULT_NAMESPACE: "vault", BAO_NAMESPACE: "bao" }, "vault"],
    [{ "vault:namespace": "stack" }, { VAULT_NAMESPACE: "vault" }, "stack"],
  ])("finds its namespace where it finds its address: %j, %j", async (config, environment, namespace) => {
    const server = await serve(() => secret({ A: "one" }));
    const given = { "vault:address": server.origin, "vault:token": "t", ...config };
    const sources = sourcesWith({ config: given, environment });
    const credentials = makeCredentials("vault", { token: "t" });
    await readSource({ type: "vault", path: "web" }, undefined, { sources });
    await readSource({ type: "vault", path: "web" }, undefined, { sources, credentials });
    await sources.prove("vault", credentials);
    await readSource({ type: "vault", path: "web", namespace: "own" }, undefined, { sources });
    const asked = server.received.map(({ headers }) => headers["x-vault-namespace"]);
    expect(asked).toEqual([namespace, namespace, namespace, "own"]);
  });

  test("asks about its token where it has logged in: the policy of a parent allows that there only", async () => {
    let logins = 0;
    const server = await serve(({ path, headers }) => {
      if (path.endsWith("login")) return lease(`token-${(logins += 1)}`);
      if (path.endsWith("lookup-self") && headers["x-vault-namespace"] === "team") return { status: 200, body: {} };
      return path.includes("web") ? secret({ A: "one" }) : denial;
    });
    const credentials = makeCredentials("vault", { ...role, namespace: "team" }, server.origin);
    const sources = sourcesWith();
    const readPath = (path: string) =>
      readSource({ type: "vault", path, namespace: "team/shop" }, undefined, { credentials, sources });
    for (const at of ["a", "b", "c", "d"]) {
      expect(reveal(await readPath(`web-${at}`))).toEqual({ A: "one" });
      expect(await failureOf(readPath(`denied-${at}`))).toHaveLength(1);
    }
    expect(logins).toBe(2);
  });

  test("logs in where its connection is proven, whatever namespace a source reads", async () => {
    const server = await serve(({ path }) => (path.endsWith("login") ? lease("first") : secret({ A: "one" })));
    const sources = sourcesWith({ environment: { VAULT_NAMESPACE: "team" } });
    const credentials = makeCredentials("vault", role, server.origin);
    await sources.prove("vault", credentials);
    await readSource({ type: "vault", path: "web", namespace: "team/shop" }, undefined, { credentials, sources });
    const asked = server.received.map(({ path, headers }) => [path.split("/").at(-1), headers["x-vault-namespace"]]);
    expect(asked).toEqual([
      ["login", "team"],
      ["login", "team"],
      ["web", "team/shop"],
    ]);
  });
});
