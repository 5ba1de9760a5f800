// What an update leaves in the outputs of a sync, and what it says at its end, from run to run.

import { describe, expect, test } from "vitest";
import { openStack, type Program, type Run, said, type Stack, sync } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly program: (values: Record<string, string>, more?: Record<string, unknown>) => Program;
  readonly up: (values: Record<string, string>, more?: Record<string, unknown>) => Promise<Run>;
}

async function open(envs: readonly { key: string; value: string }[] = []): Promise<Scene> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", envs: [...envs], services: [{ name: "web" }] });
  stack.cloud.settle(appId);
  const program = (values: Record<string, string>, more: Record<string, unknown> = {}) => [
    sync("web", values, { destination: { appId }, ...more }),
  ];
  const up = async (values: Record<string, string>, more: Record<string, unknown> = {}) => {
    const run = await stack.up(program(values, more));
    expect(run.problems).toBe("");
    stack.cloud.settle(appId);
    return run;
  };
  return { stack, appId, program, up };
}

describe("the version and the time of the last sync", () => {
  test("go with every write, and with nothing else", async () => {
    const { stack, up } = await open();
    const values = { A: stack.secret("a") };
    await up(values);
    const first = stack.outputs("web");
    expect(first).toMatchObject({ version: 1, lastSyncMessage: "1 added", lastDeploymentId: expect.any(String) });
    await up(values, { description: "says more" });
    const second = stack.outputs("web");
    for (const name of ["version", "lastSyncedAt", "lastDeploymentId"]) expect(second[name]).toBe(first[name]);
    await up({ A: stack.secret("newer") });
    const third = stack.outputs("web");
    expect(third["version"]).toBe(2);
    expect(Date.parse(String(third["lastSyncedAt"]))).toBeGreaterThan(Date.parse(String(first["lastSyncedAt"])));
    expect(third["lastDeploymentId"]).not.toBe(first["lastDeploymentId"]);
  });

  test("are kept while the sync is disabled, and go on when it is enabled again", async () => {
    const { stack, up } = await open();
    const values = { A: stack.secret("a") };
    await up(values);
    const { version, lastSyncedAt, lastDeploymentId } = stack.outputs("web");
    await up(values, { isEnabled: false });
    expect(stack.outputs("web")).toMatchObject({
      version,
      lastSyncedAt,
      lastDeploymentId,
      managedKeys: ["A"],
      syncStatus: "disabled",
      lastSyncMessage: "disabled: nothing is read, written or removed",
    });
    const run = await up({ A: stack.secret("newer") });
    expect(stack.outputs("web")).toMatchObject({ version: 2, managedKeys: ["A"], syncStatus: "succeeded" });
    expect(said(run)).toMatch(/~ app\/A: /);
  });

  test("begin with the first sync that found everything in order, also where it had nothing to write", async () => {
    const { stack, up } = await open([{ key: "A", value: "plain" }]);
    await up(
      { A: "plain" },
      {
        destination: { appId: stack.cloud.apps()[0]?.id, variableType: "GENERAL" },
        syncOptions: { adoptExisting: true },
      },
    );
    expect(stack.outputs("web")).toMatchObject({ version: 0, managedKeys: ["A"], lastSyncedAt: expect.any(String) });
  });
});

describe("the id of a sync", () => {
  const declare = (appId: string, isEnabled: boolean) => [
    sync("paymentKeys", { A: "a-value" }, { destination: { appId }, name: "other", isEnabled }),
  ];

  test("says what it writes to, where, and which resource it is", async () => {
    const { stack, appId } = await open();
    await stack.up(declare(appId, true));
    expect(stack.resource("paymentKeys").id).toBe(`digital-ocean-app-platform/${appId}/payment-keys`);
  });

  test("leaves out where as long as a sync has been disabled from its beginning", async () => {
    const { stack, appId } = await open();
    await stack.up(declare(appId, false));
    expect(stack.resource("paymentKeys").id).toBe("digital-ocean-app-platform/payment-keys");
  });
});

describe("the end of an update that went well", () => {
  test("names the keys that are live, and where", async () => {
    const { stack, up } = await open();
    expect(said(await up({ A: stack.secret("a"), B: stack.secret("b") }))).toMatch(
      /\n2 keys live at https:\/\/shop\S+ \(deployment [\w-]{8}\)$/,
    );
  });

  test("says that no key is left, where that is so", async () => {
    const { stack, up } = await open();
    await up({ A: stack.secret("a") });
    expect(said(await up({}, { syncOptions: { deletionLimit: 5 } }))).toMatch(
      /\nno key of this sync is left at https:\/\/shop\S+ \(deployment [\w-]{8}\)$/,
    );
    expect(stack.outputs("web")).toMatchObject({ managedKeys: [], lastSyncMessage: "1 removed", version: 2 });
  });

  test("that did not wait says that what was removed may still run", async () => {
    const { stack, appId, program, up } = await open();
    const destination = { appId, deployment: { wait: false } };
    await up({ A: stack.secret("a") }, { destination });
    stack.cloud.holdDeployments();
    expect(said(await stack.up(program({}, { destination })))).toMatch(
      /\nno key of this sync is stored at \S+, what was removed may still run \(deployment [\w-]{8}\)$/,
    );
    expect(stack.outputs("web")["lastSyncMessage"]).toBe("1 removed, stored, not seen live yet");
  });
});

describe("what a destroy will do with adopted keys", () => {
  const adopting = { adoptExisting: ["A", "B"] };

  test("is told with the update that adopts them: what was different is given back, what was equal stays", async () => {
    const { stack, appId, up } = await open([
      { key: "A", value: "theirs" },
      { key: "B", value: "equal" },
    ]);
    const destination = { appId, variableType: "GENERAL" };
    const run = await up({ A: "ours", B: "equal", C: stack.secret("c") }, { destination, syncOptions: adopting });
    expect(said(run)).toMatch(
      /\npulumi destroy will give back as found: app\/A; leave in place: app\/B; remove 1 key$/,
    );
    expect(said(await up({ A: "newer", B: "equal", C: "c" }, { destination, syncOptions: adopting }))).not.toContain(
      "pulumi destroy will",
    );
  });

  test("is not told where the sync retains everything", async () => {
    const { stack, up } = await open([{ key: "A", value: "theirs" }]);
    const run = await up({ A: stack.secret("a") }, { syncOptions: { ...adopting, onDestroy: "retain" } });
    expect(said(run)).not.toMatch(/destroy/i);
  });
});
