// Pure, schema: the resolved arguments of a SecretSync, as its parts are parsed one by one.

import { z } from "zod";
import { destination } from "./destinations.js";
import { description, slug } from "./grammar.js";
import { source } from "./sources.js";
import { syncOptions } from "./sync-options.js";

/** The name is a slug of at most 256 characters. */
export const syncName = slug(256);

/** A sync with everything resolved; connections and secret values travel beside it. */
export const secretSync = z.strictObject({
  name: syncName.optional(),
  description: description.optional(),
  source: z.union([source, z.array(source).min(1, "must hold at least one source")]),
  destination,
  syncOptions: syncOptions.optional(),
  isEnabled: z.boolean().optional(),
});

export type SecretSyncInput = z.infer<typeof secretSync>;
