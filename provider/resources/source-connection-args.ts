// Program side: connections to the stores that sources read, with the permissions that their credentials need.

import type * as pulumi from "@pulumi/pulumi";
import type { ConnectionCommonArgs } from "./connection-common-args.js";

/**
 * A machine identity of Infisical. It needs a project role that may describe and read secrets, and read secret imports, in the environments
 * and paths of the sources. `baseUrl` is the US cloud by default; the EU cloud is `https://eu.infisical.com`.
 * Proof: one login, or one call with an existing token. https://infisical.com/docs/documentation/platform/identities/machine-identities
 */
export type InfisicalConnectionArgs = ConnectionCommonArgs & {
  /** Example: `app: "infisical"` */
  app: "infisical";
} & (
    | {
        /**
         * Logs in, renews the token, and logs in again if the token is refused.
         *
         * Example: `method: "universal-auth"`
         */
        method: "universal-auth";
        /**
         * Client id and client secret of the identity. Always treated as secrets.
         *
         * Example: `credentials: { clientId: config.require("clientId"), clientSecret: config.requireSecret("clientSecret") }`
         */
        credentials: {
          /** Example: `clientId: config.require("clientId")` */
          clientId: pulumi.Input<string>;
          /** Example: `clientSecret: config.requireSecret("clientSecret")` */
          clientSecret: pulumi.Input<string>;
        };
      }
    | {
        /**
         * An existing token, used as is. https://infisical.com/docs/documentation/platform/identities/token-auth
         *
         * Example: `method: "access-token"`
         */
        method: "access-token";
        /**
         * Always treated as a secret.
         *
         * Example: `credentials: { accessToken: config.requireSecret("infisicalToken") }`
         */
        credentials: {
          /** Example: `accessToken: config.requireSecret("infisicalToken")` */
          accessToken: pulumi.Input<string>;
        };
      }
  );

/**
 * A token or an AppRole of Vault or OpenBao. `baseUrl` is the server's address, by default `VAULT_ADDR`.
 * The policy needs `read` on `<mount>/data/<path>`, and for `recursive` also `list` on `<mount>/metadata/<path>`.
 * Proof: `auth/token/lookup-self`, or one login. https://developer.hashicorp.com/vault/docs/auth/approle
 */
export type VaultConnectionArgs = ConnectionCommonArgs & {
  /** Example: `app: "vault"` */
  app: "vault";
} & (
    | {
        /** Example: `method: "token"` */
        method: "token";
        /**
         * Always treated as secrets.
         *
         * Example: `credentials: { token: config.requireSecret("vaultToken") }`
         */
        credentials: {
          /** Example: `token: config.requireSecret("vaultToken")` */
          token: pulumi.Input<string>;
          /**
           * Namespace for sources that name none.
           *
           * Example: `namespace: "team-shop"`
           *
           * @default `VAULT_NAMESPACE` or `BAO_NAMESPACE`
           */
          namespace?: pulumi.Input<string>;
        };
      }
    | {
        /**
         * Logs in at `auth/approle`, once per run: a secret id with a limited number of uses needs one for each preview and each update.
         *
         * Example: `method: "app-role"`
         */
        method: "app-role";
        /**
         * Role id and secret id. Always treated as secrets.
         *
         * Example: `credentials: { roleId: config.require("roleId"), secretId: config.requireSecret("secretId") }`
         */
        credentials: {
          /** Example: `roleId: config.require("roleId")` */
          roleId: pulumi.Input<string>;
          /** Example: `secretId: config.requireSecret("secretId")` */
          secretId: pulumi.Input<string>;
          /**
           * Namespace of the login, and of sources that name none.
           *
           * Example: `namespace: "team-shop"`
           *
           * @default `VAULT_NAMESPACE` or `BAO_NAMESPACE`
           */
          namespace?: pulumi.Input<string>;
        };
      }
  );

/**
 * A Doppler service token, which may read one config. Service account tokens also work, with `project` and `config` in the source.
 * Proof: `GET /v3/me`. https://docs.doppler.com/docs/service-tokens
 */
export interface DopplerConnectionArgs extends ConnectionCommonArgs {
  /** Example: `app: "doppler"` */
  app: "doppler";
  /** Example: `method: "service-token"` */
  method: "service-token";
  /**
   * `dp.st.…`
   *
   * Example: `credentials: { serviceToken: config.requireSecret("dopplerToken") }`
   */
  credentials: {
    /** Example: `serviceToken: config.requireSecret("dopplerToken")` */
    serviceToken: pulumi.Input<string>;
  };
}

/**
 * An access key of AWS. Needs `secretsmanager:GetSecretValue` on the secrets, for several secrets in one source also
 * `secretsmanager:BatchGetSecretValue`, and `kms:Decrypt` if they have a key of their own. `baseUrl` is an endpoint for emulators.
 * Proof: one `ListSecrets`; a key that may not list passes, too. A source without a connection uses the SDK's own chain.
 */
export interface AwsConnectionArgs extends ConnectionCommonArgs {
  /** Example: `app: "aws"` */
  app: "aws";
  /** Example: `method: "access-key"` */
  method: "access-key";
  /**
   * An access key of an IAM user, or temporary credentials of a role. Always treated as secrets.
   *
   * Example: `credentials: { accessKeyId: config.require("keyId"), secretAccessKey: config.requireSecret("key") }`
   */
  credentials: {
    /** Example: `accessKeyId: config.require("keyId")` */
    accessKeyId: pulumi.Input<string>;
    /** Example: `secretAccessKey: config.requireSecret("key")` */
    secretAccessKey: pulumi.Input<string>;
    /**
     * For temporary credentials.
     *
     * Example: `sessionToken: config.requireSecret("sessionToken")`
     */
    sessionToken?: pulumi.Input<string>;
  };
}

/** Connections to stores that sources read. */
export type SourceConnectionArgs =
  | InfisicalConnectionArgs
  | VaultConnectionArgs
  | DopplerConnectionArgs
  | AwsConnectionArgs;
