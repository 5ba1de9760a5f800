// An app that is created by the same program has no id in the preview.

import { afterAll, beforeAll, expect, test } from "vitest";
import { exportState, previewJson } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ program: "inline" });
});
afterAll(() => world.close());

/** A provider of apps as small as can be: its text is its whole code, as in any dynamic provider. */
const appProvider = `
exports.handler = () => {
  const call = async (method, path, body) => {
    const headers = { authorization: "Bearer " + process.env.DIGITALOCEAN_TOKEN, "content-type": "application/json" };
    const answer = await fetch(process.env.DIGITALOCEAN_API_URL + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error("answered " + answer.status);
    return method === "DELETE" ? undefined : (await answer.json()).app;
  };
  return {
    check: async (olds, news) => ({ inputs: news, failures: [] }),
    diff: async (id, olds, news) => ({ changes: olds.region !== news.region, replaces: olds.region !== news.region ? ["region"] : [], deleteBeforeReplace: true }),
    create: async (inputs) => {
      const spec = { name: inputs.name, region: inputs.region, services: [{ name: "web", git: { repo_clone_url: "https://example.com/a.git", branch: "main" } }] };
      const app = await call("POST", "/v2/apps", { spec });
      return { id: app.id, outs: { ...inputs, token: "value-of-the-app" } };
    },
    delete: async (id) => call("DELETE", "/v2/apps/" + id),
  };
};
`;

function program(region: string): string {
  return `
    class App extends pulumi.CustomResource {
      constructor(name, args) {
        super("pulumi-nodejs:dynamic/test:App", name, { ...args, token: undefined, __provider: ${JSON.stringify(appProvider)} });
      }
    }
    const app = new App("shop", { name: "shop", region: ${JSON.stringify(region)} });
    new SecretSync("web", {
      source: { type: "inline", values: { TOKEN: app.token, FIXED: "canary-fixed" } },
      destination: { type: "digital-ocean-app-platform", appId: app.id, components: ["web"] },
    });
  `;
}

test("a new app and its secrets are one preview and one up", async () => {
  world.canaries.add("canary-fixed");
  await world.program(program("ams"));
  const preview = await previewJson(world);
  expect(preview.steps.map(({ op }) => op)).toEqual(["create"]);
  expect(world.cloud.apps()).toEqual([]);
  await world.up();
  const [app] = world.cloud.apps();
  const envs = app?.spec.services?.[0]?.envs ?? [];
  expect(envs.map(({ key }) => key).sort()).toEqual(["FIXED", "TOKEN"]);
  expect(world.cloud.running(app?.id ?? "")["web"]?.["TOKEN"]?.value).toBe("value-of-the-app");
  expect((await previewJson(world)).steps).toEqual([]);
});

test("a new app instead of the old one takes the secrets along", async () => {
  await world.program(program("fra"));
  const preview = await previewJson(world);
  expect(preview.steps.map(({ op }) => op)).toContain("replace");
  await world.up();
  expect(world.cloud.apps()).toHaveLength(1);
  const [app] = world.cloud.apps();
  expect(app?.spec.region).toBe("fra");
  expect(world.cloud.running(app?.id ?? "")["web"]?.["FIXED"]?.value).toBe("canary-fixed");
  const [kept] = await exportState(world);
  expect(JSON.stringify(kept)).not.toContain("value-of-the-app");
  expect(kept?.outputs["targetId"]).toBe(app?.id);
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  expect(world.cloud.apps()).toEqual([]);
});
