// Network side: the dispatchers of one client, which hold its connections. undici loads with the first request: the entry must stay light.

import type { Dispatcher } from "undici";
import { HttpError } from "./error.js";
import { isLoopback } from "../../schema/loopback.js";

export interface Dispatchers {
  /** Kept open between requests, for calls that may be sent again. */
  readonly kept: Dispatcher;
  /**
   * A new connection for every request, for calls that must be sent once: on a kept one, the server closing an idle
   * connection looks the same as a failure after the write.
   */
  readonly fresh: Dispatcher;
}

const connectTimeoutMs = 10_000;
// Idle sockets are unref'ed by undici; the short time is for servers that count connections.
const keepAliveMs = 4_000;

export async function openDispatchers(origin: string, parallel: number): Promise<Dispatchers> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const options = {
    // One protocol whose failures are understood: on HTTP/2, undici moves requests to another connection by itself.
    allowH2: false,
    connections: parallel,
    connect: { timeout: connectTimeoutMs },
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // The exchange has one deadline for everything.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  // Set here, or the agent would also read HTTP_PROXY and fail if that is invalid.
  const proxied = { ...options, httpProxy: "", httpsProxy: findProxy() };
  if (!usesProxy(origin)) return { kept: new Agent(options), fresh: new Agent({ ...options, pipelining: 0 }) };
  try {
    return { kept: new EnvHttpProxyAgent(proxied), fresh: new EnvHttpProxyAgent({ ...proxied, pipelining: 0 }) };
  } catch {
    // The foreign error quotes the address, which may hold a password.
    throw unusableProxy();
  }
}

export function unusableProxy(): HttpError {
  const message = "the proxy named by HTTPS_PROXY is not a usable address: write it like http://proxy.example.com:3128";
  return new HttpError("http.unavailable", message, {});
}

/** Every origin except a loopback one is https, so HTTP_PROXY does not apply. The proxy agent itself reads NO_PROXY. */
export function usesProxy(origin: string): boolean {
  return findProxy() !== "" && !isLoopback(new URL(origin).hostname);
}

export function findProxy(): string {
  return process.env["https_proxy"] ?? process.env["HTTPS_PROXY"] ?? "";
}
