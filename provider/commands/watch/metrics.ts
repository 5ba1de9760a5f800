// Command line: the state of all stacks as Prometheus metrics. Names, counts and times only. Loads a library, so only for a listener.
// https://prometheus.io/docs/instrumenting/exposition_formats/

import { Counter, Gauge, Registry } from "prom-client";
import { printable } from "../../printable.js";
import type { VendorUse } from "../../vendor-calls.js";
import type { JudgeInput, StackHealth, SyncHealth } from "./health.js";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What is reported, and how to convert its times: to seconds since the epoch. */
interface State {
  readonly stacks: readonly StackHealth[];
  readonly seconds: (time: number | undefined) => number | undefined;
}

type Lister = (state: State) => readonly Sample[];

interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly labels: readonly string[];
  readonly list: Lister;
}

export interface Metrics {
  readonly type: string;
  render(stacks: readonly StackHealth[], input: JudgeInput): Promise<string>;
}

/** The metrics of one runner. The numbers are kept with each stack's health, so that every answer shows only the present. */
export function openMetrics(): Metrics {
  const registry = new Registry();
  const fills = [...stackMetrics, ...vendorMetrics, ...syncMetrics].map((metric) => register(registry, metric));
  return {
    type: registry.contentType,
    render: (stacks, { now, wall }) => {
      const seconds = (time: number | undefined) => (time === undefined ? undefined : (wall - now + time) / 1000);
      for (const fill of fills) fill({ stacks, seconds });
      return registry.metrics();
    },
  };
}

/** @returns a function that gives the metric these values and no others */
function register(registry: Registry, { name, type, help, labels: labelNames, list }: Metric): (state: State) => void {
  const config = { name, help, labelNames: [...labelNames], registers: [] };
  const metric = type === "counter" ? new Counter(config) : new Gauge(config);
  registry.registerMetric(metric);
  return (state) => {
    metric.reset();
    for (const { labels, value } of list(state)) metric.inc(showLabels(labels), value);
  };
}

/** The library escapes what would break the format. Before that, what would act on a terminal becomes an escape. */
function showLabels(labels: Sample["labels"]): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, printable(text)]));
}

const stackMetrics: readonly Metric[] = [
  {
    name: "secret_sync_runs_total",
    type: "counter",
    help: "Runs that have ended, by result.",
    labels: ["stack", "result"],
    list: ({ stacks }) =>
      stacks.flatMap(({ stack, counts }) =>
        Object.entries(counts.runs).map(([result, value]) => ({ labels: { stack, result }, value })),
      ),
  },
  {
    name: "secret_sync_run_seconds_total",
    type: "counter",
    help: "Time spent in runs.",
    ...perStack(({ counts }) => counts.seconds),
  },
  {
    name: "secret_sync_writes_total",
    type: "counter",
    help: "Syncs written.",
    ...perStack(({ counts }) => counts.writes),
  },
  {
    name: "secret_sync_repaired_keys_total",
    type: "counter",
    help: "Keys that somebody else had changed or removed, and that were written again.",
    ...perStack(({ counts }) => counts.repairedKeys),
  },
  {
    name: "secret_sync_failed_deployments_total",
    type: "counter",
    help: "Writes whose deployment did not go live.",
    ...perStack(({ counts }) => counts.failedDeployments),
  },
  {
    name: "secret_sync_consecutive_failures",
    type: "gauge",
    help: "Failures of the whole stack in a row.",
    ...perStack(({ failures }) => failures),
  },
  {
    name: "secret_sync_last_success_timestamp_seconds",
    type: "gauge",
    help: "When the last run ended that did not fail.",
    ...perStack(({ lastSuccessAt }, { seconds }) => seconds(lastSuccessAt)),
  },
  {
    name: "secret_sync_needs_person_since_timestamp_seconds",
    type: "gauge",
    help: "Since when something waits for a person; missing when nothing does.",
    ...perStack(({ needsPersonSince }, { seconds }) => seconds(needsPersonSince)),
  },
  {
    name: "secret_sync_locked_since_timestamp_seconds",
    type: "gauge",
    help: "Since when the stack was found locked in each run; missing when it was not.",
    ...perStack(({ lockedSince }, { seconds }) => seconds(lockedSince)),
  },
];

const vendorMetrics: readonly Metric[] = [
  {
    name: "secret_sync_vendor_calls_total",
    type: "counter",
    help: "Requests to a vendor.",
    ...perVendor(({ calls }) => calls),
  },
  {
    name: "secret_sync_rate_limit_remaining",
    type: "gauge",
    help: "What a vendor said last that is left of its limit; missing where it says nothing.",
    ...perVendor(({ remaining }) => remaining),
  },
];

const syncMetrics: readonly Metric[] = [
  {
    name: "secret_sync_sync_failures",
    type: "gauge",
    help: "Failures of one sync in a row.",
    ...perSync(({ failures }) => failures, Math.max),
  },
  {
    name: "secret_sync_sync_needs_person",
    type: "gauge",
    help: "1 when the sync waits for a person.",
    ...perSync(({ needsPerson }) => (needsPerson ? 1 : 0), Math.max),
  },
  {
    name: "secret_sync_sync_last_success_timestamp_seconds",
    type: "gauge",
    help: "When the sync was last seen as the source wants it.",
    ...perSync(({ lastSuccessAt }, { seconds }) => seconds(lastSuccessAt), Math.min),
  },
];

function perStack(read: (stack: StackHealth, state: State) => number | undefined): Pick<Metric, "labels" | "list"> {
  const list: Lister = (state) => state.stacks.flatMap((one) => sampleOf({ stack: one.stack }, read(one, state)));
  return { labels: ["stack"], list };
}

function perVendor(read: (use: VendorUse) => number | undefined): Pick<Metric, "labels" | "list"> {
  const list: Lister = ({ stacks }) =>
    stacks.flatMap(({ stack, counts }) =>
      [...counts.vendors].flatMap(([vendor, use]) => sampleOf({ stack, vendor }, read(use))),
    );
  return { labels: ["stack", "vendor"], list };
}

/** Components of different kinds may each have a sync of the same name; a metric shows the worst of them. */
function perSync(
  read: (sync: SyncHealth, state: State) => number | undefined,
  worst: (...values: number[]) => number,
): Pick<Metric, "labels" | "list"> {
  const list: Lister = (state) =>
    state.stacks.flatMap(({ stack, syncs }) =>
      [...Map.groupBy(syncs.values(), ({ sync }) => printable(sync))].flatMap(([sync, namesakes]) => {
        const values = namesakes.map((one) => read(one, state));
        const known = values.filter((value) => value !== undefined);
        return sampleOf({ stack, sync }, known.length < values.length ? undefined : worst(...known));
      }),
    );
  return { labels: ["stack", "sync"], list };
}

function sampleOf(labels: Sample["labels"], value: number | undefined): Sample[] {
  return value === undefined ? [] : [{ labels, value }];
}
