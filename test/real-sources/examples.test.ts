// The examples of sources that need a real server or tool, run by the real CLI as their READMEs say. Needs the build in dist/.

import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, inject, test } from "vitest";
import { runExample } from "../e2e/example.js";
import { startMoto } from "../servers/moto.js";
import { askVault, startVault } from "../servers/vault/index.js";

const { vault, moto, sops, ageKeygen } = inject("programs");
const timeout = 120_000;

// Skipped where Vault cannot be built from its Go modules.
test.skipIf(vault === null)(
  "examples/vault",
  async () => {
    const server = await startVault(vault ?? "");
    try {
      await askVault(server.origin, "POST sys/policies/acl/web", {
        policy:
          'path "secret/data/shared/web" { capabilities = ["read"] }\npath "secret/data/web/production" { capabilities = ["read"] }',
      });
      await askVault(server.origin, "POST auth/approle/role/web", { token_policies: ["web"] });
      const role = await askVault(server.origin, "GET auth/approle/role/web/role-id");
      const secret = await askVault(server.origin, "POST auth/approle/role/web/secret-id", {});
      await askVault(server.origin, "POST secret/data/shared/web", { data: { LEVEL: "info", REGION: "fra" } });
      await askVault(server.origin, "POST secret/data/web/production", { data: { LEVEL: "debug" } });
      const values = await runExample("vault", () => ({
        config: { vaultUrl: server.origin },
        secrets: { roleId: String(role["data"]?.["role_id"]), secretId: String(secret["data"]?.["secret_id"]) },
      }));
      expect(values).toEqual({ LEVEL: "debug", REGION: "fra" });
    } finally {
      await server.stop();
    }
  },
  timeout,
);

// Skipped where moto cannot be installed from the Python index.
test.skipIf(moto === null)(
  "examples/aws-secrets-manager",
  async () => {
    const server = await startMoto(moto ?? "");
    try {
      const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "key" };
      const client = new SecretsManagerClient({ endpoint: server.origin, region: "eu-central-1", credentials });
      await client.send(new CreateSecretCommand({ Name: "prod/web", SecretString: '{"LEVEL":"debug"}' }));
      await client.send(new CreateSecretCommand({ Name: "prod/web/database-url", SecretString: "pg://x" }));
      const values = await runExample(
        "aws-secrets-manager",
        () => ({
          environment: {
            AWS_ACCESS_KEY_ID: credentials.accessKeyId,
            AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
            AWS_ENDPOINT_URL_SECRETS_MANAGER: server.origin,
          },
        }),
        { provider: "process" },
      );
      expect(values).toEqual({ LEVEL: "debug", DATABASE_URL: "pg://x" });
    } finally {
      await server.stop();
    }
  },
  timeout,
);

// Skipped where sops and age cannot be built from their Go modules.
test.skipIf(sops === null || ageKeygen === null)(
  "examples/exec",
  async () => {
    let key = "";
    const values = await runExample("exec", (world) => {
      key = world.secret("session");
      const at = (name: string) => path.join(world.directory, name);
      const prepare = async () => {
        execFileSync(ageKeygen ?? "", ["-o", at("key.txt")], { stdio: "pipe" });
        const recipient = /age1\w+/.exec(readFileSync(at("key.txt"), "utf8"))?.[0] ?? "";
        writeFileSync(at("secrets.env"), `SESSION_KEY=${key}\n`);
        const encrypted = execFileSync(sops ?? "", ["encrypt", "--age", recipient, at("secrets.env")]);
        writeFileSync(at("secrets.enc.env"), encrypted);
      };
      const folders = [path.dirname(sops ?? ""), world.environment["PATH"] ?? process.env["PATH"] ?? ""];
      return { environment: { PATH: folders.join(path.delimiter), SOPS_AGE_KEY_FILE: at("key.txt") }, prepare };
    });
    expect(values).toEqual({ SESSION_KEY: key });
  },
  timeout,
);
