// Pure, schema: whose credentials are used, and the fields of the reference that do not exist here.

import { z } from "zod";
import { baseUrl, description, slug, text } from "./grammar.js";
import { netlifyCredentials } from "./netlify.js";

const unsupported = (field: string) => z.null({ error: `${field} is not supported: leave it out` }).optional();

const onlyFalse = (field: string) =>
  z.literal(false, { error: `${field} is not supported: only false is accepted` }).optional();

const reference = {
  name: slug(64).optional(),
  description: description.optional(),
  baseUrl: baseUrl.optional(),
  isPlatformManagedCredentials: onlyFalse("isPlatformManagedCredentials"),
  isAutoRotationEnabled: onlyFalse("isAutoRotationEnabled"),
  gatewayId: unsupported("gatewayId"),
  rotation: unsupported("rotation"),
};

/** A DigitalOcean API token. */
export const digitalOceanConnection = z.strictObject({
  app: z.literal("digital-ocean"),
  method: z.literal("api-token"),
  credentials: z.strictObject({ apiToken: text }),
  ...reference,
});

/** A Netlify access token. */
export const netlifyConnection = z.strictObject({
  app: z.literal("netlify"),
  method: z.literal("access-token"),
  credentials: netlifyCredentials,
  ...reference,
});

/** Any connection. */
export const connection = z.discriminatedUnion("app", [digitalOceanConnection, netlifyConnection]);

export type NetlifyConnection = z.infer<typeof netlifyConnection>;
export type DigitalOceanConnection = z.infer<typeof digitalOceanConnection>;
export type Connection = z.infer<typeof connection>;
export type ConnectionApp = Connection["app"];
