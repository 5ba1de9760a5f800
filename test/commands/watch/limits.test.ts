// How long an update may take: what its deployments may, one after the other where they share a target.

import { expect, test } from "vitest";
import { updateLimit } from "../../../provider/commands/watch/limits.js";
import { deployment, readSyncs } from "../../../provider/commands/deployment.js";
import { resourceOf } from "../state.js";

const limit = (...destinations: Array<[string, object]>) => {
  const resources = destinations.map(([targetId, more], nr) =>
    resourceOf(`sync-${nr}`, {
      inputs: { destination: { type: "digital-ocean-app-platform", appName: "shop", ...more } },
      outputs: { targetId },
    }),
  );
  return updateLimit(readSyncs(deployment.parse({ deployment: { resources } })), 60_000) / 1000;
};

test("a deployment has half an hour, or what the program gives it", () => {
  expect(limit(["a", {}])).toBe(60 + 1800);
  expect(limit(["a", { deployment: { timeoutSeconds: 90 } }])).toBe(60 + 90);
  expect(limit()).toBe(60);
});

test("syncs of one target are counted one after the other, those of several at the same time", () => {
  const short = { deployment: { timeoutSeconds: 100 } };
  expect(limit(["a", short], ["a", short], ["b", short])).toBe(60 + 200);
});
