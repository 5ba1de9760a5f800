// Where a source without a connection finds its credentials, if several places hold some.

import { expect, test } from "vitest";
import { findSourceCredentials } from "../../provider/credentials/source-lookup.js";

type Texts = Readonly<Record<string, string>>;

function find(config: Texts, environment: Texts) {
  const { fields, foundIn } = findSourceCredentials("infisical", undefined, {
    config: (key) => config[key],
    environment,
  });
  return { ...Object.fromEntries([...fields].map(([name, value]) => [name, value.reveal()])), foundIn };
}

const token = { INFISICAL_TOKEN: "of the shell" };
const identity = { "infisical:clientId": "id", "infisical:clientSecret": "secret" };

test("an identity of the stack's configuration takes precedence over a token of the shell", () => {
  expect(find(identity, token)).toEqual({
    clientId: "id",
    clientSecret: "secret",
    foundIn: "stack configuration infisical:clientId and stack configuration infisical:clientSecret",
  });
});

test("so does an identity whose secret alone comes from the shell", () => {
  const environment = { ...token, INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: "of the shell" };
  expect(find({ "infisical:clientId": "id" }, environment)).toMatchObject({
    clientId: "id",
    clientSecret: "of the shell",
  });
});

test("a token takes precedence over an identity of the same place, and over one that is not complete", () => {
  expect(find({ ...identity, "infisical:token": "of the stack" }, token)).toMatchObject({
    accessToken: "of the stack",
  });
  expect(find({ "infisical:clientId": "id" }, token)).toMatchObject({ accessToken: "of the shell" });
  const both = {
    ...token,
    INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: "id",
    INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: "secret",
  };
  expect(find({}, both)).toMatchObject({ accessToken: "of the shell" });
});

test.each<[config: Texts, environment: Texts, address: string | undefined]>([
  [{}, {}, undefined],
  [{}, { INFISICAL_API_URL: "https://old.example.com/api" }, "https://old.example.com/api"],
  [{}, { INFISICAL_DOMAIN: "https://eu.infisical.com" }, "https://eu.infisical.com"],
  [
    {},
    { INFISICAL_DOMAIN: "https://a.example.com", INFISICAL_API_URL: "https://b.example.com" },
    "https://a.example.com",
  ],
  [{}, { INFISICAL_DOMAIN: "", INFISICAL_API_URL: "https://b.example.com" }, "https://b.example.com"],
  [
    { "infisical:host": "https://own.example.com" },
    { INFISICAL_DOMAIN: "https://a.example.com" },
    "https://own.example.com",
  ],
])("an identity of Infisical goes where the official CLI would send it: %j %j", (config, environment, address) => {
  const settings = { config: (key: string) => ({ ...identity, ...config })[key], environment };
  expect(findSourceCredentials("infisical", undefined, settings).baseUrl).toBe(address);
});

test("an endpoint of AWS in the environment counts as for AWS's own tools: not if they are told to ignore it", () => {
  const local = "https://localstack.example.com";
  const findEndpoint = (config: Texts, ignore: string) =>
    findSourceCredentials("aws-secrets-manager", undefined, {
      config: (key) => config[key],
      environment: { AWS_ENDPOINT_URL_SECRETS_MANAGER: local, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: ignore },
    }).baseUrl;
  expect(findEndpoint({}, "false")).toBe(local);
  expect(findEndpoint({}, "True")).toBeUndefined();
  const own = "https://secrets.example.com";
  expect(findEndpoint({ "aws:secretsManagerEndpoint": own }, "true")).toBe(own);
});
