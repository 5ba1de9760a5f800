// Network side of AWS: no request is sent in clear text, wherever the SDK has found its endpoint.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html

import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readOrigin } from "../../../http/origin.js";
import type { SourceOptions } from "../../source.js";

type Environment = SourceOptions["environment"];

/** The service itself, and those that the SDK may fetch its credentials from. An endpoint of any other, as of S3, is none of ours. */
const services = ["SECRETS_MANAGER", "STS", "SSO", "SSO_OIDC", "SIGNIN", "COGNITO_IDENTITY"];
const variables = new Set(["AWS_ENDPOINT_URL", ...services.map((service) => `AWS_ENDPOINT_URL_${service}`)]);

/**
 * Checks the endpoints before any request.
 *
 * @throws SecretSyncError `connection.insecure_url`, `connection.invalid_url`
 */
export function checkEndpoints(environment: Environment): void {
  if (environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return;
  for (const [name, value] of Object.entries(environment))
    if (variables.has(name.toUpperCase()) && value !== undefined && value !== "") readOrigin(value, []);
}

/** A profile may name an endpoint, too, and only the SDK reads it: so each request is checked before it is signed. */
export function refuseClearText({ middlewareStack }: Partial<Pick<SecretsManagerClient, "middlewareStack">>): void {
  middlewareStack?.add(
    (next) => (step) => {
      const { protocol, hostname, port } = step.request as { protocol: string; hostname: string; port?: number };
      readOrigin(`${protocol.replace(/:$/, "")}://${hostname}${port === undefined ? "" : `:${port}`}`, []);
      return next(step);
    },
    { step: "build", name: "refuseClearText" },
  );
}
