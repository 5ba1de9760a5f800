// Test side: the addresses of Infisical that a reader of secrets uses, with the parameters and defaults of each generation.

import { randomUUID } from "node:crypto";
import { answerConnections } from "./connections.js";
import { listFolder } from "./listing.js";
import { writeBatch } from "./batch.js";
import { type Identity, type Instance, Refusal } from "./model.js";
import { answerSyncs } from "./syncs.js";

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly token: string | undefined;
  readonly body: unknown;
}

/** Milliseconds since the epoch: tests may move it. */
export type Now = () => number;

export function answerCall(instance: Instance, call: Call, now: Now): unknown {
  // The official CLI logs in with a slash at the end.
  const address = `${call.method} ${call.path.replace(/\/$/, "")}`;
  const project = batchOf(instance, address);
  if (project !== undefined) {
    identify(instance, call, now);
    return writeBatch(instance, call, project);
  }
  switch (address) {
    case "POST /api/v1/auth/universal-auth/login":
      return login(instance, call, now);
    case "POST /api/v1/auth/token/renew":
      return renew(instance, call, now);
    case "GET /api/v2/service-token":
      return { id: identify(instance, call, now).clientId, name: "ci", scopes: [] };
    case "GET /api/v3/secrets/raw":
      return listFolder(instance, identify(instance, call, now), readQuestion(call.query, "v3"));
  }
  return answerDescriptions(instance, call, now) ?? answerGeneration(instance, call, { address, now });
}

/** Addresses that only servers of one generation have. */
function answerGeneration(instance: Instance, call: Call, { address, now }: { address: string; now: Now }): unknown {
  if (instance.generation === "v4") {
    switch (address) {
      case "GET /api/v4/secrets":
        return listFolder(instance, identify(instance, call, now), readQuestion(call.query, "v4"));
      case "GET /api/v2/secret-imports":
        return listImports(instance, call, { project: "projectId", now });
      case "GET /api/v2/folders":
        return listFolders(instance, call, { project: "projectId", now });
      case "GET /api/v1/projects":
        return listProjects(instance, call, { member: "projects", now });
    }
  } else {
    switch (address) {
      case "GET /api/v1/secret-imports":
        return listImports(instance, call, { project: "workspaceId", now });
      case "GET /api/v1/folders":
        return listFolders(instance, call, { project: "workspaceId", now });
      case "GET /api/v1/workspace":
        return listProjects(instance, call, { member: "workspaces", now });
    }
  }
  // Fastify's own answer, which has no request id.
  throw new Refusal(404, "Not Found", `Route ${call.method}:${call.path} not found`);
}

/** Syncs and connections: what is described to the server, and what it tells to whoever may see it. */
function answerDescriptions(instance: Instance, call: Call, now: Now): unknown {
  const [, api, version, kind = "", ...rest] = call.path.split("/");
  if (`${api}/${version}` !== "api/v1" || (kind !== "secret-syncs" && kind !== "app-connections")) return undefined;
  const { sees = ["secret-syncs", "app-connections"] } = identify(instance, call, now);
  if (!sees.includes(kind)) throw new Refusal(403, "PermissionDenied", `You are not allowed to read on ${kind}`);
  return kind === "secret-syncs" ? answerSyncs(instance, call, rest) : answerConnections(instance, call, rest);
}

/** How a batch of this generation calls its project; undefined for any other call. */
function batchOf({ generation }: Instance, address: string): "projectId" | "workspaceId" | undefined {
  if (/^(?:POST|PATCH) \/api\/v3\/secrets\/batch\/raw$/.test(address)) return "workspaceId";
  return generation === "v4" && /^(?:POST|PATCH) \/api\/v4\/secrets\/batch$/.test(address) ? "projectId" : undefined;
}

function login(instance: Instance, { body }: Call, now: Now): unknown {
  const { clientId, clientSecret } = (body ?? {}) as Record<string, unknown>;
  const identity = instance.identities.find((one) => one.clientId === clientId && one.clientSecret === clientSecret);
  if (identity === undefined) throw new Refusal(401, "UnauthorizedError", "Invalid credentials");
  return issueToken(instance, identity, now);
}

function issueToken(instance: Instance, identity: Identity, now: Now): unknown {
  const accessToken = `ey.${randomUUID()}`;
  const ttl = identity.ttl ?? 7200;
  instance.tokens.set(accessToken, { identity, until: now() + ttl * 1000, uses: 0 });
  return { accessToken, expiresIn: ttl, accessTokenMaxTTL: ttl * 10, tokenType: "Bearer" };
}

function renew(instance: Instance, { body }: Call, now: Now): unknown {
  const { accessToken } = (body ?? {}) as { accessToken?: string };
  const held = instance.tokens.get(accessToken ?? "");
  if (held === undefined || held.until <= now())
    throw new Refusal(401, "UnauthorizedError", "Failed to renew MI access token due to TTL expiration");
  instance.tokens.delete(accessToken ?? "");
  return issueToken(instance, held.identity, now);
}

function identify(instance: Instance, { token }: Call, now: Now): Identity {
  const held = instance.tokens.get(token ?? "");
  if (held === undefined || held.until <= now())
    throw instance.wrongToken === "TokenError"
      ? new Refusal(403, "TokenError", "Your token has expired. Please re-authenticate.")
      : new Refusal(401, "UnauthorizedError", "Token missing or expired");
  held.uses += 1;
  const { tokenUses = 0 } = held.identity;
  if (tokenUses > 0 && held.uses > tokenUses) throw new Refusal(401, "UnauthorizedError", "Token usage limit reached");
  return held.identity;
}

function readQuestion(query: URLSearchParams, generation: "v3" | "v4") {
  const isNew = generation === "v4";
  const flag = (name: string, fallback: boolean) => {
    const text = query.get(name) ?? String(fallback);
    if (text !== "true" && text !== "false") throw new Refusal(422, "ValidationFailure", `${name}: Invalid enum value`);
    return text === "true";
  };
  const required = (name: string) => {
    const text = query.get(name);
    if (text === null || text === "") throw new Refusal(400, "BadRequest", "Missing project id or environment");
    return text;
  };
  return {
    projectId: required(isNew ? "projectId" : "workspaceId"),
    environment: required("environment"),
    path: trimPath(query.get("secretPath") ?? "/"),
    recursive: flag("recursive", false),
    imports: isNew ? flag("includeImports", true) : flag("include_imports", false),
    expand: flag("expandSecretReferences", isNew),
    view: flag("viewSecretValue", true),
    tags: (query.get("tagSlugs") ?? "").split(",").filter((tag) => tag !== ""),
    metadata: readMetadata(query.get("metadataFilter") ?? ""),
    localFirst: isNew,
  };
}

function readMetadata(text: string): { key: string; value: string }[] {
  const pairs = text.split("|").filter((pair) => pair !== "");
  if (pairs.length > 10) throw new Refusal(422, "ValidationFailure", "You can only filter by up to 10 metadata fields");
  return pairs.flatMap((pair) => {
    const [, key, value] = /^key=([^,=]+),value=([^,=]+)$/.exec(pair) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value }];
  });
}

function trimPath(path: string): string {
  return path === "/" ? path : path.replace(/\/+$/, "");
}

function listImports(instance: Instance, call: Call, { project, now }: { project: string; now: Now }): unknown {
  const identity = identify(instance, call, now);
  const environment = call.query.get("environment") ?? "";
  if (identity.seesImports?.(environment, trimPath(call.query.get("path") ?? "/")) === false)
    throw new Refusal(403, "PermissionDenied", "You are not allowed to read on secret-imports");
  const folders = instance.projects.get(call.query.get(project) ?? "")?.[environment];
  const folder = folders?.[trimPath(call.query.get("path") ?? "/")];
  const secretImports = (folder?.imports ?? []).map((one, position) => ({
    id: `import-${position}`,
    position,
    importPath: one.path,
    importEnv: { id: one.environment, name: one.environment, slug: one.environment },
    isReplication: one.isReplication ?? false,
    isReserved: false,
  }));
  return { message: "Successfully fetched secret imports", secretImports };
}

/**
 * The folders directly in a path, or all below it for newer servers that are asked to; older ones do not know the wish (Infisical: backend/src/services/secret-folder/secret-folder-service.ts).
 */
function listFolders(instance: Instance, call: Call, { project, now }: { project: string; now: Now }): unknown {
  identify(instance, call, now);
  const environment = call.query.get("environment") ?? "";
  const folders = instance.projects.get(call.query.get(project) ?? "")?.[environment];
  if (folders === undefined) throw new Refusal(404, "NotFound", `Environment with slug '${environment}' not found`);
  const path = trimPath(call.query.get("path") ?? "/");
  const below = path === "/" ? "/" : `${path}/`;
  const inside = Object.keys(folders).filter((one) => one !== "/" && one.startsWith(below));
  if (instance.generation === "v4" && call.query.get("recursive") === "true")
    return {
      folders: inside.map((one) => ({
        id: `folder-${one}`,
        name: one.split("/").at(-1),
        relativePath: `/${one.slice(below.length)}`,
      })),
    };
  const names = inside.map((one) => one.slice(below.length).split("/")[0] ?? "");
  return { folders: [...new Set(names)].map((name) => ({ id: `folder-${below}${name}`, name })) };
}

function listProjects(instance: Instance, call: Call, { member, now }: { member: string; now: Now }): unknown {
  identify(instance, call, now);
  return { [member]: [...instance.projects.keys()].map((id) => ({ id, name: id, slug: id })) };
}
