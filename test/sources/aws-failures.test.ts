// What the errors of AWS and its SDK mean for a source, told without a word of theirs.

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createAwsStore } from "../../provider/sources/remote/aws-secrets-manager/index.js";
import { credentials, read, sdkThat, throwing } from "./aws-sdk.js";
import { canary, failureOf, problemsOfFailure } from "./canary.js";
import { makeCredentials } from "./reading.js";

describe("an aws-secrets-manager source", () => {
  test.each(["constructor", "toString", "hasOwnProperty"])(
    "tells an error that is called %s as one that it does not know",
    async (name) => {
      const [problem] = await failureOf(read(sdkThat(throwing(name, "x")), { secretId: "a" }));
      expect(problem).toMatch(/^source\.unavailable: .* AWS Secrets Manager is not available/);
      expect(problem).not.toContain("undefined");
    },
  );

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
