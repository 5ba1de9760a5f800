// Rollback with and without pin, its validation, commit and revert.
import { afterEach, beforeEach, expect, test } from "vitest";
import { callerOf, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;
let id = "";
let first = "";

beforeEach(async () => {
  ocean = await startDigitalOcean({ deployment: { phaseMs: 0 } });
  api = callerOf(ocean);
  id = ocean.createApp(webSpec([{ key: "A", value: "old" }])).id;
  first = ocean.deployments(id)[0]?.id ?? "";
  await api.put(id, webSpec([{ key: "A", value: "new" }]));
});
afterEach(() => ocean.close());

const running = () => ocean.running(id)["web"]?.["A"]?.value;
const stored = async () => (await api.get(id)).spec.services?.[0]?.envs?.[0]?.value;
const post = (action: string, body?: unknown) => api.call("POST", `/v2/apps/${id}/${action}`, { body });

test("a rollback restores the old spec with its variables, and pins the app", async () => {
  const { body } = await post("rollback", { deployment_id: first });
  expect(body.deployment.cloned_from).toBe(first);
  expect([await stored(), running()]).toEqual(["old", "old"]);
  expect((await api.get(id)).pinned_deployment?.id).toBe(body.deployment.id);
});

test("a rollback brings the old code back with the old spec", async () => {
  const commit = ocean.deployments(id)[0]?.commit;
  ocean.pushCommit(id);
  ocean.deploy(id);
  const { body } = await post("rollback", { deployment_id: first });
  expect(body.deployment.services?.[0]?.source_commit_hash).toBe(commit);
});

test("skip_pin rolls back without a pin", async () => {
  await post("rollback", { deployment_id: first, skip_pin: true });
  expect(await stored()).toBe("old");
  expect((await api.get(id)).pinned_deployment).toBeUndefined();
});

test("a pinned app takes no new deployment and refuses a PUT", async () => {
  ocean.pin(id, first);
  const count = ocean.deployments(id).length;
  const put = await api.put(id, webSpec([{ key: "A", value: "newer" }]));
  const deploy = await post("deployments", {});
  expect([put.status, deploy.status]).toEqual([400, 400]);
  expect(put.body.message).toContain("pinned");
  expect([await stored(), ocean.deployments(id).length]).toEqual(["old", count]);
});

test("a pinned app may instead store a PUT and not deploy it", async () => {
  const other = await startDigitalOcean({ variant: { putWhilePinned: "stored" } });
  const app = other.createApp(webSpec([{ key: "A", value: "old" }]));
  other.pin(app.id);
  const { status, body } = await callerOf(other).put(app.id, webSpec([{ key: "A", value: "new" }]));
  expect([status, body.app.pending_deployment?.id, body.app.spec.services?.[0]?.envs?.[0]?.value]).toEqual([
    200,
    undefined,
    "new",
  ]);
  await other.close();
});

test("commit takes the pin away and keeps the old spec", async () => {
  await post("rollback", { deployment_id: first });
  const { status, body } = await post("rollback/commit");
  expect([status, body]).toEqual([200, undefined]);
  expect([await stored(), (await api.get(id)).pinned_deployment]).toEqual(["old", undefined]);
  expect((await post("rollback/commit")).status).toBe(400);
});

test("revert brings the later spec back in a deployment of its own", async () => {
  await post("rollback", { deployment_id: first });
  const { body } = await post("rollback/revert");
  expect(body.deployment.cause).toContain("revert");
  expect([await stored(), running()]).toEqual(["new", "new"]);
  expect((await api.get(id)).pinned_deployment).toBeUndefined();
});

test("validation says what stands in the way, and changes nothing", async () => {
  const verdict = async (deployment: string) => (await post("rollback/validate", { deployment_id: deployment })).body;
  expect(await verdict(first)).toEqual({ valid: true });
  ocean.failNextDeployment(id, { step: "deploy" });
  const { body } = await api.put(id, webSpec([{ key: "A", value: "bad" }]));
  expect(await verdict(body.app.pending_deployment?.id ?? "")).toMatchObject({
    valid: false,
    error: { code: "incompatible_result" },
  });
  ocean.holdDeployments();
  const unfinished = ocean.deploy(id).id;
  expect(await verdict(unfinished)).toMatchObject({ valid: false, error: { code: "incompatible_phase" } });
  ocean.pin(id, first);
  expect(await verdict(first)).toMatchObject({ valid: false, error: { code: "app_pinned" } });
  expect((await post("rollback/validate", { deployment_id: "nothing" })).status).toBe(404);
});

test("only the ten latest successful deployments may be rolled back to", async () => {
  for (let turn = 0; turn < 9; turn += 1) {
    ocean.editConsole(id, (spec) => Object.assign(spec, { envs: [{ key: "TURN", value: String(turn) }] }));
    ocean.settle(id);
  }
  const { body } = await post("rollback/validate", { deployment_id: first });
  expect(body).toMatchObject({ valid: false, error: { code: "exceeded_revision_limit" } });
  expect((await post("rollback", { deployment_id: first })).status).toBe(400);
});

test("validation warns of static sites and of images without digest", async () => {
  const spec = {
    name: "sites",
    static_sites: [{ name: "site" }],
    services: [{ name: "api", image: { repository: "r" } }],
  };
  const app = ocean.createApp(spec);
  const deployment = ocean.deployments(app.id)[0]?.id;
  const { body } = await api.call("POST", `/v2/apps/${app.id}/rollback/validate`, {
    body: { deployment_id: deployment },
  });
  expect(body.warnings).toMatchObject([
    { code: "static_site_requires_rebuild", components: ["site"] },
    { code: "image_source_missing_digest", components: ["api"] },
  ]);
});
