// An app with databases asks more of a token, and the preview finds out whether it has it.

import { describe, expect, test } from "vitest";
import type { Fault } from "../emulators/digitalocean/index.js";
import { type Stack, sync } from "./stack.js";
import { answer, databases, look, permission, propose, shop, silences, warningsOf } from "./validation.js";

describe("an app with databases", () => {
  const row = (password: unknown, more: object = {}) => ({
    id: "db-1",
    name: "main",
    engine: "pg",
    status: "online",
    ...more,
    connection: { host: "h", user: "doadmin", password },
  });
  const list = (...rows: object[]): Fault => ({ status: 200, body: { databases: rows } });
  const forbidden = { id: "forbidden", message: "You are not authorized to perform this operation" };
  const asks =
    /connection\.forbidden: the token may not update app shop \((.*)\); give it app:update, and for the attached databases database:read and database:view_credentials/;
  const open = () => shop({ databases: [{ name: "db", engine: "PG", production: true, cluster_name: "main" }] });
  const write = (stack: Stack, appId: string, count = 1) =>
    Array.from({ length: count }, (_, at) =>
      sync(`s-${at}`, { [`KEY_${at}`]: stack.secret("v") }, { destination: { appId } }),
    );

  test("whose list the token may not read needs database:read, in the write's words", async () => {
    const { stack, appId } = await open();
    answer(stack, /databases$/, { status: 403, body: forbidden });
    const { problems, calls } = await stack.preview(write(stack, appId));
    expect(asks.exec(problems)?.[1]).toBe(forbidden.message);
    expect(calls[databases]).toBe(1);
    stack.cloud.tokens.set("narrow", { scopes: ["app:read", "app:update"] });
    stack.environment["DIGITALOCEAN_TOKEN"] = "narrow";
    expect((await stack.up(write(stack, appId))).problems.split("\n")[0]).toBe(problems.split("\n")[0]);
  });

  // [rows, whether the preview fails]
  const lists: [string, object[], boolean][] = [
    ["an empty password", [row("")], true],
    ["a null password", [row(null)], true],
    ["no password", [row(undefined)], true],
    ["one that shows its password", [row("secret-of-the-database")], false],
    ["one that shows it among others", [row(""), row("secret-of-the-database")], false],
    ["MongoDB, which shows it once", [row("", { engine: "mongodb" })], false],
    ["MongoDB and an empty password", [row("", { engine: "mongodb" }), row("", { engine: "mysql" })], true],
    ["one that is being made", [row("", { status: "creating" })], false],
    ["one without a connection", [{ id: "db-1", engine: "pg" }], false],
    ["no rows", [], false],
  ];
  test.each(lists)("of a list with %s", async (_, rows, fails) => {
    const { stack, appId } = await open();
    stack.canaries.add("secret-of-the-database");
    answer(stack, /databases$/, list(...rows));
    const run = await stack.preview(write(stack, appId));
    if (fails) expect(asks.exec(run.problems)?.[1]).toBe("it sees databases without their passwords");
    else expect(run.problems).toBe("");
    expect(warningsOf(run)).toEqual([]);
  });

  test("is asked about once, and after the platform has said what it thinks of the spec", async () => {
    const { stack, appId } = await open();
    answer(stack, /databases$/, list(row("shown")));
    const { calls } = await stack.preview(write(stack, appId, 4));
    expect(calls).toEqual({
      [look]: 1,
      [permission]: 1,
      [propose]: 1,
      [databases]: 1,
    });
  });

  test("of which nothing is told warns once, and names both scopes", async () => {
    const { stack, appId } = await open();
    answer(stack, /propose$/, { status: 403 });
    answer(stack, /databases$/, list());
    const program = write(stack, appId, 3);
    const run = await stack.preview(program);
    expect(run.problems).toBe("");
    expect(warningsOf(run)).toEqual([
      expect.stringMatching(/app shop has databases.*database:read and database:view_credentials/),
    ]);
    stack.cloud.faults.clear();
    await stack.up(program);
    answer(stack, /propose$/, { status: 500 });
    answer(stack, /databases$/, { status: 500 });
    const again = await stack.preview(write(stack, appId, 3));
    expect(warningsOf(again).filter((text) => text.includes("database:view_credentials"))).toHaveLength(1);
  });

  test.each(silences)(
    "whose list answers with %s warns only where the spec was not accepted either",
    async (_, fault) => {
      const { stack, appId } = await open();
      answer(stack, /databases$/, fault);
      const accepted = await stack.preview(write(stack, appId));
      expect(accepted.problems).toBe("");
      expect(warningsOf(accepted)).toEqual([]);
      answer(stack, /propose$/, { status: 500 });
      const run = await stack.preview(write(stack, appId));
      expect(run.problems).toBe("");
      expect(run.calls[databases]).toBe(1);
      expect(warningsOf(run)).toHaveLength(1);
    },
  );

  test("tells the refused spec and the missing scope in one pass", async () => {
    const { stack, appId } = await open();
    answer(stack, /propose$/, { status: 400, body: { message: "no" } });
    answer(stack, /databases$/, { status: 403, body: forbidden });
    const { problems } = await stack.preview(write(stack, appId));
    expect(problems).toMatch(/destination\.rejected/);
    expect(problems).toMatch(asks);
  });
});

test("an app without databases is not asked about them", async () => {
  for (const spec of [{}, { databases: [] }]) {
    const { stack, appId } = await shop(spec);
    const { calls } = await stack.preview([sync("web", { KEY: "some value" }, { destination: { appId } })]);
    expect(calls).not.toHaveProperty([databases]);
  }
});
