// Network side: asks, in a preview, what the platform would say to the write. It changes nothing, and silence forbids nothing.

import { isDeepStrictEqual } from "node:util";
import type { Edit } from "../../core/entry.js";
import { type Problem, type SecretSyncError, listProblems } from "../../errors.js";
import { isHttpError } from "../../http/error.js";
import { redact } from "../../redacted.js";
import type { Findings } from "../destination.js";
import type { AppPlatformApi } from "./api.js";
import { databaseScopes, explain, forbid, hasDatabases, isRefusal } from "./refusal.js";
import { aimEdits, editSpec, type EnvAttributes, readName, type SpecEdit } from "./spec.js";
import type { App, Spec } from "./wire.js";

export interface Validator {
  /**
   * What the platform would say to these edits. One question per app and run, asked by the first sync that would write: the engine
   * checks one after the other, so the edits of the next are unknown. Later syncs get the same problems, but not the warnings again.
   *
   * @param permission what is known to forbid any write; if anything does, there is nothing to ask
   */
  validate(app: App, edits: readonly Edit[], permission: Promise<readonly Problem[]>): Promise<Findings>;
}

export function createValidator(api: AppPlatformApi): Validator {
  const asked = new Map<string, Promise<Findings>>();
  return {
    validate: async (app, edits, permission) => {
      const spec = editSpec(app.spec, aimEdits(app.spec, edits).map(withoutSecret));
      // Such a write is never sent, so it must not answer for the next sync either.
      if (isDeepStrictEqual(spec, app.spec)) return { problems: await permission, warnings: [] };
      const known = asked.get(app.id);
      if (known !== undefined) return { ...(await known), warnings: [] };
      const findings = permission.then((problems) =>
        problems.length > 0 ? { problems, warnings: [] } : askPlatform(api, app, spec),
      );
      asked.set(app.id, findings);
      return findings;
    },
  };
}

async function askPlatform(api: AppPlatformApi, app: App, spec: Spec): Promise<Findings> {
  const proposal = await proposeSpec(api, app, spec);
  const scopes = hasDatabases(app) ? await askForScopes(api, app) : "enough";
  const refusals = [proposal, scopes].filter((answer) => typeof answer !== "string");
  const isUncertain = scopes === "unknown" && proposal !== "accepted";
  return { problems: refusals.flatMap(listProblems), warnings: isUncertain ? [adviseScopes(app)] : [] };
}

/** Keeps only the length of a secret, which is all that a platform can validate. */
function withoutSecret(edit: SpecEdit): SpecEdit {
  if (edit.action !== "set" || (edit.attributes as EnvAttributes).type !== "SECRET") return edit;
  return { ...edit, value: redact("x".repeat(edit.value.reveal().length)) };
}

async function proposeSpec(
  api: AppPlatformApi,
  app: App,
  spec: Spec,
): Promise<"accepted" | "unknown" | SecretSyncError> {
  try {
    await api.proposeApp(app.id, spec);
    return "accepted";
  } catch (error) {
    return isHttpError(error) && isRefusal(error) ? explain(error, app, spec) : "unknown";
  }
}

/**
 * Whether the token has the two scopes for databases. Without the second one, the platform lists databases with empty passwords
 * (terraform-provider-digitalocean#1165).
 */
async function askForScopes(api: AppPlatformApi, app: App): Promise<"enough" | "unknown" | SecretSyncError> {
  try {
    const databases = await api.listDatabases();
    if (databases.some(({ password }) => password === "shown")) return "enough";
    if (!databases.some(({ password }) => password === "empty")) return "unknown";
    return forbid(app, "it sees databases without their passwords");
  } catch (error) {
    return isHttpError(error) && error.status === 403 ? forbid(app, error.vendorWords) : "unknown";
  }
}

function adviseScopes(app: App): string {
  return (
    `app ${readName(app.spec, app.id)} has databases, and the platform does not say beforehand whether the token may update such an app; ` +
    `besides app:update it needs ${databaseScopes}`
  );
}
