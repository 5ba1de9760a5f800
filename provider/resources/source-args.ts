// Program side: the arguments of the sources that need no connection, and the union of all.

import type { Input } from "@pulumi/pulumi";
import type {
  AwsSecretsManagerSourceArgs,
  DopplerSourceArgs,
  InfisicalSourceArgs,
  VaultSourceArgs,
} from "./remote-source-args.js";
import type { SourceCommonArgs } from "./source-common-args.js";

/** Values given in the program: Pulumi secrets, config, ESC, any provider's output. */
export interface InlineSourceArgs extends SourceCommonArgs {
  /** Example: `type: "inline"` */
  type: "inline";
  /**
   * A plain object, whose members may be outputs. An output of the whole object must hold at least one key. Every value is treated as a
   * secret, and none is kept in state. Errors: `argument.invalid`, `value.not_text`.
   *
   * Example: `values: { DATABASE_URL: config.requireSecret("databaseUrl") }`
   */
  values: Input<Record<string, Input<string>>>;
}

/** A file beside the program. Errors: `source.unreadable`, `source.unparsable`, `source.unresolved_reference`, `source.encrypted`, `source.not_flat`, `source.null_value`, `source.duplicate_key`. */
export interface FileSourceArgs extends SourceCommonArgs {
  /** Example: `type: "file"` */
  type: "file";
  /**
   * Relative paths start at the program's directory; in an inline program of the Automation API, at the directory in which the driver was
   * started. `path.join(__dirname, ".env")` is right in both.
   *
   * Example: `path: "secrets.env"`
   */
  path: Input<string>;
  /**
   * Whether git may have the file. Otherwise a preview warns if git tracks the file or does not ignore it, except one that git stores
   * encrypted, with git-crypt for example.
   *
   * Example: `allowTracked: true`
   *
   * @default false
   */
  allowTracked?: Input<boolean>;
  /**
   * How the file is read. `kubernetes` is the manifest of a Secret, whose values are decoded, or of a ConfigMap.
   *
   * Example: `format: "yaml"`
   *
   * @default by its name: `.env`, `.env.local`, `.env-prod`, `env.example`, `.envrc`, `.dev.vars`, `.json`, `.yaml`, `.yml`
   */
  format?: Input<"dotenv" | "json" | "yaml" | "kubernetes">;
  /**
   * Whose rules a dotenv text follows: those of the npm package `dotenv`, those of Docker Compose, or with `literal` those of
   * `docker run --env-file`, where everything after `=` is the value. Errors: `argument.invalid` if the format is not dotenv.
   *
   * Example: `dialect: "compose"`
   *
   * @default what all readers of dotenv read alike; any other line is refused as `source.unparsable`
   */
  dialect?: Input<"dotenv" | "compose" | "literal">;
  /**
   * Whether references in dotenv values, `${NAME}`, `${NAME:-default}` and `$NAME`, are replaced by values of the same source. `false`:
   * they are text. References in single quotes are never replaced. Errors: `source.unresolved_reference`, `argument.invalid` if the format
   * is not dotenv.
   *
   * Example: `expand: true`
   *
   * @default neither: a reference is refused
   */
  expand?: Input<boolean>;
  /**
   * Text that joins nested keys.
   *
   * Example: `separator: "__"`
   *
   * @default "_"
   */
  separator?: Input<string>;
}

/** The standard output of a command, started without a shell. Errors: `source.command_not_found`, `source.command_failed`, `source.timeout`, `source.unparsable`. */
export interface ExecSourceArgs extends SourceCommonArgs {
  /** Example: `type: "exec"` */
  type: "exec";
  /**
   * The program and its arguments.
   *
   * Example: `command: ["sops", "decrypt", "secrets.enc.json"]`
   */
  command: Input<Input<string>[]>;
  /**
   * How the output is read. `kubernetes` is what `kubectl get secret -o json` prints.
   *
   * Example: `format: "dotenv"`
   *
   * @default "json"
   */
  format?: Input<"dotenv" | "json" | "yaml" | "kubernetes">;
  /**
   * Whose rules a dotenv text follows: those of the npm package `dotenv`, those of Docker Compose, or with `literal` those of
   * `docker run --env-file`, where everything after `=` is the value. Errors: `argument.invalid` if the format is not dotenv.
   *
   * Example: `dialect: "compose"`
   *
   * @default what all readers of dotenv read alike; any other line is refused as `source.unparsable`
   */
  dialect?: Input<"dotenv" | "compose" | "literal">;
  /**
   * Whether references in dotenv values, `${NAME}`, `${NAME:-default}` and `$NAME`, are replaced by values of the same source. `false`:
   * they are text. References in single quotes are never replaced. Errors: `source.unresolved_reference`, `argument.invalid` if the format
   * is not dotenv.
   *
   * Example: `expand: true`
   *
   * @default neither: a reference is refused
   */
  expand?: Input<boolean>;
  /**
   * Text that joins nested keys.
   *
   * Example: `separator: "__"`
   *
   * @default "_"
   */
  separator?: Input<string>;
  /**
   * Seconds until the command and its children are ended.
   *
   * Example: `timeoutSeconds: 60`
   *
   * @default 30
   */
  timeoutSeconds?: Input<number>;
  /**
   * The directory in which the command runs; relative paths work as in a file source.
   *
   * Example: `cwd: "../secrets"`
   *
   * @default the program's directory
   */
  cwd?: Input<string>;
  /**
   * Variables added to the inherited environment; every value is treated as a secret. The command does not inherit tokens of destinations,
   * the webhook's secret and Pulumi's own variables (`PULUMI_*`); if it needs one, pass it here.
   *
   * Example: `env: { SOPS_AGE_KEY: config.requireSecret("ageKey") }`
   */
  env?: Input<Record<string, Input<string>>>;
  /**
   * Whether the message about a failed command ends with the last five lines of its standard error, strongly masked. `hide` shows none.
   *
   * Example: `stderr: "hide"`
   *
   * @default "show"
   */
  stderr?: Input<"show" | "hide">;
}

/** Variables of the environment that the Pulumi CLI runs in. Exactly one of `variables` and `prefix`. Errors: `source.missing_variable`. */
export interface EnvironmentSourceArgs extends SourceCommonArgs {
  /** Example: `type: "environment"` */
  type: "environment";
  /**
   * Names of variables; all must be set.
   *
   * Example: `variables: ["DATABASE_URL"]`
   */
  variables?: Input<Input<string>[]>;
  /**
   * Takes every variable whose name begins with this, and cuts the prefix off.
   *
   * Example: `prefix: "SHOP_"`
   */
  prefix?: Input<string>;
}

/** Sources that are read over the network, with credentials of their own. */
export type RemoteSourceArgs = InfisicalSourceArgs | VaultSourceArgs | DopplerSourceArgs | AwsSecretsManagerSourceArgs;

/** Where desired values come from, told apart by `type`. */
export type SourceArgs = InlineSourceArgs | FileSourceArgs | ExecSourceArgs | EnvironmentSourceArgs | RemoteSourceArgs;
