// Test side: the calls of Doppler that read a config, on loopback. Answers follow the official CLI's expectations and the published reference.

import { createHash } from "node:crypto";
import { type Loopback, type Received, type Reply, startLoopback } from "../loopback.js";

export interface DopplerConfig {
  readonly project: string;
  readonly config: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Secrets whose visibility is Restricted: only services get their values. */
  readonly restricted?: readonly string[];
}

/** What a person gets instead of a restricted value. It is not documented. */
export type Hidden = "nothing" | "null" | "refusal";

export interface DopplerEmulator extends Loopback {
  readonly configs: DopplerConfig[];
  /** Token → the config that a service token belongs to, or `all` for a service account, or for a person if it begins with `dp.pt.`. */
  readonly tokens: Map<string, DopplerConfig | "all">;
  hidden: Hidden;
}

export async function startDoppler(): Promise<DopplerEmulator> {
  const configs: DopplerConfig[] = [];
  const tokens = new Map<string, DopplerConfig | "all">();
  const holdings: Holdings = { configs, tokens, hidden: "nothing" };
  const loopback = await startLoopback((call) => reply(call, holdings));
  return Object.assign(holdings, loopback);
}

interface Holdings {
  readonly configs: DopplerConfig[];
  readonly tokens: Map<string, DopplerConfig | "all">;
  hidden: Hidden;
}

function reply(call: Received, { configs, tokens, hidden }: Holdings): Reply {
  const token = /^Bearer (.+)$/.exec(call.headers.authorization ?? "")?.[1] ?? "";
  const scope = tokens.get(token);
  if (scope === undefined) return refuse(401, "Invalid Auth token");
  switch (`${call.method} ${call.path}`) {
    case "GET /v3/me":
      return {
        status: 200,
        body: { workplace: { name: "Acme", slug: "acme" }, type: "service_token", name: "deploy", slug: "slug-1" },
      };
    case "GET /v3/configs/config/secrets/download": {
      if (call.query.get("format") !== "json") return refuse(400, "This emulator knows format json only");
      const found = findConfig(call, { configs, scope });
      return "status" in found ? found : download(call, found, token.startsWith("dp.pt.") ? hidden : undefined);
    }
    case "GET /v3/configs/config/secrets/names": {
      const found = findConfig(call, { configs, scope });
      return "status" in found ? found : { status: 200, body: { names: Object.keys(fill(found)) } };
    }
    default:
      return refuse(404, "Could not find the requested route");
  }
}

function findConfig(
  call: Received,
  { configs, scope }: { configs: readonly DopplerConfig[]; scope: DopplerConfig | "all" },
): DopplerConfig | Reply {
  // The CLI sends empty parameters with a service token.
  const project = call.query.get("project") || undefined;
  const config = call.query.get("config") || undefined;
  if (scope === "all" && (project === undefined || config === undefined))
    return refuse(400, "You must specify a project");
  const found = scope === "all" || project !== undefined ? find(configs, { project, config }) : scope;
  if (found === undefined) return refuse(404, `Could not find requested config '${config ?? ""}'`);
  if (scope !== "all" && found !== scope) return refuse(403, "This token does not have access to requested config");
  return found;
}

function fill({ secrets, project, config }: DopplerConfig): Record<string, string> {
  const environment = config.split("_")[0] ?? "";
  return { ...secrets, DOPPLER_PROJECT: project, DOPPLER_ENVIRONMENT: environment, DOPPLER_CONFIG: config };
}

function download(call: Received, config: DopplerConfig, hidden: Hidden | undefined): Reply {
  const { restricted = [] } = config;
  if (hidden === "refusal" && restricted.length > 0) return refuse(403, "This token cannot read restricted secrets");
  const shown = Object.entries(fill(config)).flatMap(([name, value]) => {
    if (hidden === undefined || !restricted.includes(name)) return [[name, value]];
    return hidden === "null" ? [[name, null]] : [];
  });
  return withEtag(call, Object.fromEntries(shown));
}

function find(
  configs: readonly DopplerConfig[],
  { project, config }: { project: string | undefined; config: string | undefined },
): DopplerConfig | undefined {
  return configs.find((one) => one.project === project && one.config === config);
}

function withEtag(call: Received, body: unknown): Reply {
  const etag = `W/"${createHash("sha1").update(JSON.stringify(body)).digest("base64url")}"`;
  if (call.headers["if-none-match"] === etag) return { status: 304, body: undefined, headers: { etag } };
  return { status: 200, body, headers: { etag } };
}

function refuse(status: number, message: string): Reply {
  return { status, body: { success: false, messages: [message] } };
}
