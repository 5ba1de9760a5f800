// The calls of the adapter: which are repeated, and which statuses are answers.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AppPlatformApi } from "../../provider/destinations/digitalocean/api.js";
import type { DigitalOceanEmulator } from "../emulators/digitalocean/index.js";
import { openApi } from "./open-api.js";

let ocean: DigitalOceanEmulator;
let api: AppPlatformApi;
let close: () => Promise<void>;
let id: string;
let deployment: string;

beforeEach(async () => {
  ({ ocean, api, close } = await openApi());
  id = ocean.createApp({ name: "shop", services: [{ name: "web", instance_count: 1 }] }).id;
  deployment = ocean.deployments(id)[0]?.id ?? "";
});

afterEach(() => close());

const nobody = "11111111-2222-4333-8444-555555555555";
const spec = { name: "shop", services: [{ name: "web", instance_count: 2 }] };

describe("a call that changes nothing", () => {
  const reads: Record<string, () => Promise<unknown>> = {
    getApp: () => api.getApp(id),
    listApps: () => api.listApps(),
    getDeployment: () => api.getDeployment(id, deployment),
    listDeployments: () => api.listDeployments(id),
    validateRollback: () => api.validateRollback(id, deployment),
    proveToken: () => api.proveToken(),
    whoAmI: () => api.whoAmI(),
  };
  test.each(Object.keys(reads))("is repeated when the platform fails for a moment: %s", async (name) => {
    const expected = await reads[name]?.();
    const before = ocean.requests.length;
    ocean.faults.add({ match: {}, status: 503 });
    expect(await reads[name]?.()).toEqual(expected);
    expect(ocean.requests.length - before).toBe(2);
  });

  const quick: Record<string, () => Promise<unknown>> = {
    proposeApp: () => api.proposeApp(id, spec),
    listDatabases: () => api.listDatabases(),
  };
  test.each(Object.keys(quick))("that a run can do without is tried once: %s", async (name) => {
    ocean.faults.add({ match: {}, status: 503 });
    await expect(quick[name]?.()).rejects.toMatchObject({ status: 503 });
    expect(ocean.requests).toHaveLength(1);
    await expect(quick[name]?.()).resolves.not.toThrow();
  });
});

describe("a write", () => {
  test("stores the spec and nothing besides", async () => {
    expect((await api.putApp(id, spec)).spec).toMatchObject(spec);
    expect(ocean.requests.at(-1)?.body).toEqual({ spec, update_all_source_versions: false });
  });

  test.each([{ status: 503 }, { resetAfter: true }, { malformedJson: true }])(
    "is never repeated: %j",
    async (fault) => {
      ocean.faults.add({ match: { method: "PUT" }, ...fault });
      await expect(api.putApp(id, spec)).rejects.toMatchObject({ code: "http.ambiguous", ambiguous: true });
      expect(ocean.requests).toHaveLength(1);
    },
  );

  test.each([{}, { app: {} }, { app: { id: "", spec } }, []])(
    "that is answered with %j may have arrived: the answer is reported as what it is",
    async (body) => {
      ocean.faults.add({ match: { method: "PUT" }, status: 200, body, afterApply: true });
      await expect(api.putApp(id, spec)).rejects.toMatchObject({
        code: "http.ambiguous",
        status: 200,
        message: expect.stringContaining(
          "DigitalOcean accepted the spec, but its answer is not a complete app",
        ) as string,
      });
    },
  );
});

describe("an app", () => {
  test("that is not there is none", async () => {
    expect(await api.getApp(nobody)).toBeUndefined();
    expect(ocean.requests.at(-1)?.status).toBe(404);
  });

  test.each([400, 404, 422])("is none if its id is malformed and the platform answers %d", async (status) => {
    ocean.faults.add({ match: {}, status });
    expect(await api.getApp("shop")).toBeUndefined();
  });

  test.each([
    `${nobody}0`,
    `0${nobody}`,
    nobody.replaceAll("-", ""),
    nobody.replace("1", "g"),
    nobody.replace("8", "x"),
    nobody.replace(/5$/, "z"),
    "11111111-2222-11111111-2222-4333-8444-555555555555",
  ])("is none if the platform rejects %s as an id", async (text) => {
    ocean.faults.add({ match: {}, status: 400 });
    expect(await api.getApp(text)).toBeUndefined();
  });

  test.each([nobody, "ABCDEF01-2345-4678-89AB-CDEF01234567"])(
    "of the id %s is looked up in vain if it is refused",
    async (text) => {
      ocean.faults.add({ match: {}, status: 422 });
      await expect(api.getApp(text)).rejects.toMatchObject({ status: 422 });
    },
  );

  test.each(["<html>not found</html>", "", "[]", '{"message":"no Route matched with those values"}'])(
    "is not gone because a gateway says so: %s",
    async (body) => {
      ocean.faults.add({ match: {}, status: 404, body });
      await expect(api.getApp(nobody)).rejects.toMatchObject({
        code: "http.not_found",
        message: expect.stringContaining("the 404 for the app is not DigitalOcean's own") as string,
      });
    },
  );

  test("that is gone has no deployments, whichever page shows it", async () => {
    ocean.faults.add({ match: {}, status: 404, body: "<html>not found</html>" });
    expect(await api.getDeployment(id, nobody)).toBeUndefined();
    ocean.faults.add({ match: {}, status: 404, body: "<html>not found</html>" });
    expect(await api.listDeployments(nobody)).toEqual([]);
  });

  test.each([
    [{ envs: {} }, "app.spec.envs"],
    [{ envs: [{}] }, "app.spec.envs.0.key"],
    [{ services: {} }, "app.spec.services"],
    [{ workers: [{ envs: 1 }] }, "app.spec.workers.0.envs"],
    [{ jobs: [1] }, "app.spec.jobs.0"],
    [{ static_sites: "" }, "app.spec.static_sites"],
    [{ functions: 1 }, "app.spec.functions"],
  ])("whose variables have another shape is not an app without variables: %j", async (shape, where) => {
    ocean.faults.add({ match: {}, status: 200, body: { app: { id, spec: { name: "shop", ...shape } } } });
    await expect(api.getApp(id)).rejects.toThrow(`is not a complete app (at ${where})`);
  });

  test("that is only half in the answer is no app", async () => {
    ocean.faults.add({ match: {}, status: 200, body: { app: { id } } });
    await expect(api.getApp(id)).rejects.toThrow(/http\.malformed: .*is not a complete app \(at app\.spec\)/);
  });
});

describe("a deployment", () => {
  test("is found by its id", async () => {
    expect(await api.getDeployment(id, deployment)).toMatchObject({ id: deployment, phase: "ACTIVE" });
  });

  test("that is gone is none, and an app that is gone has none", async () => {
    expect(await api.getDeployment(id, nobody)).toBeUndefined();
    expect(await api.listDeployments(nobody)).toEqual([]);
  });

  test("that is only half in the answer decides nothing", async () => {
    ocean.faults.add({ match: {}, status: 200, body: { deployment: {} } });
    await expect(api.getDeployment(id, deployment)).rejects.toThrow(/complete deployment \(at deployment\.id\)/);
  });

  test.each([20, 2] as const)("of the latest is listed, newest first, with %d to a page", async (pageSize) => {
    ocean.variant.pageSize = pageSize;
    for (let count = 0; count < 24; count += 1) ocean.deploy(id);
    const newest = ocean
      .deployments(id)
      .map((one) => one.id)
      .toReversed();
    expect((await api.listDeployments(id)).map((one) => one.id)).toEqual(newest.slice(0, 20));
    expect(ocean.requests.map(({ query }) => query["per_page"])).toEqual(Array(20 / pageSize).fill("20"));
  });

  test("of an app with few is listed in one page", async () => {
    expect((await api.listDeployments(id)).map((one) => one.id)).toEqual([deployment]);
    expect(ocean.requests).toHaveLength(1);
  });

  test.each([{ deployments: null }, {}])("is none in a list of %j", async (body) => {
    ocean.faults.add({ match: {}, status: 200, body });
    expect(await api.listDeployments(id)).toEqual([]);
  });

  test("of a malformed list decides nothing", async () => {
    ocean.faults.add({ match: {}, status: 200, body: { deployments: {} } });
    await expect(api.listDeployments(id)).rejects.toThrow(/complete list of deployments \(at deployments\)/);
  });
});

describe("a question about the token", () => {
  test("is answered with an app, or with none if there is none", async () => {
    expect(await api.proveToken()).toMatchObject({ id });
    expect(ocean.requests.at(-1)?.query).toEqual({ per_page: "1" });
    ocean.faults.add({ match: {}, status: 200, body: {} });
    expect(await api.proveToken()).toBeUndefined();
    ocean.faults.add({ match: {}, status: 200, body: { apps: 1 } });
    await expect(api.proveToken()).rejects.toThrow(/complete list of apps/);
  });

  test("is answered with its owner", async () => {
    expect(await api.whoAmI()).toBe("owner@example.com");
  });

  test.each([
    { status: 401 },
    { status: 403 },
    { status: 404 },
    { status: 200, body: { account: { email: null } } },
    { status: 200, body: { account: {} } },
    { status: 200, body: { account: { email: 1 } } },
    { status: 200, body: {} },
  ])("is left open if the platform does not name the owner: %j", async (fault) => {
    ocean.faults.add({ match: {}, ...fault });
    expect(await api.whoAmI()).toBeUndefined();
    expect(ocean.requests).toHaveLength(1);
  });

  test.each([400, 404, 409, 422])("that may write is answered with %d as well", async (status) => {
    ocean.faults.add({ match: {}, status });
    await expect(api.validateRollback(id, deployment)).resolves.toBeUndefined();
    expect(ocean.requests.at(-1)?.body).toEqual({ deployment_id: deployment });
  });

  test.each([401, 403])("that may write is not answered with %d", async (status) => {
    ocean.faults.add({ match: {}, status });
    await expect(api.validateRollback(id, deployment)).rejects.toMatchObject({ status });
  });
});

describe("the databases of an account", () => {
  const listed = async (body: object) => {
    ocean.faults.add({ match: {}, status: 200, body });
    return (await api.listDatabases()).map(({ password }) => password);
  };
  const row = (more: object) => ({ engine: "pg", status: "online", connection: { password: "canary" }, ...more });

  test("are described by whether they show a password, and never by the password", async () => {
    const rows = [
      row({}),
      row({ connection: { password: "" } }),
      row({ connection: { password: null } }),
      row({ connection: {} }),
      row({ connection: null }),
      row({ connection: undefined }),
      row({ engine: "mongodb" }),
      row({ status: "creating" }),
      row({ engine: null, status: null }),
    ];
    expect(await listed({ databases: rows })).toEqual([
      "shown",
      "empty",
      "empty",
      "empty",
      "untold",
      "untold",
      "untold",
      "untold",
      "shown",
    ]);
  });

  test("are none if the answer has null or nothing in their place", async () => {
    expect(await listed({ databases: null })).toEqual([]);
    expect(await listed({})).toEqual([]);
    await expect(listed({ databases: 1 })).rejects.toThrow(/complete list of databases \(at databases\)/);
  });
});

test("a proposal is made for the app whose ciphertexts it holds", async () => {
  await api.proposeApp(id, spec);
  expect(ocean.requests.at(-1)?.body).toEqual({ app_id: id, spec });
});
