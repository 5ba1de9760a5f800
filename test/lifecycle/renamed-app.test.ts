// A name of an app that leads nowhere now, or to another app: state knows which app was meant.

import { expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { openStack, puts, type Program, said, type Stack, sync, valuesAt } from "./stack.js";

interface Scene {
  readonly stack: Stack;
  readonly appId: string;
  readonly values: Record<string, string>;
  readonly by: (destination: Properties) => Program;
}

async function scene(): Promise<Scene> {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const values = { A: stack.secret("a") };
  const by = (destination: Properties) => [sync("web", values, { destination })];
  expect((await stack.up(by({ appName: "shop" }))).problems).toBe("");
  return { stack, appId, values, by };
}

function rename({ stack }: Scene, id: string, name: string): void {
  stack.cloud.editConsole(id, (spec) => void (spec.name = name));
  stack.cloud.settle(id);
}

test("an app that the list does not show at once is found by its name", async () => {
  const stack = await openStack({ variant: { notFoundAfterCreate: 1 } });
  stack.cloud.createApp({ name: "shop" });
  const program = [sync("web", { A: stack.secret("a") }, { destination: { appName: "shop" } })];
  const run = await stack.preview(program);
  expect([run.problems, run.calls["GET /v2/apps"]]).toEqual(["", 2]);
});

test("an app that was renamed is told by its new name, which is what to write", async () => {
  const here = await scene();
  rename(here, here.appId, "store");
  for (const run of [
    await here.stack.preview(here.by({ appName: "shop" })),
    await here.stack.up(here.by({ appName: "shop" })),
  ]) {
    expect(run.problems).toBe(
      `destination.not_found: app "shop" (id ${here.appId}) is called "store" now; set appName: "store"\n`,
    );
    expect(run.calls["GET /v2/apps/{id}"] ?? 0).toBeLessThanOrEqual(1);
    // Looked for twice: a list may not show an app yet that was made a moment ago.
    expect(run.calls["GET /v2/apps"]).toBeLessThanOrEqual(2);
  }
  const preview = await here.stack.preview(here.by({ appName: "store" }));
  expect(preview.problems).toBe("");
  expect(preview.steps).toMatchObject([{ op: "update" }]);
  expect(puts(await here.stack.up(here.by({ appName: "store" })))).toBe(0);
});

test("an app that was renamed is told as well where the sync's values are not known yet", async () => {
  const here = await scene();
  rename(here, here.appId, "store");
  const { unknownValue } = await import("../../provider/lifecycle/engine/wire.js");
  const [declared] = here.by({ appName: "shop" });
  const args = { ...declared?.args, source: { type: "inline", values: unknownValue } };
  const run = await here.stack.preview([{ kind: "secret-sync", name: "web", args }]);
  expect(run.problems).toMatch(/app "shop" \(id .*\) is called "store" now/);
});

test("an app that was renamed is told as well beside a source that cannot be read", async () => {
  const here = await scene();
  rename(here, here.appId, "store");
  const [declared] = here.by({ appName: "shop" });
  const args = { ...declared?.args, source: { type: "file", path: "none.env" } };
  const run = await here.stack.preview([{ kind: "secret-sync", name: "web", args }]);
  expect(run.problems).toMatch(/none\.env/);
  expect(run.problems).toMatch(/app "shop" \(id .*\) is called "store" now/);
});

test("an app that nobody could look for is not asked after by its id", async () => {
  const { stack, by } = await scene();
  stack.cloud.faults.add({ match: { path: /\/v2\/apps$/, times: Infinity }, status: 401 });
  const run = await stack.preview(by({ appName: "shop" }));
  expect(run.problems).toMatch(/^http\.unauthorized: /);
  expect(run.calls).not.toHaveProperty(["GET /v2/apps/{id}"]);
});

test.each(["a name that never was", "an app that is gone", "an app that this token may not see"])(
  "%s is told as before",
  async (what) => {
    const here = await scene();
    const { stack } = here;
    if (what !== "a name that never was") {
      rename(here, here.appId, "store");
      stack.cloud.faults.add({
        match: { path: new RegExp(here.appId), times: Infinity },
        status: what === "an app that is gone" ? 404 : 403,
      });
      stack.cloud.faults.add({
        match: { path: /\/v2\/apps$/, times: Infinity },
        status: 200,
        body: { apps: [], meta: { total: 0 } },
      });
    }
    const run = await stack.preview(here.by({ appName: what === "a name that never was" ? "shp" : "shop" }));
    expect(run.problems).toMatch(
      /^destination\.not_found: there is no app named "shp|^destination\.not_found: there is no app named "shop"/,
    );
    expect(run.calls["GET /v2/apps/{id}"] ?? 0).toBeLessThanOrEqual(1);
  },
);

test("another app that has taken the name is told before anything moves there", async () => {
  const here = await scene();
  const { stack, appId } = here;
  rename(here, appId, "store");
  const { id: other } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const preview = await stack.preview(here.by({ appName: "shop" }));
  expect(preview.problems).toBe("");
  expect(preview.steps).toMatchObject([{ op: "replace" }]);
  expect(preview.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text)).toEqual([
    `the name "shop" belongs to another app now (id ${other}); the app that this sync wrote to (id ${appId}) is called "store". ` +
      `This run moves the keys: it removes them from "store" and writes them to the other app; set appName: "store" to leave them where they are`,
  ]);
  expect(said(await stack.up(here.by({ appName: "shop" })))).toMatch(/the name "shop" belongs to another app/);
  expect(valuesAt(stack, appId)).toEqual({});
  expect(valuesAt(stack, other)).toEqual(here.values);
  expect((await stack.preview(here.by({ appName: "shop" }))).messages).toEqual([]);
});

test("an app made anew under the same name is told as what it is", async () => {
  const here = await scene();
  const { stack, appId } = here;
  rename(here, appId, "to-be-gone");
  const { id: other } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  stack.cloud.faults.add({ match: { path: new RegExp(appId), times: Infinity }, status: 404 });
  stack.cloud.faults.add({
    match: { path: /\/v2\/apps$/, times: Infinity },
    status: 200,
    body: { apps: [{ id: other, spec: stack.cloud.app(other).spec }], meta: { total: 1 } },
  });
  expect(said(await stack.preview(here.by({ appName: "shop" })))).toContain(
    `the name "shop" belongs to another app now (id ${other}); the app that this sync wrote to (id ${appId}) is gone`,
  );
});

test("a program that says another name means another app, and needs no warning", async () => {
  const here = await scene();
  here.stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
  const preview = await here.stack.preview(here.by({ appName: "other" }));
  expect(preview.steps).toMatchObject([{ op: "replace" }]);
  expect(preview.messages.filter(({ severity }) => severity === "warning")).toEqual([]);
});
