// What a token may do to an app with a database, and whether it may ask for a dry run, in every position of the switches.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, webSpec } from "./caller.js";
import { ALL_SCOPES, startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

const TOKEN = "dop_v1_some";
let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;

beforeEach(async () => {
  ocean = await startDigitalOcean();
  api = callerOf(ocean);
});
afterEach(() => ocean.close());

const without = (...scopes: string[]) =>
  void ocean.tokens.set(TOKEN, { scopes: ALL_SCOPES.filter((scope) => !scopes.includes(scope)) });

const DEV = { name: "db", engine: "PG" };
const MANAGED = { name: "db", engine: "PG", production: true, cluster_name: "backend" };

describe("a PUT of a spec with a database", () => {
  test.each([
    ["every", [403, 403]],
    ["managed", [200, 403]],
    ["none", [200, 200]],
  ] as const)("asks for the database scopes of %s", async (position, expected) => {
    ocean.variant.databaseScopes = position;
    const { id } = ocean.createApp(webSpec());
    for (const scope of ["database:read", "database:view_credentials"]) {
      without(scope);
      const statuses: number[] = [];
      for (const database of [DEV, MANAGED]) {
        const spec = { ...webSpec(), databases: [database] };
        statuses.push((await api.put(id, spec, { token: TOKEN })).status);
      }
      expect(statuses).toEqual(expected);
    }
    without();
    expect(
      (await api.put(id, { ...webSpec(), databases: [DEV, { ...MANAGED, name: "more" }] }, { token: TOKEN })).status,
    ).toBe(200);
  });
});

describe("a proposal", () => {
  const propose = (id: string, databases: object[] = []) =>
    api.call("POST", "/v2/apps/propose", { body: { app_id: id, spec: { ...webSpec(), databases } }, token: TOKEN });

  test.each([
    ["not-asked", 200],
    ["asked", 403],
  ] as const)("has the database scopes %s", async (position, status) => {
    ocean.variant.proposeScopes = position;
    const { id } = ocean.createApp(webSpec());
    without("database:view_credentials");
    expect([(await propose(id, [MANAGED])).status, (await propose(id)).status]).toEqual([status, 200]);
    without();
    expect((await propose(id, [MANAGED])).status).toBe(200);
  });

  test.each([
    ["answered", 200, undefined],
    ["not-found", 404, "not_found"],
    ["forbidden", 403, "forbidden"],
  ] as const)("is %s", async (position, status, errorId) => {
    ocean.variant.propose = position;
    const { id } = ocean.createApp(webSpec());
    without();
    const reply = await propose(id);
    expect([reply.status, reply.body.id]).toEqual([status, errorId]);
    expect((await api.put(id, webSpec())).status).toBe(200);
  });
});
