// A workflow file as data: checked against GitHub's schema, with every step that uses an action.

import { readFileSync } from "node:fs";
import path from "node:path";
import { validateWorkflow } from "@action-validator/core";
import { expect } from "vitest";
import { parse } from "yaml";

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly "timeout-minutes"?: number;
  readonly environment?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Inputs by action and version, from its `action.yml` there. An action or a version that is not listed fails the test. */
const inputs: Readonly<Record<string, readonly string[]>> = {
  // https://github.com/pulumi/actions/blob/v7.0.0/action.yml
  "pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0":
    "command stack-name pulumi-version pulumi-version-file work-dir comment-on-pr comment-on-pr-number comment-on-summary github-token cloud-url secrets-provider parallel message config-map expect-no-changes diff replace exclude exclude-dependents target target-dependents policyPacks policyPackConfigs refresh upsert remove edit-pr-comment color exclude-protected plan suppress-outputs suppress-progress always-include-summary continue-on-error log-verbosity log-flow debug".split(
      " ",
    ),
  // https://github.com/actions/checkout/blob/v7.0.1/action.yml
  "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1":
    "repository ref token persist-credentials path clean filter sparse-checkout fetch-depth fetch-tags lfs submodules".split(
      " ",
    ),
  // https://github.com/actions/setup-node/blob/v7.0.0/action.yml
  "actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0":
    "node-version node-version-file architecture check-latest registry-url scope token cache package-manager-cache cache-dependency-path".split(
      " ",
    ),
  // https://github.com/actions/setup-go/blob/v6.4.0/action.yml
  "actions/setup-go@4a3601121dd01d1626a1e23e37211e3254c1c06c # v6.4.0":
    "go-version go-version-file check-latest token cache cache-dependency-path architecture".split(" "),
  // https://github.com/actions/upload-artifact/blob/v7.0.1/action.yml
  "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1":
    "name path if-no-files-found retention-days compression-level overwrite include-hidden-files".split(" "),
  // https://github.com/actions/download-artifact/blob/v8.0.1/action.yml
  "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1":
    "name artifact-ids path pattern merge-multiple github-token repository run-id".split(" "),
  // https://github.com/actions/cache/blob/v5.0.5/action.yml
  "actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5":
    "path key restore-keys enableCrossOsArchive fail-on-cache-miss lookup-only".split(" "),
};

/** Reads a workflow of this repository; fails the test where GitHub would refuse it or ignore what it says. */
export function readWorkflow(file: string): Workflow {
  const text = readFileSync(path.join(__dirname, "../..", file), "utf8");
  expect(validateWorkflow(text).errors, file).toEqual([]);
  const workflow = parse(text) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  for (const { uses, with: given = {} } of steps) {
    if (uses === undefined) continue;
    // The comment beside a pin is what people and update bots read; YAML drops it.
    const pin = Object.keys(inputs).find((known) => known.startsWith(`${uses} `));
    expect(pin, `${uses} in ${file} is not in the list`).toBeDefined();
    const beside = text.split("\n").filter((line) => line.includes(uses));
    for (const line of beside) expect(line.trim().replace(/^- /, "")).toBe(`uses: ${pin}`);
    expect(Object.keys(given).filter((input) => !inputs[pin ?? ""]?.includes(input))).toEqual([]);
  }
  return workflow;
}

/** The steps of a job that use an action. */
export function stepsUsing(job: Job | undefined, action: string): Step[] {
  return (job?.steps ?? []).filter(({ uses }) => uses?.startsWith(`${action}@`));
}
