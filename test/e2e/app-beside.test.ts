// Another resource of the same program owns the whole spec, as `digitalocean.App` does, and wipes what it does not declare.

import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ignoreEnvChanges } from "../../provider/resources/ignore-changes.js";
import { openWorld, type World } from "./harness.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ provider: "inline" });
});
afterAll(() => world.close());

/** Writes the whole spec from its inputs, without variables, whenever they change. */
const wholeSpecProvider = `
exports.handler = () => {
  const call = async (method, path, spec) => {
    const headers = { authorization: "Bearer " + process.env.DIGITALOCEAN_TOKEN, "content-type": "application/json" };
    const answer = await fetch(process.env.DIGITALOCEAN_API_URL + path, { method, headers, body: spec && JSON.stringify({ spec }) });
    if (!answer.ok) throw new Error("answered " + answer.status);
    return method === "DELETE" ? undefined : (await answer.json()).app;
  };
  const specOf = ({ count }) => ({ name: "shop", services: [{ name: "web", instance_count: count, image: { registry_type: "DOCKER_HUB", repository: "nginx" } }] });
  return {
    check: async (olds, news) => ({ inputs: news, failures: [] }),
    diff: async (id, olds, news) => ({ changes: olds.count !== news.count }),
    create: async (inputs) => ({ id: (await call("POST", "/v2/apps", specOf(inputs))).id, outs: inputs }),
    update: async (id, olds, news) => (await call("PUT", "/v2/apps/" + id, specOf(news)), { outs: news }),
    delete: async (id) => call("DELETE", "/v2/apps/" + id),
  };
};
`;

const program = (count: number, value: string) => `
class App extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/test:WholeSpec", name, { ...args, __provider: ${JSON.stringify(wholeSpecProvider)} });
  }
}
const app = new App("shop", { count: ${String(count)} });
new SecretSync("web", {
  source: { type: "inline", values: { TOKEN: pulumi.secret("${value}"), OTHER: pulumi.secret("${value}-2") } },
  destination: { type: "digital-ocean-app-platform", appId: app.id, components: ["web"], scope: "RUN_TIME" },
});`;

test("a wipe by the app's own resource is repaired in the same up, and told", async () => {
  const value = world.secret("token");
  await world.program(program(1, value));
  await world.up();
  const [app] = world.cloud.apps();
  const running = () => world.cloud.running(app?.id ?? "")["web"] ?? {};
  expect(Object.keys(running()).sort()).toEqual(["OTHER", "TOKEN"]);
  await world.program(program(2, value));
  const run = await world.up();
  expect(run.text).toMatch(/every key is gone at once: .*ignoreEnvChanges/);
  expect(running()["TOKEN"]?.value).toBe(value);
  expect(world.cloud.app(app?.id ?? "").spec.services?.[0]?.["instance_count"]).toBe(2);
});

test("the list for ignoreChanges names every env list by its index", () => {
  const spec = { services: [{}, {}], workers: [{}], staticSites: [{}], functions: [] };
  expect(ignoreEnvChanges(spec)).toEqual([
    "spec.envs",
    "spec.services[0].envs",
    "spec.services[1].envs",
    "spec.workers[0].envs",
    "spec.staticSites[0].envs",
  ]);
});

/** The real provider is a plugin of its own, which the project cannot install from a package registry. */
function hasPlugin(): boolean {
  try {
    execFileSync("pulumi-resource-digitalocean", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const real = (count: number, value: string) => `
const digitalocean = require("@pulumi/digitalocean");
const { ignoreEnvChanges } = require("pulumi-secret-sync");
const spec = { name: "beside", region: "fra", services: [{ name: "web", instanceCount: ${String(count)}, image: { registryType: "DOCKER_HUB", registry: "library", repository: "nginx", tag: "1" } }] };
const app = new digitalocean.App("beside", { spec }, { ignoreChanges: ignoreEnvChanges(spec) });
new SecretSync("web", {
  source: { type: "inline", values: { TOKEN: pulumi.secret("${value}") } },
  destination: { type: "digital-ocean-app-platform", appId: app.id, components: ["web"] },
});`;

// Skipped where pulumi-resource-digitalocean is not on PATH; no package registry has it.
test.skipIf(!hasPlugin())("with the real digitalocean.App the pattern of the example keeps the secrets", async () => {
  const value = world.secret("beside");
  await world.program(real(1, value));
  await world.up("--refresh");
  await world.program(real(2, value));
  await world.up("--refresh");
  const app = world.cloud.apps().find(({ spec }) => spec.name === "beside");
  expect(world.cloud.running(app?.id ?? "")["web"]?.["TOKEN"]?.value).toBe(value);
  expect((await world.up("--refresh")).text).toMatch(/\d+ unchanged/);
});
