// Only keys that a sync wrote are changed or removed; everything else survives byte for byte.

import { describe, expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { EnvEntry, Spec } from "../emulators/digitalocean/index.js";
import { openStack, puts, said, type Program, type Run, type Stack, sync, valuesAt } from "./stack.js";

interface Shop {
  readonly stack: Stack;
  readonly appId: string;
}

async function shop(envs: EnvEntry[] = []): Promise<Shop> {
  const stack = await openStack();
  const spec = {
    name: "shop",
    envs,
    services: [{ name: "web", envs: [{ key: "WEB_FOREIGN", value: "w" }] }, { name: "api" }],
  };
  return { stack, appId: stack.cloud.createApp(spec).id };
}

async function ok(run: Promise<Run>): Promise<Run> {
  const done = await run;
  expect(done.problems).toBe("");
  return done;
}

function specOf({ stack, appId }: Shop): Spec {
  return structuredClone(stack.cloud.app(appId).spec);
}

const theirs = { key: "DATABASE_URL", value: "canary-theirs", type: "SECRET", scope: "RUN_TIME" };

describe("a key that somebody else made", () => {
  test.each<[string, Properties]>([
    ["by name", { adoptExisting: ["DATABASE_URL"] }],
    ["all", { adoptExisting: true }],
    ["by overwrite-destination", { initialSyncBehavior: "overwrite-destination" }],
  ])("is a conflict until it is adopted %s", async (_how, syncOptions) => {
    const { stack, appId } = await shop([theirs]);
    const values = { DATABASE_URL: stack.secret("ours") };
    const refused = await stack.preview([sync("web", values, { destination: { appId } })]);
    expect(refused.problems).toMatch(/conflict\.exists: app\/DATABASE_URL .*adoptExisting/);
    expect((await stack.up([sync("web", values, { destination: { appId } })])).problems).toMatch(/conflict\.exists/);
    const program = [sync("web", values, { destination: { appId }, syncOptions })];
    expect(said(await ok(stack.preview(program)))).toMatch(/> app\/DATABASE_URL: will be adopted/);
    expect(puts(await ok(stack.up(program)))).toBe(1);
    expect(valuesAt({ cloud: stack.cloud }, appId)).toEqual(values);
    expect((await stack.preview(program)).steps).toMatchObject([{ op: "same" }]);
  });

  test("is adopted by name only", async () => {
    const { stack, appId } = await shop([theirs, { key: "OTHER", value: "o" }]);
    const values = { DATABASE_URL: stack.secret("a"), OTHER: stack.secret("b") };
    const syncOptions = { adoptExisting: ["DATABASE_URL"] };
    const run = await stack.up([sync("web", values, { destination: { appId }, syncOptions })]);
    expect(run.problems).toMatch(/conflict\.exists: app\/OTHER/);
    expect(run.problems).not.toMatch(/app\/DATABASE_URL/);
    expect(puts(run)).toBe(0);
  });

  test("is pruned by overwrite-destination within the key schema only, and shown", async () => {
    const { stack, appId } = await shop([
      { key: "APP_OLD", value: "x" },
      { key: "ELSE", value: "y" },
    ]);
    const syncOptions = { initialSyncBehavior: "overwrite-destination", keySchema: "APP_{{secretKey}}" };
    const program = [sync("web", { NEW: stack.secret("n") }, { destination: { appId }, syncOptions })];
    const preview = await ok(stack.preview(program));
    expect(said(preview)).toMatch(/- app\/APP_OLD: .*overwrite-destination/);
    expect(preview.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text)).toEqual([
      "overwrite-destination removes 1 key that this sync did not write:\n  app/APP_OLD",
    ]);
    await ok(stack.up(program));
    expect(Object.keys(valuesAt(stack, appId))).toEqual(["ELSE", "APP_NEW"]);
    // The first run only: what appears later is somebody's new key.
    stack.cloud.editConsole(appId, (spec) => spec.envs?.push({ key: "APP_LATER", value: "z" }));
    stack.cloud.settle(appId);
    expect(puts(await ok(stack.up(program)))).toBe(0);
  });
});

describe("onDestroy", () => {
  test("delete leaves the document as it was before", async () => {
    const here = await shop([{ key: "FOREIGN", value: "canary-foreign", type: "SECRET" }]);
    const { stack, appId } = here;
    const before = specOf(here);
    const values = { A: stack.secret("a"), B: stack.secret("b") };
    await ok(stack.up([sync("web", values, { destination: { appId, components: ["web", "api"] } })]));
    expect(specOf(here)).not.toEqual(before);
    expect(puts(await ok(stack.destroy()))).toBe(1);
    expect(specOf(here)).toEqual(before);
  });

  test("retain touches nothing and says so", async () => {
    const here = await shop();
    const { stack, appId } = here;
    const syncOptions = { onDestroy: "retain" };
    await ok(stack.up([sync("web", { A: stack.secret("a") }, { destination: { appId }, syncOptions })]));
    const before = specOf(here);
    const run = await ok(stack.destroy());
    expect(run.calls).toEqual({});
    expect(said(run)).toMatch(/1 keys? stay/);
    expect(specOf(here)).toEqual(before);
  });

  test("by default gives adopted keys back as they were, removes the rest, and says so before and after", async () => {
    const here = await shop([theirs]);
    const { stack, appId } = here;
    stack.canaries.add(theirs.value);
    const before = specOf(here);
    const syncOptions = { adoptExisting: true };
    const values = (round: string) => ({ DATABASE_URL: stack.secret(round), NEW: stack.secret("n") });
    const adopting = await ok(stack.up([sync("web", values("one"), { destination: { appId }, syncOptions })]));
    expect(said(adopting)).toMatch(/pulumi destroy will give back as found: app\/DATABASE_URL; remove 1 key$/);
    const later = await ok(stack.up([sync("web", values("two"), { destination: { appId }, syncOptions })]));
    expect(said(later)).not.toMatch(/destroy/);
    expect(said(await ok(stack.destroy()))).toBe(
      "1 removed, 1 restored: shop\n  < app/DATABASE_URL: given back as it was before it was adopted\n  - app/NEW: removed",
    );
    expect(specOf(here)).toEqual(before);
    expect(stack.cloud.decrypt(appId, specOf(here).envs?.[0]?.value ?? "")).toBe(theirs.value);
  });

  test("delete removes what was adopted, too, and says so when it is adopted", async () => {
    const here = await shop([theirs]);
    const { stack, appId } = here;
    const syncOptions = { onDestroy: "delete", adoptExisting: true };
    const run = await ok(
      stack.up([sync("web", { DATABASE_URL: stack.secret("a") }, { destination: { appId }, syncOptions })]),
    );
    expect(said(run)).toMatch(/onDestroy: "delete" will remove what was adopted, too: app\/DATABASE_URL$/);
    await ok(stack.destroy());
    expect(valuesAt(stack, appId)).toEqual({});
  });

  test("a key that somebody changed since stays, and is reported", async () => {
    const { stack, appId } = await shop();
    await ok(stack.up([sync("web", { A: stack.secret("a"), B: stack.secret("b") }, { destination: { appId } })]));
    stack.cloud.editConsole(appId, (spec) => spec.envs?.forEach((env) => env.key === "A" && (env.value = "hand-made")));
    stack.cloud.settle(appId);
    const run = await ok(stack.destroy());
    expect(said(run)).toMatch(/app\/A: .*somebody else/);
    expect(valuesAt(stack, appId)).toEqual({ A: "hand-made" });
  });
});

describe("keys that leave the source", () => {
  test("are kept by disableSecretDeletion, come back, and go with destroy", async () => {
    const { stack, appId } = await shop();
    const [a, b] = [stack.secret("a"), stack.secret("b")];
    const program = (values: Properties) => [
      sync("web", values, { destination: { appId }, syncOptions: { disableSecretDeletion: true } }),
    ];
    await ok(stack.up(program({ A: a, B: b })));
    expect(puts(await ok(stack.up(program({ A: a }))))).toBe(0);
    expect(valuesAt(stack, appId)).toEqual({ A: a, B: b });
    expect((await stack.preview(program({ A: a }))).steps).toMatchObject([{ op: "same" }]);
    const rotated = stack.secret("b2");
    expect(puts(await ok(stack.up(program({ A: a, B: rotated }))))).toBe(1);
    expect(valuesAt(stack, appId)).toEqual({ A: a, B: rotated });
    await ok(stack.up(program({ A: a })));
    await ok(stack.destroy());
    expect(valuesAt(stack, appId)).toEqual({});
  });

  test("are removed once disableSecretDeletion is taken away", async () => {
    const { stack, appId } = await shop();
    const [a, b] = [stack.secret("a"), stack.secret("b")];
    const program = (values: Properties, disableSecretDeletion: boolean) => [
      sync("web", values, { destination: { appId }, syncOptions: { disableSecretDeletion } }),
    ];
    await ok(stack.up(program({ A: a, B: b }, true)));
    await ok(stack.up(program({ A: a }, true)));
    await ok(stack.up(program({ A: a }, false)));
    expect(valuesAt(stack, appId)).toEqual({ A: a });
  });
});

describe("another address", () => {
  test("another app is a replacement that moves the keys", async () => {
    const { stack, appId } = await shop();
    const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
    const values = { A: stack.secret("a"), B: stack.secret("b") };
    const to = (id: string) => [sync("web", values, { destination: { appId: id } })];
    await ok(stack.up(to(appId)));
    await ok(stack.up(to(appId)));
    const preview = await ok(stack.preview(to(other)));
    expect(preview.steps).toMatchObject([{ op: "replace" }]);
    expect((await ok(stack.up(to(other)))).steps).toMatchObject([{ op: "replace" }]);
    expect(valuesAt(stack, appId)).toEqual({});
    expect(valuesAt(stack, other)).toEqual(values);
    expect((await stack.preview(to(other))).steps).toMatchObject([{ op: "same" }]);
  });

  test("the name of the same app instead of its id is no replacement and no write", async () => {
    const { stack, appId } = await shop();
    const values = { A: stack.secret("a") };
    const by = (destination: Properties): Program => [sync("web", values, { destination })];
    await ok(stack.up(by({ appId })));
    await ok(stack.up(by({ appId })));
    for (const destination of [{ appName: "shop" }, { appId }]) {
      expect((await ok(stack.preview(by(destination)))).steps).toMatchObject([
        { op: "update", shown: ["destination"] },
      ]);
      expect(puts(await ok(stack.up(by(destination))))).toBe(0);
    }
  });

  test("an app that was renamed is the same app, by its new name and by its id", async () => {
    const { stack, appId } = await shop();
    const values = { A: stack.secret("a"), B: stack.secret("b") };
    const by = (destination: Properties): Program => [sync("web", values, { destination })];
    await ok(stack.up(by({ appName: "shop" })));
    stack.cloud.editConsole(appId, (spec) => void (spec.name = "store"));
    stack.cloud.settle(appId);
    expect((await stack.preview(by({ appName: "shop" }))).problems).toMatch(/destination\.not_found/);
    for (const destination of [{ appId }, { appName: "store" }]) {
      expect((await ok(stack.preview(by(destination)))).steps).toMatchObject([{ op: "update" }]);
      expect(puts(await ok(stack.up(by(destination))))).toBe(0);
    }
  });

  test("another app under the same name is a replacement", async () => {
    const { stack, appId } = await shop();
    const values = { A: stack.secret("a") };
    const program = [sync("web", values, { destination: { appName: "shop" } })];
    await ok(stack.up(program));
    stack.cloud.editConsole(appId, (spec) => void (spec.name = "old-shop"));
    stack.cloud.settle(appId);
    const { id: other } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    expect((await ok(stack.up(program))).steps).toMatchObject([{ op: "replace" }]);
    expect(valuesAt(stack, appId)).toEqual({});
    expect(valuesAt(stack, other)).toEqual(values);
  });

  test("another component moves the keys in one write", async () => {
    const { stack, appId } = await shop();
    const values = { A: stack.secret("a"), B: stack.secret("b") };
    const to = (components: string[]) => [sync("web", values, { destination: { appId, components } })];
    await ok(stack.up(to(["web"])));
    expect((await ok(stack.preview(to(["web", "api"])))).steps).toMatchObject([{ op: "update" }]);
    await ok(stack.up(to(["web", "api"])));
    expect(puts(await ok(stack.up(to(["api"]))))).toBe(1);
    expect(valuesAt(stack, appId, "web")).toEqual({ WEB_FOREIGN: "w" });
    expect(valuesAt(stack, appId, "api")).toEqual(values);
  });
});

describe("isEnabled", () => {
  test("false touches nothing, keeps the ledger and says so; true goes on", async () => {
    const { stack, appId } = await shop();
    const program = (value: string, isEnabled: boolean) => [
      sync("web", { A: value }, { destination: { appId }, isEnabled }),
    ];
    const [one, two] = [stack.secret("one"), stack.secret("two")];
    await ok(stack.up(program(one, true)));
    const off = await ok(stack.up(program(two, false)));
    expect(off.calls).toEqual({});
    expect(said(off)).toMatch(/disabled: nothing is read, written or removed/);
    expect(stack.outputs("web")).toMatchObject({ syncStatus: "disabled", managedKeys: ["A"] });
    const still = await ok(stack.up(program(two, false)));
    expect(still.steps).toMatchObject([{ op: "same" }]);
    expect(puts(await ok(stack.up(program(two, true))))).toBe(1);
    expect(valuesAt(stack, appId)).toEqual({ A: two });
    expect(stack.outputs("web")["syncStatus"]).toBe("succeeded");
  });

  test("a sync that begins disabled has its first run when it is enabled", async () => {
    const { stack, appId } = await shop([
      { key: "A", value: "theirs" },
      { key: "OLD", value: "x" },
    ]);
    const syncOptions = { initialSyncBehavior: "overwrite-destination" };
    const value = stack.secret("a");
    const program = (isEnabled: boolean) => [
      sync("web", { A: value }, { destination: { appId }, isEnabled, syncOptions }),
    ];
    expect((await ok(stack.up(program(false)))).calls).toEqual({});
    const preview = await ok(stack.preview(program(true)));
    expect(preview.steps).toMatchObject([{ op: "update" }]);
    await ok(stack.up(program(true)));
    expect(valuesAt(stack, appId)).toEqual({ A: value });
  });
});

describe("another name of the resource, without an alias", () => {
  test.each(["SECRET", "GENERAL"])("loses no %s when the keys are adopted", async (variableType) => {
    const { stack, appId } = await shop();
    const values = { A: stack.secret("a"), B: stack.secret("b") };
    const named = (name: string, syncOptions?: Properties) => [
      sync(name, values, { destination: { appId, variableType }, syncOptions }),
    ];
    await ok(stack.up(named("web")));
    expect((await stack.preview(named("site"))).problems).toMatch(/conflict\.exists/);
    const run = await ok(stack.up(named("site", { adoptExisting: true })));
    expect(run.steps.map(({ op }) => op)).toEqual(["create", "delete"]);
    expect(valuesAt(stack, appId)).toEqual(values);
    expect((await stack.preview(named("site", { adoptExisting: true }))).steps).toMatchObject([{ op: "same" }]);
  });
});
