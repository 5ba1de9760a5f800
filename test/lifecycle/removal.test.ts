// What a destroy does with the keys of a sync, and what it says: the preview of a destroy calls no provider.

import { describe, expect, test } from "vitest";
import { openStack, puts, said, type Stack, sync, valuesAt } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly up: (more?: Record<string, unknown>) => Promise<void>;
}

async function created(syncOptions: Record<string, unknown> = {}): Promise<Scene> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    envs: [{ key: "THEIRS", value: "x" }],
    services: [{ name: "web" }],
  });
  const values = { A: stack.secret("a"), B: stack.secret("b") };
  const up = async (more: Record<string, unknown> = {}) => {
    const run = await stack.up([sync("web", values, { destination: { appId }, syncOptions, ...more })]);
    expect(run.problems).toBe("");
    stack.cloud.settle(appId);
  };
  await up();
  return { stack, appId, up };
}

describe("a destroy", () => {
  test("removes what the sync has written and nothing else, in one write, and names each key", async () => {
    const { stack, appId } = await created();
    const run = await stack.destroy();
    expect(run.problems).toBe("");
    expect(puts(run)).toBe(1);
    expect(valuesAt(stack, appId)).toEqual({ THEIRS: "x" });
    expect(run.messages).toMatchObject([{ severity: "info" }]);
    expect(said(run)).toBe("2 removed: shop\n  - app/A: removed\n  - app/B: removed");
    expect(stack.state.size).toBe(0);
  });

  test("leaves a key that somebody has changed since, and says so as a warning", async () => {
    const { stack, appId } = await created();
    stack.cloud.editConsole(appId, (spec) =>
      spec.envs?.forEach((env) => env.key === "A" && Object.assign(env, { value: "theirs", type: "GENERAL" })),
    );
    stack.cloud.settle(appId);
    const run = await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ THEIRS: "x", A: "theirs" });
    expect(run.messages.map(({ severity }) => severity)).toEqual(["info", "warning"]);
    expect(said(run)).toMatch(/^1 removed, .*: shop\n {2}- app\/B: removed\n/);
    expect(run.messages[1]?.text).toContain("app/A");
  });

  test("names what it gives back", async () => {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", envs: [{ key: "A", value: "before" }] });
    const program = [
      sync(
        "web",
        { A: stack.secret("a"), B: stack.secret("b") },
        { destination: { appId }, syncOptions: { adoptExisting: ["A"], onDestroy: "restore" } },
      ),
    ];
    expect((await stack.up(program)).problems).toBe("");
    stack.cloud.settle(appId);
    const run = await stack.destroy();
    expect(valuesAt(stack, appId)).toEqual({ A: "before" });
    expect(said(run)).toMatch(/^ {2}\S app\/A: /m);
    expect(said(run)).toContain("  - app/B: removed");
  });

  test("of one key that is to be retained says that this one stays", async () => {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    await stack.up([sync("web", { A: "1" }, { destination: { appId }, syncOptions: { onDestroy: "retain" } })]);
    expect((await stack.destroy()).messages).toMatchObject([
      { severity: "info", text: '1 key stays at shop, as onDestroy "retain" says: A' },
    ]);
  });

  test.each([
    {
      what: "is to retain them",
      syncOptions: { onDestroy: "retain" },
      severity: "info",
      why: 'as onDestroy "retain" says',
    },
    {
      what: "is disabled",
      more: { isEnabled: false },
      severity: "warning",
      why: "and no sync owns them, because this one is disabled",
    },
  ])("of a sync that $what touches nothing, and says which keys stay where", async (row) => {
    const { syncOptions = {}, more = {}, severity, why } = row;
    const { stack, appId, up } = await created(syncOptions);
    await up(more);
    const before = structuredClone(stack.cloud.app(appId).spec);
    const run = await stack.destroy();
    expect(run.calls).toEqual({});
    expect(run.messages).toMatchObject([{ severity, text: `2 keys stay at shop, ${why}: A, B` }]);
    expect(stack.cloud.app(appId).spec).toEqual(before);
    expect(stack.state.size).toBe(0);
  });

  test("of a sync that was disabled from its beginning has nothing to say", async () => {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const declared = sync("web", { A: stack.secret("a") }, { destination: { appId }, isEnabled: false });
    expect((await stack.up([declared])).problems).toBe("");
    const run = await stack.destroy();
    expect([run.calls, run.messages]).toEqual([{}, []]);
  });

  test("of a sync whose app has gone forgets its keys, and says that it has not removed them", async () => {
    const { stack, appId } = await created();
    stack.cloud.faults.add({ match: { path: new RegExp(appId), times: Infinity }, status: 404 });
    const run = await stack.destroy();
    expect(run.problems).toBe("");
    expect(run.messages).toMatchObject([{ severity: "warning" }]);
    expect(said(run)).toMatch(/; 2 keys of this sync forgotten, not removed$/);
    expect(stack.state.size).toBe(0);
  });

  test("of a sync whose app only a gateway calls missing fails, and so does a refresh", async () => {
    const { stack, appId } = await created();
    const page = { match: { path: /./, times: Infinity }, status: 404, body: "<html>no such route</html>" };
    const gateway = stack.cloud.faults.add(page);
    expect((await stack.refresh()).problems).toMatch(/http\.not_found.*is not DigitalOcean's own/);
    expect((await stack.destroy()).problems).toMatch(/http\.not_found.*is not DigitalOcean's own/);
    expect(stack.state.size).toBe(1);
    gateway.remove();
    expect((await stack.destroy()).problems).toBe("");
    expect(Object.keys(valuesAt(stack, appId))).toEqual(["THEIRS"]);
  });

  test("that the platform refuses fails, and keeps the sync in state with every key", async () => {
    const { stack, appId } = await created();
    const before = stack.outputs("web")["managedKeys"];
    stack.cloud.faults.add({
      match: { method: "PUT", times: Infinity },
      status: 422,
      body: { id: "no", message: "no" },
    });
    expect((await stack.destroy()).problems).toMatch(/destination\.rejected/);
    expect(Object.keys(valuesAt(stack, appId)).sort()).toEqual(["A", "B", "THEIRS"]);
    expect(stack.outputs("web")["managedKeys"]).toEqual(before);
    stack.cloud.faults.clear();
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ THEIRS: "x" });
  });

  test("of state without a record and without keys has nothing to say", async () => {
    const { stack } = await created();
    for (const one of stack.state.values()) Object.assign(one, { outputs: {} });
    const run = await stack.destroy();
    expect([run.problems, run.calls, run.messages]).toEqual(["", {}, []]);
  });
});
