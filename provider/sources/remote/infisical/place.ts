// Pure: whether an answer is about the folder that was asked for. A service token for one folder gets that one, whatever the request says
// (Infisical: backend/src/server/routes/v4/secret-router.ts).

import { SecretSyncError } from "../../../errors.js";
import type { InfisicalSource } from "../../../../schema/index.js";
import type { CollectInput } from "./collect-input.js";
import type { WireSecret } from "./wire.js";

/** @throws SecretSyncError `source.forbidden` */
export function checkPlace({ source, listing, origin }: CollectInput): void {
  const other = listing.secrets.find((secret) => !isIn(source, secret));
  if (other === undefined) return;
  const { environment = source.environment, secretPath = source.secretPath ?? "/", workspace } = other;
  throw new SecretSyncError({
    code: "source.forbidden",
    message: `${origin}: the answer is about ${environment}:${secretPath} of project ${workspace ?? source.projectId}, which is where a service token for one folder leads whatever is asked; correct projectId, environment and secretPath, or use a machine identity`,
  });
}

/** What an answer does not say is not held against it. */
function isIn(
  { projectId, environment, secretPath = "/", recursive }: InfisicalSource,
  { workspace = projectId, environment: ownEnvironment = environment, secretPath: ownPath = secretPath }: WireSecret,
): boolean {
  const asked = normalise(secretPath);
  const own = normalise(ownPath);
  const isBelow = own === asked || (recursive === true && own.startsWith(asked));
  return workspace === projectId && ownEnvironment === environment && isBelow;
}

/** With one slash between its parts and at both ends. */
function normalise(path: string): string {
  return `/${path}/`.replaceAll(/\/+/g, "/");
}
