// A value for all contexts that one sync of a program gives up, and another one wants for single contexts: the two are different places,
// and one of them stands in the way of the other.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStack, type Stack, stackOn, sync } from "../lifecycle/stack.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
let stack: Stack;
beforeEach(async () => {
  world = await startWorld();
  stack = stackOn((await openStack()).cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: world.netlify.url, NETLIFY_AUTH_TOKEN: world.netlify.token });
});
afterEach(async () => {
  await world.netlify.close();
  // A sync may give up its own value for the other contexts.
  const complaints = world.netlify.complaints.filter(({ kind }) => kind !== "lost-value");
  if (complaints.length > 0) throw new Error(JSON.stringify(complaints));
});

type Args = Record<string, unknown>;

const forAll = { contexts: ["all"], isSecret: false };
const forOne = { contexts: ["production"], isSecret: false };

const declare = (name: string, values: Args, args: Args) =>
  sync(name, values, {
    destination: { type: "netlify", siteId: world.site.id, ...args },
    syncOptions: { adoptExisting: ["A"] },
  });
const valuesOfA = () => world.netlify.values(world.site)["A"];
const contested = /variable\.contested: A has one value for all contexts that another sync of this program wrote/;

describe.each([["plain", forOne] as const, ["secret", {}] as const])(
  "wanted for single contexts, %s,",
  (_kind, single) => {
    const before = () => [declare("giver", { A: "first", B: "b" }, forAll), declare("taker", { C: "c" }, single)];
    const after = () => [declare("giver", { B: "b" }, forAll), declare("taker", { A: "second", C: "c" }, single)];

    test.each(["in this order", "in the other one"])(
      "it is refused beside its owner, and stays (%s)",
      async (order) => {
        const program = order === "in this order" ? after() : after().toReversed();
        await stack.up(before());
        expect((await stack.preview(program)).problems).toMatch(contested);
        expect((await stack.up(program)).problems).toMatch(contested);
        expect(valuesOfA()).toEqual({ all: "first" });
        const writes = world.netlify.writes().length;
        const back = await stack.up(before());
        expect([back.problems, world.netlify.writes().length - writes, valuesOfA()]).toEqual(["", 0, { all: "first" }]);
        await stack.destroy();
        expect(world.netlify.values(world.site)).toEqual({});
      },
    );

    test.each(["giver first", "taker first"])("it is never missing after a serial update (%s)", async (order) => {
      stack.parallel = 1;
      await stack.up(before());
      const run = await stack.up(order === "giver first" ? after() : after().toReversed());
      if (run.problems === "") expect(valuesOfA()).toHaveProperty("production", "second");
      else expect([run.problems, valuesOfA()]).toEqual([expect.stringMatching(contested), { all: "first" }]);
      await stack.destroy();
      expect(world.netlify.values(world.site)).toEqual({});
    });

    test("it is refused where its owner leaves the program in the same run", async () => {
      await stack.up([declare("giver", { A: "first" }, forAll)]);
      const program = [declare("taker", { A: "second" }, single)];
      expect((await stack.preview(program)).problems).toMatch(contested);
      expect((await stack.up(program)).problems).toMatch(contested);
      expect(valuesOfA()).toEqual({ all: "first" });
      await stack.up([]);
      expect((await stack.up(program)).problems).toBe("");
      await stack.destroy();
      expect(world.netlify.values(world.site)).toEqual({});
    });

    test("it is handed over without a gap once its owner has single contexts for it", async () => {
      await stack.up(before());
      const variables = { A: { contexts: ["production"] } };
      await stack.up([
        declare("giver", { A: "first", B: "b" }, { ...forAll, variables }),
        declare("taker", { C: "c" }, single),
      ]);
      expect(valuesOfA()).toEqual({ production: "first" });
      expect((await stack.preview(after())).problems).toBe("");
      expect((await stack.up(after())).problems).toBe("");
      expect(valuesOfA()).toHaveProperty("production", "second");
      await stack.destroy();
      expect(world.netlify.values(world.site)).toEqual({});
    });
  },
);

test("single values stay with the sync that gives them up while another one may not have one for all contexts", async () => {
  const other = { contexts: ["dev"], isSecret: false };
  await stack.up([declare("giver", { A: "first", B: "b" }, forOne), declare("taker", { C: "c" }, other)]);
  const program = [declare("giver", { B: "b" }, forOne), declare("taker", { A: "second", C: "c" }, forAll)];
  expect((await stack.preview(program)).problems).toMatch(/context\.others_exist/);
  expect((await stack.up(program)).problems).toMatch(/context\.others_exist/);
  expect([valuesOfA(), stack.outputs("giver")["managedKeys"]]).toEqual([{ production: "first" }, ["A", "B"]]);
});

test("somebody else's value for all contexts is taken over beside other syncs as ever", async () => {
  world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs");
  const program = [declare("giver", { B: "b" }, forAll), declare("taker", { A: "second" }, forOne)];
  expect((await stack.up(program)).problems).toBe("");
  expect(valuesOfA()).toMatchObject({ production: "second", dev: "theirs" });
});
