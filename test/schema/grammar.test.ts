// The small grammars that several arguments share: what they take, and what is said of the rest.

import { describe, expect, test } from "vitest";
import { baseUrl, description, keySchema, syncName } from "../../schema/index.js";
import { complaints } from "./shapes.js";

describe("the address of a service", () => {
  test.each([
    "https://vault.example.com",
    "https://vault.example.com:8200/v1",
    "http://127.0.0.1:8200",
    "http://127.10.20.30",
    "http://localhost",
    "http://LOCALHOST",
    "http://vault.localhost",
    "http://[::1]:8200",
  ])("may be %s", (address) => {
    expect(complaints(baseUrl, address)).toEqual([]);
  });

  const insecure = "plain http is only allowed to loopback; use https";
  const notBare = "must be an origin without credentials, query or fragment";
  test.each([
    ["http://vault.example.com", insecure],
    ["http://10.0.0.1", insecure],
    ["http://127.0.0.1.example.com", insecure],
    ["http://localhost.example.com", insecure],
    ["http://notlocalhost", insecure],
    ["https://user@vault.example.com", notBare],
    ["https://:canary@vault.example.com", notBare],
    ["https://vault.example.com/?a=1", notBare],
    ["https://vault.example.com/#part", notBare],
    ["vault.example.com", "must be an absolute http(s) url"],
    ["ftp://vault.example.com", "must be an absolute http(s) url"],
    ["", "must be an absolute http(s) url"],
  ])("is not %s: %s", (address, message) => {
    expect(complaints(baseUrl, address)).toEqual([message]);
  });

  test("in clear with a password has two faults", () => {
    expect(complaints(baseUrl, "http://user:canary@vault.example.com")).toEqual([insecure, notBare]);
  });
});

describe("a key schema", () => {
  const once = "must contain {{secretKey}} exactly once";
  const signs = 'may only hold letters, digits, "_", "-", "/", {{secretKey}} and {{environment}}';

  test.each(["{{secretKey}}", "APP_{{secretKey}}_9", "{{environment}}/{{secretKey}}-{{environment}}"])(
    "may be %s",
    (schema) => {
      expect(complaints(keySchema, schema)).toEqual([]);
    },
  );

  test.each([
    ["APP_", [once]],
    ["", [once]],
    ["{{secretKey}}{{secretKey}}", [once]],
    ["{{secretKey}} ", [signs]],
    [".{{secretKey}}", [signs]],
    ["{{secretkey}}", [once, signs]],
    ["{{other}}_{{secretKey}}", [signs]],
  ])("is not %j", (schema, messages) => {
    expect(complaints(keySchema, schema)).toEqual(messages);
  });
});

describe("the name of a sync", () => {
  test.each(["shop", "shop-2-prod", "0", "a".repeat(256)])("may be %s", (name) => {
    expect(complaints(syncName, name)).toEqual([]);
  });

  const slug = "must be a slug: lower-case letters, digits and single hyphens";
  test.each([
    ["Shop", [slug]],
    ["shop_2", [slug]],
    ["-shop", [slug]],
    ["shop-", [slug]],
    ["a--b", [slug]],
    ["a\n", [slug]],
    ["", ["must not be empty", slug]],
    ["a".repeat(257), ["must have at most 256 characters"]],
  ])("is not %j", (name, messages) => {
    expect(complaints(syncName, name)).toEqual(messages);
  });
});

test("a description has at most 256 characters", () => {
  expect(complaints(description, "a".repeat(256))).toEqual([]);
  expect(complaints(description, "a".repeat(257))).toEqual(["must have at most 256 characters"]);
});
