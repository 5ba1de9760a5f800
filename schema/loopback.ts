// Pure leaf: whether a host name always means this machine. Only there is plain http safe, and no proxy could reach it.

/**
 * Takes a host name as `URL` gives it, IPv6 in brackets or not. A name below `localhost` never leaves the machine either:
 * https://www.rfc-editor.org/rfc/rfc6761#section-6.3
 */
export function isLoopback(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(?:\.\d{1,3}){3}$/.test(name);
}
