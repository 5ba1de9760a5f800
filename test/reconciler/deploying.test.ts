// Whether a deployment has to be ordered if a write does not deploy by itself.

import { expect, test } from "vitest";
import { openBatch } from "../../provider/reconciler/batch.js";
import { isOrdering } from "../../provider/reconciler/deploying.js";
import type { Job } from "../../provider/reconciler/job.js";
import { closedDoor } from "./closed-door.js";
import { setStage } from "./jobs.js";

interface Asked {
  readonly order?: unknown;
  readonly canDeploy?: boolean;
  readonly owesDeployment?: boolean;
}

function jobOf({ order, canDeploy = true, owesDeployment = false }: Asked): Job {
  const job = setStage().job("site", { A: "1" });
  // An app deploys by its write, so its target orders nothing itself.
  const { target } = job;
  return {
    ...job,
    owesDeployment,
    target: {
      ...target,
      capabilities: { ...target.capabilities, writeDeploys: false },
      deployment: { ...target.deployment, order },
      ...(canDeploy ? { deploy: async () => expect.fail("nothing is ordered here") } : {}),
    },
  };
}

test.each([
  { what: "an earlier write of it is owed one", asked: { order: "build", owesDeployment: true }, orders: [], is: true },
  { what: "earlier steps have left one to it", asked: { order: "build" }, orders: ["build"], is: true },
  { what: "nobody has written anything", asked: { order: "build" }, orders: [], is: false },
  { what: "it asks for none, whatever others have left", asked: {}, orders: ["build"], is: false },
  {
    what: "the target cannot deploy",
    asked: { order: "build", owesDeployment: true, canDeploy: false },
    orders: ["build"],
    is: false,
  },
])("where $what: $is", ({ asked, orders, is }) => {
  const door = closedDoor();
  if (orders.length > 0) door.debt = { deploymentId: undefined, orders };
  expect(isOrdering(openBatch([jobOf(asked)], door))).toBe(is);
});
