// Pure, schema: whose credentials are used, discriminated by `app`.

import { z } from "zod";
import { connectionReference } from "./connection-reference.js";
import { text } from "./grammar.js";
import { netlifyCredentials } from "./netlify.js";
import { awsConnection, dopplerConnection, infisicalConnection, vaultConnection } from "./source-connections.js";

/** A DigitalOcean API token. */
export const digitalOceanConnection = z.strictObject({
  app: z.literal("digital-ocean"),
  method: z.literal("api-token"),
  credentials: z.strictObject({ apiToken: text }),
  ...connectionReference,
});

/** A Netlify access token. */
export const netlifyConnection = z.strictObject({
  app: z.literal("netlify"),
  method: z.literal("access-token"),
  credentials: netlifyCredentials,
  ...connectionReference,
});

/** Any connection. */
export const connection = z.discriminatedUnion("app", [
  digitalOceanConnection,
  netlifyConnection,
  infisicalConnection,
  vaultConnection,
  dopplerConnection,
  awsConnection,
]);

export type NetlifyConnection = z.infer<typeof netlifyConnection>;
export type DigitalOceanConnection = z.infer<typeof digitalOceanConnection>;
export type Connection = z.infer<typeof connection>;
export type ConnectionApp = Connection["app"];
