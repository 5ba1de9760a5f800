// What looks and lists show, in every position of the switches that decide it.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;

beforeEach(async () => {
  ocean = await startDigitalOcean({ deployment: { phaseMs: 60_000 } });
  api = callerOf(ocean);
});
afterEach(() => ocean.close());

const create = (name = "shop", settled = true) => ocean.createApp({ ...webSpec(), name }, { settled }).id;
const namesIn = async (path: string) => (await api.call("GET", path)).body.apps.map((app) => app.spec.name);

describe("a deployment that does not exist", () => {
  const FIELDS = ["in_progress_deployment", "pending_deployment", "pinned_deployment"] as const;
  const incomplete = (field: string, names: string[]) =>
    names.map((name) => `/app/${field}_deployment must have required property '${name}'`);
  const FULL = ["id", "spec", "phase", "created_at", "updated_at", "progress"];

  test.each([
    ["left-out", undefined, []],
    ["null", null, ["in_progress", "pending", "pinned"].map((field) => `/app/${field}_deployment must be object`)],
  ] as const)("is shown %s", async (position, shown, deviations) => {
    ocean.variant.noDeployment = position;
    const app = await api.get(create(), { deviations });
    expect(FIELDS.map((field) => app[field])).toEqual([shown, shown, shown]);
    expect(app.active_deployment?.phase).toBe("ACTIVE");
  });

  test("is shown as an empty object", async () => {
    ocean.variant.noDeployment = "empty";
    const deviations = [
      ...incomplete("in_progress", FULL),
      ...incomplete("pending", ["id", "spec"]),
      ...incomplete("pinned", FULL),
    ];
    const app = await api.get(create(), { deviations });
    expect(FIELDS.map((field) => app[field])).toEqual([{}, {}, {}]);
  });
});

test.each([
  ["id-and-spec", ["id", "spec"]],
  ["all", expect.arrayContaining(["id", "spec", "phase", "cause", "progress", "created_at"])],
] as const)("a pending deployment holds %s", async (position, fields) => {
  ocean.variant.pendingFields = position;
  expect(Object.keys((await api.get(create("shop", false))).pending_deployment ?? {})).toEqual(fields);
});

describe("a new app", () => {
  const looks = [
    ["by id", (id: string) => `/v2/apps/${id}`],
    ["by name", () => "/v2/apps/?name=new"],
  ] as const;

  test.each(looks)("is found at once %s", async (_, pathOf) => {
    expect((await api.call("GET", pathOf(create("new")))).status).toBe(200);
  });

  test.each(looks)("is found by the second look %s only, and others at once", async (_, pathOf) => {
    create("old");
    ocean.variant.notFoundAfterCreate = 1;
    const path = pathOf(create("new"));
    expect([(await api.call("GET", path)).status, (await api.call("GET", path)).status]).toEqual([404, 200]);
    expect((await api.call("GET", "/v2/apps/?name=old")).status).toBe(200);
  });

  test("is missing from the first list, and may be written to at once", async () => {
    ocean.variant.notFoundAfterCreate = 1;
    const { body } = await api.call("POST", "/v2/apps", { body: { spec: { ...webSpec(), name: "new" } } });
    expect((await api.put(body.app.id, { ...webSpec([{ key: "A" }]), name: "new" })).status).toBe(200);
    expect([await namesIn("/v2/apps"), await namesIn("/v2/apps")]).toEqual([[], ["new"]]);
  });
});

describe("a look by name", () => {
  const LIST = { answersAs: "GET /v2/apps" };

  test("finds the app, and nothing else takes a name", async () => {
    create("one");
    const id = create("two");
    expect((await api.call("GET", "/v2/apps/?name=two")).body.app.id).toBe(id);
    expect((await api.call("GET", "/v2/apps?name=two", LIST)).status).toBe(400);
  });

  test.each(["/v2/apps/?name=two", "/v2/apps?name=two", "/v2/apps/?name=nothing"])(
    "is ignored: %s lists every app",
    async (path) => {
      create("one");
      create("two");
      ocean.variant.nameLookup = "ignored";
      const { status, body } = await api.call("GET", path, LIST);
      expect([status, body.apps.map((app) => app.spec.name)]).toEqual([200, ["one", "two"]]);
    },
  );

  test("leaves a look by id alone", async () => {
    ocean.variant.nameLookup = "ignored";
    const id = create("one");
    expect((await api.get(id)).id).toBe(id);
  });
});

describe("the list of deployments", () => {
  const listed = async (id: string, query = "") =>
    (await api.call("GET", `/v2/apps/${id}/deployments${query}`)).body.deployments.map((deployment) => deployment.id);

  test("shows the newest at once", async () => {
    const id = create();
    const newest = ocean.deploy(id).id;
    expect((await listed(id))[0]).toBe(newest);
  });

  test("lags: the newest is missing once, older ones and a settled one never", async () => {
    ocean.variant.deploymentList = "lags";
    const id = create();
    const [first] = ocean.deployments(id);
    expect(await listed(id)).toEqual([first?.id]);
    const [second, third] = [ocean.deploy(id).id, ocean.deploy(id).id];
    expect(await listed(id)).toEqual([second, first?.id]);
    expect(await listed(id)).toEqual([third, second, first?.id]);
    const path = `/v2/apps/${id}/deployments/${ocean.deploy(id).id}`;
    expect((await api.call("GET", path)).status).toBe(200);
  });
});

describe("pages", () => {
  beforeEach(() => {
    for (let index = 0; index < 45; index += 1) create(`app-${index}`);
  });

  test.each([
    [200, "?per_page=200", [45]],
    [200, "?per_page=30", [30, 15]],
    [200, "", [20, 20, 5]],
    [20, "?per_page=200", [20, 20, 5]],
    [20, "?per_page=5", [5, 5, 5, 5, 5, 5, 5, 5, 5]],
    [2, "?per_page=200", [...Array.from({ length: 22 }, () => 2), 1]],
  ] as const)("of at most %d, asked with %j", async (size, query, expected) => {
    ocean.variant.pageSize = size;
    const lengths: number[] = [];
    const seen = new Set<string>();
    for (let path = `/v2/apps${query}`; path !== "";) {
      const { apps, links, meta } = (await api.call("GET", path)).body;
      lengths.push(apps.length);
      for (const app of apps) seen.add(app.id);
      expect(meta.total).toBe(45);
      path = (links.pages["next"] ?? "").replace(ocean.url, "");
    }
    expect([lengths, seen.size]).toEqual([expected, 45]);
  });
});

test.each([
  ["shown", (name: string) => ({ [name]: [] }), () => []],
  ["null", (name: string) => ({ [name]: null }), (name: string) => [`/${name} must be array`]],
  ["left-out", () => ({}), (name: string) => [`/ must have required property '${name}'`]],
] as const)("a list without anything is %s", async (position, shown, deviations) => {
  ocean.variant.emptyList = position;
  const list = async (name: string) => (await api.call("GET", `/v2/${name}`, { deviations: deviations(name) })).body;
  expect(await list("apps")).toEqual({ ...shown("apps"), links: { pages: {} }, meta: { total: 0 } });
  expect(await list("databases")).toEqual(shown("databases"));
  ocean.addDatabase({ name: "backend" });
  create("one");
  expect((await api.call("GET", "/v2/apps")).body.apps).toHaveLength(1);
  expect((await api.call("GET", "/v2/databases")).body.databases).toHaveLength(1);
});
