// Pure: turns what a user wrote as `baseUrl` into the origin that requests start with, and refuses to send a token in clear text.

import { SecretSyncError } from "../errors.js";
import { isLoopback } from "../../schema/loopback.js";

/**
 * The address without trailing slashes and without a trailing API version such as `/v2`, which people copy from documentation.
 * A remaining path is kept: a self-hosted service may live behind a prefix.
 */
export function readOrigin(baseUrl: string, suffixes: readonly string[]): string {
  const url = parseUrl(baseUrl.trim());
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new SecretSyncError({
      code: "connection.insecure_url",
      message: `the address ${url.protocol}//${url.host} would carry the token in clear text: use https (plain http is accepted for loopback addresses only)`,
    });
  }
  return `${url.origin}${trimPath(url.pathname, suffixes)}`;
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw invalidUrl("is not an address: write it like https://api.example.com");
  const url = new URL(text);
  // Not quoted: it may contain a credential.
  if (url.username !== "" || url.password !== "") throw invalidUrl("holds a user name or password: remove it");
  if (url.search !== "" || url.hash !== "") throw invalidUrl("holds a query or fragment: remove it");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw invalidUrl("is neither https nor http");
  return url;
}

function invalidUrl(fault: string): SecretSyncError {
  return new SecretSyncError({ code: "connection.invalid_url", message: `the base url ${fault}` });
}

function trimPath(path: string, suffixes: readonly string[]): string {
  const bare = path.replace(/\/+$/, "");
  const suffix = suffixes.find((one) => bare.endsWith(one));
  return suffix === undefined ? bare : bare.slice(0, -suffix.length).replace(/\/+$/, "");
}
