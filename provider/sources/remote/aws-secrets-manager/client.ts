// Network side of AWS Secrets Manager: the vendor's SDK, an optional peer dependency that is loaded when the source is used.

import type * as Sdk from "@aws-sdk/client-secrets-manager";
import type { Credentials } from "../../../credentials/credentials.js";
import { type ErrorCode, isSecretSyncError, type Problem, SecretSyncError } from "../../../errors.js";
import { openProxyAgent } from "../../../http/sdk-proxy.js";
import { refuseClearText } from "./endpoint.js";

export type SdkModule = typeof Sdk;
export type LoadSdk = () => Promise<SdkModule>;

const packageName = "@aws-sdk/client-secrets-manager";

/** Taken from the program's own dependencies: request signing for every kind of AWS credential is not worth writing again. */
export const loadSdk: LoadSdk = () => import("@aws-sdk/client-secrets-manager");

/** @throws SecretSyncError `source.missing_package` */
export async function requireSdk(load: LoadSdk): Promise<SdkModule> {
  try {
    return await load();
  } catch {
    throw new SecretSyncError({
      code: "source.missing_package",
      message: `aws-secrets-manager source: the package ${packageName} is not installed; add it to the program: npm install ${packageName}`,
    });
  }
}

export interface ClientOptions {
  readonly credentials: Credentials;
  /** Empty if the SDK finds the one of the region. */
  readonly origin: string;
  /** Empty if the SDK finds it. */
  readonly region: string;
}

export function openClient(
  sdk: SdkModule,
  { credentials: { fields }, origin, region }: ClientOptions,
): Sdk.SecretsManagerClient {
  const accessKeyId = fields.get("accessKeyId");
  const sessionToken = fields.get("sessionToken");
  const httpsAgent = openProxyAgent(origin);
  const client = new sdk.SecretsManagerClient({
    ...(region === "" ? {} : { region }),
    ...(origin === "" ? {} : { endpoint: origin }),
    // Without a connection the SDK's own chain: environment, shared files, SSO, web identity, container, instance.
    ...(accessKeyId === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: accessKeyId.reveal(),
            secretAccessKey: fields.get("secretAccessKey")?.reveal() ?? "",
            ...(sessionToken === undefined ? {} : { sessionToken: sessionToken.reveal() }),
          },
        }),
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 30_000,
      throwOnRequestTimeout: true,
      ...(httpsAgent === undefined ? {} : { httpsAgent }),
    },
  });
  refuseClearText(client);
  return client;
}

interface ErrorMeaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly remedy: string;
}

const refused: ErrorMeaning = {
  code: "source.unauthorized",
  says: "AWS does not accept the credentials",
  remedy: "check that they are complete and current, and belong to this partition and region",
};
const denied: ErrorMeaning = {
  code: "source.forbidden",
  says: "the credentials may not do this",
  remedy:
    "allow secretsmanager:GetSecretValue on the secret (with several also secretsmanager:BatchGetSecretValue), and kms:Decrypt on its key",
};
/** STS refuses, so the secret was not asked for. */
const noRole: ErrorMeaning = {
  code: "source.unauthorized",
  says: "AWS does not give the role",
  remedy:
    "check AWS_ROLE_ARN or the role_arn of the profile, the trust policy of that role, and who asks for it (sts:AssumeRole, or sts:AssumeRoleWithWebIdentity with a current token)",
};
const notFound: ErrorMeaning = {
  code: "source.not_found",
  says: "there is no such secret",
  remedy: "check its name or ARN, and the region",
};
/** AWS has one name for a secret that is missing and for one that nobody has given a value yet. */
const noValue: ErrorMeaning = {
  code: "source.not_found",
  says: "the secret has no value yet",
  remedy: "give it one (aws secretsmanager put-secret-value), or remove it from this source",
};
const noCredentials: ErrorMeaning = {
  code: "source.unauthorized",
  says: "no AWS credentials were found",
  remedy: "give source.connection, or set AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or a role",
};
/** Told apart by the command that the SDK advises, because both have one name. */
const noSession: ErrorMeaning = {
  code: "source.unauthorized",
  says: "the SSO session of the profile has expired, or there is none",
  remedy: "run `aws sso login` for the profile that AWS_PROFILE names, else for the default one",
};
const unavailable: ErrorMeaning = {
  code: "source.unavailable",
  says: "AWS Secrets Manager is not available",
  remedy: "check the network, the region and the service's status page, then run again",
};

/** An answer that another try would not change. */
const rejected: ErrorMeaning = {
  code: "source.rejected",
  says: "AWS rejects the request",
  remedy: "check the name of the secret, the region, the endpoint and the clock of this machine",
};

/** By name, because status codes and sentences differ between the service and its stand-ins. */
const meanings: Readonly<Record<string, ErrorMeaning>> = {
  ResourceNotFoundException: notFound,
  InvalidRequestException: {
    code: "source.deleted_version",
    says: "the secret is marked for deletion, or has no current value",
    remedy: "restore it (aws secretsmanager restore-secret), or remove it from this source",
  },
  InvalidParameterException: {
    code: "source.rejected",
    says: "AWS rejects the name of the secret",
    remedy: "give its name or ARN",
  },
  AccessDeniedException: denied,
  // The name that STS has for it.
  AccessDenied: { ...noRole, code: "source.forbidden" },
  InvalidIdentityTokenException: noRole,
  IDPRejectedClaimException: noRole,
  DecryptionFailure: denied,
  UnrecognizedClientException: refused,
  InvalidSignatureException: refused,
  InvalidClientTokenId: refused,
  IncompleteSignature: refused,
  MissingAuthenticationTokenException: refused,
  ExpiredTokenException: refused,
  ExpiredToken: refused,
  CredentialsProviderError: noCredentials,
  TokenProviderError: noCredentials,
  ThrottlingException: {
    ...unavailable,
    code: "source.rate_limited",
    says: "AWS limits the rate of requests",
    remedy: "run again later",
  },
};

/** Of a refusal whose name is unknown: a status that blames the request. */
function isRejection(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { readonly $metadata?: { readonly httpStatusCode?: unknown } };
  const status = Number($metadata?.httpStatusCode);
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** What one name means for several reasons, by words that AWS uses for one of them. */
const special: ReadonlyMap<ErrorMeaning | undefined, readonly [words: RegExp, meaning: ErrorMeaning]> = new Map([
  [noCredentials, [/aws sso login/, noSession]],
  [notFound, [/staging label/, noValue]],
]);

/** The meaning of an SDK error. Not a word of its sentence and its fields is repeated: they may quote the request. */
export function explainFailure(error: unknown, origin: string): Problem {
  const [own] = isSecretSyncError(error) ? error.problems : [];
  if (own !== undefined) return { ...own, message: `${origin}: ${own.message}` };
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  if (/region is missing/i.test(message)) {
    return {
      code: "argument.invalid",
      message: `${origin}: the region is missing; give \`region\`, or set AWS_REGION`,
    };
  }
  const named = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  const [words, meaning] = special.get(named) ?? [];
  const known = words?.test(message) ? meaning : named;
  const { code, says, remedy } = known ?? (isRejection(error) ? rejected : unavailable);
  const shown = /^[A-Za-z]{1,60}$/.test(name) && name !== "Error" ? ` (${name})` : "";
  return { code, message: `${origin}: ${says}${shown}: ${remedy}` };
}
