// Test side: Infisical's secret syncs to App Platform and Netlify, as descriptions: they are kept and told, and nothing runs.
// https://infisical.com/docs/api-reference/endpoints/secret-syncs/netlify/create

import { randomUUID } from "node:crypto";
import { z } from "zod";
import { description, parse, slug } from "./connections.js";
import { type Instance, Refusal } from "./model.js";
import type { Call } from "./routes.js";

const id = z.string().min(1).max(255);
const importing = ["overwrite-destination", "import-prioritize-source", "import-prioritize-destination"] as const;

/** What differs between the two: App Platform shows values as ciphertext, so nothing is imported from there. */
const kinds = {
  "digital-ocean-app-platform": {
    app: "digital-ocean",
    behaviors: importing.slice(0, 1),
    config: z.strictObject({ appId: id, appName: id }),
  },
  netlify: {
    app: "netlify",
    behaviors: importing,
    config: z.strictObject({
      accountId: id,
      accountName: id.optional(),
      siteId: id.optional(),
      siteName: id.optional(),
      context: z.enum(["all", "deploy-preview", "production", "branch-deploy", "dev", "branch"]).optional(),
    }),
  },
} as const;

export type SyncDestination = keyof typeof kinds;

export interface StoredSync {
  readonly id: string;
  readonly destination: SyncDestination;
  name: string;
  description: string | null;
  readonly projectId: string;
  connectionId: string;
  /** Undefined once the environment or the folder has gone. */
  environment: string;
  secretPath: string;
  isAutoSyncEnabled: boolean;
  syncOptions: Readonly<Record<string, unknown>>;
  destinationConfig: Readonly<Record<string, unknown>>;
  version: number;
  syncStatus: string | null;
  lastSyncMessage: string | null;
}

// The server tests only that the key is there; its own words say "exactly one".
const keySchema = z
  .string()
  .refine(
    (text) =>
      text === "" ||
      (text.includes("{{secretKey}}") && /^[\w\-/]*$/.test(text.replaceAll(/\{\{(?:secretKey|environment)\}\}/g, ""))),
    "Key schema must include exactly one {{secretKey}}",
  );

function shapeOf(kind: SyncDestination) {
  const { behaviors, config } = kinds[kind];
  return z.strictObject({
    name: slug(256),
    projectId: z.string().min(1),
    description,
    connectionId: z.uuid(),
    environment: slug(64),
    secretPath: z.string().trim().min(1, "Secret path required"),
    isAutoSyncEnabled: z.boolean().default(true),
    syncOptions: z.strictObject({
      initialSyncBehavior: z.enum(behaviors),
      keySchema: keySchema.optional(),
      disableSecretDeletion: z.boolean().optional(),
      recursive: z.boolean().optional(),
    }),
    destinationConfig: config,
  });
}

/** Answers an address below `/api/v1/secret-syncs/`; undefined where it has none. */
export function answerSyncs(instance: Instance, call: Call, [kind = "", syncId]: readonly string[]): unknown {
  if (!Object.hasOwn(kinds, kind)) return undefined;
  const destination = kind as SyncDestination;
  if (call.method === "POST" && syncId === undefined) return create(instance, destination, call.body);
  const own = instance.syncs.filter((one) => one.destination === destination);
  if (call.method === "GET" && syncId === undefined) {
    const projectId = call.query.get("projectId") ?? "";
    if (projectId === "") throw new Refusal(422, "ValidationFailure", "projectId: Project ID required");
    return { secretSyncs: own.filter((one) => one.projectId === projectId).map((one) => show(instance, one)) };
  }
  const found = own.find((one) => one.id === syncId);
  if (found === undefined) throw new Refusal(404, "NotFound", `Could not find Secret Sync with ID "${syncId ?? ""}"`);
  if (call.method === "PATCH") change(found, call.body);
  if (call.method === "DELETE") instance.syncs.splice(instance.syncs.indexOf(found), 1);
  return { secretSync: show(instance, found) };
}

function create(instance: Instance, destination: SyncDestination, body: unknown): unknown {
  const given = parse(shapeOf(destination), body);
  const { projectId, name, environment, secretPath, connectionId } = given;
  if (instance.projects.get(projectId)?.[environment]?.[secretPath] === undefined)
    throw new Refusal(
      400,
      "BadRequest",
      `Could not find folder with path "${secretPath}" in environment "${environment}"`,
    );
  if (instance.syncs.some((one) => one.projectId === projectId && one.name === name))
    throw new Refusal(400, "BadRequest", `A Secret Sync with the name "${name}" already exists for the project`);
  const connection = instance.connections.find((one) => one.id === connectionId);
  if (connection?.app !== kinds[destination].app)
    throw new Refusal(400, "BadRequest", `Could not find App Connection with ID ${connectionId}`);
  const made: StoredSync = {
    id: randomUUID(),
    destination,
    version: 1,
    syncStatus: "succeeded",
    lastSyncMessage: null,
    ...given,
    description: given.description ?? null,
  };
  instance.syncs.push(made);
  return { secretSync: show(instance, made) };
}

function change(found: StoredSync, body: unknown): void {
  const shape = shapeOf(found.destination).omit({ projectId: true }).partial();
  // A default would switch a paused sync on again.
  const given = parse(shape.extend({ isAutoSyncEnabled: z.boolean().optional() }), body);
  Object.assign(found, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  found.version += 1;
}

/** In the words of the server, or in those of its documentation, which name two fields that its schema does not have. */
function show(instance: Instance, sync: StoredSync): unknown {
  const { environment, secretPath, isAutoSyncEnabled, destination, syncOptions, ...rest } = sync;
  const isThere = instance.projects.get(sync.projectId)?.[environment]?.[secretPath] !== undefined;
  const {
    app,
    name = "",
    id: connectionId = "",
  } = instance.connections.find((one) => one.id === sync.connectionId) ?? {};
  const isDocumented = instance.syncWords === "documented";
  return {
    ...rest,
    folderId: isThere ? `folder-${environment}${secretPath}` : null,
    createdAt: "2026-01-01T00:00:00.000Z",
    updatedAt: "2026-01-01T00:00:00.000Z",
    lastSyncJobId: null,
    lastSyncedAt: "2026-01-01T00:00:00.000Z",
    ...(isDocumented ? { isEnabled: isAutoSyncEnabled } : { isAutoSyncEnabled }),
    syncOptions: isDocumented ? { ...syncOptions, autoSyncEnabled: isAutoSyncEnabled } : syncOptions,
    connection: { app, name, id: connectionId },
    environment: isThere ? { slug: environment, name: environment, id: `environment-${environment}` } : null,
    folder: isThere ? { id: `folder-${environment}${secretPath}`, path: secretPath } : null,
    destination: isDocumented && destination !== "netlify" ? app : destination,
  };
}
