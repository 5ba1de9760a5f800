// What the emulator keeps of a spec, and what it refuses.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator, EnvEntry, Spec } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;

beforeEach(async () => {
  ocean = await startDigitalOcean({ refuseValue: /^forbidden-/ });
  api = callerOf(ocean);
});
afterEach(() => ocean.close());

function envsOf(spec: Spec): EnvEntry[] {
  return spec.services?.[0]?.envs ?? [];
}

function valueOf(spec: Spec, key: string): string {
  return envsOf(spec).find((env) => env.key === key)?.value ?? "";
}

describe("a secret", () => {
  test("is shown as EV[1:nonce:ciphertext] with a 24-byte nonce, and never in plaintext", async () => {
    const { id } = ocean.createApp(webSpec([secret("TOKEN", "plain-text-value")]));
    const app = await api.get(id);
    const [, nonce] = /^EV\[1:([^:]+):[^:]+\]$/.exec(valueOf(app.spec, "TOKEN")) ?? [];
    expect(Buffer.from(nonce ?? "", "base64")).toHaveLength(24);
    expect(JSON.stringify(app)).not.toContain("plain-text-value");
    expect(ocean.decrypt(id, valueOf(app.spec, "TOKEN"))).toBe("plain-text-value");
  });

  test("keeps its EV over GETs and over a PUT that sends it back verbatim", async () => {
    const { id } = ocean.createApp(webSpec([secret("TOKEN", "one"), { key: "MODE", value: "a" }]));
    const { spec } = await api.get(id);
    const before = valueOf(spec, "TOKEN");
    const mode = envsOf(spec).find((env) => env.key === "MODE");
    if (mode) mode.value = "b";
    await api.put(id, spec);
    const after = await api.get(id);
    expect(valueOf(after.spec, "TOKEN")).toBe(before);
    expect(valueOf(after.spec, "MODE")).toBe("b");
  });

  test("gets a new EV, and a deployment, even when the same plaintext is sent again", async () => {
    const { id } = ocean.createApp(webSpec([secret("TOKEN", "one")]));
    const before = valueOf((await api.get(id)).spec, "TOKEN");
    const { body } = await api.put(id, webSpec([secret("TOKEN", "one")]));
    expect(valueOf(body.app.spec, "TOKEN")).not.toBe(before);
    expect(body.app.pending_deployment?.id).toBe(ocean.deployments(id)[1]?.id);
  });

  test("without a value, or with an empty one, runs blank behind an EV", async () => {
    const { id } = ocean.createApp(webSpec());
    const { body } = await api.put(id, webSpec([secret("EMPTY", ""), { key: "NONE", type: "SECRET" }]));
    ocean.settle(id);
    expect(valueOf(body.app.spec, "NONE")).toMatch(/^EV\[1:/);
    expect(ocean.running(id)["web"]).toMatchObject({ EMPTY: { value: "" }, NONE: { value: "" } });
  });

  test("keeps its EV and its value when only its scope changes", async () => {
    const { id } = ocean.createApp(webSpec([secret("TOKEN", "one")]));
    const ev = valueOf((await api.get(id)).spec, "TOKEN");
    const { body } = await api.put(id, webSpec([secret("TOKEN", ev, "BUILD_TIME")]));
    ocean.settle(id);
    expect(valueOf(body.app.spec, "TOKEN")).toBe(ev);
    expect(ocean.running(id)).toEqual({ web: { TOKEN: { value: "one", scope: "BUILD_TIME" } } });
  });

  test("of another app, or one that is garbage, is refused by its index path", async () => {
    const { id } = ocean.createApp(webSpec());
    const other = ocean.createApp({ ...webSpec([secret("TOKEN", "one")]), name: "other" });
    const foreign = valueOf((await api.get(other.id)).spec, "TOKEN");
    for (const value of [foreign, "EV[1:abc:def]", "EV["]) {
      const { status, body } = await api.put(id, webSpec([{ key: "A", value: "1" }, secret("TOKEN", value)]));
      expect(status).toBe(400);
      expect(body.message).toContain('first error in field "services.0.envs.1.value"');
    }
  });

  test("may not be encrypted before its app exists", async () => {
    const { id } = ocean.createApp(webSpec([secret("TOKEN", "one")]));
    const { spec } = await api.get(id);
    const copy = { ...spec, name: "copy" };
    const created = await api.call("POST", "/v2/apps", { body: { spec: copy } });
    const proposed = await api.call("POST", "/v2/apps/propose", { body: { spec: copy } });
    const message =
      'errors validating app spec; first error in field "services.0.envs.0.value": secret env value must not be encrypted before app is created';
    expect([created.status, created.body.message]).toEqual([400, message]);
    expect([proposed.status, proposed.body.message]).toEqual([400, message]);
    expect((await api.call("POST", "/v2/apps/propose", { body: { spec, app_id: id } })).status).toBe(200);
  });
});

describe("a PUT", () => {
  test("replaces the whole spec: what is left out is gone", async () => {
    const { id } = ocean.createApp(webSpec([{ key: "A", value: "1" }], [{ key: "B", value: "2" }]));
    await api.put(id, { name: "shop", services: [{ name: "web" }] });
    const { spec } = await api.get(id);
    expect(spec).toEqual({ name: "shop", services: [{ name: "web" }] });
    ocean.settle(id);
    expect(ocean.running(id)).toEqual({ web: {} });
  });

  test("keeps unknown fields, positions and other masked values byte for byte", async () => {
    const spec = webSpec([
      { key: "Z", value: "1" },
      { key: "A", value: "2" },
    ]);
    const web = spec.services?.[0];
    if (web)
      Object.assign(web, {
        from_the_future: { depth: [1, { two: null }] },
        image: { repository: "r", registry_credentials: "user:password" },
      });
    const { id } = ocean.createApp({ ...spec, features: ["x"], vpc: { id: "v" } });
    const got = (await api.get(id)).spec;
    const { body } = await api.put(id, got);
    expect(body.app.spec).toEqual(got);
    expect(got).toMatchObject({
      features: ["x"],
      vpc: { id: "v" },
      services: [{ from_the_future: { depth: [1, { two: null }] } }],
    });
    expect(JSON.stringify(got)).toMatch(/"registry_credentials":"EV\[1:/);
    expect(envsOf(got).map((env) => env.key)).toEqual(["Z", "A"]);
  });

  test("leaves GENERAL out of its answer and fills in the scope", async () => {
    const { id } = ocean.createApp(webSpec());
    const { body } = await api.put(
      id,
      webSpec([
        { key: "A", value: "1", type: "GENERAL" },
        { key: "B", value: "2", scope: "UNSET" },
      ]),
    );
    const scope = "RUN_AND_BUILD_TIME";
    expect(envsOf(body.app.spec)).toEqual([
      { key: "A", value: "1", scope },
      { key: "B", value: "2", scope },
    ]);
  });

  test("takes an EV under GENERAL as literal text", async () => {
    const { id } = ocean.createApp(webSpec([secret("TOKEN", "one")]));
    const ev = valueOf((await api.get(id)).spec, "TOKEN");
    await api.put(id, webSpec([{ key: "TOKEN", value: ev }]));
    ocean.settle(id);
    expect(ocean.running(id)["web"]?.["TOKEN"]?.value).toBe(ev);
  });

  test("reports only the first of several errors", async () => {
    const { id } = ocean.createApp(webSpec());
    const { status, body } = await api.put(
      id,
      { ...webSpec([{ key: "1ST", value: "x" }, { key: "2ND" }]), envs: [{ key: "OK", value: "x" }] },
      { wrong: true },
    );
    expect([status, body.id]).toEqual([400, "bad_request"]);
    expect(body.message).toMatch(/^errors validating app spec; first error in field "services\.0\.envs\.0\.key": /);
    expect(body.message).not.toContain("2ND");
  });

  test.each([
    ["a key with a dash", { key: "A-B", value: "x" }, "envs.0.key"],
    ["a missing key", { value: "x" }, "envs.0.key"],
    ["a number for a value", { key: "A", value: 5 }, "envs.0.value"],
    ["an unknown scope", { key: "A", value: "x", scope: "ALWAYS" }, "envs.0.scope"],
    ["an unknown type", { key: "A", value: "x", type: "HIDDEN" }, "envs.0.type"],
    ["an entry that is no object", "A=x", "envs.0"],
  ])("is refused for %s", async (_, env, path) => {
    const { id } = ocean.createApp(webSpec());
    const { status, body } = await api.put(id, { ...webSpec(), envs: [env] }, { wrong: true });
    expect(status).toBe(400);
    expect(body.message).toContain(`field "${path}"`);
    expect((await api.get(id)).spec).toEqual(webSpec());
  });

  test("may quote a refused value in its message", async () => {
    const { id } = ocean.createApp(webSpec());
    const { body } = await api.put(id, webSpec([secret("TOKEN", "forbidden-value")]));
    expect(body.message).toContain('"forbidden-value"');
  });

  test("accepts duplicate keys, of which the last one runs, and files a complaint", async () => {
    const { id } = ocean.createApp(webSpec());
    await api.put(
      id,
      webSpec([
        { key: "A", value: "1" },
        { key: "A", value: "2" },
      ]),
    );
    ocean.settle(id);
    expect(ocean.running(id)["web"]?.["A"]?.value).toBe("2");
    expect(ocean.complaints).toMatchObject([{ kind: "duplicate-key", detail: "web.A" }]);
  });

  test("has a body of spec and update_all_source_versions and nothing else", async () => {
    const { id } = ocean.createApp(webSpec());
    const { status } = await api.call("PUT", `/v2/apps/${id}`, {
      body: { spec: webSpec(), project_ids: [] },
      wrong: true,
    });
    expect(status).toBe(400);
    expect(ocean.complaints).toMatchObject([{ kind: "unknown-body-field", detail: "PUT /v2/apps/{id} project_ids" }]);
  });
});

describe("an app", () => {
  test("is created over HTTP once per name", async () => {
    const first = await api.call("POST", "/v2/apps", { body: { spec: webSpec([secret("TOKEN", "one")]) } });
    const second = await api.call("POST", "/v2/apps", { body: { spec: webSpec() } });
    expect([first.status, first.body.app.pending_deployment?.spec.name]).toEqual([200, "shop"]);
    expect([second.status, second.body.id]).toEqual([409, "conflict"]);
    expect((await api.call("POST", "/v2/apps/propose", { body: { spec: webSpec() } })).body.app_name_available).toBe(
      false,
    );
  });

  test("is found by name when the ID is left out of the path", async () => {
    const { id } = ocean.createApp(webSpec());
    expect((await api.call("GET", "/v2/apps/?name=shop")).body.app.id).toBe(id);
    expect((await api.call("GET", "/v2/apps/?name=nothing")).status).toBe(404);
  });

  test("is gone after DELETE", async () => {
    const { id } = ocean.createApp(webSpec());
    expect((await api.call("DELETE", `/v2/apps/${id}`)).body.id).toBe(id);
    expect((await api.call("GET", `/v2/apps/${id}`)).status).toBe(404);
  });

  test("shows variables in another order than they were sent when asked to", async () => {
    const other = await startDigitalOcean({ variant: { envOrder: "reversed" } });
    const { id } = other.createApp(
      webSpec([
        { key: "A", value: "1" },
        { key: "B", value: "2" },
      ]),
    );
    const { spec } = await callerOf(other).get(id);
    expect(envsOf(spec).map((env) => env.key)).toEqual(["B", "A"]);
    const { body } = await callerOf(other).put(id, spec);
    expect(body.app.pending_deployment).toBeUndefined();
    await other.close();
  });

  test("gives its containers app-level variables, which a component may override", () => {
    const spec = webSpec([{ key: "A", value: "own" }], [{ key: "A", value: "app" }, secret("B", "shared")]);
    const { id } = ocean.createApp({ ...spec, workers: [{ name: "queue" }] });
    const scope = "RUN_AND_BUILD_TIME";
    expect(ocean.running(id)).toEqual({
      web: { A: { value: "own", scope }, B: { value: "shared", scope: "RUN_TIME" } },
      queue: { A: { value: "app", scope }, B: { value: "shared", scope: "RUN_TIME" } },
    });
  });
});
