// A program with more than syncs in it; what is not merged yet must not be deployed by an unattended run.

import { afterAll, beforeAll, expect, test } from "vitest";
import { editConsole } from "./evidence.js";
import { openWorld, type World } from "./harness.js";
import { startWatch } from "./watching.js";

let world: World;
beforeAll(async () => {
  world = await openWorld({ program: "inline" });
});
afterAll(() => world.close());

/** Somebody else's resource: its `size` stands for whatever a change of infrastructure is. */
const provider = `
exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async (id, olds, news) => ({ changes: olds.size !== news.size }),
  create: async (inputs) => ({ id: inputs.app, outs: inputs }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => undefined,
});`;

/** A sync that stands on one machine, beside another machine. */
async function declare(sizes: { readonly foundation: number; readonly beside: number }): Promise<void> {
  await world.program(`
    class Machine extends pulumi.CustomResource {
      constructor(name, args) {
        super("pulumi-nodejs:dynamic/test:Machine", name, { ...args, __provider: ${JSON.stringify(provider)} });
      }
    }
    const app = new Machine("app", { app: ${JSON.stringify(world.cloud.apps()[0]?.id)}, size: ${sizes.foundation} });
    new Machine("beside", { app: "beside", size: ${sizes.beside} });
    new SecretSync("web", {
      source: { type: "file", path: "secrets.env" },
      destination: { type: "digital-ocean-app-platform", appId: app.id },
    });
  `);
}

const sizes = async () => {
  const { stdout } = await world.pulumi("stack", "export");
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources: Array<{ urn: string; outputs?: { size?: number } }> };
  };
  const machines = deployment.resources.filter(({ outputs }) => outputs?.size !== undefined);
  return Object.fromEntries(machines.map(({ urn, outputs }) => [urn.split("::").at(-1), outputs?.size]));
};

test("a sync is repaired, and a change of other infrastructure waits for whoever deploys it", async () => {
  const { id } = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  await world.write("secrets.env", `A=${world.secret("a")}\n`);
  await declare({ foundation: 1, beside: 1 });
  await world.up();

  await declare({ foundation: 1, beside: 2 });
  editConsole(world, id, (shop) => (shop.envs = []));
  const repair = startWatch(world, ["--once"]);
  expect(await repair.next()).toMatchObject({ result: "synced", changes: [{ sync: "web", did: "1 added" }] });
  expect(await repair.ended).toBe(0);
  expect(await sizes()).toEqual({ app: 1, beside: 1 });
});

test("a sync whose foundation is about to change waits with it", async () => {
  await declare({ foundation: 2, beside: 2 });
  await world.write("secrets.env", `A=${world.secret("later")}\n`);
  const runner = startWatch(world, ["--once"]);
  expect((await runner.next()).waiting).toEqual(["web needs app (Machine) changed first: run pulumi up yourself"]);
  expect(await runner.ended).toBe(3);
  expect(await sizes()).toEqual({ app: 1, beside: 1 });
  await world.up();
  expect(await sizes()).toEqual({ app: 2, beside: 2 });
});
