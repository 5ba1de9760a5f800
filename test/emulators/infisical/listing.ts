// Test side, pure: how Infisical lists a folder: filters, imports, references, and what an identity may not see.

import { asSecret, type Access, type Identity, type Instance, type Project, Refusal, type Secret } from "./model.js";

export interface Question {
  readonly projectId: string;
  readonly environment: string;
  readonly path: string;
  readonly recursive: boolean;
  readonly imports: boolean;
  readonly expand: boolean;
  readonly view: boolean;
  readonly tags: readonly string[];
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  /** In v4 a reference inside an imported secret is looked up where it is imported to, first. */
  readonly localFirst: boolean;
}

interface Place {
  readonly environment: string;
  readonly path: string;
}

export function listFolder(instance: Instance, identity: Identity, asked: Question): unknown {
  const question = { ...asked, ...identity.scope };
  const project = instance.projects.get(question.projectId);
  if (project === undefined)
    throw new Refusal(404, "NotFound", `Project with ID '${question.projectId}' not found. Ensure the project exists`);
  const { environment, path } = question;
  const folders = project[environment] ?? {};
  if (folders[path] === undefined && instance.missingFolder === "not-found")
    throw new Refusal(
      404,
      "NotFound",
      `Folder with path '${path}' in environment '${environment}' was not found. Please ensure the environment slug and secret path is correct.`,
    );
  const paths = question.recursive
    ? Object.keys(folders).filter((one) => one === path || one.startsWith(path === "/" ? "/" : `${path}/`))
    : [path].filter((one) => folders[one] !== undefined);
  const reader = { instance, identity, project, question };
  const own = paths.flatMap((one) => readFolder(reader, { environment, path: one }, undefined));
  const imports = paths.flatMap((one) => folders[one]?.imports ?? []);
  const isLeftOut = (one: Place) => instance.hiddenImport === "left out" && accessTo(identity, one) === "none";
  const visible = imports.filter((one) => !isLeftOut(one) && one.isReplication !== true);
  return {
    secrets: own,
    // Without the wish for them the newest servers leave the member out.
    ...(question.imports
      ? {
          imports: visible.map((one) => ({
            secretPath: one.path,
            environment: one.environment,
            folderId: `folder-${one.environment}${one.path}`,
            secrets: readImport(reader, one, { environment, path }).map(
              ({ createdAt: _c, updatedAt: _u, tags, ...rest }) => (instance.selectsImports ? { ...rest, tags } : rest),
            ),
          })),
        }
      : {}),
  };
}

/**
 * What stands in an imported folder, then what that folder imports in its turn, in its order. An expansion of references also takes
 * equal names out, but for the first (Infisical: backend/src/services/secret-import/secret-import-fns.ts).
 */
function readImport(reader: Reader, place: Place, importedTo: Place) {
  const nested = reader.project[place.environment]?.[place.path]?.imports ?? [];
  const others = nested.filter((one) => one.environment !== place.environment || one.path !== place.path);
  const all = [place, ...others].flatMap((one) => readFolder(reader, one, importedTo));
  if (!reader.question.expand) return all;
  return all.filter((one, index) => all.findIndex(({ secretKey }) => secretKey === one.secretKey) === index);
}

interface Reader {
  readonly instance: Instance;
  readonly identity: Identity;
  readonly project: Project;
  readonly question: Question;
}

function readFolder({ instance, identity, project, question }: Reader, place: Place, importedTo: Place | undefined) {
  const access = accessTo(identity, place);
  if (access === "none") return [];
  const secrets = Object.entries(project[place.environment]?.[place.path]?.secrets ?? {});
  const selects = importedTo === undefined || instance.selectsImports;
  return secrets.flatMap(([key, stored]) => {
    const secret = asSecret(stored);
    if (selects && !matches(secret, question)) return [];
    if (access === "describe" && question.view && instance.hidden === "forbid")
      throw new Refusal(403, "PermissionDenied", "You are not allowed to perform read value on secrets");
    const seen = access === "read" && question.view;
    const from = importedTo !== undefined && question.localFirst ? [importedTo, place] : [place];
    const value = question.expand ? expand(secret.value, { identity, project, from, depth: 0 }) : secret.value;
    return [
      {
        id: `${place.environment}${place.path}${key}`,
        _id: `${place.environment}${place.path}${key}`,
        workspace: question.projectId,
        environment: place.environment,
        version: 1,
        type: secret.type ?? "shared",
        secretKey: key,
        secretValue: seen ? value : "<hidden-by-infisical>",
        secretValueHidden: !seen,
        secretComment: "",
        secretPath: place.path,
        isRotatedSecret: false,
        tags: (secret.tags ?? []).map((slug) => ({ id: slug, slug, name: slug })),
        secretMetadata: Object.entries(secret.metadata ?? {}).map(([name, text]) => ({
          key: name,
          value: text,
          isEncrypted: false,
        })),
        createdAt: "2026-01-01T00:00:00.000Z",
        updatedAt: "2026-01-01T00:00:00.000Z",
      },
    ];
  });
}

function accessTo(identity: Identity, { environment, path }: Place): Access {
  return identity.access?.(environment, path) ?? "read";
}

function matches(secret: Secret, { tags, metadata }: Question): boolean {
  const tagged = tags.length === 0 || tags.some((tag) => secret.tags?.includes(tag));
  return tagged && metadata.every(({ key, value }) => secret.metadata?.[key] === value);
}

interface Expanding {
  readonly identity: Identity;
  readonly project: Project;
  readonly from: readonly Place[];
  readonly depth: number;
}

/** What cannot be found stays as it is written; what may not be read fails the whole call. */
function expand(value: string, context: Expanding): string {
  if (context.depth > 10) return value;
  return value.replace(/\$\{([\w.@-]+)\}/g, (text, name: string) => {
    const parts = name.split(".");
    const key = parts.at(-1) ?? "";
    const [environment = "", ...folders] = parts.slice(0, -1);
    const places = parts.length === 1 ? context.from : [{ environment, path: `/${folders.join("/")}` }];
    for (const place of places) {
      const found = context.project[place.environment]?.[place.path]?.secrets[key];
      if (found === undefined) continue;
      if (accessTo(context.identity, place) !== "read")
        throw new Refusal(403, "PermissionDenied", "Failed to expand one or more secret references");
      return expand(asSecret(found).value, { ...context, from: [place], depth: context.depth + 1 });
    }
    return text;
  });
}
