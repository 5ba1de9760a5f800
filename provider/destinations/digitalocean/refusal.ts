// Pure: App Platform's refusals of a spec, in the same words for a preview and for a write.

import { SecretSyncError } from "../../errors.js";
import type { HttpError } from "../../http/error.js";
import { listNamed, readName, namePath } from "./spec.js";
import type { App, Spec } from "./wire.js";

/** The vendor's refusal in words that name keys instead of index paths, and the missing scopes. */
export function explain(error: HttpError, before: App, spec: Spec): SecretSyncError {
  if (error.status === 403) return forbid(before, error.vendorWords);
  if (isRefusal(error)) {
    return new SecretSyncError({
      code: "destination.rejected",
      message: `App Platform refused the spec and changed nothing: ${describeReason(error, spec)}; change what it names, then run up again`,
    });
  }
  return error;
}

/** The platform's own words, or, if they are not shown, what they are about. */
function describeReason({ vendorMessage, vendorWords, vendorId, requestId }: HttpError, spec: Spec): string {
  const request = requestId === undefined ? [] : [`request ${requestId}`];
  if (vendorWords === vendorMessage)
    return [namePath(vendorWords ?? "no reason given", spec), ...inBrackets(request)].join(" ");
  const named = listNamed(vendorMessage ?? "", spec).join(", ");
  return [
    `${named === "" ? "" : `${named}: `}${vendorWords}`,
    ...inBrackets([...(vendorId ? [vendorId] : []), ...request]),
  ].join(" ");
}

function inBrackets(parts: readonly string[]): string[] {
  return parts.length === 0 ? [] : [`(${parts.join(", ")})`];
}

/** The platform has read the spec and refuses it. */
export function isRefusal({ status }: HttpError): boolean {
  return status === 400 || status === 422;
}

/** The token lacks a right that the write needs; `said` is the vendor's message about it. */
export function forbid(app: App, said: string | undefined): SecretSyncError {
  const scopes = hasDatabases(app) ? `app:update, and for the attached databases ${databaseScopes}` : "app:update";
  return new SecretSyncError({
    code: "connection.forbidden",
    message: `the token may not update app ${readName(app.spec, app.id)}${said ? ` (${said})` : ""}; give it ${scopes}`,
  });
}

/** An app with attached databases needs more than app:update (Infisical/infisical#6210). */
export const databaseScopes = "database:read and database:view_credentials";

export function hasDatabases({ spec }: App): boolean {
  return Array.isArray(spec["databases"]) && spec["databases"].length > 0;
}
