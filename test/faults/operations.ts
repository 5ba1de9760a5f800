// The operations of the grid: how each begins, what it does, and what has to be there in the end.

import type { Declaration } from "../lifecycle/stack.js";
import { encounters } from "./encounters.js";
import {
  afterHistory,
  allOf,
  change,
  changedOf,
  creation,
  first,
  type Operation,
  polls,
  upTo,
  wantedOf,
  write,
  written,
} from "./operation.js";
import { programOf, type Scene, storeByHand } from "./scene.js";

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
    ...upTo((scene) => programOf(scene, { scope: "RUN_AND_BUILD_TIME" })),
    wanted: (scene) => wantedOf(allOf(scene), "RUN_AND_BUILD_TIME"),
  },
  {
    name: "update without a key",
    ...change,
    lasting: ["A"],
    ...upTo((scene) => programOf(scene, { values: { A: scene.values.a }, syncOptions: { deletionLimit: 2 } })),
    wanted: (scene) => wantedOf({ A: scene.values.a }),
  },
  {
    name: "repair of drift",
    ...change,
    lasting: ["A", "PLAIN"],
    prepare: async (scene) => {
      await first(scene);
      storeByHand(scene, (spec) => {
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
    requests: ["GET app", ...afterHistory],
    lasting: [],
    prepare: async (scene) => {
      scene.cloud.failNextDeployment(scene.appId, { step: "deploy" });
      await scene.stack.up(programOf(scene));
    },
    ...upTo(programOf),
    wanted: (scene) => wantedOf(allOf(scene)),
  },
  ...encounters,
];
