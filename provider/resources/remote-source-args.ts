// Program side: the arguments of the sources that are read over the network, with the meaning, default and errors of each.
// Errors that all of them have: `connection.missing`, `source.unauthorized`, `source.forbidden`, `source.not_found`,
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
   * @default stack config `infisical:token`, else `INFISICAL_TOKEN`, else `INFISICAL_UNIVERSAL_AUTH_CLIENT_ID` with `INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET`
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
   * Whether everything below the folder is read, too. The same name in two folders is an error: a variable has no folder.
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
   * Also secrets that the folder imports; own ones win, and of several imports the last one. An import that the identity may not read is an error.
   *
   * Example: `includeImports: false`
   *
   * @default true
   */
  includeImports?: Input<boolean>;
  /**
   * Whether the server resolves `${…}`. What it leaves unresolved is an error.
   *
   * Example: `expandSecretReferences: false`
   *
   * @default true
   */
  expandSecretReferences?: Input<boolean>;
  /**
   * Keys in which `${…}` is meant as text.
   *
   * Example: `allowUnresolved: ["MAIL_TEMPLATE"]`
   */
  allowUnresolved?: Input<Input<string>[]>;
  /**
   * Whether an answer without any secret is believed. The server leaves out what an identity may not describe, without an error, so
   * nothing at all may as well mean no permission.
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
   * Paths of several secrets, instead of `path`; later ones win, and every one has to be readable.
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
   * @default the connection's, else `VAULT_NAMESPACE`
   */
  namespace?: Input<string>;
  /**
   * Whether everything below the path is read, too. The same name in two secrets is an error.
   *
   * Example: `recursive: true`
   *
   * @default false
   */
  recursive?: Input<boolean>;
  /**
   * What joins nested keys.
   *
   * Example: `separator: "__"`
   *
   * @default "_"
   */
  separator?: Input<string>;
}

/**
 * A config of a Doppler project, with its references resolved. Dynamic secrets are left out: they are new at every read.
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
   * The project; together with `config`. A service token belongs to one config and needs neither.
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
   * Whether `DOPPLER_PROJECT`, `DOPPLER_ENVIRONMENT` and `DOPPLER_CONFIG`, which Doppler adds to every download, are taken.
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
   * Names or ARNs of several secrets, instead of `secretId`; later ones win, and every one has to be readable.
   *
   * Example: `secretIds: ["prod/shared", "prod/web"]`
   */
  secretIds?: Input<Input<string>[]>;
  /**
   * `auto`: what begins with `{` is a JSON object. `json`: everything is. `dotenv`: each is the text of
   * a `.env` file. `text`: nothing is, each secret is one key.
   *
   * Example: `format: "json"`
   *
   * @default "auto"
   */
  format?: Input<"auto" | "json" | "dotenv" | "text">;
  /**
   * What joins nested keys of JSON.
   *
   * Example: `separator: "__"`
   *
   * @default "_"
   */
  separator?: Input<string>;
}
