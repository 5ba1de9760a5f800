// What users write as base url.

import { expect, test } from "vitest";
import { isLoopback, originOf } from "../../provider/http/origin.js";

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
  expect(originOf(baseUrl, suffixes)).toBe(origin);
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
  expect(() => originOf(baseUrl, suffixes)).toThrow(expect.objectContaining({ code }));
  expect(() => originOf(baseUrl, suffixes)).not.toThrow(/canary/);
});

test("loopback", () => {
  expect(["localhost", "app.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "::1"].every(isLoopback)).toBe(true);
  expect(["example.com", "0.0.0.0", "127.0.0.1.nip.io", "::2", ""].some(isLoopback)).toBe(false);
});
