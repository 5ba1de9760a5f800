// Network side: the proxy of HTTPS_PROXY for the SDK of a vendor, which does not use it by itself.

import { Agent, type AgentOptions } from "node:https";
import { findProxy, unusableProxy, usesProxy } from "./dispatchers.js";

/** As many connections as the SDK of AWS opens by itself. */
const maxSockets = 50;

/**
 * Undefined for requests that need no proxy. NO_PROXY is read by the agent, which uses a proxy from Node 22.21 and 24.5 on.
 *
 * @param origin empty for the one of a region
 * @throws HttpError `http.unavailable`
 */
export function openProxyAgent(origin: string): Agent | undefined {
  if (!usesProxy(origin === "" ? "https://amazonaws.com" : origin)) return undefined;
  // The agent goes without a proxy that it cannot use.
  if (!/^https?:\/\//i.test(findProxy())) throw unusableProxy();
  // The types of the oldest Node do not know `proxyEnv`.
  const options: AgentOptions & { readonly proxyEnv: NodeJS.ProcessEnv } = {
    keepAlive: true,
    maxSockets,
    proxyEnv: process.env,
  };
  try {
    return new Agent(options);
  } catch {
    // The foreign error quotes the address, which may hold a password.
    throw unusableProxy();
  }
}
