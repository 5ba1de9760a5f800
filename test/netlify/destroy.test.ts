// A destroy of a Netlify sync from state alone: what it gives back, what it says of that, and what the next one knows after a failure.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStack, said, type Stack, stackOn, sync } from "../lifecycle/stack.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);

interface Written {
  readonly destination?: Readonly<Record<string, unknown>>;
  readonly keys?: readonly string[];
  readonly adopt?: readonly string[];
}

/** A stack that has adopted A. */
async function adopted({ destination = {}, keys = ["A"], adopt = ["A"] }: Written = {}) {
  const stack: Stack = stackOn((await openStack()).cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: world.netlify.url, NETLIFY_AUTH_TOKEN: world.netlify.token });
  const secrets = Object.fromEntries(keys.map((key) => [key, stack.secret(key.toLowerCase())]));
  const aim = { type: "netlify", siteId: world.site.id, ...destination };
  const program = [sync("s", secrets, { destination: aim, syncOptions: { adoptExisting: adopt } })];
  const adopting = await stack.up(program);
  expect(adopting.problems).toBe("");
  return { stack, program, adopting };
}

test.each([403, 422, 500])(
  "what could not be given back (POST %i) is owed, and the next destroy gives it back",
  async (status) => {
    world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs");
    const { stack } = await adopted({ keys: ["A", "B"] });
    world.netlify.faults.add({ match: { method: "POST", times: Infinity }, status });
    const failed = await stack.destroy();
    expect(failed.problems).toMatch(/variable.incomplete.*A was deleted to be created anew, and that failed/);
    expect(said(failed)).not.toMatch(/restored|given back/);
    expect([stack.state.size, values()["A"]]).toEqual([1, undefined]);
    world.netlify.faults.clear();
    const run = await stack.destroy();
    expect([run.problems, stack.state.size, values()]).toEqual(["", 0, { A: { all: "theirs" } }]);
    expect(said(run)).toMatch(/3 restored/);
  },
);

test("a key that is gone whole is given back as well, and one of which another value stands is left alone", async () => {
  world.netlify.edit(world.site, { key: "A", slot: "production" }, "theirs");
  const { stack } = await adopted({ destination: { contexts: ["production"] } });
  world.site.variables.delete("A");
  world.netlify.edit(world.site, { key: "A", slot: "dev" }, "newer");
  await stack.destroy();
  expect(values()).toEqual({ A: { dev: "newer" } });
});

test("a key of which somebody keeps a secret in another context is given back, keeps its kind, and the destroy says so", async () => {
  world.netlify.edit(world.site, { key: "A", slot: "production" }, "theirs");
  const { stack, program } = await adopted({ destination: { contexts: ["production"] }, keys: ["A", "B"] });
  world.netlify.edit(world.site, { key: "A", slot: "deploy-preview" }, "preview");
  await stack.up(program);
  const run = await stack.destroy();
  expect([run.problems, stack.state.size]).toEqual(["", 0]);
  expect(values()).toEqual({ A: { production: "theirs", "deploy-preview": "preview" } });
  expect(said(run)).toMatch(/A has its earlier value again and stays SECRET .*: to make it PLAIN all scopes again/);
});

test("a secret that could not be read when it was adopted stays as it is, and nothing says that it was given back", async () => {
  const theirs = { value: "theirs", isSecret: true };
  world.netlify.edit(world.site, { key: "A", slot: "production" }, theirs);
  const { stack, adopting } = await adopted({ destination: { contexts: ["production"] }, keys: ["A", "B"] });
  const ours = values()["A"];
  expect(said(adopting)).toMatch(/pulumi destroy will leave in place: production\/A; remove 1 key$/);
  expect(stack.outputs("s")).toMatchObject({ adoptedKeys: ["A"], leftKeys: ["A"] });
  const run = await stack.destroy();
  expect([run.problems, stack.state.size, values()]).toEqual(["", 0, { A: ours }]);
  expect(said(run)).toMatch(
    /\. production\/A: left in place, because what was there before it was adopted could not be read/,
  );
  expect(said(run)).not.toMatch(/restored|given back/);
});

test("what a destroy leaves in place is said, also if another sync of the site has keys to remove", async () => {
  const { netlify, site } = world;
  netlify.edit(site, { key: "MASKED", slot: "production" }, { value: "theirs", isSecret: true });
  const stack = stackOn((await openStack()).cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token });
  const one = (key: string) =>
    sync(
      key,
      { [key]: "ours" },
      {
        destination: { type: "netlify", siteId: site.id, contexts: ["production"] },
        syncOptions: { adoptExisting: ["MASKED"] },
      },
    );
  await stack.up([one("MASKED"), one("CHANGED"), one("OWNED")]);
  netlify.edit(site, { key: "CHANGED", slot: "production" }, "theirs");
  const end = await stack.destroy();
  expect([end.problems, values()]).toEqual(["", { CHANGED: { production: "theirs" }, MASKED: { production: "ours" } }]);
  expect(said(end)).toMatch(/- production\/OWNED: removed/);
  expect(said(end)).toMatch(/\. production\/MASKED: left in place, because what was there before/);
  expect(said(end)).toMatch(/production\/CHANGED: somebody else has changed it.*; left in place/);
});

describe("on a plan that has lost its scopes since an adoption", () => {
  const builds = (value: string) => ({ value, scopes: ["builds"] });
  const stay = /A has its earlier value again as PLAIN all scopes, not as PLAIN builds: the team's plan has no scopes/;

  test.each([
    ["a secret that was one plain value for all contexts", "all", {}],
    ["a plain value for all contexts", "all", { isSecret: false, contexts: ["all"] }],
    ["a plain value of one context", "production", { isSecret: false, contexts: ["production"] }],
  ] as const)("%s is given back without them, and the destroy says so", async (_what, slot, destination) => {
    world.netlify.edit(world.site, { key: "A", slot }, builds("theirs"));
    const { stack } = await adopted({ destination });
    world.site.account.plan = "free";
    const run = await stack.destroy();
    expect([run.problems, stack.state.size, values()]).toEqual(["", 0, { A: { [slot]: "theirs" } }]);
    expect(said(run)).toMatch(stay);
  });

  test("a value that was taken over from all contexts is given back beside others, which stay", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "all" }, builds("theirs"));
    const { stack } = await adopted({ destination: { isSecret: false, contexts: ["production"] } });
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "newer");
    world.site.account.plan = "free";
    const run = await stack.destroy();
    expect([run.problems, stack.state.size]).toEqual(["", 0]);
    expect(values()["A"]).toMatchObject({ production: "theirs", "deploy-preview": "theirs", dev: "newer" });
    expect(said(run)).toMatch(stay);
  });

  test("a variable that an earlier destroy has lost is given back beside one that names none", async () => {
    for (const key of ["A", "B"]) world.netlify.edit(world.site, { key, slot: "all" }, { value: key, isSecret: false });
    world.netlify.edit(world.site, { key: "A", slot: "all" }, builds("A"));
    const { stack } = await adopted({ keys: ["A", "B"], adopt: ["A", "B"] });
    world.netlify.faults.add({ match: { method: "POST", times: Infinity }, status: 500 });
    await stack.destroy();
    world.netlify.faults.clear();
    world.site.account.plan = "free";
    await stack.destroy();
    const { problems } = await stack.destroy();
    expect([problems, stack.state.size, values()]).toEqual(["", 0, { A: { all: "A" }, B: { all: "B" } }]);
  });
});
