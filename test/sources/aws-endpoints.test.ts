// Where the real SDK would send its requests: to no host in clear text, whoever named the endpoint.

import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findSourceCredentials } from "../../provider/credentials/source-lookup.js";
import { takeFrom } from "../../provider/sources/documents/content.js";
import { createAwsStore } from "../../provider/sources/remote/aws-secrets-manager/index.js";
import { startLoopback } from "../emulators/loopback.js";
import { canary, failureOf, reveal } from "./canary.js";
import { makeCredentials } from "./reading.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const knowsProxies = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aws-endpoints-"));
  // What the machine's own user has set up is no part of a test.
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", path.join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", path.join(folder, "credentials"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const source = { type: "aws-secrets-manager", region: "eu-central-1", secretId: "web" } as const;
const access = { accessKeyId: "AKIA", secretAccessKey: canary };
const refused = /^connection\.insecure_url: .*would carry the token in clear text: use https/;

/** With the given variables set for the SDK and for this package, as in a provider process. */
async function read(variables: Record<string, string>, baseUrl?: string) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const credentials = makeCredentials("aws", access, baseUrl ?? "");
  const resolved = baseUrl === undefined ? { ...credentials, baseUrl: undefined } : credentials;
  return takeFrom(await createAwsStore().read(source, { credentials: resolved, environment: process.env }));
}

describe("an endpoint of AWS in clear text is refused", () => {
  test.each([
    ["AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://collector.example.com"],
    ["AWS_ENDPOINT_URL", "http://collector.example.com:4566"],
    ["AWS_ENDPOINT_URL_STS", "http://sts.example.com"],
    ["AWS_ENDPOINT_URL_SSO", "http://10.0.0.1"],
    ["AWS_ENDPOINT_URL_SSO_OIDC", "http://10.0.0.1"],
    ["AWS_ENDPOINT_URL_SIGNIN", "http://10.0.0.1"],
    ["AWS_ENDPOINT_URL_COGNITO_IDENTITY", "http://10.0.0.1"],
    ["AWS_ENDPOINT_URL", "HTTP://127.0.0.1.example.com"],
    ["AWS_ENDPOINT_URL", "http://0.0.0.0:4566"],
  ])("in %s=%s, before a request", async (name, address) => {
    expect((await failureOf(read({ [name]: address })))[0]).toMatch(refused);
  });

  test.each(["http://collector.example.com", "http://[2001:db8::1]:80", "http://169.254.1.1"])(
    "in the stack's configuration, a connection or the environment: %s",
    async (address) => {
      const configs: Array<[Record<string, string>, Record<string, string>]> = [
        [{ "aws:secretsManagerEndpoint": address }, {}],
        [{}, { AWS_ENDPOINT_URL_SECRETS_MANAGER: address }],
      ];
      for (const [config, environment] of configs) {
        const found = findSourceCredentials("aws-secrets-manager", undefined, {
          config: (key) => config[key],
          environment,
        });
        const reading = createAwsStore().read(source, { credentials: found, environment: {} });
        expect((await failureOf(reading))[0]).toMatch(refused);
      }
      expect((await failureOf(read({}, address)))[0]).toMatch(refused);
    },
  );

  test.each([
    ["a profile", "[default]\nendpoint_url = http://collector.example.com\n"],
    [
      "the services of a profile",
      "[default]\nservices = own\n[services own]\nsecrets_manager =\n  endpoint_url = http://collector.example.com\n",
    ],
  ])("in %s, before a request is signed", async (_, config) => {
    writeFileSync(path.join(folder, "config"), config);
    expect((await failureOf(read({})))[0]).toMatch(
      /^connection\.insecure_url: aws-secrets-manager source web: the address http:\/\/collector\.example\.com/,
    );
  });

  test("by the proof of a connection, too", async () => {
    const credentials = makeCredentials("aws", access, "http://collector.example.com");
    await expect(createAwsStore().prove(credentials, {})).rejects.toThrow("would carry the token in clear text");
  });

  test.each([
    ["with a user", "https://user:secret@aws.example.com"],
    ["with a query", "https://aws.example.com/?a=b"],
    ["of another kind", "ftp://aws.example.com"],
    ["that is none", "aws.example.com"],
  ])("and so is an address %s", async (_, address) => {
    const [problem] = await failureOf(read({ AWS_ENDPOINT_URL: address }));
    expect(problem).toMatch(/^connection\.invalid_url: /);
    expect(problem).not.toContain("secret@");
  });
});

describe("an endpoint of AWS on this machine", () => {
  test.each(["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SECRETS_MANAGER"])("may be plain http in %s", async (name) => {
    const server = await startLoopback(() => ({ status: 200, body: { Name: "web", SecretString: '{"A":"one"}' } }));
    try {
      expect(reveal(await read({ [name]: server.origin }))).toEqual({ A: "one" });
    } finally {
      await server.close();
    }
  });

  test.each(["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_DYNAMODB"])(
    "may be that of another service in %s, which gets no request from here",
    async (name) => {
      const server = await startLoopback(() => ({ status: 200, body: { Name: "web", SecretString: '{"A":"one"}' } }));
      try {
        expect(reveal(await read({ [name]: "http://minio.example.com:9000" }, server.origin))).toEqual({ A: "one" });
      } finally {
        await server.close();
      }
    },
  );

  test("is not looked at where the SDK ignores configured endpoints", async () => {
    const server = await startLoopback(() => ({ status: 200, body: { Name: "web", SecretString: '{"A":"one"}' } }));
    const ignoring = { AWS_ENDPOINT_URL: "http://collector.example.com", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
    try {
      expect(reveal(await read(ignoring, server.origin))).toEqual({ A: "one" });
    } finally {
      await server.close();
    }
  });
});

describe("a proxy of HTTPS_PROXY", () => {
  beforeEach(() => {
    for (const name of ["https_proxy", "no_proxy", "NO_PROXY"]) vi.stubEnv(name, undefined);
  });

  /** Notes which hosts it is asked to connect to, and refuses to. */
  async function startProxy() {
    const asked: Array<[host: string | undefined, credentials: string | undefined]> = [];
    const proxy = createServer().on("connect", ({ url, headers }, socket) => {
      asked.push([url, headers["proxy-authorization"]]);
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await once(proxy.listen(0, "127.0.0.1"), "listening");
    return { asked, close: () => proxy.close(), host: `127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  }

  // Skipped on a Node whose agents know no proxy.
  test.skipIf(!knowsProxies)("gets the requests to AWS, and those for a role", async () => {
    const proxy = await startProxy();
    const variables = { HTTPS_PROXY: `http://user:${canary}@${proxy.host}`, AWS_MAX_ATTEMPTS: "1" };
    expect((await failureOf(read(variables)))[0]).toMatch(/^source\.unavailable: aws-secrets-manager source web: /);
    writeFileSync(path.join(folder, "token"), canary);
    const role = {
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/r",
      AWS_WEB_IDENTITY_TOKEN_FILE: path.join(folder, "token"),
    };
    for (const [name, value] of Object.entries(role)) vi.stubEnv(name, value);
    const credentials = { ...makeCredentials("aws", {}), baseUrl: undefined };
    await failureOf(createAwsStore().read(source, { credentials, environment: {} }));
    proxy.close();
    const basic = `Basic ${btoa(`user:${canary}`)}`;
    expect(proxy.asked).toEqual([
      ["secretsmanager.eu-central-1.amazonaws.com:443", basic],
      ["sts.eu-central-1.amazonaws.com:443", basic],
    ]);
  });

  test("gets no request to this machine", async () => {
    const proxy = await startProxy();
    const server = await startLoopback(() => ({ status: 200, body: { Name: "web", SecretString: '{"A":"one"}' } }));
    expect(reveal(await read({ HTTPS_PROXY: `http://${proxy.host}` }, server.origin))).toEqual({ A: "one" });
    await failureOf(read({ AWS_MAX_ATTEMPTS: "1" }, "https://127.0.0.1:1"));
    await server.close();
    proxy.close();
    expect(proxy.asked).toEqual([]);
  });

  test.each([
    "proxy.example.com:3128",
    "socks5://proxy.example.com",
    `http://user:${canary}@`,
    `http://u:%zz${canary}@p`,
  ])("is refused if its address cannot be used, without a word of it: %s", async (address) => {
    expect(await failureOf(read({ HTTPS_PROXY: address }))).toEqual([
      "source.unavailable: aws-secrets-manager source: the proxy named by HTTPS_PROXY is not a usable address: write it like http://proxy.example.com:3128",
    ]);
  });
});
