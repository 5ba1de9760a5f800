// Pure, wire: what is read from Vault's answers besides the values themselves, which are parsed from the text.

import { z } from "zod";

/** Answer of a login and of a renewal. */
export const authAnswer = z.object({
  auth: z.object({ client_token: z.string().min(1), lease_duration: z.number(), renewable: z.boolean() }),
});

/** Answer of `GET /v1/auth/token/lookup-self`. */
export const lookupAnswer = z.object({ data: z.object({ display_name: z.string().optional() }) });

/** Answer of a read, and of a read of a deleted version, which is a 404 with a body. */
export const readAnswer = z.object({
  data: z.object({
    data: z.record(z.string(), z.unknown()).nullable(),
    metadata: z.object({ version: z.number(), destroyed: z.boolean() }),
  }),
});

/** Answer of `GET /v1/sys/internal/ui/mounts/<mount>`. A mount of version 1 may say so, or have no options. */
export const mountAnswer = z.object({
  data: z.object({ type: z.string(), options: z.object({ version: z.string().optional() }).nullish() }),
});

/** Answer of a list: names of secrets, and of folders with a slash at the end. */
export const listAnswer = z.object({ data: z.object({ keys: z.array(z.string()) }) });

const texts = z.array(z.string());

/** A 404 of Vault's own: with errors, which may be none, or with warnings. */
export const missingAnswer = z.union([
  z.object({ errors: texts, warnings: texts.nullish() }),
  z.object({ errors: z.undefined().optional(), warnings: texts }),
]);
