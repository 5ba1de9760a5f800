// What a spec may hold and what is kept of it, in every position of the switches that decide it.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator, EnvEntry, Spec } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;
let id = "";

beforeEach(async () => {
  ocean = await startDigitalOcean({ deployment: { phaseMs: 0 } });
  api = callerOf(ocean);
  id = ocean.createApp({ ...webSpec([secret("TOKEN", "one")]), workers: [{ name: "queue" }] }).id;
});
afterEach(() => ocean.close());

const envsOf = (spec: Spec) => spec.services?.[0]?.envs ?? [];
const token = async () => envsOf((await api.get(id)).spec)[0]?.value ?? "";
const running = (component = "web") => ocean.running(id)[component] ?? {};
/** Replaces the variables of the service, and of the worker if told. */
const put = (web: EnvEntry[], queue?: EnvEntry[]) =>
  api.put(id, { ...webSpec(web), workers: [{ name: "queue", ...(queue ? { envs: queue } : {}) }] });

describe("duplicate keys", () => {
  const twice = [
    { key: "A", value: "1" },
    { key: "B", value: "2" },
    { key: "A", value: "3" },
  ];

  test("are stored, and the last one runs", async () => {
    const { body } = await put(twice);
    expect(envsOf(body.app.spec).map((env) => env.value)).toEqual(["1", "2", "3"]);
    expect([running()["A"]?.value, ocean.complaints.length]).toEqual(["3", 1]);
  });

  test("are refused, by the index path of the second one", async () => {
    ocean.variant.duplicateKeys = "refused";
    const { status, body } = await put(twice);
    expect([status, body.message]).toEqual([
      400,
      expect.stringContaining('"services.0.envs.2.key": env key "A" is not'),
    ]);
    expect((await put([{ key: "A" }], [{ key: "A" }])).status).toBe(200);
  });

  test("are reduced to the last one", async () => {
    ocean.variant.duplicateKeys = "last-only";
    const { body } = await put(twice);
    expect(envsOf(body.app.spec)).toMatchObject([
      { key: "B", value: "2" },
      { key: "A", value: "3" },
    ]);
  });
});

describe("unknown fields", () => {
  const odd = (spec: Spec): Spec => ({
    ...spec,
    from_the_future: 1,
    disable_edge_cache: true,
    services: [{ name: "web", protocol: "HTTP2", novelty: {}, envs: [{ key: "A", value: "1", note: "x" }] }],
  });

  test("are kept", async () => {
    const { body } = await api.put(id, odd(webSpec()));
    expect(body.app.spec).toMatchObject(odd(webSpec()));
  });

  test("are dropped without a word, documented ones stay", async () => {
    ocean.variant.unknownFields = "dropped";
    const { status, body } = await api.put(id, odd(webSpec()));
    const envs = [{ key: "A", value: "1", scope: "RUN_AND_BUILD_TIME" }];
    expect([status, body.app.spec]).toEqual([
      200,
      { name: "shop", region: "fra", disable_edge_cache: true, services: [{ name: "web", protocol: "HTTP2", envs }] },
    ]);
  });
});

describe("fields that say false, 0 or nothing", () => {
  const zeros = {
    ...webSpec([{ key: "A", value: "" }]),
    disable_edge_cache: false,
    features: [],
    ingress: {},
    workers: [{ name: "queue", instance_count: 0, run_command: "", envs: [] }],
  };

  test("stay as they were sent", async () => {
    expect((await api.put(id, zeros)).body.app.spec).toMatchObject(zeros);
  });

  test("are left out like in Go, variables and empty objects apart", async () => {
    ocean.variant.zeroFields = "dropped";
    const { spec } = (await api.put(id, zeros)).body.app;
    expect(Object.keys(spec).toSorted()).toEqual(["ingress", "name", "region", "services", "workers"]);
    expect([spec.workers, envsOf(spec)[0]?.value]).toEqual([[{ name: "queue", envs: [] }], ""]);
    expect((await api.put(id, spec)).body.app.pending_deployment).toBeUndefined();
  });
});

describe("the platform's defaults", () => {
  test("stay out of a spec that does not name them", async () => {
    expect(Object.keys((await api.put(id, webSpec())).body.app.spec)).toEqual(["name", "region", "services"]);
  });

  test("are filled in where the spec says nothing, and putting them back changes nothing", async () => {
    ocean.variant.specDefaults = "filled-in";
    const { spec } = (await api.put(id, webSpec())).body.app;
    expect(spec).toMatchObject({
      region: "fra",
      ingress: {},
      alerts: [{}, {}],
      services: [{ instance_count: 1, http_port: 8080 }],
    });
    const again = (await api.put(id, spec)).body.app;
    expect([again.spec, again.pending_deployment]).toEqual([spec, undefined]);
  });
});

describe("a secret that is sent again with the value it has", () => {
  test("is sealed again and deployed", async () => {
    const before = await token();
    const { body } = await put([secret("TOKEN", "one")]);
    expect(envsOf(body.app.spec)[0]?.value).not.toBe(before);
    expect(body.app.pending_deployment).toBeDefined();
  });

  test("keeps its ciphertext, and nothing is deployed", async () => {
    ocean.variant.resubmittedSecret = "kept";
    const before = await token();
    const same = (await put([secret("TOKEN", "one")])).body.app;
    expect([envsOf(same.spec)[0]?.value, same.pending_deployment]).toEqual([before, undefined]);
    const wider = (await put([secret("TOKEN", "one", "BUILD_TIME")])).body.app;
    expect([envsOf(wider.spec)[0]?.value, wider.pending_deployment?.id]).toEqual([before, expect.any(String)]);
    const other = (await put([secret("TOKEN", "two")], [secret("TOKEN", "one")])).body.app;
    expect([envsOf(other.spec)[0]?.value, other.spec.workers?.[0]?.envs?.[0]?.value]).not.toContain(before);
  });
});

describe("a ciphertext of the app", () => {
  test.each([
    ["app", { stays: 200, "other key": 200, "other component": 200, "app level": 200, "other scope": 200 }],
    ["entry", { stays: 200, "other key": 400, "other component": 400, "app level": 400, "other scope": 200 }],
    ["entry-and-scope", { stays: 200, "other key": 400, "other component": 400, "app level": 400, "other scope": 400 }],
  ] as const)("is bound to its %s", async (binding, expected) => {
    ocean.variant.ciphertextBinding = binding;
    const ev = await token();
    const statuses = {
      stays: (await put([secret("TOKEN", ev)])).status,
      "other key": (await put([secret("TOKEN", ev), secret("COPY", ev)])).status,
      "other component": (await put([], [secret("TOKEN", ev)])).status,
      "app level": (await api.put(id, webSpec([], [secret("TOKEN", ev)]))).status,
      "other scope": (await put([secret("TOKEN", ev, "BUILD_TIME")])).status,
    };
    expect(statuses).toEqual(expected);
  });

  test("that an entry had before is still valid there, when it is bound to it", async () => {
    ocean.variant.ciphertextBinding = "entry-and-scope";
    const ev = await token();
    await put([secret("TOKEN", "two")]);
    expect((await put([secret("TOKEN", ev)])).status).toBe(200);
    expect(running()["TOKEN"]?.value).toBe("one");
  });

  test("may be moved in the console, and is bound to its new place then", async () => {
    ocean.variant.ciphertextBinding = "entry-and-scope";
    const ev = await token();
    ocean.editConsole(id, (spec) => Object.assign(envsOf(spec)[0] ?? {}, { key: "MOVED", scope: "BUILD_TIME" }));
    expect((await put([secret("MOVED", ev, "BUILD_TIME")])).status).toBe(200);
    expect((await put([secret("MOVED", ev, "RUN_TIME")])).status).toBe(400);
  });

  test("is literal text under GENERAL", async () => {
    const ev = await token();
    await put([{ key: "TOKEN", value: ev }]);
    expect(running()["TOKEN"]?.value).toBe(ev);
  });

  test("is refused under GENERAL", async () => {
    ocean.variant.ciphertextAsGeneral = "refused";
    const { status, body } = await put([{ key: "TOKEN", value: await token() }]);
    expect([status, body.message]).toEqual([400, expect.stringContaining("services.0.envs.0.value")]);
  });
});

describe("a ciphertext of another app", () => {
  const foreign = () => {
    const other = ocean.createApp({ ...webSpec([secret("TOKEN", "theirs")]), name: "other" });
    return other.spec.services?.[0]?.envs?.[0]?.value ?? "";
  };

  test("is refused", async () => {
    expect((await put([secret("TOKEN", foreign())])).status).toBe(400);
  });

  test("is taken for plaintext", async () => {
    ocean.variant.foreignCiphertext = "taken-as-plaintext";
    const ev = foreign();
    expect((await put([secret("TOKEN", ev)])).status).toBe(200);
    expect(running()["TOKEN"]?.value).toBe(ev);
  });
});

test.each([400, 422] as const)("a spec that is wrong is refused with %d, by PUT and by propose", async (status) => {
  ocean.variant.refusalStatus = status;
  const wrong = { ...webSpec(), envs: [{ key: "A-B", value: "x" }] };
  const replies = [
    await api.put(id, wrong, { wrong: true }),
    await api.call("POST", "/v2/apps/propose", { body: { spec: wrong, app_id: id }, wrong: true }),
  ];
  for (const reply of replies) {
    expect(reply.status).toBe(status);
    expect(reply.body.message).toContain('field "envs.0.key"');
  }
});
