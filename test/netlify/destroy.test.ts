// A destroy of a Netlify sync from state alone: what it gives back, what it says of that, and what the next one knows after a failure.

import { afterEach, beforeEach, expect, test } from "vitest";
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
}

/** A stack that has adopted A. */
async function adopted({ destination = {}, keys = ["A"] }: Written = {}) {
  const stack: Stack = stackOn((await openStack()).cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: world.netlify.url, NETLIFY_AUTH_TOKEN: world.netlify.token });
  const secrets = Object.fromEntries(keys.map((key) => [key, stack.secret(key.toLowerCase())]));
  const aim = { type: "netlify", siteId: world.site.id, ...destination };
  const program = [sync("s", secrets, { destination: aim, syncOptions: { adoptExisting: ["A"] } })];
  expect((await stack.up(program)).problems).toBe("");
  return { stack, program };
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
