// Pure, schema: where desired values come from, discriminated by `type`.

import { z } from "zod";
import { sourceFilters, text } from "./grammar.js";
import { awsSecretsManagerSource, dopplerSource, infisicalSource, vaultSource } from "./remote-sources.js";

const format = z.enum(["dotenv", "json", "yaml", "kubernetes"]);

/** Values given in the program itself. */
export const inlineSource = z.strictObject({
  type: z.literal("inline"),
  values: z.record(z.string(), z.string()),
  ...sourceFilters,
});

/** A file beside the program. */
export const fileSource = z.strictObject({
  type: z.literal("file"),
  path: text,
  format: format.optional(),
  separator: z.string().optional(),
  ...sourceFilters,
});

/** The standard output of a command, started without a shell. */
export const execSource = z.strictObject({
  type: z.literal("exec"),
  command: z.array(text).min(1, "must name a program"),
  format: format.optional(),
  separator: z.string().optional(),
  timeoutSeconds: z.number().positive().max(3600).optional(),
  cwd: text.optional(),
  env: z.record(z.string(), z.string()).optional(),
  stderr: z.enum(["show", "hide"]).optional(),
  ...sourceFilters,
});

/** Variables of the environment that the Pulumi CLI runs in. */
export const environmentSource = z
  .strictObject({
    type: z.literal("environment"),
    variables: z.array(text).min(1).optional(),
    prefix: text.optional(),
    ...sourceFilters,
  })
  .refine((source) => (source.variables === undefined) !== (source.prefix === undefined), {
    message: "exactly one of `variables` and `prefix` must be given",
  });

/** Any source. */
export const source = z.discriminatedUnion("type", [
  inlineSource,
  fileSource,
  execSource,
  environmentSource,
  infisicalSource,
  vaultSource,
  dopplerSource,
  awsSecretsManagerSource,
]);

export type InlineSource = z.infer<typeof inlineSource>;
export type FileSource = z.infer<typeof fileSource>;
export type ExecSource = z.infer<typeof execSource>;
export type EnvironmentSource = z.infer<typeof environmentSource>;
export type Source = z.infer<typeof source>;
export type SourceType = Source["type"];
export type TextFormat = z.infer<typeof format>;
