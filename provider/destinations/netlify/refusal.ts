// Pure: Netlify's refusals in words that say what to do.

import { type Problem, SecretSyncError } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import type { View } from "./live/view.js";

/** The same words before and after a write. */
export function describePlan(name: string, reason: string): Problem {
  return {
    code: "scopes.plan",
    message: `the plan of ${name} has no scopes (${reason}); leave scopes out, or set builds, functions and runtime for a secret`,
  };
}

/** 403 "Upgrade your Netlify account to set specific scopes" (terraform-provider-netlify#57) */
export function refusesScopes(error: unknown): boolean {
  return isHttpError(error) && error.status === 403 && /scope/i.test(error.vendorMessage ?? "");
}

/** What a failed write means to a person. */
export function explain(error: unknown, view: Pick<View, "name" | "level">): unknown {
  if (!isHttpError(error)) return error;
  const said = error.vendorWords ?? "no reason given";
  const request = error.requestId === undefined ? "" : ` (request ${error.requestId})`;
  if (refusesScopes(error)) {
    const { code, message } = describePlan(view.name, `"${said}"`);
    return new SecretSyncError({ code, message: `${message}${request}` });
  }
  if (error.status === 403 || error.status === 401) {
    const what = view.level === "team" ? "shared variables of" : "variables of";
    return new SecretSyncError({
      code: "connection.forbidden",
      message: `the token may not write ${what} ${view.name} ("${said}"); its owner needs the developer or owner role there${request}`,
    });
  }
  if (error.status === 400 || error.status === 409 || error.status === 422) {
    return new SecretSyncError({
      code: "destination.rejected",
      message: `Netlify refused to write variables of ${view.name}: ${said}${request}`,
    });
  }
  return error;
}
