// Pure: the state of all stacks in the text format of Prometheus. Names, counts and times only.
// https://prometheus.io/docs/instrumenting/exposition_formats/

import { printable } from "../../printable.js";
import type { VendorUse } from "../../vendor-calls.js";
import type { JudgeInput, StackHealth } from "./health.js";

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: readonly Sample[];
}

export function renderMetrics(stacks: readonly StackHealth[], input: JudgeInput): string {
  return `${listMetrics(stacks, input).map(renderMetric).join("\n")}\n`;
}

function listMetrics(stacks: readonly StackHealth[], { now, wall }: JudgeInput): Metric[] {
  const seconds = (time: number) => (wall - now + time) / 1000;
  const each = (read: (stack: StackHealth) => number | undefined) =>
    stacks.flatMap((one) => {
      const value = read(one);
      return value === undefined ? [] : [{ labels: { stack: one.stack }, value }];
    });
  return [
    {
      name: "secret_sync_runs_total",
      type: "counter",
      help: "Runs that have ended, by result.",
      samples: stacks.flatMap(({ stack, counts }) =>
        Object.entries(counts.runs).map(([result, value]) => ({ labels: { stack, result }, value })),
      ),
    },
    {
      name: "secret_sync_run_seconds_total",
      type: "counter",
      help: "Time spent in runs.",
      samples: each(({ counts }) => counts.seconds),
    },
    {
      name: "secret_sync_writes_total",
      type: "counter",
      help: "Syncs written.",
      samples: each(({ counts }) => counts.writes),
    },
    {
      name: "secret_sync_repaired_keys_total",
      type: "counter",
      help: "Keys that somebody else had changed or removed, and that were written again.",
      samples: each(({ counts }) => counts.repairedKeys),
    },
    {
      name: "secret_sync_failed_deployments_total",
      type: "counter",
      help: "Writes whose deployment did not go live.",
      samples: each(({ counts }) => counts.failedDeployments),
    },
    {
      name: "secret_sync_consecutive_failures",
      type: "gauge",
      help: "Failures of the whole stack in a row.",
      samples: each(({ failures }) => failures),
    },
    {
      name: "secret_sync_last_success_timestamp_seconds",
      type: "gauge",
      help: "When the last run ended that did not fail.",
      samples: each(({ lastSuccessAt }) => (lastSuccessAt === undefined ? undefined : seconds(lastSuccessAt))),
    },
    {
      name: "secret_sync_needs_person_since_timestamp_seconds",
      type: "gauge",
      help: "Since when something waits for a person; missing when nothing does.",
      samples: each(({ needsPersonSince }) => (needsPersonSince === undefined ? undefined : seconds(needsPersonSince))),
    },
    {
      name: "secret_sync_locked_since_timestamp_seconds",
      type: "gauge",
      help: "Since when the stack was found locked in each run; missing when it was not.",
      samples: each(({ lockedSince }) => (lockedSince === undefined ? undefined : seconds(lockedSince))),
    },
    ...listVendorMetrics(stacks),
    ...listSyncMetrics(stacks, seconds),
  ];
}

function listVendorMetrics(stacks: readonly StackHealth[]): Metric[] {
  return [
    {
      name: "secret_sync_vendor_calls_total",
      type: "counter",
      help: "Requests to a vendor.",
      samples: eachVendor(stacks, ({ calls }) => calls),
    },
    {
      name: "secret_sync_rate_limit_remaining",
      type: "gauge",
      help: "What a vendor said last that is left of its limit; missing where it says nothing.",
      samples: eachVendor(stacks, ({ remaining }) => remaining),
    },
  ];
}

function eachVendor(stacks: readonly StackHealth[], read: (use: VendorUse) => number | undefined): Sample[] {
  return stacks.flatMap(({ stack, counts }) =>
    [...counts.vendors].flatMap(([vendor, use]) => {
      const value = read(use);
      return value === undefined ? [] : [{ labels: { stack, vendor }, value }];
    }),
  );
}

function listSyncMetrics(stacks: readonly StackHealth[], seconds: (time: number) => number): Metric[] {
  const syncs = stacks.flatMap(({ stack, syncs: all }) =>
    [...all.values()].map((one) => ({ ...one, labels: { stack, sync: one.sync } })),
  );
  return [
    {
      name: "secret_sync_sync_failures",
      type: "gauge",
      help: "Failures of one sync in a row.",
      samples: syncs.map(({ labels, failures }) => ({ labels, value: failures })),
    },
    {
      name: "secret_sync_sync_needs_person",
      type: "gauge",
      help: "1 when the sync waits for a person.",
      samples: syncs.map(({ labels, needsPerson }) => ({ labels, value: needsPerson ? 1 : 0 })),
    },
    {
      name: "secret_sync_sync_last_success_timestamp_seconds",
      type: "gauge",
      help: "When the sync was last seen as the source wants it.",
      samples: syncs.flatMap(({ labels, lastSuccessAt }) =>
        lastSuccessAt === undefined ? [] : [{ labels, value: seconds(lastSuccessAt) }],
      ),
    },
  ];
}

function renderMetric({ name, type, help, samples }: Metric): string {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map((sample) => renderSample(name, sample)),
  ].join("\n");
}

function renderSample(name: string, { labels, value }: Sample): string {
  const told = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}{${told.join(",")}} ${value}`;
}

function escapeLabel(text: string): string {
  return printable(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}
