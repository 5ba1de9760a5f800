// A deployment fails, and the message tells what the platform says about it, and the command that shows the log.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startDigitalOcean } from "../emulators/digitalocean/index.js";
import { openStack, stackOn, sync, type Stack } from "./stack.js";
import { seedOf } from "../seed.js";

interface Step {
  readonly name?: string | null | undefined;
  readonly status?: string;
  readonly component_name?: string | null | undefined;
  readonly reason?: { readonly code?: string | null | undefined; readonly message?: string | null } | null | undefined;
  readonly steps?: readonly Step[] | null | undefined;
}

const failed = (name: string, more: Omit<Step, "name" | "status"> = {}): Step => ({ name, status: "ERROR", ...more });
const well = (name: string, more: Omit<Step, "name" | "status"> = {}): Step => ({ name, status: "SUCCESS", ...more });
const because = (code: string, message?: string) => ({ reason: message === undefined ? { code } : { code, message } });

/** The problem that an update ends with when the platform tells these steps of its deployment. */
async function failureOf(stack: Stack, steps: readonly Step[]): Promise<{ problems: string; appId: string }> {
  const { id: appId } = stack.cloud.createApp({
    name: `shop-${stack.cloud.apps().length}`,
    services: [{ name: "web" }],
  });
  const deployment = { id: "d-1", phase: "ERROR", progress: { error_steps: 1, total_steps: 6, steps } };
  const told = stack.cloud.faults.add({
    match: { method: "GET", path: /\/deployments\/[\w-]+$/, times: Infinity },
    status: 200,
    body: { deployment },
  });
  const { problems } = await stack.up([
    sync(`web-${appId}`, { KEY: stack.secret("value") }, { destination: { appId } }),
  ]);
  told.remove();
  return { problems, appId };
}

// [what, steps, what is told in the parentheses, component and type of the command]
const trees: [string, readonly Step[], string, string][] = [
  [
    "the deepest step has a reason",
    [
      failed("deploy", {
        steps: [failed("web", { component_name: "web", steps: [failed("wait", because("Unhealthy"))] })],
      }),
    ],
    "Unhealthy, component web, step wait",
    "web --deployment d-1 --type deploy",
  ],
  [
    "only the component above the deepest step has one",
    [
      failed("build", {
        ...because("BuildFailed"),
        steps: [
          failed("components", {
            steps: [
              failed("web", { component_name: "web", ...because("NoDockerfile"), steps: [failed("initialize")] }),
            ],
          }),
        ],
      }),
    ],
    "NoDockerfile, component web, step initialize",
    "web --deployment d-1 --type build",
  ],
  [
    "only the phase has one",
    [failed("build", { ...because("BuildFailed"), steps: [failed("components", { steps: [failed("initialize")] })] })],
    "BuildFailed, step initialize",
    "--deployment d-1 --type build",
  ],
  [
    "the first failed branch is silent and another one is not",
    [
      failed("deploy", {
        steps: [
          failed("initialize", { steps: [failed("prepare", { steps: [failed("mount")] })] }),
          failed("api", { component_name: "api", ...because("CrashLoop") }),
        ],
      }),
    ],
    "CrashLoop, component api, step api",
    "api --deployment d-1 --type deploy",
  ],
  [
    "a step that did not fail has one",
    [well("build", because("Warned")), failed("deploy", { steps: [well("web", because("Slow")), failed("finalize")] })],
    "no reason given, step finalize",
    "--deployment d-1 --type deploy",
  ],
  [
    "a step has no name of its own",
    [failed("build", { ...because("BuildFailed"), steps: [{ status: "ERROR", name: "", component_name: null }] })],
    "BuildFailed, step build",
    "--deployment d-1 --type build",
  ],
  [
    "reasons are empty below",
    [
      failed("build", {
        ...because("Deep"),
        steps: [failed("web", { reason: { code: "", message: null }, steps: [failed("x", { reason: {} })] })],
      }),
    ],
    "Deep, step x",
    "--deployment d-1 --type build",
  ],
  [
    "a reason is a sentence only",
    [failed("build", { reason: { message: "It broke." } })],
    'step build: "It broke."',
    "--deployment d-1 --type build",
  ],
  [
    "the platform says more",
    [
      failed(
        "deploy",
        because("DeployContainerExitNonZero", "Your deploy failed\nbecause your container\u001b[31m exited."),
      ),
    ],
    'DeployContainerExitNonZero, step deploy: "Your deploy failed because your container exited."',
    "--deployment d-1 --type deploy",
  ],
  ["nothing is told", [], "no reason given", "--deployment d-1 --type build"],
  [
    "a component cannot be a word of a command",
    [failed("build", { component_name: 'a"; rm -rf' })],
    'no reason given, component a"; rm -rf, step build',
    "--deployment d-1 --type build",
  ],
];

describe("the reason of a failed deployment, where", () => {
  const rows = trees.map(([what, steps, told, command]) => ({ what, steps, told, command }));

  test.each(rows)("$what", async ({ steps, told, command }) => {
    const { problems, appId } = await failureOf(await openStack(), steps);
    expect(problems).toContain("deployment.failed: the variables are written, but deployment d-1 failed (");
    expect(problems).toContain(`(${told}), so the app still runs with the earlier values`);
    expect(problems).toContain(`"doctl apps logs ${appId} ${command}"`);
  });

  test("the sync does not put the earlier entries back, the way to go back is told", async () => {
    const stack = await openStack();
    const run = async (onFailure: string) => {
      const { id: appId } = stack.cloud.createApp({ name: `shop-${onFailure}`, services: [{ name: "web" }] });
      stack.cloud.failNextDeployment(appId, { step: "build", message: "bad" });
      const destination = { appId, deployment: { onFailure } };
      return (await stack.up([sync(onFailure, { A: stack.secret(onFailure) }, { destination })])).problems;
    };
    const hint = "to go back, put the earlier values into the source, or let deployment.onFailure";
    expect(await run("report")).toContain(hint);
    expect(await run("restore")).not.toContain(hint);
  });

  test("the platform's words quote a value, they are shown without it", async () => {
    const stack = await openStack();
    const value = stack.secret("quoted");
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    stack.cloud.failNextDeployment(appId, {
      step: "build",
      message: `bad ${"x".repeat(440)} ${value.repeat(30)} ${value}`,
    });
    const { problems } = await stack.up([sync("web", { A: value.repeat(30), B: value }, { destination: { appId } })]);
    expect(problems).toContain("bad xxx");
    expect(problems).toMatch(/BuildJobExitNonZero, component web, step web: "bad x+ \[secret\]/);
    expect(problems).not.toContain("canary");
  });

  test("the platform's words are long, they are cut", async () => {
    const { problems } = await failureOf(await openStack(), [
      failed("build", because("x".repeat(9_000), "y".repeat(9_000))),
    ]);
    const [sentence = ""] = problems.split("\n");
    expect(sentence).toMatch(/failed \(x+, step build: "y+…"\)/);
    expect(sentence.length).toBeLessThan(1_000);
  });
});

const word = fc.constantFrom("a", "b", "c");
const { step: anyStep } = fc.letrec<{ step: Step }>((tie) => ({
  step: fc.record(
    {
      name: fc.option(word),
      status: fc.constantFrom("ERROR", "ERROR", "SUCCESS", "PENDING"),
      component_name: fc.option(word),
      reason: fc.option(fc.record({ code: fc.option(fc.stringMatching(/^[A-Z][a-z]{5}$/)) })),
      steps: fc.option(fc.array(tie("step"), { maxLength: 3, depthIdentifier: "steps" }), { depthIdentifier: "steps" }),
    },
    { requiredKeys: ["status"] },
  ),
}));

function codesByDepth(steps: readonly Step[], depth = 1): { code: string; depth: number }[] {
  return steps.flatMap(({ status, reason, steps: inner }) => [
    ...(status === "ERROR" && reason?.code ? [{ code: reason.code, depth }] : []),
    ...codesByDepth(inner ?? [], depth + 1),
  ]);
}

test("of any tree, the reason is that of the deepest failed step that has one", async () => {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 0 }, rateLimit: { perHour: 1e6, perMinute: 1e6 } });
  const property = fc.asyncProperty(fc.array(anyStep, { maxLength: 3 }), async (steps) => {
    const { problems } = await failureOf(stackOn(cloud), steps);
    const codes = codesByDepth(steps);
    const deepest = Math.max(...codes.map(({ depth }) => depth));
    const told = / failed \(([A-Z][a-z]{5})/.exec(problems)?.[1];
    return codes.length === 0 || codes.some(({ code, depth }) => depth === deepest && code === told);
  });
  const details = await fc.check(property, { numRuns: 100, seed: seedOf(11) });
  await cloud.close();
  expect(details.counterexample).toBeNull();
}, 60_000);

test("steps that nest and branch without end are read within bounds", async () => {
  const nested = (depth: number): Step =>
    depth === 0 ? failed("leaf", because("TooDeep")) : failed("s", { steps: [nested(depth - 1)] });
  const wide = failed("build", { steps: Array.from({ length: 50_000 }, (_, index) => failed(`s${index}`)) });
  const { problems } = await failureOf(await openStack(), [nested(80), wide]);
  expect(problems).toContain("no reason given");
});
