// The operations of the grid: how each begins, what it does, and what has to be there in the end.

import type { Properties } from "../../provider/lifecycle/wire.js";
import {
  type DigitalOceanEmulator,
  type EnvEntry,
  type Spec,
  startDigitalOcean,
} from "../emulators/digitalocean/index.js";
import { type Declaration, type Program, type Run, type Stack, stackOn, sync } from "../lifecycle/stack.js";

/** One app with foreign variables, one stack, and a program with one sync. */
export interface Scene {
  readonly cloud: DigitalOceanEmulator;
  readonly appId: string;
  readonly values: { readonly [name in "a" | "b" | "next" | "theirs"]: string };
  stack: Stack;
}

export interface Operation {
  /** Heads a group of the table. */
  readonly name: string;
  /** Meets every fault; the others meet one of each family. */
  readonly thorough?: true;
  /** What the run sends when nothing goes wrong. */
  readonly requests: readonly string[];
  prepare(scene: Scene): Promise<unknown>;
  /** The run that a fault hits. */
  act(stack: Stack, scene: Scene): Promise<Run>;
  /** The program at the end; empty when everything of ours shall be gone. */
  program(scene: Scene): Program;
  /** Our variables at the end, by key. */
  wanted(scene: Scene): Readonly<Record<string, { value: string; scope: string }>>;
  /** Keys that were live before and stay wanted: they must never be missing, not even after a failed run. */
  readonly lasting: readonly string[];
}

const foreign: readonly EnvEntry[] = [{ key: "FOREIGN", value: "f", scope: "RUN_TIME" }];

export async function openScene(): Promise<Scene> {
  // Time passes when somebody asks how a deployment stands, so that the number of requests is the same every time.
  let now = Date.now();
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 }, clock: () => now });
  cloud.onRequest({ path: /\/deployments\/[\w-]+$/, times: Infinity }, () => void (now += 2));
  const stack = stackOn(cloud);
  const values = {
    a: stack.secret("a"),
    b: stack.secret("b"),
    next: stack.secret("next"),
    theirs: stack.secret("theirs"),
  };
  const theirs = { key: "THEIRS", value: values.theirs, type: "SECRET", scope: "RUN_TIME" };
  const { id: appId } = cloud.createApp({
    name: "shop",
    features: ["buildpack-stack=ubuntu-22"],
    envs: [...foreign, theirs],
    services: [{ name: "web", instance_count: 1, envs: [{ key: "WEB_FOREIGN", value: "w" }] }],
  });
  return { cloud, appId, values, stack };
}

/** Which variables are ours. */
export const ours = ["A", "B", "PLAIN"];

interface Choices {
  readonly values?: Readonly<Record<string, string>>;
  readonly scope?: string;
  readonly address?: Properties;
  readonly deployment?: Properties;
}

function programOf({ appId, values }: Scene, choices: Choices = {}): Program {
  const wanted = choices.values ?? { A: values.a, B: values.b, PLAIN: "readable" };
  const destination = {
    ...(choices.address ?? { appId }),
    variables: { PLAIN: { variableType: "GENERAL" } },
    ...(choices.scope === undefined ? {} : { scope: choices.scope }),
    ...(choices.deployment === undefined ? {} : { deployment: choices.deployment }),
  };
  return [sync("shop", wanted, { destination })];
}

function wantedOf(values: Readonly<Record<string, string>>, scope = "RUN_AND_BUILD_TIME") {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value, scope }]));
}

const allOf = ({ values }: Scene) => ({ A: values.a, B: values.b, PLAIN: "readable" });
const changedOf = ({ values }: Scene) => ({ A: values.next, B: values.b, PLAIN: "readable again" });

/** What the grid calls up front must go well. */
async function well(run: Promise<Run>): Promise<Run> {
  const { problems } = await run;
  if (problems !== "") throw new Error(`the scene did not open: ${problems}`);
  return run;
}

const write = ["GET app", "PUT app", "GET deployments"];
const polls = ["GET deployment", "GET deployment"];
const written = [...write, ...polls, "GET app"];

const first = (scene: Scene) => well(scene.stack.up(programOf(scene)));
const nothingBefore = async () => undefined;
const upTo = (program: (scene: Scene) => Program) => ({
  program,
  act: (stack: Stack, scene: Scene) => stack.up(program(scene)),
});
const creation = {
  requests: written,
  prepare: nothingBefore,
  lasting: [],
  wanted: (scene: Scene) => wantedOf(allOf(scene)),
};
const change = { requests: ["GET app", ...written], prepare: first, lasting: ["A", "B", "PLAIN"] };
const connection = (scene: Scene): Declaration => ({
  kind: "connection",
  name: "team",
  args: {
    app: "digital-ocean",
    method: "api-token",
    credentials: { apiToken: scene.cloud.token },
    baseUrl: scene.cloud.url,
  },
});
const editSpec = (scene: Scene, edit: (spec: Spec) => void) => {
  scene.cloud.editConsole(scene.appId, edit);
  scene.cloud.settle(scene.appId);
};
const restoring = (scene: Scene) =>
  programOf(scene, { values: changedOf(scene), deployment: { onFailure: "restore" } });

export const operations: readonly Operation[] = [
  {
    name: "preview",
    ...creation,
    requests: ["GET app", "POST rollback/validate", "POST propose"],
    program: programOf,
    act: (stack, scene) => stack.preview(programOf(scene)),
  },
  { name: "create", thorough: true, ...creation, ...upTo(programOf) },
  {
    name: "create by name, after its connection",
    ...creation,
    requests: ["GET apps", "GET account", "POST rollback/validate", "GET apps", ...written],
    ...upTo((scene) => [connection(scene), ...programOf(scene, { address: { appName: "shop" } })]),
  },
  {
    name: "update of a value",
    thorough: true,
    ...change,
    ...upTo((scene) => programOf(scene, { values: changedOf(scene) })),
    wanted: (scene) => wantedOf(changedOf(scene)),
  },
  {
    name: "update of the scope",
    ...change,
    ...upTo((scene) => programOf(scene, { scope: "RUN_TIME" })),
    wanted: (scene) => wantedOf(allOf(scene), "RUN_TIME"),
  },
  {
    name: "update without a key",
    ...change,
    lasting: ["A"],
    ...upTo((scene) => programOf(scene, { values: { A: scene.values.a } })),
    wanted: (scene) => wantedOf({ A: scene.values.a }),
  },
  {
    name: "repair of drift",
    ...change,
    lasting: ["A", "PLAIN"],
    prepare: async (scene) => {
      await first(scene);
      editSpec(scene, (spec) => {
        spec.envs = (spec.envs ?? []).filter(({ key }) => key !== "B");
        for (const env of spec.envs) if (env.key === "A") env.value = "by hand";
      });
    },
    ...upTo(programOf),
    wanted: (scene) => wantedOf(allOf(scene)),
  },
  {
    name: "refresh",
    thorough: true,
    ...change,
    requests: ["GET app"],
    program: programOf,
    act: (stack) => stack.refresh(),
    wanted: (scene) => wantedOf(allOf(scene)),
  },
  {
    name: "delete",
    thorough: true,
    ...change,
    requests: written,
    lasting: [],
    program: () => [],
    act: (stack) => stack.destroy(),
    wanted: () => ({}),
  },
  {
    name: "settle of another's deployment, then of ours",
    thorough: true,
    ...creation,
    requests: ["GET app", ...polls, ...written],
    prepare: async ({ cloud, appId }) => void cloud.deploy(appId),
    ...upTo(programOf),
  },
  {
    name: "settle of a failure, then restore",
    ...change,
    // The failed deployment is none that the app shows: the list tells, before the write that puts back, what is history.
    requests: ["GET app", ...write, ...polls, "GET app", "GET deployments", ...write, ...polls],
    prepare: async (scene) => {
      await first(scene);
      scene.cloud.failNextDeployment(scene.appId, { step: "deploy" });
    },
    ...upTo(restoring),
    wanted: (scene) => wantedOf(changedOf(scene)),
  },
  {
    name: "settle of what was not live",
    ...change,
    lasting: [],
    prepare: async (scene) => {
      scene.cloud.failNextDeployment(scene.appId, { step: "deploy" });
      await scene.stack.up(programOf(scene));
    },
    ...upTo(programOf),
    wanted: (scene) => wantedOf(allOf(scene)),
  },
];
