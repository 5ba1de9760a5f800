// Pure, schema: where desired values come from, discriminated by `type`.

import { z } from "zod";
import { sourceFilters, text } from "./grammar.js";
import { awsSecretsManagerSource, dopplerSource, infisicalSource, vaultSource } from "./remote-sources.js";

const format = z.enum(["dotenv", "json", "yaml", "kubernetes"]);

/** Whose rules a dotenv text follows. */
const dialect = z.enum(["dotenv", "compose", "literal"]);

/** How a text is read, for the sources that read one. */
const textFields = {
  format: format.optional(),
  dialect: dialect.optional(),
  expand: z.boolean().optional(),
  separator: z.string().optional(),
};

/** Docker replaces no references in an env file. */
const literalText = 'with dialect "literal" nothing is expanded; remove `expand`, or choose another dialect';

function isExpandable(source: { dialect?: Dialect | undefined; expand?: boolean | undefined }): boolean {
  return source.dialect !== "literal" || source.expand !== true;
}

/** Values given in the program itself. */
export const inlineSource = z.strictObject({
  type: z.literal("inline"),
  values: z.record(z.string(), z.string()),
  ...sourceFilters,
});

/** A file beside the program. */
export const fileSource = z
  .strictObject({
    type: z.literal("file"),
    path: text,
    allowTracked: z.boolean().optional(),
    ...textFields,
    ...sourceFilters,
  })
  .refine(isExpandable, { message: literalText });

/** A command in one string needs a shell, and there is none. */
function explainCommand({ input }: { readonly input?: unknown }): string | undefined {
  if (typeof input !== "string") return undefined;
  return 'must be a list: the program, then each argument by itself, for example ["sops", "decrypt", "secrets.json"]; there is no shell that would take a string apart';
}

/** The standard output of a command, started without a shell. */
export const execSource = z
  .strictObject({
    type: z.literal("exec"),
    command: z.array(text, { error: explainCommand }).min(1, "must name a program"),
    ...textFields,
    timeoutSeconds: z.number().positive().max(3600).optional(),
    cwd: text.optional(),
    env: z.record(z.string(), z.string()).optional(),
    stderr: z.enum(["show", "hide"]).optional(),
    ...sourceFilters,
  })
  .refine(isExpandable, { message: literalText });

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
export type Dialect = z.infer<typeof dialect>;
