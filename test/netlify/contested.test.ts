// Two syncs of one program that want one variable in different kinds: Netlify keeps one kind per variable, so the preview refuses it.

import { afterEach, beforeEach, expect, test } from "vitest";
import { openStack, type Stack, stackOn, sync } from "../lifecycle/stack.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
let stack: Stack;
beforeEach(async () => {
  world = await startWorld();
  stack = stackOn((await openStack()).cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: world.netlify.url, NETLIFY_AUTH_TOKEN: world.netlify.token });
});
afterEach(() => world.close());

type Args = Record<string, unknown>;

const one = (name: string, context: string, args: Args = {}) =>
  sync(
    name,
    { A: stack.secret(name) },
    { destination: { type: "netlify", siteId: world.site.id, contexts: [context], ...args } },
  );
const contested = /variable\.contested: A is wanted both secret and plain, or with different scopes/;

test.each([{ isSecret: false }, { scopes: ["builds", "functions"] }])(
  "new syncs are refused before anything is written (%j)",
  async (other) => {
    const program = [one("first", "production"), one("second", "dev", other)];
    expect((await stack.preview(program)).problems).toMatch(contested);
    expect((await stack.up(program)).problems).toMatch(contested);
    expect(Object.keys(world.netlify.values(world.site)["A"] ?? {})).not.toContain("dev");
  },
);

test.each([1, undefined])("a sync beside an earlier one is refused (parallel %s)", async (parallel) => {
  if (parallel !== undefined) stack.parallel = parallel;
  const first = one("first", "production");
  await stack.up([first]);
  const program = [first, one("second", "dev", { isSecret: false })];
  for (const run of [await stack.preview(program), await stack.up(program)]) expect(run.problems).toMatch(contested);
});

test("syncs that agree, and those of other sites and keys, are not", async () => {
  const { id } = world.netlify.addSite();
  const program = [
    one("first", "production"),
    one("second", "dev"),
    one("elsewhere", "production", { siteId: id, isSecret: false }),
  ];
  expect((await stack.preview(program)).problems).toBe("");
  expect((await stack.up(program)).problems).toBe("");
});

test("a sync that is disabled is not counted", async () => {
  const disabled = one("first", "production");
  const program = [
    { ...disabled, args: { ...disabled.args, isEnabled: false } },
    one("second", "dev", { isSecret: false }),
  ];
  expect((await stack.preview(program)).problems).toBe("");
  expect((await stack.up(program)).problems).toBe("");
});
