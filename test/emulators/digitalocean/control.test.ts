// The control surface over HTTP, as another process uses it.
import { afterEach, beforeEach, expect, test } from "vitest";
import { callerOf, secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

let ocean: DigitalOceanEmulator;
let id = "";

beforeEach(async () => {
  ocean = await startDigitalOcean({ control: true, deployment: { phaseMs: 0 } });
  id = ocean.createApp(webSpec([secret("TOKEN", "one")])).id;
});
afterEach(() => ocean.close());

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${ocean.url}/_emulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.json();
}

test("shows the apps and what their containers see", async () => {
  expect(await control("GET", "/apps")).toEqual([{ id, name: "shop" }]);
  expect(await control("GET", `/apps/${id}/running`)).toEqual({ web: { TOKEN: { value: "one", scope: "RUN_TIME" } } });
});

test("sets and removes a variable as a person in the console would", async () => {
  await control("POST", `/apps/${id}/envs`, { component: "web", key: "TOKEN", value: "two" });
  await control("POST", `/apps/${id}/envs`, { key: "HAND", value: "made" });
  expect(ocean.running(id)["web"]).toMatchObject({ TOKEN: { value: "two" }, HAND: { value: "made" } });
  expect(ocean.app(id).spec.services?.[0]?.envs?.[0]).toMatchObject({ type: "SECRET", scope: "RUN_TIME" });
  await control("POST", `/apps/${id}/envs`, { component: "web", key: "TOKEN", value: null });
  expect(Object.keys(ocean.running(id)["web"] ?? {})).toEqual(["HAND"]);
});

test("makes the next deployment fail and says what runs instead", async () => {
  await control("POST", `/apps/${id}/fail-next-deployment`, { step: "deploy", reasonCode: "X", autoRollback: true });
  await control("POST", `/apps/${id}/envs`, { component: "web", key: "TOKEN", value: "two" });
  const deployments = await control("GET", `/apps/${id}/deployments`);
  expect(deployments).toMatchObject([{}, { deployment: { phase: "ERROR" } }, { deployment: { phase: "ACTIVE" } }]);
  expect(ocean.running(id)["web"]?.["TOKEN"]?.value).toBe("one");
});

test("adds faults with the path as text, and takes them away", async () => {
  await control("POST", "/faults", { match: { method: "GET", path: "^/v2/apps$", times: "always" }, status: 503 });
  const list = async () => (await callerOf(ocean).call("GET", "/v2/apps")).status;
  expect([await list(), await list()]).toEqual([503, 503]);
  await control("DELETE", "/faults");
  expect(await list()).toBe(200);
});

test("tells requests and counts, and keeps itself out of both", async () => {
  await callerOf(ocean).get(id);
  expect(await control("GET", "/counts")).toEqual({ "GET /v2/apps/{id}": 1 });
  expect(await control("GET", "/requests")).toMatchObject([{ method: "GET", status: 200 }]);
});

test("creates apps and tokens, and explains itself when asked for something else", async () => {
  await control("POST", "/apps", { id: "demo", spec: { ...webSpec(), name: "demo" } });
  await control("POST", "/tokens", { token: "dop_v1_reader", scopes: ["app:read"] });
  expect((await callerOf(ocean).call("GET", "/v2/apps/demo", { token: "dop_v1_reader" })).status).toBe(200);
  expect(await control("GET", "/nonsense")).toMatchObject({ error: "no such control" });
});

test("is closed unless it was asked for", async () => {
  const closed = await startDigitalOcean();
  expect((await fetch(`${closed.url}/_emulator/apps`)).status).toBe(401);
  await closed.close();
});
