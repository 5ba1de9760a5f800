// What a deployment was made from, as far as an answer tells.

import { expect, test } from "vitest";
import { isCopy, readMaking } from "../../provider/destinations/digitalocean/deployments/deployment-cause.js";
import { deploymentAnswer } from "../../provider/destinations/digitalocean/wire.js";

const action = (name: string | null) => ({ digitalocean_user_action: { name } });

// [what, what the answer tells, what it was made from]
test.each<[string, object, string]>([
  ["a person's rollback", { cloned_from: "d-0", cause_details: { type: "MANUAL_ROLLBACK" } }, "stored"],
  ["a person's rollback that restarts", { cause_details: { type: "MANUAL_ROLLBACK", ...action("RESTART") } }, "stored"],
  ["the platform's rollback", { cause_details: { type: "AUTO_ROLLBACK" } }, "copy"],
  ["a restart", { cause_details: { type: "MANUAL", ...action("RESTART") } }, "copy"],
  ["a restart without a type", { cause_details: action("RESTART") }, "copy"],
  ["a clone of some type", { cloned_from: "d-0", cause_details: { type: "MANUAL" } }, "copy"],
  ["a clone of no type", { cloned_from: "d-0", cause_details: {} }, "unknown"],
  ["a clone of an action without a type", { cloned_from: "d-0", cause_details: action("UPDATE_SPEC") }, "unknown"],
  ["a clone of which no cause is told", { cloned_from: "d-0" }, "unknown"],
  ["no clone", { cloned_from: "", cause_details: { type: "MANUAL", ...action("UPDATE_SPEC") } }, "stored"],
  ["an action without a type", { cause_details: action("UPDATE_SPEC") }, "stored"],
  ["an action without a name", { cause_details: { type: "MANUAL", ...action(null) } }, "unknown"],
  ["an action with an empty name", { cause_details: { type: "MANUAL", ...action("") } }, "unknown"],
  ["no action", { cause_details: { type: "MANUAL", digitalocean_user_action: null } }, "unknown"],
  ["an action of another kind", { cause_details: { type: "MANUAL", digitalocean_user_action: "RESTART" } }, "unknown"],
  ["no details", { cause_details: null }, "unknown"],
  ["nothing", {}, "unknown"],
])("%s: %j is %s", (_what, told, making) => {
  const { deployment } = deploymentAnswer.parse({ deployment: { id: "d-1", ...told } });
  expect(readMaking(deployment)).toBe(making);
  expect(isCopy(deployment)).toBe(making === "copy");
});
