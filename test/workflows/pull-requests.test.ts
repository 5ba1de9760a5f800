// The workflow of examples/github-actions: what it may do, on whose behalf, and one at a time.

import { execFileSync } from "node:child_process";
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
  for (const { uses = "", run = "" } of holders) expect(`${uses}${run}`).toMatch(/^pulumi\/actions@|pulumi preview/);
  for (const { run = "", env: own } of steps) if (run.startsWith("npm ")) expect(own).toBeUndefined();
  expect(stepsUsing(jobs["update"], "pulumi/actions")[0]?.env).toHaveProperty("DIGITALOCEAN_TOKEN");
});

test("a comment is edited or removed only if the workflow's own token wrote it", () => {
  expect(pulumiOf("preview")).toMatchObject([{ "edit-pr-comment": false }]);
  const looks = (jobs["preview"]?.steps ?? []).flatMap(({ run = "" }) => run.match(/--jq '[^']*'/g) ?? []);
  expect(looks).toHaveLength(2);
  for (const look of looks) expect(look).toContain('select(.user.login == "github-actions[bot]" and (');
});

test("the program of a refused preview runs without the token that writes comments", () => {
  const script = jobs["preview"]?.steps.find(({ name }) => name === "Comment on a refused preview")?.run ?? "";
  expect(script).toMatch(/^env -u GH_TOKEN pulumi preview /);
});

test("what a failing command said is in no comment", () => {
  const script = jobs["preview"]?.steps.find(({ name }) => name === "Comment on a refused preview")?.run ?? "";
  const [, filter = ""] = /sed '([^']*)' preview\.txt/.exec(script) ?? [];
  const input =
    '  error: source.command_failed: exec source "sops" ended with exit code 1; it said: canary <b> | canary\nnext & line\n';
  const shown = execFileSync("sed", [filter], { input, encoding: "utf8" });
  expect(shown).toBe(
    '  error: source.command_failed: exec source "sops" ended with exit code 1; the log of this run says more\nnext &amp; line\n',
  );
});
