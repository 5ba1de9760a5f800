// Which phases of a deployment are its end, for whoever follows it and for whoever has to wait before a write.

import { expect, test } from "vitest";
import { busyDeployment, readProgress } from "../../provider/destinations/digitalocean/deployments/deployment.js";

test.each<[string | null | undefined, string]>([
  ["ACTIVE", "done"],
  ["SUPERSEDED", "superseded"],
  ["CANCELED", "superseded"],
  ["ERROR", "failed"],
  ["UNKNOWN", "pending"],
  ["PENDING_BUILD", "pending"],
  ["BUILDING", "pending"],
  ["PENDING_DEPLOY", "pending"],
  ["DEPLOYING", "pending"],
  ["PROVISIONING", "pending"],
  ["toString", "pending"],
  [null, "pending"],
  [undefined, "pending"],
])("a deployment in phase %s is %s, and one that is pending ends before the next write", (phase, state) => {
  const deployment = { id: "d", phase };
  const telling = { appId: "app", restores: false, clean: (text: string) => text };
  expect(readProgress(deployment, telling).state).toBe(state);
  const app = { id: "app", spec: {}, in_progress_deployment: deployment };
  expect(busyDeployment(app)).toBe(state === "pending" ? "d" : undefined);
});
