// A sync that another stack takes over, and one that goes with something else, on the real engine.

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { exportState, valuesAt } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
let appId: string;
let count = 0;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
});
afterAll(() => world.close());
beforeEach(() => {
  count += 1;
  appId = world.cloud.createApp({ name: `shop-${count}`, services: [{ name: "web" }] }).id;
});

const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;
const declareConnection = (more = "") =>
  world.program(`
    const ocean = new Connection("ocean", {
      app: "digital-ocean", method: "api-token", credentials: { apiToken: "${world.cloud.token}" },
    });
    ${more}
  `);
const declare = (value: string, options = "{}") =>
  declareConnection(`
    const destination = { type: "digital-ocean-app-platform", appId: "${appId}" };
    new SecretSync("web", { source: { type: "inline", values: { A: "${value}" } }, destination }, ${options});
  `);

test("state move: the other stack finds it unchanged, changes it and removes it", async () => {
  await declare("1");
  await world.up();
  const written = puts();
  const [urn = ""] = (await exportState(world)).flatMap((one) => (one.urn.includes("SecretSync") ? [one.urn] : []));
  await world.openStack("other");
  const stacks = ["--source", "organization/world/test", "--dest", "organization/world/other"];
  succeed(await world.pulumi("state", "move", ...stacks, urn, "--yes"));
  succeed(await world.pulumi("stack", "select", "other"));
  const { text } = await world.up();
  expect(text).toMatch(/\d unchanged/);
  expect([puts(), valuesAt(world, appId)]).toEqual([written, { A: "1" }]);
  await declare("2");
  await world.up();
  expect([puts(), valuesAt(world, appId)]).toEqual([written + 1, { A: "2" }]);
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  expect(valuesAt(world, appId)).toEqual({});
  succeed(await world.pulumi("stack", "select", "test"));
  await world.program("");
  await world.up();
});

test("deletedWith: a sync that goes alone removes its keys, and one that goes with the other resource removes nothing", async () => {
  await declare("1", "{ deletedWith: ocean }");
  await world.up();
  await declareConnection();
  await world.up();
  expect(valuesAt(world, appId)).toEqual({});
  await declare("1", "{ deletedWith: ocean }");
  await world.up();
  const written = puts();
  succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
  expect([puts(), valuesAt(world, appId), await exportState(world)]).toEqual([written, { A: "1" }, []]);
});
