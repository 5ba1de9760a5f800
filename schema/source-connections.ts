// Pure, schema: credentials for the stores that sources read, told apart by `app` and then by `method`.

import { z } from "zod";
import { connectionReference } from "./connection-reference.js";
import { text } from "./grammar.js";

/** A machine identity of Infisical that logs in by itself. https://infisical.com/docs/documentation/platform/identities/universal-auth */
export const infisicalUniversalAuthConnection = z.strictObject({
  app: z.literal("infisical"),
  method: z.literal("universal-auth"),
  credentials: z.strictObject({ clientId: text, clientSecret: text }),
  ...connectionReference,
});

/** An existing access token of Infisical. https://infisical.com/docs/documentation/platform/identities/token-auth */
export const infisicalAccessTokenConnection = z.strictObject({
  app: z.literal("infisical"),
  method: z.literal("access-token"),
  credentials: z.strictObject({ accessToken: text }),
  ...connectionReference,
});

/** An existing token of Vault or OpenBao. */
export const vaultTokenConnection = z.strictObject({
  app: z.literal("vault"),
  method: z.literal("token"),
  credentials: z.strictObject({ token: text, namespace: text.optional() }),
  ...connectionReference,
});

/** An AppRole of Vault or OpenBao. https://developer.hashicorp.com/vault/docs/auth/approle */
export const vaultAppRoleConnection = z.strictObject({
  app: z.literal("vault"),
  method: z.literal("app-role"),
  credentials: z.strictObject({ roleId: text, secretId: text, namespace: text.optional() }),
  ...connectionReference,
});

/** A service token of Doppler. https://docs.doppler.com/docs/service-tokens */
export const dopplerConnection = z.strictObject({
  app: z.literal("doppler"),
  method: z.literal("service-token"),
  credentials: z.strictObject({ serviceToken: text }),
  ...connectionReference,
});

/** An access key of AWS. */
export const awsConnection = z.strictObject({
  app: z.literal("aws"),
  method: z.literal("access-key"),
  credentials: z.strictObject({ accessKeyId: text, secretAccessKey: text, sessionToken: text.optional() }),
  ...connectionReference,
});

export const infisicalConnection = z.discriminatedUnion("method", [
  infisicalUniversalAuthConnection,
  infisicalAccessTokenConnection,
]);
export const vaultConnection = z.discriminatedUnion("method", [vaultTokenConnection, vaultAppRoleConnection]);

export type InfisicalConnection = z.infer<typeof infisicalConnection>;
export type VaultConnection = z.infer<typeof vaultConnection>;
export type DopplerConnection = z.infer<typeof dopplerConnection>;
export type AwsConnection = z.infer<typeof awsConnection>;
