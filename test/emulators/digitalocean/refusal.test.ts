// Specs that a test makes the platform refuse, in a PUT and in its dry run.
import { afterEach, beforeEach, expect, test } from "vitest";
import { callerOf, secret, webSpec } from "./caller.js";
import { startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator, Spec } from "./index.js";

let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;
let id = "";

beforeEach(async () => {
  ocean = await startDigitalOcean({ refuseValue: /^forbidden-/ });
  api = callerOf(ocean);
  id = ocean.createApp(webSpec([{ key: "A", value: "1" }])).id;
});
afterEach(() => ocean.close());

const bad = webSpec([{ key: "A", value: "bad" }]);
const isBad = (spec: Spec) => spec.services?.[0]?.envs?.[0]?.value === "bad";
const put = (spec: Spec) => api.put(id, spec);
const propose = (spec: Spec, appId?: string) =>
  api.call("POST", "/v2/apps/propose", { body: { spec, ...(appId === undefined ? {} : { app_id: appId }) } });

test("a rule refuses the spec in both, in its own words, and changes nothing", async () => {
  ocean.refuseSpec((spec) => (isBad(spec) ? "image web:v9 was not found" : undefined));
  for (const reply of [await put(bad), await propose(bad, id), await propose(bad)]) {
    expect([reply.status, reply.body.id, reply.body.message]).toEqual([
      400,
      "bad_request",
      "image web:v9 was not found",
    ]);
  }
  expect((await api.get(id)).spec.services?.[0]?.envs?.[0]?.value).toBe("1");
  expect([(await put(webSpec())).status, (await propose(webSpec(), id)).status]).toEqual([200, 200]);
});

test("a rule may choose the status", async () => {
  ocean.refuseSpec(() => ({ status: 422, message: "too many instances" }));
  const { status, body } = await put(bad);
  expect([status, body.id, body.message]).toEqual([422, "unprocessable_entity", "too many instances"]);
});

test("a rule may refuse in the PUT what the dry run has accepted", async () => {
  ocean.refuseSpec((_, door) => (door === "put" ? "quota exceeded" : undefined));
  expect([(await propose(bad, id)).status, (await put(bad)).status]).toEqual([200, 400]);
});

test("a rule sees the spec as it was sent and cannot change it", async () => {
  const seen: (string | undefined)[] = [];
  ocean.refuseSpec((spec) => {
    seen.push(spec.services?.[0]?.envs?.[0]?.value);
    delete spec.services;
    return undefined;
  });
  const { body } = await put(webSpec([secret("TOKEN", "plain")]));
  expect([seen, body.app.spec.services?.length]).toEqual([["plain"], 1]);
});

test("of several rules the first that objects speaks, until it is taken away", async () => {
  const remove = ocean.refuseSpec(() => "first");
  ocean.refuseSpec(() => "second");
  expect((await put(bad)).body.message).toBe("first");
  remove();
  expect((await put(bad)).body.message).toBe("second");
});

test("other writers are not asked", () => {
  ocean.refuseSpec(() => "never");
  ocean.editConsole(id, (spec) => (spec.envs = [{ key: "HAND", value: "made" }]));
  expect(ocean.app(id).spec.envs).toMatchObject([{ key: "HAND" }]);
});

test("a value that the PUT refuses is refused by the dry run as well", async () => {
  const spec = webSpec([{ key: "A", value: "forbidden-value" }]);
  expect([(await put(spec)).status, (await propose(spec, id)).status]).toEqual([400, 400]);
});
