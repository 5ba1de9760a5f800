// What users write as base url.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readOrigin } from "../../provider/http/origin.js";
import { usesProxy } from "../../provider/http/dispatchers.js";
import { baseUrl as baseUrlShape } from "../../schema/index.js";

const suffixes = ["/v2", "/api/v1"];

test.each([
  ["https://api.digitalocean.com", "https://api.digitalocean.com"],
  ["https://api.digitalocean.com/", "https://api.digitalocean.com"],
  ["https://api.digitalocean.com/v2", "https://api.digitalocean.com"],
  ["https://api.digitalocean.com/v2//", "https://api.digitalocean.com"],
  [" https://API.netlify.com/api/v1/ ", "https://api.netlify.com"],
  ["https://vault.example.com:8200/prefix/", "https://vault.example.com:8200/prefix"],
  ["https://example.com/gateway/v2", "https://example.com/gateway"],
  ["http://127.0.0.1:8080/v2", "http://127.0.0.1:8080"],
  ["http://[::1]:8080", "http://[::1]:8080"],
  ["http://localhost:8080", "http://localhost:8080"],
])("%s is %s", (baseUrl, origin) => {
  expect(readOrigin(baseUrl, suffixes)).toBe(origin);
});

test.each([
  ["http://api.digitalocean.com", "connection.insecure_url"],
  ["http://10.0.0.1", "connection.insecure_url"],
  ["http://127.0.0.1.example.com", "connection.insecure_url"],
  ["http://localhost.example.com", "connection.insecure_url"],
  ["api.digitalocean.com", "connection.invalid_url"],
  ["ftp://example.com", "connection.invalid_url"],
  ["https://user:canary-password@example.com", "connection.invalid_url"],
  ["https://example.com/?token=canary-password", "connection.invalid_url"],
  ["", "connection.invalid_url"],
])("%s is refused: %s", (baseUrl, code) => {
  expect(() => readOrigin(baseUrl, suffixes)).toThrow(expect.objectContaining({ code }));
  expect(() => readOrigin(baseUrl, suffixes)).not.toThrow(/canary/);
});

test("an address of another kind is told as that", () => {
  expect(() => readOrigin("ftp://example.com", suffixes)).toThrow("the base url is neither https nor http");
});

describe("plain http goes to this machine and nowhere else, whoever gives the address, and no proxy is asked for it", () => {
  beforeEach(() => vi.stubEnv("HTTPS_PROXY", "http://proxy.example.com:3128"));
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ["localhost", true],
    ["LOCALHOST", true],
    ["x.localhost", true],
    ["deep.x.localhost", true],
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["127.1", true],
    ["0x7f000001", true],
    ["[::1]", true],
    ["[0:0:0:0:0:0:0:1]", true],
    ["example.com", false],
    ["localhost.example.com", false],
    ["xlocalhost", false],
    ["127.0.0.1.nip.io", false],
    ["0.0.0.0", false],
    ["10.0.0.1", false],
    ["128.0.0.1", false],
    ["[::2]", false],
    ["[::]", false],
  ])("http://%s: %s", (host, isTaken) => {
    const address = `http://${host}:8080`;
    const insecure = expect.objectContaining({ code: "connection.insecure_url" }) as unknown;
    if (isTaken) expect(readOrigin(address, suffixes)).toMatch(/^http:/);
    else expect(() => readOrigin(address, suffixes)).toThrow(insecure);
    expect(baseUrlShape.safeParse(address).success).toBe(isTaken);
    expect(usesProxy(address)).toBe(!isTaken);
  });
});
