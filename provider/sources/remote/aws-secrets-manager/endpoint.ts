// Network side of AWS: no request is sent in clear text, wherever the SDK has found its endpoint.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html

import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readOrigin } from "../../../http/origin.js";
import type { SourceOptions } from "../../source.js";

type Environment = SourceOptions["environment"];

/**
 * Checks the endpoints of all services before any request: the SDK fetches its credentials from some of them.
 *
 * @throws SecretSyncError `connection.insecure_url`, `connection.invalid_url`
 */
export function checkEndpoints(environment: Environment): void {
  if (environment["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return;
  for (const [name, value] of Object.entries(environment))
    if (/^AWS_ENDPOINT_URL(?:_|$)/i.test(name) && value !== undefined && value !== "") readOrigin(value, []);
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
