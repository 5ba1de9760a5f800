// Pure, schema: sources that are read over the network. Their connections travel beside them.

import { z } from "zod";
import { sourceFilters, text } from "./grammar.js";

const folder = text.regex(/^\//, "must start with a slash");

/**
 * The server's filter is one text, `key=a,value=b|key=c,value=d`, without an escape. It trims each part and ignores a pair with an empty one,
 * and without any pair it selects everything.
 */
const metadataText = text
  .regex(/^[^|,=]+$/, 'must not hold "|", "," or "="')
  .refine((part) => part.trim() !== "", { message: "must not be blank" });

/** A folder of one environment of an Infisical project. */
export const infisicalSource = z.strictObject({
  type: z.literal("infisical"),
  projectId: text,
  environment: text,
  secretPath: folder.optional(),
  recursive: z.boolean().optional(),
  tagSlugs: z
    .array(text.regex(/^[^,]+$/, "must not hold a comma"))
    .min(1, "must hold at least one tag; leave it out for all secrets")
    .optional(),
  metadata: z
    .record(metadataText, metadataText)
    .refine((filter) => Object.keys(filter).length > 0, {
      message: "must hold at least one member; leave it out for all secrets",
    })
    .refine((filter) => Object.keys(filter).length <= 10, { message: "must have at most 10 members" })
    .optional(),
  includeImports: z.boolean().optional(),
  expandSecretReferences: z.boolean().optional(),
  allowUnresolved: z.array(text).optional(),
  allowEmpty: z.boolean().optional(),
  ...sourceFilters,
});

/** Vault answers any other spelling of a path with a redirect to the plain one. */
const vaultPath = text
  .regex(/^[^/].*[^/]$|^[^/]$/, { message: "must neither start nor end with a slash", abort: true })
  .refine((path) => path.split("/").every((part) => !["", ".", ".."].includes(part)), {
    message: 'must hold neither "//", nor "." or ".." as a part',
  });

/** One or several secrets of a KV v2 mount of Vault or OpenBao. */
export const vaultSource = z
  .strictObject({
    type: z.literal("vault"),
    mount: vaultPath.optional(),
    path: vaultPath.optional(),
    paths: z.array(vaultPath).min(1, "must name at least one path").optional(),
    version: z.number().int().positive().optional(),
    namespace: text.optional(),
    recursive: z.boolean().optional(),
    separator: z.string().optional(),
    ...sourceFilters,
  })
  .refine((source) => (source.path === undefined) !== (source.paths === undefined), {
    message: "exactly one of `path` and `paths` must be given",
  })
  .refine((source) => source.version === undefined || (source.path !== undefined && source.recursive !== true), {
    message: "`version` pins the version of one secret: it needs `path`, and no `recursive`",
  });

/** A config of a Doppler project. */
export const dopplerSource = z
  .strictObject({
    type: z.literal("doppler"),
    project: text.optional(),
    config: text.optional(),
    includeInjectedKeys: z.boolean().optional(),
    ...sourceFilters,
  })
  .refine((source) => (source.project === undefined) === (source.config === undefined), {
    message: "`project` and `config` must be given together, or neither with a service token",
  });

/** One or several secrets of AWS Secrets Manager. */
export const awsSecretsManagerSource = z
  .strictObject({
    type: z.literal("aws-secrets-manager"),
    region: text.optional(),
    secretId: text.optional(),
    secretIds: z.array(text).min(1, "must name at least one secret").optional(),
    format: z.enum(["auto", "json", "dotenv", "text"]).optional(),
    separator: z.string().optional(),
    ...sourceFilters,
  })
  .refine((source) => (source.secretId === undefined) !== (source.secretIds === undefined), {
    message: "exactly one of `secretId` and `secretIds` must be given",
  });

export type InfisicalSource = z.infer<typeof infisicalSource>;
export type VaultSource = z.infer<typeof vaultSource>;
export type DopplerSource = z.infer<typeof dopplerSource>;
export type AwsSecretsManagerSource = z.infer<typeof awsSecretsManagerSource>;
/** A source that is read over the network. */
export type RemoteSource = InfisicalSource | VaultSource | DopplerSource | AwsSecretsManagerSource;
export type RemoteSourceType = RemoteSource["type"];
