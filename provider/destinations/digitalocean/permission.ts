// Network side: whether a token may change an app, asked without changing anything.

import { isHttpError } from "../../http/error.js";
import type { AppPlatformApi } from "./api.js";
import type { App } from "./wire.js";

const noDeployment = "00000000-0000-0000-0000-000000000000";

/**
 * Validating a rollback needs `app:update` and changes nothing, so it reveals a read-only token before anything else of the
 * update has happened. Any other failure proves nothing.
 */
export async function mayUpdate(api: AppPlatformApi, app: App): Promise<boolean> {
  try {
    await api.validateRollback(app.id, app.active_deployment?.id ?? noDeployment);
    return true;
  } catch (error) {
    return !(isHttpError(error) && error.status === 403);
  }
}
