// Program side: the public API. Two resources, their arguments, and guards for the package's errors.

export { type ErrorCode, isSecretSyncError, type Problem, SecretSyncError } from "./errors.js";
export type {
  AppPlatformAddressArgs,
  AppPlatformDeploymentArgs,
  AppPlatformDestinationArgs,
  AppPlatformSettingsArgs,
  AppPlatformVariableArgs,
} from "./resources/app-platform-args.js";
export { Connection, type ConnectionArgs } from "./resources/connection.js";
export type { ConnectionCommonArgs } from "./resources/connection-common-args.js";
export type { DigitalOceanConnectionArgs, NetlifyConnectionArgs } from "./resources/destination-connection-args.js";
export type {
  AwsSecretsManagerSourceArgs,
  DopplerSourceArgs,
  InfisicalSourceArgs,
  VaultSourceArgs,
} from "./resources/remote-source-args.js";
export { registerAs } from "./resources/host.js";
export { type AppSpecShape, ignoreEnvChanges } from "./resources/ignore-changes.js";
export { type MockedResource, mockOutputs } from "./resources/mock-outputs.js";
export type {
  NetlifyBuildArgs,
  NetlifyContextArgs,
  NetlifyContextName,
  NetlifyDestinationArgs,
  NetlifyScope,
  NetlifyVariableArgs,
} from "./resources/netlify-args.js";
export { SecretSync } from "./resources/secret-sync.js";
export type { DestinationArgs, SecretSyncArgs, SyncOptionsArgs } from "./resources/secret-sync-args.js";
export type {
  EnvironmentSourceArgs,
  ExecSourceArgs,
  FileSourceArgs,
  InlineSourceArgs,
  RemoteSourceArgs,
  SourceArgs,
} from "./resources/source-args.js";
export type { SourceCommonArgs } from "./resources/source-common-args.js";
export type {
  AwsConnectionArgs,
  DopplerConnectionArgs,
  InfisicalConnectionArgs,
  SourceConnectionArgs,
  VaultConnectionArgs,
} from "./resources/source-connection-args.js";
