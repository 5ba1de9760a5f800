// Pure, wire: what is read from Infisical's answers. Unknown members are ignored, missing ones are a failure.

import { z } from "zod";

/** Answer of `POST /api/v1/auth/universal-auth/login` and of `POST /api/v1/auth/token/renew`. */
export const loginAnswer = z.object({ accessToken: z.string().min(1), expiresIn: z.number().optional() });

const secret = z.object({
  secretKey: z.string(),
  secretValue: z.string(),
  secretValueHidden: z.boolean().optional(),
  workspace: z.string().optional(),
  environment: z.string().optional(),
  secretPath: z.string().optional(),
  type: z.string().optional(),
  tags: z
    .array(z.object({ slug: z.string() }))
    .optional()
    .catch(undefined),
  secretMetadata: z
    .array(z.object({ key: z.string(), value: z.string().nullish(), isEncrypted: z.boolean().nullish() }))
    .optional()
    .catch(undefined),
});

const imported = z.object({
  secretPath: z.string(),
  environment: z.string(),
  secrets: z.array(secret),
});

/** Answer of `GET /api/v4/secrets` and `GET /api/v3/secrets/raw`. */
export const listAnswer = z.object({ secrets: z.array(secret), imports: z.array(imported).optional() });

const declaredImport = z.object({
  importPath: z.string(),
  importEnv: z.object({ slug: z.string() }),
  isReplication: z.boolean().nullish(),
  isReserved: z.boolean().nullish(),
});

/** Answer of `GET /api/v2/secret-imports`. */
export const importsAnswer = z.object({ secretImports: z.array(declaredImport) });

/** Answer of `GET /api/v2/folders`. A server that knows `recursive` tells where each folder is below the one asked for. */
export const foldersAnswer = z.object({
  folders: z.array(z.object({ name: z.string(), relativePath: z.string().startsWith("/").optional() })),
});

/** Answer of a batch: the secrets, or the request for an approval that a protection policy asks for. */
export const batchAnswer = z.union([
  z.object({ secrets: z.array(z.object({ secretKey: z.string() })), approval: z.undefined().optional() }),
  z.object({ secrets: z.undefined().optional(), approval: z.object({}) }),
]);

export type WireSecret = z.infer<typeof secret>;
export type Listing = z.infer<typeof listAnswer>;
export type DeclaredImport = z.infer<typeof declaredImport>;

/** One place of a project as its imports name it. */
export function nameFolder(environment: string, path: string): string {
  return `${environment}:${trimPath(path)}`;
}

/** Without slashes at its end. */
export function trimPath(path: string): string {
  return path.replace(/(?<=.)\/+$/, "");
}
