// Pure: the progress tree of a deployment, derived from its phase: counters, steps, and the reason of a failure.
import { components } from "./model.js";
import type { ComponentKind, DeploymentRecord, JsonObject, Phase } from "./model.js";
import { showTime } from "./time.js";
import type { Variant } from "./variant.js";

type Status = "UNKNOWN" | "PENDING" | "RUNNING" | "ERROR" | "SUCCESS";

interface Step {
  name: string;
  status: Status;
  component_name?: string;
  message_base?: string;
  started_at?: string;
  ended_at?: string;
  reason?: { code: string; message: string };
  steps?: Step[];
}

const NOUNS: Record<ComponentKind, string> = {
  services: "service",
  workers: "worker",
  jobs: "job",
  static_sites: "static site",
  functions: "functions",
};
const ORDER: readonly Phase[] = ["PENDING_BUILD", "BUILDING", "PENDING_DEPLOY", "DEPLOYING"];
const STAGES = { build: "BUILDING", deploy: "DEPLOYING" } as const;
type Stage = keyof typeof STAGES;

export function progress(deployment: DeploymentRecord, variant: Variant): JsonObject {
  const steps = [
    { ...buildStep(deployment), ...stageTimes(deployment, "build", variant) },
    { ...deployStep(deployment), ...stageTimes(deployment, "deploy", variant) },
  ].map((stage) => shownReasons(stage, variant));
  const leaves = steps.flatMap(leavesOf);
  const count = (...statuses: Status[]) => leaves.filter((step) => statuses.includes(step.status)).length;
  const counters = {
    pending_steps: count("PENDING"),
    running_steps: count("RUNNING"),
    success_steps: count("SUCCESS"),
    error_steps: count("ERROR"),
  };
  return {
    // A counter that is zero is left out, as in the vendor's examples.
    ...Object.fromEntries(Object.entries(counters).filter(([, value]) => value > 0)),
    total_steps: leaves.length,
    steps,
    summary_steps: steps.map(withoutSteps),
  };
}

function stageTimes({ entered }: DeploymentRecord, stage: Stage, variant: Variant): Partial<Step> {
  const started = entered[STAGES[stage]];
  const ended = stage === "build" ? entered.PENDING_DEPLOY : entered.ACTIVE;
  return {
    ...(started === undefined ? {} : { started_at: showTime(started, variant) }),
    ...(ended === undefined ? {} : { ended_at: showTime(ended, variant) }),
  };
}

/** The reason of a failure stands at every failed step, at the stage alone, or nowhere. */
function shownReasons(step: Step, { failureReason }: Variant): Step {
  if (failureReason === "every-step") return step;
  const bare = withoutReason(step);
  return failureReason === "stage-only" && step.reason ? { ...bare, reason: step.reason } : bare;
}

function withoutReason(step: Step): Step {
  const bare = { ...step, ...(step.steps ? { steps: step.steps.map(withoutReason) } : {}) };
  delete bare.reason;
  return bare;
}

function buildStep(deployment: DeploymentRecord): Step {
  const workloads = components(deployment.spec).map(({ kind, component }) =>
    leaf(deployment, "build", { name: component.name, component: component.name, message: `Building ${NOUNS[kind]}` }),
  );
  return parent(deployment, "build", [
    leaf(deployment, "build", { name: "initialize" }),
    { name: "components", status: combined(workloads), steps: workloads },
  ]);
}

function deployStep(deployment: DeploymentRecord): Step {
  const workloads = components(deployment.spec).map(({ kind, component }): Step => {
    const steps = [
      leaf(deployment, "deploy", { name: "deploy", component: component.name, message: `Deploying ${NOUNS[kind]}` }),
      leaf(deployment, "deploy", { name: "wait", component: component.name, message: `Waiting for ${NOUNS[kind]}` }),
    ];
    return { name: component.name, component_name: component.name, status: combined(steps), steps };
  });
  return parent(deployment, "deploy", [
    leaf(deployment, "deploy", { name: "initialize" }),
    { name: "components", status: combined(workloads), steps: workloads },
    leaf(deployment, "deploy", { name: "finalize" }),
  ]);
}

function parent(deployment: DeploymentRecord, stage: Stage, steps: Step[]): Step {
  const status = combined(steps);
  return {
    name: stage,
    status,
    ...(status === "ERROR" ? { reason: reason(deployment) } : {}),
    steps,
  };
}

function leaf(
  deployment: DeploymentRecord,
  stage: Stage,
  about: { name: string; component?: string; message?: string },
): Step {
  const status = leafStatus(deployment, stage, about);
  return {
    name: about.name,
    status,
    ...(about.component === undefined ? {} : { component_name: about.component }),
    ...(about.message === undefined ? {} : { message_base: about.message }),
    ...(status === "ERROR" ? { reason: reason(deployment) } : {}),
  };
}

function leafStatus(deployment: DeploymentRecord, stage: Stage, about: { name: string; component?: string }): Status {
  if (deployment.succeeded) return "SUCCESS";
  const reached = Math.max(...ORDER.map((phase, index) => (deployment.entered[phase] === undefined ? -1 : index)));
  const here = ORDER.indexOf(STAGES[stage]);
  if (reached !== here) return reached > here ? "SUCCESS" : "PENDING";
  if (about.name === "initialize") return "SUCCESS";
  if (about.name === "finalize") return "PENDING";
  if (stage === "deploy" && about.name === "deploy") return "SUCCESS";
  if (deployment.phase === "ERROR") return about.component === failedComponent(deployment) ? "ERROR" : "SUCCESS";
  return ORDER.includes(deployment.phase) ? "RUNNING" : "UNKNOWN";
}

function combined(steps: Step[]): Status {
  const all = (status: Status) => steps.every((step) => step.status === status);
  if (all("SUCCESS")) return "SUCCESS";
  for (const status of ["ERROR", "UNKNOWN"] as const) if (steps.some((step) => step.status === status)) return status;
  return all("PENDING") ? "PENDING" : "RUNNING";
}

function failedComponent(deployment: DeploymentRecord): string | undefined {
  return deployment.failure?.component ?? components(deployment.spec)[0]?.component.name;
}

function reason(deployment: DeploymentRecord): { code: string; message: string } {
  const build = deployment.failure?.step === "build";
  return {
    code: deployment.failure?.reasonCode ?? (build ? "BuildJobExitNonZero" : "DeployContainerHealthChecksFailed"),
    message:
      deployment.failure?.message ??
      (build
        ? "Your build job failed."
        : "Your deploy failed because your container did not respond to health checks."),
  };
}

function withoutSteps(step: Step): Step {
  const summary = { ...step };
  delete summary.steps;
  return summary;
}

function leavesOf(step: Step): Step[] {
  return step.steps ? step.steps.flatMap(leavesOf) : [step];
}
