// Pure, schema: how a sync treats names, other people's keys, and keys that leave the source.

import { z } from "zod";
import { text } from "./grammar.js";

const placeholder = "{{secretKey}}";

/** Plain substitution, no escaping: `{{secretKey}}` exactly once, `{{environment}}` any number of times. */
export const keySchema = z.string().superRefine((schema, context) => {
  if (schema.split(placeholder).length !== 2) {
    context.addIssue({ code: "custom", message: `must contain ${placeholder} exactly once` });
  }
  const rest = schema.replaceAll(placeholder, "").replaceAll("{{environment}}", "");
  if (!/^[A-Za-z0-9_\-/]*$/.test(rest)) {
    context.addIssue({
      code: "custom",
      message: `may only hold letters, digits, "_", "-", "/", ${placeholder} and {{environment}}`,
    });
  }
});

/** Options of a sync; every default is the careful one. */
export const syncOptions = z.strictObject({
  initialSyncBehavior: z
    .enum(["merge", "overwrite-destination", "import-prioritize-source", "import-prioritize-destination"])
    .optional(),
  keySchema: keySchema.optional(),
  disableSecretDeletion: z.boolean().optional(),
  adoptExisting: z
    .union([z.boolean(), z.array(text)], { error: "must be true, false, or a list of destination keys" })
    .optional(),
  deletionLimit: z.number().int().min(0).optional(),
  onDestroy: z.enum(["delete", "retain", "restore"]).optional(),
  environment: z.string().max(64).optional(),
  emptyValues: z.enum(["refuse", "skip", "write"]).optional(),
  autoSyncEnabled: z.boolean().optional(),
});

export type SyncOptions = z.infer<typeof syncOptions>;
