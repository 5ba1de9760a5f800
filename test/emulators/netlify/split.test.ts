// A PUT that takes one value for all contexts apart, in each position of the switches that it depends on.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Caller, closeUncomplaining, openSite, plain, secret, type ShownVariable } from "./caller.js";
import { type NetlifyEmulator, type SiteRecord } from "./index.js";
import type { Variant } from "./variant.js";

let netlify: NetlifyEmulator;
let site: SiteRecord;
let call: Caller;
let env = "";
let query = "";

beforeEach(async () => {
  ({ netlify, site, call, env, query } = await openSite());
});
afterEach(() => closeUncomplaining(netlify));

const turn = (positions: Partial<Variant>) => void Object.assign(netlify.variant, positions);
const create = (...variables: unknown[]) => call<ShownVariable[]>("POST", env + query, variables);

describe("one value for all contexts that becomes several", () => {
  const slots = ["production", "deploy-preview", "branch-deploy", "dev", "dev-server"];
  const several = (contexts: readonly string[]) => ({
    ...secret("A", "2"),
    values: contexts.map((context) => ({ context, value: "2" })),
  });
  const split = (contexts: readonly string[]) => call("PUT", `${env}/A${query}`, several(contexts));
  const all = Object.fromEntries(slots.map((slot) => [slot, "2"]));

  test.each([
    ["whole", 422, 200, { A: all }],
    ["emptied", 422, 422, { A: {} }],
    ["emptied", 500, 500, { A: {} }],
    ["partial", 422, 422, { A: { production: "2" } }],
  ] as const)("is left %s by a PUT (%i)", async (...[position, splitStatus, status, values]) => {
    await create(plain("A", "1"));
    turn({ split: position, splitStatus });
    expect((await split(slots)).status).toBe(status);
    expect(netlify.values(site)).toEqual(values);
  });

  test.each([
    ["known", 200, { A: all }],
    ["unknown", 422, { A: { all: "1" } }],
  ] as const)("may name dev-server, which is %s", async (devServer, status, values) => {
    await create(plain("A", "1"));
    turn({ devServer });
    expect((await split(slots)).status).toBe(status);
    expect(netlify.values(site)).toEqual(values);
    if (devServer === "unknown") expect((await split(slots.slice(0, 4))).status).toBe(200);
  });

  test("is lost for a context that the PUT leaves out", async () => {
    await create(plain("A", "1"));
    await split(slots.slice(1));
    expect(netlify.complaints.splice(0)).toMatchObject([{ kind: "lost-value" }]);
  });
});
