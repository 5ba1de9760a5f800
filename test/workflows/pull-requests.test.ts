// The workflow of examples/github-actions: what it may do, on whose behalf, and one at a time.

import { expect, test } from "vitest";
import { readWorkflow, stepsUsing } from "./workflow.js";

const { jobs, on, permissions, env = {} } = readWorkflow("examples/github-actions/.github/workflows/secrets.yml");
const pulumiOf = (name: string) => stepsUsing(jobs[name], "pulumi/actions").map((step) => step.with ?? {});

const stepOf = (name: string) => jobs["preview"]?.steps.find((step) => step.name === name) ?? {};

test("a pull request is planned by the package's own command, with a CLI that the action installs", () => {
  expect(stepsUsing(jobs["preview"], "pulumi/actions").map((step) => step.with)).toEqual([undefined]);
  expect(stepOf("Plan").run).toBe('npx --no-install pulumi-secret-sync plan --stack "$STACK" --markdown > plan.md');
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
    expect(job.steps.map(({ run }) => run)).toContain("npm ci --ignore-scripts");
    expect(job["timeout-minutes"]).toBeGreaterThan(0);
  }
});

test("no expression is pasted into a script", () => {
  for (const job of Object.values(jobs)) for (const { run = "" } of job.steps) expect(run).not.toContain("${{");
});

test("tokens stand beside the steps that need them, and in no environment of a job or of the workflow", () => {
  expect(JSON.stringify([env, ...Object.values(jobs).map((job) => job.env ?? {})])).not.toMatch(
    /secrets\.|github\.token/,
  );
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const holders = steps.filter((step) => JSON.stringify(step.env ?? {}).includes("secrets."));
  for (const { uses = "", run = "" } of holders)
    expect(`${uses}${run}`).toMatch(/^pulumi\/actions@|pulumi-secret-sync plan/);
  for (const { run = "", env: own } of steps) if (run.startsWith("npm ")) expect(own).toBeUndefined();
  expect(stepsUsing(jobs["update"], "pulumi/actions")[0]?.env).toHaveProperty("DIGITALOCEAN_TOKEN");
});

test("a comment is edited only if the workflow's own token wrote it", () => {
  const looks = (jobs["preview"]?.steps ?? []).flatMap(({ run = "" }) => run.match(/--jq '[^']*'/g) ?? []);
  expect(looks).toHaveLength(1);
  for (const look of looks) expect(look).toContain('select(.user.login == "github-actions[bot]" and (');
});

test("the program runs without the token that writes comments, and the comment is written without those of the program", () => {
  expect(Object.keys(stepOf("Plan").env ?? {})).toEqual(["PULUMI_ACCESS_TOKEN", "DIGITALOCEAN_TOKEN"]);
  expect(Object.keys(stepOf("Comment").env ?? {})).toEqual(["GH_TOKEN", "NUMBER", "MARKER"]);
});

test("a refused plan fails the job, and is commented all the same", () => {
  expect(stepOf("Plan")).not.toHaveProperty("continue-on-error");
  expect(stepOf("Comment").if).toBe("always() && steps.plan.outcome != 'skipped'");
});
