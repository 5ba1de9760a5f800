// A plain caller for the emulator's own tests.
import { type NetlifyEmulator, type SiteRecord, startNetlify } from "./index.js";

export interface ShownVariable {
  key: string;
  scopes: string[];
  is_secret: boolean;
  updated_at: string;
  updated_by: { full_name: string };
  values: { id: string; context: string; context_parameter?: string; value: string }[];
}

export interface Reply<T> {
  status: number;
  headers: Headers;
  body: T;
}

export type Caller = <T = ShownVariable>(method: string, path: string, body?: unknown) => Promise<Reply<T>>;

export function callerOf(netlify: NetlifyEmulator, token = netlify.token): Caller {
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${netlify.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === "" ? undefined : JSON.parse(text)) as never,
    };
  };
  return call;
}

export const secret = (key: string, value: string, context = "production") => ({
  key,
  is_secret: true,
  scopes: ["builds", "functions", "runtime"],
  values: [{ context, value }],
});

export const plain = (key: string, value: string, context = "all") => ({ key, values: [{ context, value }] });

export interface OpenSite {
  readonly netlify: NetlifyEmulator;
  readonly site: SiteRecord;
  readonly call: Caller;
  /** The path of the team's variables, and the query that means those of the site. */
  readonly env: string;
  readonly query: string;
}

/** A running emulator with one site. */
export async function openSite(): Promise<OpenSite> {
  const netlify = await startNetlify();
  const site = netlify.addSite();
  const [env, query] = [`/accounts/${site.account.slug}/env`, `?site_id=${site.id}`];
  return { netlify, site, call: callerOf(netlify), env, query };
}

/** Stops the emulator; fails when it has seen anything that it should not have. */
export async function closeUncomplaining(netlify: NetlifyEmulator): Promise<void> {
  await netlify.close();
  if (netlify.complaints.length > 0) throw new Error(JSON.stringify(netlify.complaints));
}
