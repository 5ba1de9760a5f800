// The AWS Secrets Manager source with the vendor's SDK against moto, which answers as the service does.

import { CreateSecretCommand, DeleteSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { AwsSecretsManagerSource } from "../../schema/index.js";
import { startMoto } from "../servers/moto.js";
import { findFreePort, type RunningServer } from "../servers/process.js";
import { canary, failureOf, reveal } from "../sources/canary.js";
import { makeCredentials, readSource, sourcesWith } from "../sources/reading.js";

const programs = inject("programs").moto;

// Skipped where moto cannot be installed from the Python index.
describe.skipIf(programs === null)("an aws-secrets-manager source reads moto", () => {
  let server: RunningServer;
  const region = "eu-central-1";
  const keys = { accessKeyId: "AKIATEST", secretAccessKey: `key-${canary}` };
  const arns = new Map<string, string>();

  beforeAll(async () => {
    server = await startMoto(programs ?? "");
    const client = new SecretsManagerClient({ endpoint: server.origin, region, credentials: keys });
    const create = async (Name: string, rest: { SecretString?: string; SecretBinary?: Uint8Array }) => {
      const { ARN } = await client.send(new CreateSecretCommand({ Name, ...rest }));
      arns.set(Name, ARN ?? "");
    };
    await create("prod/web", { SecretString: '{"A":"one","PORT":8080,"db":{"host":"h"}}' });
    await create("prod/override", { SecretString: '{"A":"later"}' });
    await create("prod/web/database-url", { SecretString: "postgres://x" });
    await create("prod/broken", { SecretString: `{"A":"${canary}"` });
    await create("prod/list", { SecretString: `{"A":["${canary}"]}` });
    await create("prod/binary", { SecretBinary: new TextEncoder().encode(canary) });
    await create("prod/gone", { SecretString: canary });
    await client.send(new DeleteSecretCommand({ SecretId: "prod/gone" }));
    for (let index = 0; index < 45; index += 1) await create(`many/key-${index}`, { SecretString: `value ${index}` });
    client.destroy();
  });
  afterAll(() => server.stop());

  const read = (given: Omit<Partial<AwsSecretsManagerSource>, "type">) =>
    readSource({ type: "aws-secrets-manager", region, ...given }, undefined, {
      credentials: makeCredentials("aws", keys, server.origin),
    });

  test("a JSON object as many keys, numbers as they stand there", async () => {
    expect(reveal(await read({ secretId: "prod/web" }))).toEqual({ A: "one", PORT: "8080", db_host: "h" });
    expect(reveal(await read({ secretId: "prod/web", separator: "." }))).toMatchObject({ "db.host": "h" });
  });

  test("any other text as one key, named after the secret", async () => {
    expect(reveal(await read({ secretId: "prod/web/database-url" }))).toEqual({ DATABASE_URL: "postgres://x" });
    expect(reveal(await read({ secretId: arns.get("prod/web/database-url") ?? "" }))).toEqual({
      DATABASE_URL: "postgres://x",
    });
    expect(reveal(await read({ secretId: "prod/override", format: "text" }))).toEqual({ OVERRIDE: '{"A":"later"}' });
  });

  test("several secrets in their order, by name and by ARN", async () => {
    const override = arns.get("prod/override") ?? "";
    expect(reveal(await read({ secretIds: ["prod/web", override] }))).toMatchObject({ A: "later", PORT: "8080" });
    expect(reveal(await read({ secretIds: [override, "prod/web"] }))).toMatchObject({ A: "one" });
  });

  test("more secrets than one batch holds", async () => {
    const secretIds = Array.from({ length: 45 }, (_, index) => `many/key-${index}`);
    const values = reveal(await read({ secretIds }));
    expect(Object.keys(values)).toHaveLength(45);
    expect(values["KEY_44"]).toBe("value 44");
  });

  test("with credentials and endpoint of the environment", async () => {
    const environment = { AWS_ENDPOINT_URL_SECRETS_MANAGER: server.origin };
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
    const source = { type: "aws-secrets-manager", region, secretId: "prod/override" } as const;
    const values = await readSource(source, undefined, { sources: sourcesWith({ environment }) });
    expect(reveal(values)).toEqual({ A: "later" });
  });

  test("and proves its connection", async () => {
    expect(await sourcesWith().prove("aws", makeCredentials("aws", keys, server.origin))).toEqual({
      account: undefined,
    });
  });

  test("nothing at all when one of several is missing", async () => {
    expect(await failureOf(read({ secretIds: ["prod/web", "prod/absent", "prod/none"] }))).toEqual([
      expect.stringMatching(
        /^source.not_found: aws-secrets-manager source prod\/absent: there is no such secret \(ResourceNotFoundException\)/,
      ),
      expect.stringMatching(/^source.not_found: aws-secrets-manager source prod\/none: /),
    ]);
    expect(await failureOf(read({ secretId: "prod/absent" }))).toEqual([
      expect.stringMatching(/^source.not_found: .*region/),
    ]);
  });

  test("nothing at all of what is deleted, binary, broken or no text", async () => {
    expect(await failureOf(read({ secretId: "prod/gone" }))).toEqual([
      expect.stringMatching(/^source.deleted_version: .*marked for deletion/),
    ]);
    expect(await failureOf(read({ secretId: "prod/binary" }))).toEqual([
      expect.stringMatching(/^source.binary_value: .*base64/),
    ]);
    expect(await failureOf(read({ secretId: "prod/list" }))).toEqual([
      expect.stringMatching(/^source.not_flat: aws-secrets-manager source prod\/list: "A" is a list/),
    ]);
    // Nobody knows which keys a broken secret has, so nothing is known of what is taken.
    expect(await failureOf(read({ secretIds: ["prod/broken", "prod/list"] }))).toEqual([
      expect.stringMatching(/^source.unparsable: aws-secrets-manager source prod\/broken is not valid JSON/),
    ]);
  });

  test("nothing at all where nobody answers", async () => {
    const credentials = makeCredentials("aws", keys, `http://127.0.0.1:${await findFreePort()}`);
    const source = { type: "aws-secrets-manager", region, secretId: "prod/web" } as const;
    expect(await failureOf(readSource(source, undefined, { credentials }))).toEqual([
      expect.stringMatching(
        /^source.unavailable: aws-secrets-manager source prod\/web: AWS Secrets Manager is not available/,
      ),
    ]);
  });
});
