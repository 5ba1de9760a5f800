// Test side: the calls of Doppler that read a config, on loopback. Answers follow the official CLI's expectations and the published reference.

import { createHash } from "node:crypto";
import { type Loopback, type Received, type Reply, startLoopback } from "../loopback.js";

export interface DopplerConfig {
  readonly project: string;
  readonly config: string;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface DopplerEmulator extends Loopback {
  readonly configs: DopplerConfig[];
  /** Token → the config that a service token belongs to, or `all` for a service account. */
  readonly tokens: Map<string, DopplerConfig | "all">;
}

export async function startDoppler(): Promise<DopplerEmulator> {
  const configs: DopplerConfig[] = [];
  const tokens = new Map<string, DopplerConfig | "all">();
  const loopback = await startLoopback((call) => reply(call, { configs, tokens }));
  return Object.assign(loopback, { configs, tokens });
}

interface Holdings {
  readonly configs: readonly DopplerConfig[];
  readonly tokens: ReadonlyMap<string, DopplerConfig | "all">;
}

function reply(call: Received, { configs, tokens }: Holdings): Reply {
  const scope = tokens.get(/^Bearer (.+)$/.exec(call.headers.authorization ?? "")?.[1] ?? "");
  if (scope === undefined) return refuse(401, "Invalid Auth token");
  switch (`${call.method} ${call.path}`) {
    case "GET /v3/me":
      return {
        status: 200,
        body: { workplace: { name: "Acme", slug: "acme" }, type: "service_token", name: "deploy", slug: "slug-1" },
      };
    case "GET /v3/configs/config/secrets/download":
      return download(call, { configs, scope });
    default:
      return refuse(404, "Could not find the requested route");
  }
}

function download(
  call: Received,
  { configs, scope }: { configs: readonly DopplerConfig[]; scope: DopplerConfig | "all" },
): Reply {
  // The CLI sends empty parameters with a service token.
  const project = call.query.get("project") || undefined;
  const config = call.query.get("config") || undefined;
  if (call.query.get("format") !== "json") return refuse(400, "This emulator knows format json only");
  if (scope === "all" && (project === undefined || config === undefined))
    return refuse(400, "You must specify a project");
  const found = scope === "all" || project !== undefined ? find(configs, { project, config }) : scope;
  if (found === undefined) return refuse(404, `Could not find requested config '${config ?? ""}'`);
  if (scope !== "all" && found !== scope) return refuse(403, "This token does not have access to requested config");
  return withEtag(call, {
    ...found.secrets,
    DOPPLER_PROJECT: found.project,
    DOPPLER_ENVIRONMENT: found.config.split("_")[0] ?? "",
    DOPPLER_CONFIG: found.config,
  });
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
