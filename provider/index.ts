// Program side: the public API. Two resources, their arguments, and guards for the package's errors.

export { isSecretSyncError, type Problem, SecretSyncError } from "./errors.js";
export {
  Connection,
  type ConnectionArgs,
  type ConnectionCommonArgs,
  type DigitalOceanConnectionArgs,
} from "./resources/connection.js";
export { type AppSpecShape, ignoreEnvChanges } from "./resources/ignore-changes.js";
export type {
  NetlifyBuildArgs,
  NetlifyConnectionArgs,
  NetlifyContextArgs,
  NetlifyContextName,
  NetlifyDestinationArgs,
  NetlifyScope,
  NetlifyVariableArgs,
} from "./resources/netlify-args.js";
export { SecretSync } from "./resources/secret-sync.js";
export type {
  AppPlatformDeploymentArgs,
  AppPlatformDestinationArgs,
  AppPlatformVariableArgs,
  DestinationArgs,
  EnvironmentSourceArgs,
  ExecSourceArgs,
  FileSourceArgs,
  InlineSourceArgs,
  SecretSyncArgs,
  SourceArgs,
  SourceCommonArgs,
  SyncOptionsArgs,
} from "./resources/secret-sync-args.js";
