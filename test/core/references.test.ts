// References and ciphertexts of other tools, each in the forms that its tool writes; and that an ordinary value is never taken for one.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findReferences, recognise } from "../../provider/core/references.js";
import { redact } from "../../provider/redacted.js";

const sealed = "MIIBiQYJKoZIhvcNAQcDoIIBejCCAXYCAQAxggEhMIIBHQ";

const table: ReadonlyArray<readonly [tool: string, ...values: string[]]> = [
  [
    "1Password",
    "op://vault/item/field",
    "op://My Vault/database/section/password?attribute=value",
    "op://$APP_ENV/db/password",
    "{{ op://vault/item/field }}",
    "postgres://app:{{ op://vault/db/password }}@db:5432/app",
    "postgres://app:op://vault/db/password",
  ],
  [
    "vals",
    "ref+awsssm://foo/bar?region=eu-west-1",
    "ref+vault://secret/data/web#/key",
    "secretref+gcpsecrets://project/name",
    "https://ref+echo://host+/path",
  ],
  ["ejson", `EJ[1:${sealed}=:nonce:box]`],
  ["hiera-eyaml", `ENC[PKCS7,${sealed}==]`, `ENC[GPG,${sealed}]`, `mysql://u:ENC[PKCS7,${sealed}]@db/app`],
  ["sops", "ENC[AES256_GCM,data:Zm9v,iv:aXY=,tag:dGFn,type:str]"],
  ["dotenvx", `encrypted:${sealed}`],
  ["Vault's transit engine", "vault:v1:8SDd3WHDOjf7mq69CyCqYjBXAiQQAVZRkFM13ok481zoCmHnSeDX9vyf7w==", "vault:v12:AAAA"],
  [
    "bank-vaults",
    "vault:path#key",
    "vault:secret/data/accounts/aws#AWS_SECRET_ACCESS_KEY",
    "vault:secret/data/mysql#${.USER | urlquery}",
    ">>vault:database/roles/web#password",
    "bao:secret/data/web#KEY",
    "mysql://${vault:secret/data/db#USER}:${vault:secret/data/db#PASSWORD}@db",
  ],
  ["ansible-vault", "$ANSIBLE_VAULT;1.1;AES256\n6266343935", "  $ANSIBLE_VAULT;1.2;AES256;prod\n62"],
  ["age", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24\n-----END AGE ENCRYPTED FILE-----"],
  ["PGP", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"],
  ["Keybase", "BEGIN KEYBASE SALTPACK ENCRYPTED MESSAGE. kcJn5brvybfNjz6 D5ll2Nk0YiiGFCz"],
  ["AWS KMS", `AQICAHh${"x7Yk".repeat(40)}==`],
  ["Jasypt", "ENC(G6N718UuyPE5bHyWKyuLQSm02auQPUtm)"],
  ["Pulumi", `v1:Kx3Pq7Zt0aB1cD2e:${sealed}=`],
  [
    "CloudFormation",
    "{{resolve:secretsmanager:prod/db:SecretString:password}}",
    "{{resolve:ssm-secure:/prod/db:1}}",
    "jdbc:{{resolve:ssm:/prod/host}}",
  ],
  ["the Serverless Framework", "${ssm:/prod/db/password}", "${ssm.eu-west-1:/prod/x}"],
  [
    "Azure",
    "@Microsoft.KeyVault(SecretUri=https://myvault.vault.azure.net/secrets/mysecret/)",
    "@Microsoft.KeyVault(VaultName=myvault;SecretName=mysecret)",
    "@microsoft.AppConfiguration(Endpoint=https://x.azconfig.io;Key=k)",
    "azure:keyvault:web/password",
  ],
  [
    "Google Secret Manager",
    "gcp:secretmanager:projects/p/secrets/s/versions/1",
    "sm://project/name",
    "berglas://bucket/api-key",
  ],
  ["GitHub Actions", "${{ secrets.DATABASE_URL }}", "https://x:${{secrets.TOKEN}}@host", "${{ vars.HOST }}"],
  ["the Argo CD Vault plugin", "<path:secret/data/database#password>"],
  ["consul-template", '{{ with secret "secret/data/web" }}{{ .Data.data.password }}{{ end }}', '{{- secret "a" -}}'],
  ["Keeper", "keeper://3vqfCGYV8XwUvvpKQMVJTA/field/password"],
  ["Proton Pass", "pass://Work/GitHub/password"],
  ["Dashlane", "dl://f6a7b8/password"],
  [
    "Infisical or Doppler",
    "${prod.web.db.PASSWORD}",
    "pg://${dev.web.api.USER}@h",
    "${prod.a.b.c.STRIPE_KEY}",
    "${@shared.prod.API_KEY}",
  ],
];

describe("a value is recognised as one of", () => {
  test.each(table.flatMap(([tool, ...values]) => values.map((value) => [tool, value] as const)))(
    "%s: %s",
    (tool, value) => {
      expect(recognise("KEY", value)?.tool).toBe(tool);
    },
  );

  test.each(["DOTENV_VAULT", "DOTENV_VAULT_PRODUCTION", "DOTENV_VAULT_CI"])("dotenv-vault, by the key %s", (key) => {
    expect(recognise(key, sealed)?.tool).toBe("dotenv-vault");
    expect(recognise(key, "")).toBeUndefined();
    expect(recognise(`MY_${key}`, sealed)).toBeUndefined();
  });
});

/** Values that somebody really has, close to what the tools write. */
const ordinary = [
  "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
  "arn:aws:kms:eu-west-1:123456789012:key/1234abcd",
  "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQdGB\n-----END PGP PRIVATE KEY BLOCK-----",
  "-----BEGIN PGP PUBLIC KEY BLOCK-----\n",
  "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFHDBO\n-----END ENCRYPTED PRIVATE KEY-----",
  "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
  "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZ",
  "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
  "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
  "postgres://app:p%40ss@db.example.com:5432/app?sslmode=require#x",
  "https://shop://x",
  "shop://item/1/2",
  "https://op.example.com/vault/item",
  "top://a/b/c",
  "bypass://a/b/c",
  "vault.example.com:8200#x",
  "hvs.CAESIJ",
  "vault:8200",
  "my-vault:v1:x",
  "href+https://x",
  "xref+vault",
  "ENC[x]",
  "ENC(short)",
  "EJ",
  "encrypted",
  "not-encrypted:x",
  "${DATABASE_URL}",
  "${db.DATABASE_URL}",
  "${_self.PRIVATE_URL}",
  "${spring.datasource.url}",
  "{{ .Values.x }}",
  "$HOME",
  "${HOME:-x}",
  "v1:abc",
  "v1:2024",
  "AQICAH",
  "<path:x>",
  "@microsoft.com",
  "resolve:ssm",
  "eyJhbGciOiJIUzI1NiJ9.e30.x",
  "sm://",
  "dl://",
  '{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIE"}',
  "gcp:project",
  "AgAR5nzhX2TkJ",
];

describe("an ordinary value is never taken for one:", () => {
  test.each(ordinary)("%s", (value) => {
    expect(recognise("KEY", value)).toBeUndefined();
  });

  const length = { minLength: 0, maxLength: 80 };
  const alphabets: Record<string, fc.Arbitrary<string>> = {
    "any printable characters": fc.string({ unit: "grapheme-ascii", ...length }),
    "any text": fc.string({ unit: "binary", ...length }),
    base64: fc.uint8Array({ minLength: 8, maxLength: 256 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    hexadecimal: fc.uint8Array({ minLength: 8, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString("hex")),
    "signs that the tools use": fc.string({ unit: fc.constantFrom(..."aA1:/#[]{}$(),+-.@ ".split("")), ...length }),
    URLs: fc.webUrl({ withFragments: true, withQueryParameters: true }),
    JSON: fc.json(),
    UUIDs: fc.uuid(),
  };
  test.each(Object.entries(alphabets))("a password of %s", (_, password) => {
    fc.assert(
      fc.property(password, (value) => {
        expect(recognise("KEY", value)).toBeUndefined();
      }),
      { seed: 13, numRuns: 20_000 },
    );
  });
});

describe("a long value takes no long time", () => {
  const beginnings = [
    "<path:",
    "op://",
    "ref+",
    "{{ ",
    "${{ ",
    "${a.b.",
    "ENC[A",
    "pass://a/",
    "{{resolve:",
    "${ssm",
    "vault:",
    "v1:",
    "AQICAH",
    " ",
    "ENC(",
    "keeper://",
    "${vault",
  ];

  test.each(beginnings)("of nothing but %j", (beginning) => {
    const value = beginning.repeat(Math.ceil(1_000_000 / beginning.length));
    const began = performance.now();
    recognise("KEY", value);
    // Milliseconds; a search from each beginning to the end would take minutes.
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe("what is reported of a source", () => {
  const canary = "op://cnry-vault/cnry-item/cnry-field";
  const judge = (values: Record<string, string | undefined>, allowed: string[] = [], type = "inline") =>
    findReferences(
      new Map(Object.entries(values).map(([key, value]) => [key, value === undefined ? value : redact(value)])),
      { origin: "inline source", type, allowed },
    );

  test("names the keys, the tool and what resolves it, and no value", () => {
    expect(judge({ B: canary, A: canary, C: "plain", D: undefined })).toEqual([
      {
        code: "source.unresolved_reference",
        message:
          "inline source: A, B hold a reference of 1Password, not a value; resolve it first with `op inject -i <file>` or `op run -- pulumi up`, or name the keys in `allowReferences` if the app resolves it",
      },
    ]);
  });

  test("names the file that the source reads in what resolves it", () => {
    const values = new Map([["A", redact(canary)]]);
    expect(findReferences(values, { origin: "file source", type: "file", file: "$&.env", allowed: [] })).toEqual([
      {
        code: "source.unresolved_reference",
        message:
          "file source: A holds a reference of 1Password, not a value; resolve it first with `op inject -i $&.env` or `op run -- pulumi up`, or name the key in `allowReferences` if the app resolves it",
      },
    ]);
  });

  test("is one problem per tool, and says of a ciphertext that it is one", () => {
    expect(judge({ A: canary, B: "vault:v1:cnry" })).toMatchObject([
      { code: "source.unresolved_reference" },
      {
        code: "source.encrypted",
        message: expect.stringMatching(
          /^inline source: B holds ciphertext of Vault's transit engine, not a value; resolve it first with `vault write transit\/decrypt/,
        ),
      },
    ]);
  });

  test("leaves the keys that are allowed by name, and no others", () => {
    expect(judge({ A: canary }, ["A"])).toEqual([]);
    expect(judge({ A: canary }, ["B", "*"])).toHaveLength(1);
  });

  test("leaves what the source's own service judges", () => {
    expect(judge({ A: "${prod.web.db.KEY}" }, [], "infisical")).toEqual([]);
    expect(judge({ A: "${prod.web.db.KEY}" }, [], "file")).toHaveLength(1);
    expect(judge({ A: canary }, [], "infisical")).toHaveLength(1);
  });
});
