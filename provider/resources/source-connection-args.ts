// Program side: connections to the stores that sources read, with what their credentials need to be allowed.

import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionCommonArgs } from "./connection-common-args.js";

/**
 * A machine identity of Infisical. It needs a project role that may describe and read secrets, and read secret imports, in the
 * environments and paths of the sources. Without `baseUrl`: the US cloud; for the EU cloud `https://eu.infisical.com`.
 * Proof: one login, or one call with a ready token. https://infisical.com/docs/documentation/platform/identities/machine-identities
 */
export type InfisicalConnectionArgs = ConnectionCommonArgs & {
  app: "infisical";
} & (
    | {
        /** Logs in by itself, renews the token, and logs in again when it is refused. */
        method: "universal-auth";
        /** Client id and client secret of the identity. Always treated as secrets. */
        credentials: { clientId: pulumi.Input<string>; clientSecret: pulumi.Input<string> };
      }
    | {
        /** A ready token, used as it is. https://infisical.com/docs/documentation/platform/identities/token-auth */
        method: "access-token";
        /** Always treated as a secret. */
        credentials: { accessToken: pulumi.Input<string> };
      }
  );

/**
 * A token or an AppRole of Vault or OpenBao. `baseUrl` is the server's address; without it `VAULT_ADDR`.
 * The policy needs `read` on `<mount>/data/<path>`, and for `recursive` also `list` on `<mount>/metadata/<path>`.
 * Proof: `auth/token/lookup-self`, or one login. https://developer.hashicorp.com/vault/docs/auth/approle
 */
export type VaultConnectionArgs = ConnectionCommonArgs & {
  app: "vault";
} & (
    | {
        method: "token";
        /** Always treated as secrets. */
        credentials: {
          token: pulumi.Input<string>;
          /** Namespace for sources that name none. @default `VAULT_NAMESPACE` */
          namespace?: pulumi.Input<string>;
        };
      }
    | {
        /** Logs in at `auth/approle`, once per run: a secret id with a limited number of uses needs one for each preview and each update. */
        method: "app-role";
        /** Role id and secret id. Always treated as secrets. */
        credentials: {
          roleId: pulumi.Input<string>;
          secretId: pulumi.Input<string>;
          /** Namespace of the login, and of sources that name none. @default `VAULT_NAMESPACE` */
          namespace?: pulumi.Input<string>;
        };
      }
  );

/**
 * A service token of Doppler, which may read one config. Service account tokens work, too, with `project` and `config` in the source.
 * Proof: `GET /v3/me`. https://docs.doppler.com/docs/service-tokens
 */
export interface DopplerConnectionArgs extends ConnectionCommonArgs {
  app: "doppler";
  method: "service-token";
  /** `dp.st.…` */
  credentials: { serviceToken: pulumi.Input<string> };
}

/**
 * An access key of AWS. Needs `secretsmanager:GetSecretValue` on the secrets, for several secrets in one source also
 * `secretsmanager:BatchGetSecretValue`, and `kms:Decrypt` where they have a key of their own. `baseUrl` is an endpoint for emulators.
 * Proof: one `ListSecrets`; that the key may not list is no failure. A source without a connection uses the SDK's own chain.
 */
export interface AwsConnectionArgs extends ConnectionCommonArgs {
  app: "aws";
  method: "access-key";
  /** An access key of an IAM user, or temporary credentials of a role. Always treated as secrets. */
  credentials: {
    accessKeyId: pulumi.Input<string>;
    secretAccessKey: pulumi.Input<string>;
    /** For temporary credentials. */
    sessionToken?: pulumi.Input<string>;
  };
}

/** Connections to stores that sources read. */
export type SourceConnectionArgs =
  | InfisicalConnectionArgs
  | VaultConnectionArgs
  | DopplerConnectionArgs
  | AwsConnectionArgs;
