// The workflow of examples/github-actions: what it may do, on whose behalf, and one at a time.

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readWorkflow, stepsUsing } from "./workflow.js";

const folder = "examples/github-actions";
const { jobs, on, permissions, env = {} } = readWorkflow(`${folder}/.github/workflows/secrets.yml`);
const pulumiOf = (name: string) => stepsUsing(jobs[name], "pulumi/actions").map((step) => step.with ?? {});

test("the workflow names this example's program", () => {
  const project = parse(readFileSync(path.join(__dirname, "../..", folder, "Pulumi.yaml"), "utf8")) as { name: string };
  expect(env["PROJECT"]).toBe(project.name);
});

test("a pull request is previewed with a comment, and without a diff, which would hide messages", () => {
  expect(pulumiOf("preview")).toMatchObject([{ command: "preview", "comment-on-pr": true }]);
  expect(pulumiOf("preview")[0]).not.toHaveProperty("diff");
});

test("a merge updates, and the night fails on drift", () => {
  expect(pulumiOf("update")).toMatchObject([{ command: "up" }]);
  expect(pulumiOf("drift")).toMatchObject([{ command: "preview", "expect-no-changes": true }]);
});

test("a job may read the code, and only the preview may write, to the pull request", () => {
  expect(permissions).toEqual({ contents: "read" });
  expect(Object.fromEntries(Object.entries(jobs).map(([name, job]) => [name, job.permissions]))).toEqual({
    preview: { contents: "read", "pull-requests": "write" },
    update: undefined,
    drift: undefined,
  });
});

test("the code of a fork never runs beside the secrets", () => {
  expect(Object.keys(on)).toEqual(["pull_request", "push", "schedule"]);
  expect(jobs["preview"]?.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  expect(jobs["update"]?.if).toBe("github.event_name == 'push'");
  expect(jobs["drift"]?.if).toBe("github.event_name == 'schedule'");
});

test("an update of a stack waits for the one before it and is never broken off", () => {
  expect(jobs["update"]?.concurrency).toEqual({ group: "secrets-production-update", "cancel-in-progress": false });
  const groups = Object.values(jobs).map((job) => job.concurrency?.group);
  expect(new Set(groups).size).toBe(3);
});

test("each job checks out without keeping the token, installs what the lock file names, and ends in time", () => {
  for (const job of Object.values(jobs)) {
    expect(stepsUsing(job, "actions/checkout").map((step) => step.with)).toEqual([{ "persist-credentials": false }]);
    expect(stepsUsing(job, "actions/setup-node").map((step) => step.with)).toEqual([
      { "node-version": 24, "package-manager-cache": false },
    ]);
    expect(job.steps.map(({ run }) => run)).toContain("npm ci");
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
  }
});

test("no expression is pasted into a script", () => {
  for (const job of Object.values(jobs)) for (const { run = "" } of job.steps) expect(run).not.toContain("${{");
});
