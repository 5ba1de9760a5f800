// Mistakes of a new user, as the real CLI tells them: what was meant, at which resource, each once.

import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, startProgram, type World } from "./harness.js";

let world: World;

beforeAll(async () => {
  world = await openWorld({ provider: "inline" });
  const envs = ["TAKEN", "OTHER"].map((key) => ({ key, value: "theirs" }));
  world.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] });
});
afterAll(() => world.close());

const declare = (rest: string, values = '{ A: "a" }') =>
  world.program(`
    new SecretSync("web", {
      source: { type: "inline", values: ${values} }, destination: { type: "digital-ocean-app-platform", appName: "shop" },
      ${rest}
    });
  `);

async function refused(...args: string[]): Promise<string> {
  const { code, text } = await world.pulumi(...args);
  expect(code).not.toBe(0);
  // Below it the CLI sums up what it has shown while it ran.
  return text.slice(text.indexOf("Diagnostics:"));
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

test("an unknown argument is told with the resource and what was meant", async () => {
  await declare("sources: [], adoptExisting: true,");
  expect(await refused("preview")).toContain(
    'argument.invalid: SecretSync "web": there is no argument "sources"; did you mean "source"?; there is no argument "adoptExisting"; it belongs in syncOptions',
  );
});

test("every problem of a new sync is an error of its own, and no plan stands before them", async () => {
  await declare('syncOptions: { onDestory: "retain" }, name: "Not A Slug",', '{ PORT: 8080, A: "a" }');
  const told = await refused("preview");
  expect(told).toContain('argument.invalid: syncOptions: unknown field "onDestory"; did you mean "onDestroy"?');
  expect(told).toContain("value.not_text: source.values.PORT is a number");
  expect(count(told, "resource 'web' has a problem: ")).toBe(3);
  expect(told).not.toMatch(/\d problems|to add/);
});

test("a file of secrets that git would take is a warning, and one that it ignores is none", async () => {
  await world.write("secrets.env", "A=a\n");
  await world.program(
    'new SecretSync("web", { source: { type: "file", path: "secrets.env" }, destination: { type: "digital-ocean-app-platform", appName: "shop" } });',
  );
  await startProgram(world, ["git", "init", "--quiet"]).done;
  expect((await world.preview()).text).toContain("warning: secrets.env is not ignored by git");
  await world.write(".gitignore", "*.env\n");
  expect((await world.preview()).text).not.toContain("git");
});

test("two problems of a sync that exists are told once", async () => {
  await declare("");
  await world.up();
  await declare("", '{ A: "a", TAKEN: "b", OTHER: "c" }');
  const told = await refused("preview");
  expect(count(told, "2 problems:")).toBe(1);
  for (const key of ["TAKEN", "OTHER"]) expect(count(told, `conflict.exists: app/${key} already exists`)).toBe(1);
});
