// The official SDK against the emulator: it must log in, list and merge as it does with a real server.

import { InfisicalSDK } from "@infisical/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type InfisicalEmulator, startInfisical } from "./index.js";

let server: InfisicalEmulator;
beforeAll(async () => {
  server = await startInfisical();
  server.instance.identities.push({ clientId: "id", clientSecret: "secret" });
  server.instance.projects.set("p", {
    dev: {
      "/": {
        secrets: { A: "${B}-a", B: { value: "b", tags: ["web"] } },
        imports: [{ environment: "dev", path: "/shared" }],
      },
      "/shared": { secrets: { C: "c", B: "imported" } },
    },
  });
});
afterAll(() => server.close());

const logIn = () =>
  new InfisicalSDK({ siteUrl: server.origin }).auth().universalAuth.login({ clientId: "id", clientSecret: "secret" });

test("the official Node SDK logs in and lists with references resolved", async () => {
  const client = await logIn();
  const { secrets } = await client.secrets().listSecrets({ projectId: "p", environment: "dev" });
  expect(secrets.map(({ secretKey, secretValue }) => [secretKey, secretValue])).toEqual([
    ["A", "b-a"],
    ["B", "b"],
  ]);
  const call = server.received.at(-1);
  expect(call?.path).toBe("/api/v3/secrets/raw");
  expect(call?.query.get("workspaceId")).toBe("p");
});

test("the official Node SDK merges imports, selects by tag, and renews its token", async () => {
  const client = await logIn();
  const all = await client.secrets().listSecretsWithImports({ projectId: "p", environment: "dev" });
  expect(all.map(({ secretKey }) => secretKey).sort()).toEqual(["A", "B", "C"]);
  const { secrets } = await client.secrets().listSecrets({ projectId: "p", environment: "dev", tagSlugs: ["web"] });
  expect(secrets.map(({ secretKey }) => secretKey)).toEqual(["B"]);
  const renewed = await client.auth().universalAuth.renew();
  expect((await renewed.secrets().listSecrets({ projectId: "p", environment: "dev" })).secrets).toHaveLength(2);
});

test.each([true, false])(
  "the official Node SDK takes the nearest of equal names, references expanded: %s",
  async (expand) => {
    server.instance.projects.set("nested", {
      dev: {
        "/": { secrets: { OWN: "own" }, imports: [{ environment: "dev", path: "/direct" }] },
        "/direct": {
          secrets: { A: "direct", OWN: "imported" },
          imports: [
            { environment: "dev", path: "/first" },
            { environment: "dev", path: "/second" },
          ],
        },
        "/first": { secrets: { A: "first", B: "first" } },
        "/second": { secrets: { A: "second", B: "second", C: "second" } },
      },
    });
    const client = await logIn();
    const options = { projectId: "nested", environment: "dev", expandSecretReferences: expand };
    const all = await client.secrets().listSecretsWithImports(options);
    expect(Object.fromEntries(all.map(({ secretKey, secretValue }) => [secretKey, secretValue]))).toEqual({
      OWN: "own",
      A: "direct",
      B: "first",
      C: "second",
    });
  },
);

test("the official Node SDK understands the refusals", async () => {
  const wrong = new InfisicalSDK({ siteUrl: server.origin })
    .auth()
    .universalAuth.login({ clientId: "id", clientSecret: "x" });
  await expect(wrong).rejects.toThrow(/401.*Invalid credentials/);
  const client = await logIn();
  await expect(
    client.secrets().listSecrets({ projectId: "p", environment: "dev", secretPath: "/gone" }),
  ).rejects.toThrow(/404/);
});
