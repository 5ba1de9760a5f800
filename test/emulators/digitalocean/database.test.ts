// Managed database clusters: the list, one by its id, and what of them a token may see.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, webSpec } from "./caller.js";
import { ALL_SCOPES, startDigitalOcean } from "./index.js";
import type { DigitalOceanEmulator } from "./index.js";

const TOKEN = "dop_v1_some";
let ocean: DigitalOceanEmulator;
let api: ReturnType<typeof callerOf>;

beforeEach(async () => {
  ocean = await startDigitalOcean({ control: true });
  api = callerOf(ocean);
});
afterEach(() => ocean.close());

const without = (...scopes: string[]) =>
  void ocean.tokens.set(TOKEN, { scopes: ALL_SCOPES.filter((scope) => !scopes.includes(scope)) });

describe("a database cluster", () => {
  test("stands in the list and by its id", async () => {
    const { id, password } = ocean.addDatabase({ name: "backend", engine: "mysql", tags: ["production"] });
    const { databases } = (await api.call("GET", "/v2/databases")).body;
    expect(databases).toMatchObject([
      { id, name: "backend", engine: "mysql", connection: { user: "doadmin", password } },
    ]);
    const { database } = (await api.call("GET", `/v2/databases/${id}`)).body;
    expect(database).toEqual(databases[0]);
    expect((await api.call("GET", "/v2/databases/nothing")).status).toBe(404);
  });

  test("is listed by its tag, and the list has no pages", async () => {
    ocean.addDatabase({ name: "backend", tags: ["production"] });
    ocean.addDatabase({ name: "other" });
    const { databases } = (await api.call("GET", "/v2/databases?tag_name=production")).body;
    expect(databases.map(({ name }) => name)).toEqual(["backend"]);
    expect((await api.call("GET", "/v2/databases?per_page=1")).status).toBe(400);
    expect(ocean.complaints).toMatchObject([{ kind: "unknown-query" }]);
  });

  test("is none for a dev database of an app", async () => {
    ocean.createApp({ ...webSpec(), databases: [{ name: "db", engine: "PG" }] });
    expect((await api.call("GET", "/v2/databases")).body.databases).toEqual([]);
  });

  test("is shown to nobody without database:read", async () => {
    const { id } = ocean.addDatabase({ name: "backend" });
    without("database:read");
    const paths = ["/v2/databases", `/v2/databases/${id}`];
    for (const path of paths) expect((await api.call("GET", path, { token: TOKEN })).status).toBe(403);
  });

  test.each([
    ["empty", ""],
    ["left-out", undefined],
  ] as const)("has credentials that are %s without database:view_credentials", async (position, shown) => {
    ocean.variant.hiddenCredentials = position;
    const { id, password } = ocean.addDatabase({ name: "backend" });
    without("database:view_credentials");
    const replies = [
      (await api.call("GET", "/v2/databases", { token: TOKEN })).body.databases[0],
      (await api.call("GET", `/v2/databases/${id}`, { token: TOKEN })).body.database,
    ];
    for (const database of replies) {
      const { connection, users } = database ?? {};
      expect([connection?.user, connection?.password, users?.[0]?.password]).toEqual([shown, shown, shown]);
      expect(JSON.stringify(database)).not.toContain(password);
    }
    expect((await api.call("GET", `/v2/databases/${id}`)).body.database.connection.password).toBe(password);
  });

  test("is added over HTTP as well", async () => {
    await fetch(`${ocean.url}/_emulator/databases`, { method: "POST", body: JSON.stringify({ name: "backend" }) });
    expect((await api.call("GET", "/v2/databases")).body.databases).toMatchObject([{ name: "backend" }]);
  });
});
