// Network side of Infisical: the calls that a source makes, each with an older address for older servers.

import type { HttpAnswer, HttpCall } from "../../../http/client.js";
import { isHttpError } from "../../../http/error.js";
import type { InfisicalSource } from "../../../../schema/index.js";
import { maxDepth } from "../../documents/tree.js";
import { askEach } from "../ask-each.js";
import { failAnswer } from "../failure.js";
import type { Session } from "./session.js";
import { batchAnswer, type DeclaredImport, foldersAnswer, importsAnswer, listAnswer, type Listing } from "./wire.js";

/** Everything that the arguments select. Every flag is sent: the server's defaults have changed before (Infisical/infisical#5404). */
export async function listSecrets(source: InfisicalSource, session: Session, origin: string): Promise<Listing> {
  const { environment, secretPath = "/", recursive = false, tagSlugs, metadata } = source;
  const imports = source.includeImports ?? true;
  const common = {
    environment,
    secretPath,
    recursive,
    viewSecretValue: true,
    expandSecretReferences: source.expandSecretReferences ?? true,
    // Both spellings: the first version of v4 still had the one of v3.
    include_imports: imports,
    tagSlugs: tagSlugs?.join(",") || undefined,
    metadataFilter:
      Object.entries(metadata ?? {})
        .map(([key, value]) => `key=${key},value=${value}`)
        .join("|") || undefined,
  };
  const answer = await askNewest(session, [
    get("/api/v4/secrets", {
      projectId: source.projectId,
      ...common,
      includeImports: imports,
      includePersonalOverrides: false,
    }),
    get("/api/v3/secrets/raw", { workspaceId: source.projectId, ...common }),
  ]);
  const parsed = listAnswer.safeParse(answer.body);
  if (!parsed.success) throw failAnswer(origin, "a list of secrets");
  return parsed.data;
}

/** The imports that a folder declares, whether or not their targets may be read. */
export async function listImports(
  { projectId, environment }: InfisicalSource,
  path: string,
  { session, origin }: { session: Session; origin: string },
): Promise<readonly DeclaredImport[]> {
  const answer = await askNewest(session, [
    get("/api/v2/secret-imports", { projectId, environment, path }),
    get("/api/v1/secret-imports", { workspaceId: projectId, environment, path }),
  ]);
  const parsed = importsAnswer.safeParse(answer.body);
  if (!parsed.success) throw failAnswer(origin, "the list of the folder's imports");
  return parsed.data.secretImports;
}

/** Whether the folder of a source exists; undefined if unknown. Called only to explain an answer without secrets. */
export async function hasFolder(source: InfisicalSource, session: Session): Promise<boolean | undefined> {
  const [, path = "", name = ""] = /^(.*)\/([^/]+)\/*$/.exec(source.secretPath ?? "/") ?? [];
  const answer = await askFolders(source, session, { path: path === "" ? "/" : path }).catch((error: unknown) =>
    isMissingEnvironment(error) ? "missing" : undefined,
  );
  if (answer === "missing") return false;
  const parsed = foldersAnswer.safeParse(answer?.body);
  if (!parsed.success) return undefined;
  // The root is there as long as its environment is.
  return name === "" || parsed.data.folders.some((folder) => folder.name === name);
}

/** Folders have no permission of their own: whoever may see the project may list all of them. */
function askFolders(
  { projectId, environment }: InfisicalSource,
  session: Session,
  place: { readonly path: string; readonly recursive?: true },
): Promise<HttpAnswer> {
  return askNewest(session, [
    get("/api/v2/folders", { projectId, environment, ...place }),
    get("/api/v1/folders", { workspaceId: projectId, environment, ...place }),
  ]);
}

/**
 * The paths of all folders below one, level by level where the server does not know `recursive`.
 *
 * @throws SecretSyncError `source.malformed`, also where folders never end
 */
export async function listFolders(
  source: InfisicalSource,
  top: string,
  { session, origin }: { session: Session; origin: string },
): Promise<readonly string[]> {
  const list = async (path: string) => {
    const answer = await askFolders(source, session, { path, recursive: true });
    const parsed = foldersAnswer.safeParse(answer.body);
    if (!parsed.success) throw failAnswer(origin, "a list of folders");
    return parsed.data.folders.map(({ name, relativePath }) => ({
      path: `${path === "/" ? "" : path}${relativePath ?? `/${name}`}`,
      isWhole: relativePath !== undefined,
    }));
  };
  const found: string[] = [];
  let level: readonly string[] = [top];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw failAnswer(origin, "a list of folders");
    const inner = (await askEach(level, list)).flat();
    found.push(...inner.map(({ path }) => path));
    level = inner.filter(({ isWhole }) => !isWhole).map(({ path }) => path);
  }
  return found;
}

/** The folders of a missing path are an empty list; those of a missing environment are an error. */
function isMissingEnvironment(error: unknown): boolean {
  return isHttpError(error) && error.status === 404 && /\benvironment\b/i.test(error.vendorMessage ?? "");
}

/** The server's words for a missing folder or environment; it has others for a project. */
export function isMissingFolder(error: unknown): boolean {
  return isHttpError(error) && error.status === 404 && /\b(?:folder|secret path)\b/i.test(error.vendorMessage ?? "");
}

/** Whether a ready token is accepted: asked with calls that need no permission in any project. */
export async function proveToken(session: Session): Promise<void> {
  const isServiceToken = (await session.token()).reveal().startsWith("st.");
  if (isServiceToken) await session.ask(get("/api/v2/service-token", {}));
  else
    await askNewest(session, [get("/api/v1/projects", {}), get("/api/v1/workspace", {})]).catch((error: unknown) => {
      // The token is valid, but may not list projects.
      if (!isHttpError(error) || error.code !== "http.forbidden") throw error;
    });
}

export function get(path: string, query: NonNullable<HttpCall["query"]>): HttpCall {
  return { method: "GET", path, query, repeat: "safe" };
}

/** What a batch does in a folder. */
export interface Batch {
  readonly method: "POST" | "PATCH";
  readonly secrets: ReadonlyArray<{ readonly secretKey: string; readonly secretValue: string }>;
}

/**
 * Creates (`POST`) or changes (`PATCH`) secrets of one folder in one request: all of them or none.
 * https://infisical.com/docs/api-reference/endpoints/secrets/create-many
 *
 * @returns false when a protection policy holds the change back until somebody approves it
 */
export async function sendBatch(
  source: InfisicalSource,
  session: Session,
  { method, secrets }: Batch,
): Promise<boolean> {
  const { projectId, environment, secretPath = "/" } = source;
  const call = { method, repeat: "once" } as const;
  const answer = await askNewest({ ...session, read: session.ask }, [
    { ...call, path: "/api/v4/secrets/batch", body: { projectId, environment, secretPath, secrets } },
    { ...call, path: "/api/v3/secrets/batch/raw", body: { workspaceId: projectId, environment, secretPath, secrets } },
  ]);
  const parsed = batchAnswer.safeParse(answer.body);
  if (!parsed.success) throw failAnswer(`Infisical (${method} of secrets)`, "the secrets that were written");
  return parsed.data.secrets !== undefined;
}

/** Calls the first address that the server knows. */
export async function askNewest(session: Session, calls: readonly HttpCall[]): Promise<HttpAnswer> {
  const known = calls.filter(({ path }) => !session.missingRoutes.has(path));
  for (const call of known.slice(0, -1)) {
    try {
      return await session.read(call);
    } catch (error) {
      if (!isMissingRoute(error)) throw error;
      session.missingRoutes.add(call.path);
    }
  }
  const last = known.at(-1) ?? calls.at(-1);
  if (last === undefined) throw new Error("there is nothing to ask");
  return session.read(last);
}

/** Fastify's own words for an address without a handler; a missing folder or project is a 404 with other words. */
function isMissingRoute(error: unknown): boolean {
  return isHttpError(error) && error.status === 404 && /\broute\b.*\bnot found\b/i.test(error.vendorMessage ?? "");
}
