// Test side: Infisical's app connections to DigitalOcean and Netlify: credentials go in, and never come out.
// https://infisical.com/docs/api-reference/endpoints/app-connections/digital-ocean/update

import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { type Instance, Refusal } from "./model.js";
import type { Call } from "./routes.js";

export interface StoredConnection {
  readonly id: string;
  readonly app: "digital-ocean" | "netlify";
  readonly method: string;
  name: string;
  description: string | null;
  credentials: Readonly<Record<string, string>>;
  readonly projectId: string | null;
  version: number;
}

export const slug = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "field can only contain lowercase letters, numbers, and hyphens");

export const description = z.string().trim().max(256, "Description cannot exceed 256 characters").nullish();

/** Absent, `false` or null: the server refuses whatever else with the same words. */
const unsupported = z.union([z.literal(false), z.null()], { error: "Not supported for these Connections" }).optional();

const common = {
  name: slug(64),
  description,
  isPlatformManagedCredentials: unsupported,
  isAutoRotationEnabled: unsupported,
  gatewayId: unsupported,
  rotation: unsupported,
};

const methods = {
  "digital-ocean": {
    method: "api-token",
    credentials: z.strictObject({ apiToken: z.string().trim().min(1).max(255) }),
  },
  netlify: { method: "access-token", credentials: z.strictObject({ accessToken: z.string().trim().min(1).max(255) }) },
} as const;

export type ConnectionApp = keyof typeof methods;

/** Answers an address below `/api/v1/app-connections/`; undefined where it has none. */
export function answerConnections(instance: Instance, call: Call, [app = "", id]: readonly string[]): unknown {
  if (!Object.hasOwn(methods, app)) return undefined;
  const kind = app as ConnectionApp;
  if (call.method === "POST" && id === undefined) return create(instance, kind, call.body);
  const own = instance.connections.filter((one) => one.app === kind);
  if (call.method === "GET" && id === undefined) return { appConnections: own.map(show) };
  const found = own.find((one) => one.id === id);
  if (found === undefined) throw new Refusal(404, "NotFound", `Could not find App Connection with ID ${id ?? ""}`);
  if (call.method === "GET") return { appConnection: show(found) };
  if (call.method === "PATCH") return change(found, kind, call.body);
  return undefined;
}

function create(instance: Instance, app: ConnectionApp, body: unknown): unknown {
  const { method, credentials } = methods[app];
  const shape = z.strictObject({ ...common, method: z.literal(method), projectId: z.string().optional(), credentials });
  const given = parse(shape, body);
  const projectId = given.projectId ?? null;
  const isNear = (one: StoredConnection) => instance.connectionNames === "once" || one.projectId === projectId;
  if (instance.connections.some((one) => one.name === given.name && isNear(one)))
    throw new Refusal(400, "BadRequest", `An App Connection with the name "${given.name}" already exists`);
  const made: StoredConnection = {
    id: randomUUID(),
    app,
    method,
    name: given.name,
    description: given.description ?? null,
    credentials: given.credentials,
    projectId,
    version: 1,
  };
  instance.connections.push(made);
  return { appConnection: show(made) };
}

function change(found: StoredConnection, app: ConnectionApp, body: unknown): unknown {
  const { credentials } = methods[app];
  const { name, description: text, ...rest } = parse(z.strictObject({ ...common, credentials }).partial(), body);
  Object.assign(found, {
    ...(name === undefined ? {} : { name }),
    ...(text === undefined ? {} : { description: text }),
    ...(rest.credentials === undefined ? {} : { credentials: rest.credentials }),
    version: found.version + 1,
  });
  return { appConnection: show(found) };
}

function show({ credentials, ...connection }: StoredConnection): unknown {
  return {
    ...connection,
    orgId: "00000000-0000-4000-8000-000000000001",
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    credentials: {},
    isPlatformManagedCredentials: false,
    gatewayId: null,
    isAutoRotationEnabled: false,
    // Of the ciphertext: the same credentials give another hash each time they are encrypted.
    credentialsHash: createHash("sha256")
      .update(`${connection.version}${JSON.stringify(credentials)}`)
      .digest("hex"),
  };
}

export function parse<T>(shape: z.ZodType<T>, body: unknown): T {
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Refusal(422, "ValidationFailure", JSON.stringify(parsed.error.issues));
}
