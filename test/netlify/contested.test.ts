// Two syncs of one program that want one variable in ways that exclude each other: the preview refuses it.

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

test.each([
  ["all", "dev"],
  ["dev", "all"],
])("one value for all contexts beside one for a single one is refused (%s, %s)", async (...contexts) => {
  const [first, second] = contexts.map((context) => one(context, context, { isSecret: false }));
  const program = [first, second].filter((declared) => declared !== undefined);
  expect((await stack.preview(program)).problems).toMatch(/variable\.contested: A is wanted for all contexts by one/);
  expect((await stack.up(program)).problems).toMatch(/variable\.contested/);
});

test("values that stand beside each other already may be taken over by two syncs", async () => {
  world.netlify.variant.mixedContexts = "keep";
  stack.parallel = 1;
  for (const slot of ["all", "branch:next"]) world.netlify.edit(world.site, { key: "A", slot }, "theirs");
  const branch = { contexts: [{ context: "branch", branch: "next" }] };
  const program = [one("first", "all"), one("second", "dev", branch)].map(({ args, ...declared }) => ({
    ...declared,
    args: {
      ...args,
      destination: { ...(args["destination"] as Args), isSecret: false },
      syncOptions: { adoptExisting: ["A"] },
    },
  }));
  expect((await stack.preview(program)).problems).toBe("");
  expect((await stack.up(program)).problems).toBe("");
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

test("a value that a sync has written and keeps for another one is not called one that it did not write", async () => {
  await stack.up([one("mover", "production")]);
  const program = [one("taker", "production"), one("mover", "dev", { isSecret: false })];
  const run = await stack.up(program, { continueOnError: true });
  expect(run.problems).toMatch(/variable\.shared: .* loses its values for production, which this sync does not set/);
});
