// The resource option `customTimeouts` limits how long an operation waits, for its own deployment and for one that is in its way.

import { expect, test } from "vitest";
import { beside } from "../running.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { openStack, said, type Stack, sync } from "./stack.js";

/** A sync of one value into a new app. */
function declare(
  stack: Stack,
  appId: string,
  { customTimeouts, timeoutSeconds }: { customTimeouts: Properties; timeoutSeconds?: number },
) {
  const destination = { appId, deployment: { timeoutSeconds } };
  return [{ ...sync("web", { A: stack.secret("a") }, { destination }), options: { customTimeouts } }];
}

async function openShop(): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  return { stack, appId: stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id };
}

test.for([1, 3_000])(
  "a create waits as long as customTimeouts.create says, and not %i seconds",
  beside,
  async (seconds) => {
    const { stack, appId } = await openShop();
    stack.cloud.holdDeployments();
    const customTimeouts = { create: "1m3.5s", update: "7s" };
    const run = await stack.up(declare(stack, appId, { customTimeouts, timeoutSeconds: seconds }));
    expect(run.problems).toMatch(/deployment.timeout: .* did not end within 64 seconds; .*customTimeouts/);
    expect(run.statuses.at(-1)).toBe("deployment.timeout");
  },
);

test("an update waits as long as customTimeouts.update says, also for somebody else's deployment", beside, async () => {
  const { stack, appId } = await openShop();
  const customTimeouts = { create: "1h", update: "7s" };
  expect((await stack.up(declare(stack, appId, { customTimeouts }))).problems).toBe("");
  stack.cloud.holdDeployments();
  stack.cloud.editConsole(appId, (spec) => void spec.envs?.push({ key: "THEIRS", value: "x" }));
  const run = await stack.up(declare(stack, appId, { customTimeouts }));
  expect(run.problems).toMatch(/destination.busy: .* after 7 seconds/);
  expect(run.statuses.at(-1), "a phase that is over would stay in the row").toBe("destination.busy");
});

test("a destroy waits as long as customTimeouts.delete said when the sync was last written", beside, async () => {
  const { stack, appId } = await openShop();
  await stack.up(declare(stack, appId, { customTimeouts: { delete: "11s" } }));
  stack.cloud.holdDeployments();
  const run = await stack.destroy();
  expect(run.problems).toBe("");
  expect(said(run)).toMatch(/deployment.timeout: .* did not end within 11 seconds/);
});

test.for(["", "soon", "-5m", "0s", "5s and more", "5s -1s", "in 5s", 5])(
  "a limit of %j is none",
  beside,
  async (create) => {
    const { stack, appId } = await openShop();
    stack.cloud.holdDeployments();
    const run = await stack.up(declare(stack, appId, { customTimeouts: { create }, timeoutSeconds: 2 }));
    expect(run.problems).toMatch(/did not end within 2 seconds/);
  },
);
