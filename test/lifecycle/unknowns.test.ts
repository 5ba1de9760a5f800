// A preview in which something is not known yet says so, fails nothing and writes nothing.

import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Properties, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { host } from "./host.js";
import { openStack, puts, type Stack, sync } from "./stack.js";

async function shop(): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  return { stack, appId: stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id };
}

const at = (appId: unknown): { destination: Properties } => ({ destination: { appId } });

describe("a new sync", () => {
  const cases: Array<{ name: string; values?: unknown; destination: (appId: string) => Properties }> = [
    { name: "the app's id", destination: () => ({ appId: unknownValue }) },
    { name: "the app's name", destination: () => ({ appName: unknownValue }) },
    { name: "one inline value", values: { A: unknownValue, B: "known-value" }, destination: (appId) => ({ appId }) },
    { name: "the whole map of values", values: unknownValue, destination: (appId) => ({ appId }) },
    { name: "the components", destination: (appId) => ({ appId, components: unknownValue }) },
    {
      name: "the credentials",
      destination: (appId) => ({
        appId,
        connection: { app: "digital-ocean", method: "api-token", credentials: { apiToken: unknownValue } },
      }),
    },
  ];
  test.each(cases)("waits for $name", async ({ values, destination }) => {
    const { stack, appId } = await shop();
    const preview = await stack.preview([
      sync("web", values ?? { A: "known-value" }, { destination: destination(appId) }),
    ]);
    expect(preview.problems).toBe("");
    expect(preview.steps.map(({ op }) => op)).toEqual(["create"]);
    expect(puts(preview)).toBe(0);
    expect(JSON.stringify(preview)).not.toContain("known-value");
  });
});

describe("an existing sync", () => {
  test.each([
    { name: "one value", values: { A: unknownValue, B: "b-value" }, shown: ["keys.A"] },
    { name: "the whole map", values: unknownValue, shown: host.name === "plugin" ? ["keys"] : ["keys.A", "keys.B"] },
  ])("shows an update when $name is not known", async ({ values, shown }) => {
    const { stack, appId } = await shop();
    const known = { A: "a-value", B: "b-value" };
    await stack.up([sync("web", known, at(appId))]);
    await stack.up([sync("web", known, at(appId))]);
    const preview = await stack.preview([sync("web", values, at(appId))]);
    expect(preview.problems).toBe("");
    expect(preview.steps).toMatchObject([{ op: "update", shown }]);
    // The values turn out to be the same: the update finds nothing to write.
    const up = await stack.up([sync("web", known, at(appId))]);
    expect(puts(up)).toBe(0);
  });

  test("shows a replacement when the app is made anew", async () => {
    const { stack, appId } = await shop();
    await stack.up([sync("web", { A: "a-value" }, at(appId))]);
    const preview = await stack.preview([sync("web", { A: "a-value" }, at(unknownValue))]);
    expect(preview.steps.map(({ op }) => op)).toEqual(["replace"]);
    expect(preview.problems).toBe("");
  });

  test("shows an update when new credentials are not known yet", async () => {
    const { stack, appId } = await shop();
    const connection = (apiToken: string) => ({ app: "digital-ocean", method: "api-token", credentials: { apiToken } });
    const program = (token: string) => [
      sync("web", { A: "a-value" }, { destination: { appId, connection: connection(token) } }),
    ];
    await stack.up(program(stack.cloud.token));
    const preview = await stack.preview(program(unknownValue));
    expect(preview.problems).toBe("");
    expect(preview.steps.map(({ op }) => op)).toEqual(["update"]);
    expect(puts(await stack.up(program(stack.cloud.token)))).toBe(0);
  });

  test("shows an update when it is not known yet whether it is enabled", async () => {
    const { stack, appId } = await shop();
    const program = (isEnabled: unknown) => [sync("web", { A: "a-value" }, { ...at(appId), isEnabled })];
    await stack.up(program(true));
    const preview = await stack.preview(program(unknownValue));
    expect([preview.problems, preview.steps.map(({ op }) => op)]).toEqual(["", ["update"]]);
    const up = await stack.up(program(false));
    expect([up.problems, stack.outputs("web")["syncStatus"]]).toEqual(["", "disabled"]);
  });

  test("waits for the path of a file", async () => {
    const { stack, appId } = await shop();
    const destination = { type: "digital-ocean-app-platform", appId };
    const args = { source: { type: "file", path: unknownValue }, destination };
    const preview = await stack.preview([{ kind: "secret-sync", name: "web", args }]);
    expect(preview.problems).toBe("");
    expect(preview.steps.map(({ op }) => op)).toEqual(["create"]);
  });
});

test.each([
  ["has all of its environment", "known", true],
  ["misses a part of its environment", unknownValue, false],
])("a command that %s is started or not, and other sources are read all the same", async (_what, TOKEN, isStarted) => {
  const { stack, appId } = await shop();
  const mark = path.join(tmpdir(), `started-${process.pid}-${Math.random()}`);
  onTestFinished(() => rmSync(mark, { force: true }));
  const script = `require("fs").writeFileSync(${JSON.stringify(mark)}, ""); console.log('{"A":"a-value"}')`;
  const command = { type: "exec", command: [process.execPath, "-e", script], env: { FIRST: "known", TOKEN } };
  const source = [command, { type: "file", path: "none.env" }];
  const args = { source, destination: { type: "digital-ocean-app-platform", appId } };
  const preview = await stack.preview([{ kind: "secret-sync", name: "web", args }]);
  expect(preview.problems).toMatch(/^source\.\S+: file source "none\.env"/);
  expect(existsSync(mark)).toBe(isStarted);
});

test("a source whose connection is not known yet is not read, and other sources are", async () => {
  const { stack, appId } = await shop();
  const vault = { type: "vault", path: "shop", connection: unknownValue };
  const source = [vault, { type: "file", path: "none.env" }];
  const args = { source, destination: { type: "digital-ocean-app-platform", appId } };
  const preview = await stack.preview([{ kind: "secret-sync", name: "web", args }]);
  expect(preview.problems).toMatch(/^source\.\S+: file source "none\.env"[^\n]*\n?$/);
});

test("what is known is checked all the same", async () => {
  const { stack } = await shop();
  const preview = await stack.preview([
    sync(
      "web",
      { A: unknownValue, EMPTY: "", "BAD-KEY": "x" },
      { name: "No Slug", destination: { appId: unknownValue } },
    ),
  ]);
  for (const code of ["argument.invalid: name", "key.invalid", "value.empty"]) expect(preview.problems).toContain(code);
});

test("a problem beside something unknown in the same part is told", async () => {
  const { stack, appId } = await shop();
  const destination = { appId, scope: "RUNTIME", components: [unknownValue] };
  const preview = await stack.preview([sync("web", { A: "a-value" }, { destination })]);
  expect(preview.problems).toMatch(/destination\.scope/);
});
