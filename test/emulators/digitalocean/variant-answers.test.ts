// How answers show apps, specs and deployments, in every position of the switches that decide it.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator, EnvEntry, Spec } from "./index.js";

const START = Date.UTC(2030, 0, 1, 12, 0, 0, 120);
let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;
let now = START;

beforeEach(async () => {
  now = START;
  ocean = await startDigitalOcean({ clock: () => now, deployment: { phaseMs: 1000 } });
  api = callerOf(ocean);
});
afterEach(() => ocean.close());

const envsOf = (spec: Spec | undefined) => spec?.services?.[0]?.envs ?? [];
const keysOf = (spec: Spec | undefined) =>
  envsOf(spec)
    .map((env) => env.key)
    .join("");
const letters: EnvEntry[] = "ABCDEFGH".split("").map((key) => ({ key, value: "x" }));
const deploymentOf = async (id: string, at = -1) =>
  (await api.call("GET", `/v2/apps/${id}/deployments/${ocean.deployments(id).at(at)?.id}`)).body.deployment;

describe("the order of variables", () => {
  const orders = async () => {
    const { id } = ocean.createApp(webSpec(letters));
    const looks = [await api.get(id), await api.get(id)];
    return looks.flatMap((app) => [keysOf(app.spec), keysOf(app.active_deployment?.spec)]);
  };

  test("is kept", async () => {
    expect(new Set(await orders())).toEqual(new Set(["ABCDEFGH"]));
  });

  test("is reversed", async () => {
    ocean.variant.envOrder = "reversed";
    expect(new Set(await orders())).toEqual(new Set(["HGFEDCBA"]));
  });

  test("is another one in each copy, with every variable once and duplicates in their order", async () => {
    ocean.variant.envOrder = "shuffled";
    const seen = await orders();
    expect(new Set(seen).size).toBe(4);
    for (const keys of seen) expect(keys.split("").toSorted().join("")).toBe("ABCDEFGH");
    const twice = ["1", "2", "3"].map((value) => ({ key: "A", value }));
    const { id } = ocean.createApp({ ...webSpec([...twice, ...letters.slice(1)]), name: "twice" });
    const values = envsOf((await api.get(id)).spec).filter((env) => env.key === "A");
    expect(values.map((env) => env.value)).toEqual(["1", "2", "3"]);
  });

  test.each(["reversed", "shuffled"] as const)("%s, put back as it was shown, deploys nothing", async (order) => {
    ocean.variant.envOrder = order;
    const { id } = ocean.createApp(webSpec(letters));
    await api.put(id, (await api.get(id)).spec);
    expect(ocean.deployments(id)).toHaveLength(1);
  });
});

describe("a variable at its defaults", () => {
  const shown = async () => {
    const { id } = ocean.createApp(webSpec([{ key: "A", value: "" }, secret("B", "", "RUN_AND_BUILD_TIME")]));
    const { spec } = await api.get(id);
    // Whatever the form, what was shown may be put back and changes nothing.
    expect((await api.put(id, spec)).body.app.pending_deployment).toBeUndefined();
    return envsOf(spec);
  };
  const scope = "RUN_AND_BUILD_TIME";

  test("shows scope and value and no type", async () => {
    expect(await shown()).toEqual([
      { key: "A", value: "", scope },
      { key: "B", value: expect.any(String), scope, type: "SECRET" },
    ]);
  });

  test("shows its type", async () => {
    ocean.variant.generalType = "shown";
    expect(await shown()).toMatchObject([{ type: "GENERAL" }, { type: "SECRET" }]);
  });

  test("shows no scope", async () => {
    ocean.variant.defaultScope = "left-out";
    expect((await shown()).map((env) => "scope" in env)).toEqual([false, false]);
  });

  test("shows its scope as unset", async () => {
    ocean.variant.defaultScope = "UNSET";
    expect((await shown()).map((env) => env.scope)).toEqual(["UNSET", "UNSET"]);
  });

  test("shows no empty value, but the ciphertext of an empty secret", async () => {
    ocean.variant.emptyValue = "left-out";
    expect((await shown()).map((env) => env.value)).toEqual([undefined, expect.stringMatching(/^EV\[1:/)]);
  });
});

describe("a place without variables", () => {
  const spec = { name: "shop", services: [{ name: "web", envs: [] }], workers: [{ name: "queue" }] };
  const nulls = ["spec", "active_deployment/spec"].flatMap((copy) =>
    ["envs", "services/0/envs", "workers/0/envs"].map((place) => `/app/${copy}/${place} must be array`),
  );

  test.each([
    ["as-sent", [undefined, [], undefined], []],
    ["empty-list", [[], [], []], []],
    ["null", [null, null, null], nulls],
    ["left-out", [undefined, undefined, undefined], []],
  ] as const)("shows envs %s, and what was shown may be put back", async (position, expected, deviations) => {
    const { id } = ocean.createApp(spec);
    ocean.variant.emptyEnvs = position;
    const shown = (await api.get(id, { deviations })).spec;
    expect([shown.envs, shown.services?.[0]?.envs, shown.workers?.[0]?.envs]).toEqual(expected);
    const { status } = await api.put(id, shown, { wrong: true, deviations });
    expect([status, ocean.deployments(id).length]).toEqual([200, 1]);
  });

  test("is kept in one form, whatever was sent or shown", async () => {
    ocean.variant.emptyEnvs = "empty-list";
    const { id } = ocean.createApp(spec);
    const before = ocean.app(id).spec;
    await api.put(id, (await api.get(id)).spec);
    expect(ocean.app(id).spec).toEqual(before);
  });
});

describe("updated_at", () => {
  /** Seconds after the start: before a PUT, after it, while it builds, and once it is live. */
  const moves = async (deviations: readonly string[]) => {
    const { id } = ocean.createApp(webSpec());
    const look = async () => {
      const at = (await api.get(id, { deviations })).updated_at;
      return at === undefined ? at : (Date.parse(at) - START) / 1000;
    };
    now += 10_000;
    const seen = [await look()];
    await api.put(id, webSpec(letters), { deviations });
    seen.push(await look());
    now += 1500;
    seen.push(await look());
    now += 10_000;
    seen.push(await look());
    return seen;
  };

  test.each([
    ["writes-and-live", [0, 10, 10, 14], []],
    ["writes", [0, 10, 10, 10], []],
    ["phases", [0, 10, 11, 14], []],
    ["left-out", [undefined, undefined, undefined, undefined], ["/app must have required property 'updated_at'"]],
  ] as const)("moves with %s", async (position, expected, deviations) => {
    ocean.variant.updatedAt = position;
    expect(await moves(deviations)).toEqual(expected);
  });
});

describe("times", () => {
  const created = async (name = "shop") => {
    const { id } = ocean.createApp({ ...webSpec(), name });
    const app = await api.get(id);
    return [app.created_at, app.active_deployment?.created_at];
  };

  test.each([
    ["milliseconds", "2030-01-01T12:00:00.120Z"],
    ["seconds", "2030-01-01T12:00:00Z"],
  ] as const)("in %s", async (position, expected) => {
    ocean.variant.times = position;
    expect(await created()).toEqual([expected, expected]);
  });

  test("in milliseconds, a whole second is not shown as one, and looks like no other moment", async () => {
    now = Date.UTC(2030, 0, 1, 12, 0, 0, 0);
    expect(await created()).toEqual(["2030-01-01T12:00:00.0001Z", "2030-01-01T12:00:00.0001Z"]);
    now += 1;
    expect(await created("blog")).toEqual(["2030-01-01T12:00:00.001Z", "2030-01-01T12:00:00.001Z"]);
  });

  test("in nanoseconds, without their last zeros, and the same whenever they are shown", async () => {
    ocean.variant.times = "nanoseconds";
    const [first, second] = await created();
    expect([first, first?.length]).toEqual([
      expect.stringMatching(/^2030-01-01T12:00:00\.120\d{1,6}Z$/),
      second?.length,
    ]);
    expect([first, first?.endsWith("0Z")]).toEqual([second, false]);
  });

  test.each([
    ["none", 0],
    ["ahead", 600],
    ["behind", -600],
  ] as const)("by a clock that is %s", async (position, seconds) => {
    ocean.variant.clockSkew = position;
    const [first = ""] = await created();
    expect((Date.parse(first) - START) / 1000).toBe(seconds);
  });
});

describe("what a deployment shows of its origin", () => {
  const rolledBack = async () => {
    const { id } = ocean.createApp(webSpec());
    ocean.failNextDeployment(id, { step: "deploy", autoRollback: true });
    ocean.editConsole(id, (spec) => (spec.envs = letters));
    ocean.settle(id);
    const { cause, cause_details: details, cloned_from: from, previous_deployment_id: before } = await deploymentOf(id);
    const last = (await api.get(id)).last_deployment_created_at;
    return { cause, type: details?.type, from, before, last };
  };
  const all = () => ({
    cause: expect.stringContaining("automatic rollback"),
    type: "AUTO_ROLLBACK",
    from: expect.any(String),
    before: expect.any(String),
    last: expect.any(String),
  });

  test("is cause, details, original and predecessor", async () => {
    expect(await rolledBack()).toEqual(all());
  });

  test.each([
    [{ cause: "text-only" }, { type: undefined }],
    [{ cause: "left-out" }, { cause: undefined, type: undefined }],
    [{ clonedFrom: "left-out" }, { from: undefined }],
    [{ previousDeployment: "left-out" }, { before: undefined }],
    [{ lastDeploymentCreatedAt: "left-out" }, { last: undefined }],
  ] as const)("with %j lacks what the switch says", async (variant, missing) => {
    Object.assign(ocean.variant, variant);
    expect(await rolledBack()).toEqual({ ...all(), ...missing });
  });
});

describe("the reason of a failure", () => {
  test.each([
    ["every-step", [true, true]],
    ["stage-only", [true, false]],
    ["left-out", [false, false]],
  ] as const)("stands at %s", async (position, expected) => {
    ocean.variant.failureReason = position;
    const { id } = ocean.createApp(webSpec());
    ocean.failNextDeployment(id, { step: "build", component: "web" });
    ocean.deploy(id);
    ocean.settle(id);
    const [build] = (await deploymentOf(id)).progress.steps;
    const web = build?.steps?.[1]?.steps?.[0];
    expect([build?.status, web?.status]).toEqual(["ERROR", "ERROR"]);
    expect([build?.reason, web?.reason].map(Boolean)).toEqual(expected);
  });
});
