// Program side: the arguments of the sources that are read over the network, with the meaning, default and errors of each.
// Errors common to all of them: `connection.missing`, `source.unauthorized`, `source.forbidden`, `source.not_found`,
// `source.rate_limited`, `source.unavailable`, `source.malformed`.

import type { Input } from "@pulumi/pulumi";
import type { Connection } from "./connection.js";
import type { SourceCommonArgs } from "./source-common-args.js";
import type {
  AwsConnectionArgs,
  DopplerConnectionArgs,
  InfisicalConnectionArgs,
  VaultConnectionArgs,
} from "./source-connection-args.js";

/**
 * A folder of one environment of an Infisical project. References are resolved by the server.
 * Errors: `source.hidden_value`, `source.unresolved_reference`, `source.import_unreadable`, `source.duplicate_key`, `source.empty`.
 * https://infisical.com/docs/api-reference/endpoints/secrets/list
 */
export interface InfisicalSourceArgs extends SourceCommonArgs {
  /** Example: `type: "infisical"` */
  type: "infisical";
  /**
   * Credentials: a {@link Connection}, or its arguments. None of them is kept in state.
   *
   * Example: `connection: infisical`
   *
   * @default stack config `infisical:token`, or `infisical:clientId` with `infisical:clientSecret`; else `INFISICAL_TOKEN`, or `INFISICAL_UNIVERSAL_AUTH_CLIENT_ID` with `INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET`
   */
  connection?: Connection | InfisicalConnectionArgs;
  /**
   * The project's id, from its settings.
   *
   * Example: `projectId: "3c90c3cc-0d44-4b50-8888-8dd25736052a"`
   */
  projectId: Input<string>;
  /**
   * The environment's slug, for example `prod`. Also the default text for `{{environment}}` in `keySchema`.
   *
   * Example: `environment: "prod"`
   */
  environment: Input<string>;
  /**
   * The folder, starting with a slash.
   *
   * Example: `secretPath: "/web"`
   *
   * @default "/"
   */
  secretPath?: Input<string>;
  /**
   * Whether to read everything below the folder, too. The same name in two folders is an error: a variable has no folder.
   *
   * Example: `recursive: true`
   *
   * @default false
   */
  recursive?: Input<boolean>;
  /**
   * Only secrets with at least one of these tags.
   *
   * Example: `tagSlugs: ["web"]`
   */
  tagSlugs?: Input<Input<string>[]>;
  /**
   * Only secrets with all of this metadata, at most 10 members. Works with unencrypted metadata only.
   *
   * Example: `metadata: { team: "shop" }`
   */
  metadata?: Input<Record<string, Input<string>>>;
  /**
   * Whether to read secrets that the folder imports, too. Its own win, then those of the last import. An import that the identity may not
   * read is an error.
   *
   * Example: `includeImports: false`
   *
   * @default true
   */
  includeImports?: Input<boolean>;
  /**
   * Whether the server resolves `${…}`. A reference that it leaves unresolved is an error.
   *
   * Example: `expandSecretReferences: false`
   *
   * @default true
   */
  expandSecretReferences?: Input<boolean>;
  /**
   * Keys whose values may hold `${…}` as plain text.
   *
   * Example: `allowUnresolved: ["MAIL_TEMPLATE"]`
   */
  allowUnresolved?: Input<Input<string>[]>;
  /**
   * Whether to accept an answer without any secret, and imports without one. The server silently leaves out secrets that the identity may
   * not describe, so an empty answer may also mean missing permission.
   *
   * Example: `allowEmpty: true`
   *
   * @default false
   */
  allowEmpty?: Input<boolean>;
}

/**
 * One or several secrets of a KV version 2 mount of Vault or OpenBao.
 * Errors: `source.deleted_version`, `source.duplicate_key`, `source.null_value`, `source.not_flat`, `connection.missing_address`.
 * https://developer.hashicorp.com/vault/docs/secrets/kv/kv-v2
 */
export interface VaultSourceArgs extends SourceCommonArgs {
  /** Example: `type: "vault"` */
  type: "vault";
  /**
   * Credentials: a {@link Connection}, or its arguments. None of them is kept in state.
   *
   * Example: `connection: vault`
   *
   * @default stack config `vault:token` and `vault:address`, else `VAULT_TOKEN` and `VAULT_ADDR` (`BAO_TOKEN`, `BAO_ADDR`)
   */
  connection?: Connection | VaultConnectionArgs;
  /**
   * Where the KV engine is mounted.
   *
   * Example: `mount: "kv"`
   *
   * @default "secret"
   */
  mount?: Input<string>;
  /**
   * Path of one secret within the mount, without `data/`.
   *
   * Example: `path: "web/production"`
   */
  path?: Input<string>;
  /**
   * Paths of several secrets, instead of `path`; later ones win, and all must be readable.
   *
   * Example: `paths: ["shared/web", "web/production"]`
   */
  paths?: Input<Input<string>[]>;
  /**
   * A pinned version of the secret at `path`. A deleted or destroyed one is an error.
   *
   * Example: `version: 3`
   *
   * @default the newest
   */
  version?: Input<number>;
  /**
   * Namespace of Vault Enterprise, HCP Vault or OpenBao.
   *
   * Example: `namespace: "team-shop"`
   *
   * @default the connection's, else `VAULT_NAMESPACE` or `BAO_NAMESPACE`
   */
  namespace?: Input<string>;
  /**
   * Whether to read everything below the path, too. The same name in two secrets is an error.
   *
   * Example: `recursive: true`
   *
   * @default false
   */
  recursive?: Input<boolean>;
  /**
   * Text that joins nested keys.
   *
   * Example: `separator: "__"`
   *
   * @default "_"
   */
  separator?: Input<string>;
}

/**
 * A config of a Doppler project, with its references resolved. Dynamic secrets are left out, because they change with every read.
 * https://docs.doppler.com/reference/secrets-download
 */
export interface DopplerSourceArgs extends SourceCommonArgs {
  /** Example: `type: "doppler"` */
  type: "doppler";
  /**
   * Credentials: a {@link Connection}, or its arguments. None of them is kept in state.
   *
   * Example: `connection: doppler`
   *
   * @default stack config `doppler:token`, else `DOPPLER_TOKEN`
   */
  connection?: Connection | DopplerConnectionArgs;
  /**
   * The project, given together with `config`. A service token belongs to one config and needs neither.
   *
   * Example: `project: "shop"`
   */
  project?: Input<string>;
  /**
   * The config, for example `prd`.
   *
   * Example: `config: "prd"`
   */
  config?: Input<string>;
  /**
   * Whether to take `DOPPLER_PROJECT`, `DOPPLER_ENVIRONMENT` and `DOPPLER_CONFIG`, which Doppler adds to every download.
   *
   * Example: `includeInjectedKeys: true`
   *
   * @default false
   */
  includeInjectedKeys?: Input<boolean>;
}

/**
 * One or several secrets of AWS Secrets Manager. Needs the package `@aws-sdk/client-secrets-manager` among the program's dependencies.
 * A secret that holds a JSON object gives one key per member; any other text gives one key, named after the last part of the
 * secret's name in capitals: `prod/web/database-url` gives `DATABASE_URL`.
 * Errors: `source.missing_package`, `source.binary_value`, `source.unparsable`, `source.not_flat`, `source.null_value`, `source.incomplete`, `source.deleted_version`.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
 */
export interface AwsSecretsManagerSourceArgs extends SourceCommonArgs {
  /** Example: `type: "aws-secrets-manager"` */
  type: "aws-secrets-manager";
  /**
   * Credentials: a {@link Connection}, or its arguments. None of them is kept in state.
   *
   * Example: `connection: aws`
   *
   * @default the SDK's own chain: environment, shared files, SSO, web identity, container, instance
   */
  connection?: Connection | AwsConnectionArgs;
  /**
   * Region of the secrets.
   *
   * Example: `region: "eu-central-1"`
   *
   * @default `AWS_REGION`, or the profile's region
   */
  region?: Input<string>;
  /**
   * Name or ARN of one secret.
   *
   * Example: `secretId: "prod/web"`
   */
  secretId?: Input<string>;
  /**
   * Names or ARNs of several secrets, instead of `secretId`; later ones win, and all must be readable.
   *
   * Example: `secretIds: ["prod/shared", "prod/web"]`
   */
  secretIds?: Input<Input<string>[]>;
  /**
   * `auto`: a secret that begins with `{` is a JSON object. `json`: each is. `dotenv`: each is the text of a `.env` file. `text`: each is
   * the value of one key.
   *
   * Example: `format: "json"`
   *
   * @default "auto"
   */
  format?: Input<"auto" | "json" | "dotenv" | "text">;
  /**
   * Text that joins nested keys of JSON.
   *
   * Example: `separator: "__"`
   *
   * @default "_"
   */
  separator?: Input<string>;
}
