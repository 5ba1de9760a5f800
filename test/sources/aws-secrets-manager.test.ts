// The AWS Secrets Manager source without a server: names of keys, what the SDK's errors mean, and answers that are not whole.

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { LoadSdk, SdkModule } from "../../provider/sources/remote/aws-secrets-manager/client.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { createAwsStore } from "../../provider/sources/remote/aws-secrets-manager/index.js";
import { nameKey } from "../../provider/sources/remote/aws-secrets-manager/secret.js";
import type { AwsSecretsManagerSource } from "../../schema/index.js";
import { canary, failureOf, problemsOfFailure, reveal } from "./canary.js";
import { makeCredentials } from "./reading.js";

type Input = Record<string, unknown>;

/** Stands in for the SDK: answers each command by its name. */
function sdkThat(answer: (command: string, input: Input) => unknown): LoadSdk {
  const command = (name: string) =>
    class {
      readonly name = name;
      constructor(readonly input: Input) {}
    };
  const sdk = {
    SecretsManagerClient: class {
      send({ name, input }: { name: string; input: Input }): Promise<unknown> {
        return Promise.resolve(answer(name, input));
      }
    },
    GetSecretValueCommand: command("get"),
    BatchGetSecretValueCommand: command("batch"),
    ListSecretsCommand: command("list"),
  };
  return () => Promise.resolve(sdk as unknown as SdkModule);
}

function throwing(name: string, message: string): () => never {
  return () => {
    throw Object.assign(new Error(message), { name });
  };
}

const credentials = makeCredentials("aws", { accessKeyId: "AKIA", secretAccessKey: canary });

async function read(load: LoadSdk, given: Omit<Partial<AwsSecretsManagerSource>, "type">) {
  const source = { type: "aws-secrets-manager", ...given } as const;
  return takeFrom(await createAwsStore(load).read(source, { credentials, environment: {} }));
}

describe("an aws-secrets-manager source", () => {
  test("says how to get the SDK when the program has none", async () => {
    const load = () => Promise.reject(new Error("Cannot find module"));
    expect(await failureOf(read(load, { secretId: "a" }))).toEqual([
      "source.missing_package: aws-secrets-manager source: the package @aws-sdk/client-secrets-manager is not installed; " +
        "add it to the program: npm install @aws-sdk/client-secrets-manager",
    ]);
  });

  test.each([
    ["prod/web/database-url", "DATABASE_URL"],
    ["token", "TOKEN"],
    ["a/b.c d/", "B_C_D"],
  ])("names the only key of %s %s", (name, key) => {
    expect(nameKey(name)).toBe(key);
  });

  test.each<[string, unknown, string]>([
    ["a value of bytes", { Name: "a", SecretBinary: Buffer.from(canary) }, "source.binary_value"],
    ["an answer without a value", { Name: "a" }, "source.incomplete"],
    ["a value that is null", { Name: "a", SecretString: null, SecretBinary: null }, "source.incomplete"],
    ["the words of a gateway", { message: canary }, "source.incomplete"],
    ["a batch without values", {}, "source.incomplete"],
    ["a batch whose values are null", { SecretValues: null, Errors: null, NextToken: null }, "source.incomplete"],
  ])("takes %s for a failure", async (what, answer, code) => {
    const load = sdkThat(() => answer);
    const secretIds = what.startsWith("a batch") ? ["a", "b"] : ["a"];
    expect((await failureOf(read(load, { secretIds })))[0]).toMatch(new RegExp(`^${code.replace(".", "\\.")}: `));
  });

  test.each(["constructor", "toString", "hasOwnProperty"])(
    "tells an error that is called %s as one that it does not know",
    async (name) => {
      const [problem] = await failureOf(read(sdkThat(throwing(name, "x")), { secretId: "a" }));
      expect(problem).toMatch(/^source\.unavailable: .* AWS Secrets Manager is not available/);
      expect(problem).not.toContain("undefined");
    },
  );

  test("follows the pages of a batch and merges in the order of the arguments", async () => {
    const pages = sdkThat((_, { NextToken }) =>
      NextToken === undefined
        ? { SecretValues: [{ Name: "b", SecretString: '{"A":"b"}' }], NextToken: "more" }
        : { SecretValues: [{ Name: "a", SecretString: '{"A":"a"}' }] },
    );
    expect(reveal(await read(pages, { secretIds: ["a", "b"] }))).toEqual({ A: "b" });
    expect(reveal(await read(pages, { secretIds: ["b", "a"] }))).toEqual({ A: "a" });
  });

  test.each([{}, { format: "json" }, { format: "dotenv" }] as const)("reads a secret with a BOM: %j", async (given) => {
    const text = "format" in given && given.format === "dotenv" ? "A=one" : '{"A":"one"}';
    const load = sdkThat(() => ({ Name: "a", SecretString: `\uFEFF${text}` }));
    expect(reveal(await read(load, { secretId: "a", ...given }))).toEqual({ A: "one" });
  });

  test("takes an empty token for the end of the pages", async () => {
    const SecretValues = ["a", "b"].map((Name) => ({ Name, SecretString: `{"${Name}":"1"}` }));
    const pages = sdkThat(() => ({ SecretValues, NextToken: "" }));
    expect(reveal(await read(pages, { secretIds: ["a", "b"] }))).toEqual({ a: "1", b: "1" });
  });

  test.each<[string, (call: number) => unknown]>([
    ["are empty", () => ({ SecretValues: [], NextToken: "same" })],
    ["repeat a secret", () => ({ SecretValues: [{ Name: "a", SecretString: canary }], NextToken: "same" })],
    ["repeat an error", () => ({ Errors: [{ SecretId: "a", ErrorCode: "x" }], NextToken: "same" })],
    ["tell of secrets that nobody asked for", (call) => ({ SecretValues: [{ Name: `s${call}` }], NextToken: "more" })],
  ])("ends where pages %s and another one is announced", async (_, answer) => {
    let calls = 0;
    const endless = sdkThat(() => {
      calls += 1;
      if (calls > 10) throw new Error("still asked");
      return answer(calls);
    });
    expect(await failureOf(read(endless, { secretIds: ["a", "b"] }))).toContain(
      "source.incomplete: aws-secrets-manager source a, b: the pages of the answer do not end; run again",
    );
    expect(calls).toBeLessThan(5);
  });

  describe("takes a text of KEY=value lines", () => {
    const text = `# of the web\nA=one\n\nexport B="${canary}"\n`;
    const pasted = (format?: AwsSecretsManagerSource["format"], SecretString = text) =>
      read(
        sdkThat(() => ({ Name: "prod/web", SecretString })),
        { secretId: "prod/web", ...(format === undefined ? {} : { format }) },
      );

    test("as keys, where that is said", async () => {
      expect(reveal(await pasted("dotenv"))).toEqual({ A: "one", B: canary });
      expect(await failureOf(pasted("dotenv", `A=${canary}\nbroken`))).toEqual([
        expect.stringMatching(/^source.unparsable: aws-secrets-manager source prod\/web is not plain dotenv: line 2: /),
      ]);
    });

    test("as nothing, where half of a character would become another one", async () => {
      expect(await failureOf(pasted("dotenv", `A=${canary}\ud800`))).toEqual([
        "source.unparsable: aws-secrets-manager source prod/web holds half of a surrogate pair; correct the value",
      ]);
    });

    test("as one value, where that is said", async () => {
      expect(reveal(await pasted("text"))).toEqual({ WEB: text });
    });

    test("as a question, where nothing is said", async () => {
      expect(await failureOf(pasted())).toEqual([
        "source.unparsable: aws-secrets-manager source prod/web: the value is lines of KEY=value, which would become one variable; " +
          'set `format` to "dotenv" to read them as keys, or to "text" if the whole is one value',
      ]);
    });

    test.each([
      "A=one",
      "SERVER=tcp:db;UID=sa;PWD=x",
      "JBSWY3DPEHPK3PXP====",
      "-----BEGIN KEY-----\nA=\n-----END KEY-----",
      "# a comment\nA=one",
      "[section]\na=1\nb=2",
      "a=1\nnot an assignment",
    ])("as one value, where it may well be one: %j", async (value) => {
      expect(reveal(await pasted(undefined, value))).toEqual({ WEB: value });
    });
  });

  test("gives nothing at all when a page leaves one out", async () => {
    const partial = sdkThat(() => ({ SecretValues: [{ Name: "a", SecretString: canary }] }));
    expect(await failureOf(read(partial, { secretIds: ["a", "b"] }))).toEqual([
      "source.incomplete: aws-secrets-manager source b: the answer holds neither a value of the secret nor an error for it; run again",
    ]);
  });

  test("tells every secret that a batch refuses", async () => {
    const refused = sdkThat(() => ({
      SecretValues: [{ Name: "a", SecretString: canary }],
      Errors: [
        { SecretId: "b", ErrorCode: "AccessDeniedException", Message: canary },
        { SecretId: "c", ErrorCode: "ResourceNotFoundException", Message: canary },
      ],
    }));
    expect(await failureOf(read(refused, { secretIds: ["a", "b", "c"] }))).toEqual([
      expect.stringMatching(/^source.forbidden: aws-secrets-manager source b: .*secretsmanager:GetSecretValue/),
      expect.stringMatching(/^source.not_found: aws-secrets-manager source c: /),
    ]);
  });

  test("tells a secret that has no value yet from one that is not there", async () => {
    const told = "Secrets Manager can't find the specified secret";
    const [empty, missing] = [`${told} value for staging label: AWSCURRENT`, `${told}.`];
    const noValue =
      "has no value yet (ResourceNotFoundException): give it one (aws secretsmanager put-secret-value), or remove it from this source";
    const notThere = "there is no such secret (ResourceNotFoundException): check its name or ARN, and the region";
    const own = (message: string) =>
      failureOf(read(sdkThat(throwing("ResourceNotFoundException", message)), { secretId: "a" }));
    expect(await own(empty)).toEqual([`source.not_found: aws-secrets-manager source a: the secret ${noValue}`]);
    expect(await own(missing)).toEqual([`source.not_found: aws-secrets-manager source a: ${notThere}`]);
    const Errors = [empty, missing].map((Message, at) => ({
      SecretId: "ab".charAt(at),
      ErrorCode: "ResourceNotFoundException",
      Message,
    }));
    expect(
      await failureOf(
        read(
          sdkThat(() => ({ Errors })),
          { secretIds: ["a", "b"] },
        ),
      ),
    ).toEqual([
      `source.not_found: aws-secrets-manager source a: the secret ${noValue}`,
      `source.not_found: aws-secrets-manager source b: ${notThere}`,
    ]);
  });

  test.each([
    ["AccessDeniedException", "source.forbidden", "allow secretsmanager:GetSecretValue"],
    ["UnrecognizedClientException", "source.unauthorized", "check that they are complete"],
    ["ExpiredTokenException", "source.unauthorized", "check that they are complete"],
    ["CredentialsProviderError", "source.unauthorized", "give source.connection"],
    ["ThrottlingException", "source.rate_limited", "run again later"],
    ["TimeoutError", "source.unavailable", "check the network"],
    ["Error", "source.unavailable", "check the network"],
  ])("explains %s without a word of the SDK", async (name, code, remedy) => {
    expect(await failureOf(read(sdkThat(throwing(name, `about ${canary}`)), { secretId: "a" }))).toEqual([
      expect.stringMatching(`^${code}: aws-secrets-manager source a: .*${remedy}`),
    ]);
  });

  test.each([
    [
      400,
      "ValidationException",
      "source.rejected: .* AWS rejects the request \\(ValidationException\\): check the name",
    ],
    [413, "constructor", "source.rejected: "],
    [403, "", "source.rejected: .* AWS rejects the request: check"],
    [400, "AccessDeniedException", "source.forbidden: "],
    [408, "RequestTimeout", "source.unavailable: "],
    [429, "SlowDown", "source.unavailable: "],
    [500, "InternalServiceError", "source.unavailable: "],
    [undefined, "SlowDown", "source.unavailable: "],
  ])("takes an error with status %s and the name %j for what it is", async (httpStatusCode, name, expected) => {
    const fail = () => {
      throw Object.assign(new Error(canary), { name, $metadata: { httpStatusCode } });
    };
    const problems = await problemsOfFailure(read(sdkThat(fail), { secretId: "a" }));
    expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([expect.stringMatching(`^${expected}`)]);
    expect(problems[0]?.retryable === true).toBe(expected.startsWith("source.unavailable"));
  });

  test.each([
    ["of a session", "[default]\nsso_session = own\nsso_account_id = 1\nsso_role_name = r\n[sso-session own]\n"],
    ["of its own", "[default]\nsso_account_id = 1\nsso_role_name = r\n"],
  ])("asks for a login where a profile %s has none", async (_, config) => {
    const folder = mkdtempSync(path.join(tmpdir(), "aws-sso-"));
    const login = "sso_start_url = https://example.awsapps.com/start\nsso_region = eu-central-1\n";
    writeFileSync(path.join(folder, "config"), config + login);
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_CONFIG_FILE", path.join(folder, "config"));
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", path.join(folder, "credentials"));
    const source = { type: "aws-secrets-manager", region: "eu-central-1", secretId: "a" } as const;
    const own = { ...makeCredentials("aws", {}), baseUrl: "https://127.0.0.1:1" };
    const [problem] = await failureOf(createAwsStore().read(source, { credentials: own, environment: {} }));
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
    expect(problem).toMatch(/^source\.unauthorized: .* the SSO session of the profile .*run `aws sso login`/);
  });

  test.each([
    ["AccessDenied", "source.forbidden"],
    ["InvalidIdentityToken", "source.unauthorized"],
    ["IDPRejectedClaim", "source.unauthorized"],
  ])("says that the role is what AWS refuses where STS answers %s", async (code, expected) => {
    const folder = mkdtempSync(path.join(tmpdir(), "aws-role-"));
    const refusal = `<ErrorResponse><Error><Code>${code}</Code><Message>${canary}</Message></Error></ErrorResponse>`;
    const sts = createServer((_, answer) => answer.writeHead(403, { "content-type": "text/xml" }).end(refusal));
    await once(sts.listen(0, "127.0.0.1"), "listening");
    writeFileSync(path.join(folder, "token"), canary);
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/deploy");
    vi.stubEnv("AWS_WEB_IDENTITY_TOKEN_FILE", path.join(folder, "token"));
    vi.stubEnv("AWS_ENDPOINT_URL_STS", `http://127.0.0.1:${(sts.address() as AddressInfo).port}`);
    const source = { type: "aws-secrets-manager", region: "eu-central-1", secretId: "a" } as const;
    const own = { ...makeCredentials("aws", {}), baseUrl: "https://127.0.0.1:1" };
    const [problem] = await failureOf(createAwsStore().read(source, { credentials: own, environment: {} }));
    vi.unstubAllEnvs();
    sts.closeAllConnections();
    sts.close();
    rmSync(folder, { recursive: true });
    expect(problem).toMatch(new RegExp(`^${expected}: .* AWS does not give the role`));
  });

  test("asks for a region where none is known", async () => {
    expect(await failureOf(read(sdkThat(throwing("Error", "Region is missing")), { secretId: "a" }))).toEqual([
      "argument.invalid: aws-secrets-manager source a: the region is missing; give `region`, or set AWS_REGION",
    ]);
  });

  test("proves a key that may not list, and not one that is refused", async () => {
    const prove = (name: string, environment = {}) =>
      createAwsStore(sdkThat(throwing(name, canary))).prove(credentials, environment);
    expect(await prove("AccessDeniedException")).toEqual({ account: undefined });
    await expect(prove("InvalidSignatureException")).rejects.toThrow(
      /^source.unauthorized: aws connection in us-east-1, because AWS_REGION is not set: AWS does not accept/,
    );
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"])
      await expect(prove("InvalidSignatureException", { AWS_REGION: "", [name]: "cn-north-1" })).rejects.toThrow(
        /^source.unauthorized: aws connection in cn-north-1: AWS does not accept/,
      );
  });
});
