// Pure: the state of a deployment, read from its phase. Step counts lie (terraform-provider-digitalocean#1047).

import type { Problem } from "../../../errors.js";
import type { Progress } from "../../destination.js";
import { describeFailure, type FailureContext, wayBack } from "./deployment-failure.js";
import type { App, Deployment } from "../wire.js";

/** How a deployment ends. An unknown phase is none of these, and counts as under way: the timeout ends it. */
const ends = new Map<string, Exclude<Progress["state"], "pending">>([
  ["ACTIVE", "done"],
  ["SUPERSEDED", "superseded"],
  ["CANCELED", "superseded"],
  ["ERROR", "failed"],
]);

/** Progress by phase. */
export function readProgress(deployment: Deployment, telling: FailureContext): Progress {
  const phase = readPhase(deployment);
  const detail = `deployment ${deployment.id} ${phase}`;
  switch (ends.get(phase)) {
    case "done":
      return { state: "done" };
    case "superseded":
      return { state: "superseded", detail };
    case "failed":
      return { state: "failed", problem: describeFailure(deployment, telling), wayBack };
    case undefined:
      return { state: "pending", detail: `${detail}${countSteps(deployment)}` };
  }
}

function readPhase({ phase }: Deployment): string {
  return phase ?? "UNKNOWN";
}

function countSteps({ progress }: Deployment): string {
  const total = progress?.total_steps;
  return total ? ` ${progress?.success_steps ?? 0}/${total}` : "";
}

/** The newest running deployment: it has to end before the next write. A pending one replaces the one in progress. */
export function busyDeployment(app: App): string | undefined {
  return latestDeployments(app).find((deployment) => !ends.has(readPhase(deployment)))?.id;
}

/** Deployments that the app shows as not ended, newest first. https://docs.digitalocean.com/reference/api/reference/apps/ */
export function latestDeployments(app: App): Deployment[] {
  return [app.pending_deployment, app.in_progress_deployment].filter((deployment) => deployment !== undefined);
}

/** Why the app cannot be written to now. */
export function findObstacles(app: App): Problem[] {
  return [...findPin(app), ...findArchive(app)];
}

/** What a PUT does to an archived app is not documented, and none of it would run: refused rather than guessed. */
function findArchive({ spec }: App): Problem[] {
  const maintenance = spec["maintenance"];
  if (
    typeof maintenance !== "object" ||
    maintenance === null ||
    !("archive" in maintenance) ||
    maintenance.archive !== true
  )
    return [];
  return [
    {
      code: "destination.archived",
      message: "the app is archived; restore it (maintenance.archive: false), or set isEnabled: false on the sync",
    },
  ];
}

function findPin(app: App): Problem[] {
  const pinned = app.pinned_deployment;
  if (pinned === undefined) return [];
  return [
    {
      code: "destination.pinned",
      message:
        `the app is pinned to deployment ${pinned.id} by a rollback and takes no new deployment; ` +
        `commit the rollback (POST /v2/apps/${app.id}/rollback/commit) or revert it (…/rollback/revert), then run again`,
    },
  ];
}
