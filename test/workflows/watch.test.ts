// The workflow of examples/watch: pinned like the others, and no token where it is not needed.

import { expect, test } from "vitest";
import { readWorkflow, stepsUsing } from "./workflow.js";

const { jobs, permissions, env } = readWorkflow("examples/watch/github-actions.yml");

test("a job may read the code, keeps no token of the checkout, takes nothing from a cache, and installs without scripts", () => {
  expect(permissions).toEqual({ contents: "read" });
  for (const job of Object.values(jobs)) {
    expect(stepsUsing(job, "actions/checkout").map((step) => step.with)).toEqual([{ "persist-credentials": false }]);
    expect(stepsUsing(job, "actions/setup-node").map((step) => step.with)).toEqual([
      { "node-version": 24, "package-manager-cache": false },
    ]);
    expect(job.steps.map(({ run }) => run)).toContain("npm ci --ignore-scripts");
  }
});

test("tokens stand beside the pass alone", () => {
  expect(JSON.stringify([env ?? {}, ...Object.values(jobs).map((job) => job.env ?? {})])).not.toContain("secrets.");
  const holders = Object.values(jobs)
    .flatMap((job) => job.steps)
    .filter((step) => JSON.stringify(step).includes("secrets."));
  expect(holders.map(({ run }) => run)).toEqual(["npx pulumi-secret-sync watch --once .#prod"]);
});
