// When a variable is there, where the program does not say: a secret is kept out of builds.

import { expect, test } from "vitest";
import { openStack, puts, said, sync } from "./stack.js";

const labels = (envs: ReadonlyArray<{ key: string; scope?: string }> = []) =>
  envs.map(({ key, scope }) => [key, scope]);

test("a secret is there at run time, a readable variable at both times, and what the program says counts", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const variables = { PLAIN: { variableType: "GENERAL" }, NPM_TOKEN: { scope: "BUILD_TIME" } };
  const values = { KEY: stack.secret("key"), NPM_TOKEN: stack.secret("npm"), PLAIN: "plain" };
  const run = await stack.up([sync("web", values, { destination: { appId, variables } })]);
  expect(run.problems).toBe("");
  expect(labels(stack.cloud.app(appId).spec.envs)).toEqual([
    ["KEY", "RUN_TIME"],
    ["NPM_TOKEN", "BUILD_TIME"],
    ["PLAIN", "RUN_AND_BUILD_TIME"],
  ]);
});

test("a sync that was written under the earlier default is told why its secrets change, and how to leave them", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop" });
  const values = { KEY: stack.secret("key") };
  const before = { appId, scope: "RUN_AND_BUILD_TIME" };
  await stack.up([sync("web", values, { destination: before })]);
  const preview = await stack.preview([sync("web", values, { destination: { appId } })]);
  expect(said(preview)).toMatch(/secrets are RUN_TIME unless destination\.scope .* 1 key of this sync is so far/);
  expect(said(preview)).toMatch(/~ app\/KEY: becomes SECRET RUN_TIME$/);
  const asked = await stack.preview([sync("web", values, { destination: { appId, scope: "RUN_TIME" } })]);
  expect(said(asked)).not.toMatch(/secrets are RUN_TIME/);
  expect(puts(await stack.up([sync("web", values, { destination: before })]))).toBe(0);
});

test("a variable that a static site would get at run time, which it does not have, is told before it is written", async () => {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({
    name: "shop",
    services: [{ name: "web" }],
    static_sites: [{ name: "app" }, { name: "pages" }],
  });
  const destination = { appId, components: ["web", "app", "pages"], variables: { NPM_TOKEN: { scope: "BUILD_TIME" } } };
  const program = (more: object = {}) => [
    sync("web", { KEY: "k", NPM_TOKEN: "t" }, { destination: { ...destination, ...more } }),
  ];
  const told =
    'component:app/KEY, pages/KEY: a static site has no run time, so a RUN_TIME variable has no effect there; set scope to "BUILD_TIME" for it';
  expect(said(await stack.preview(program()))).toContain(told);
  expect(said(await stack.preview(program({ scope: "RUN_AND_BUILD_TIME" })))).not.toContain("static site");
  expect((await stack.up(program())).problems).toBe("");
  expect(said(await stack.preview(program()))).toBe("");
});
