// What `onDestroy: restore` gives back of a variable whose values can be read: to each context what it had, and nothing more.

import { afterEach, beforeEach, expect, test } from "vitest";
import { toCalls } from "../../provider/destinations/netlify/variables.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);
const adopt = { adopt: ["A"], keepPrior: true };
const put = (stored: Readonly<Record<string, string>>) => {
  for (const [slot, value] of Object.entries(stored)) world.netlify.edit(world.site, { key: "A", slot }, value);
};
const deployed = { production: "theirs", "deploy-preview": "theirs", "branch-deploy": "theirs" };
const everywhere = (value: string) =>
  Object.fromEntries(["production", "deploy-preview", "branch-deploy", "dev"].map((slot) => [slot, value]));

test("a value that could not be read when it was taken over is left alone", () => {
  const place = { slot: "production", key: "A" };
  const { chains, ...rest } = toCalls([], [{ ...place, action: "restore", prior: { masked: true } }]);
  expect([chains.flat(), rest]).toEqual([[], { creates: [], idle: [place], problems: [], notes: [] }]);
});

test.each([false, true])(
  "the same value in every context stays one value for each of them (secret %s)",
  async (isSecret) => {
    put(everywhere("theirs"));
    const sync = world.sync({ contexts: Object.keys(everywhere("")), isSecret });
    await sync.run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: everywhere("ours") });
    await sync.destroy("restore");
    expect(values()).toEqual({ A: everywhere("theirs") });
  },
);

test("a context that somebody removed since gets no value again by one for all contexts", async () => {
  put({ all: "theirs" });
  const sync = world.sync({ contexts: Object.keys(deployed) });
  await sync.run({ A: "ours" }, adopt);
  world.netlify.drop(world.site, { key: "A", slot: "dev" });
  world.netlify.drop(world.site, { key: "A", slot: "dev-server" });
  await sync.destroy("restore");
  expect(values()).toEqual({ A: deployed });
});

test("a branch that has a value of its own keeps it, also where that is the same", async () => {
  put({ all: "theirs" });
  const sync = world.sync({ contexts: Object.keys(deployed), isSecret: false, scopes: ["builds"] });
  await sync.run({ A: "ours" }, adopt);
  world.netlify.edit(world.site, { key: "A", slot: "branch:next" }, "theirs");
  await sync.destroy("restore");
  expect(values()["A"]).toMatchObject({ ...deployed, "branch:next": "theirs" });
  expect(values()["A"]).not.toHaveProperty("all");
});

test("what stood there before is known as a value that messages must not show, as long as state keeps it", async () => {
  put({ production: "theirs of before", dev: "theirs of now" });
  const sync = world.sync({ contexts: ["production"], isSecret: false });
  await sync.run({ A: "ours" }, adopt);
  const snapshot = await sync.target.observe({ fresh: true });
  const known = [...sync.target.listReadable(snapshot, sync.ledger)].map((value) => value.reveal());
  expect(known.sort()).toEqual(["ours", "theirs of before", "theirs of now"]);
});

test("contexts that were adopted with unlike kinds have their values again, and the variable stays what it is", async () => {
  put({ production: "theirs" });
  const sync = world.sync({ contexts: ["production"] });
  await sync.run({ A: "ours" }, adopt);
  world.netlify.edit(world.site, { key: "A", slot: "dev" }, "local");
  world.reopen(sync, { contexts: ["production", "dev"] });
  await sync.run({ A: "ours" }, adopt);
  const { notes } = await sync.destroy("restore");
  expect(values()).toEqual({ A: { production: "theirs", dev: "local" } });
  expect(notes).toEqual([expect.stringContaining("A has its earlier value again and stays SECRET")]);
});

test("contexts that were adopted with unlike scopes have their values again, and the variable keeps its scopes", async () => {
  put({ dev: "theirs" });
  const builds = { isSecret: false, scopes: ["builds"] };
  const sync = world.sync({ contexts: ["dev"], ...builds });
  await sync.run({ A: "ours" }, adopt);
  put({ production: "local" });
  world.reopen(sync, { contexts: ["dev", "production"], ...builds });
  await sync.run({ A: "ours" }, adopt);
  const { notes } = await sync.destroy("restore");
  expect(values()).toEqual({ A: { dev: "theirs", production: "local" } });
  expect(world.site.variables.get("A")?.scopes).toEqual(["builds"]);
  expect(notes).toEqual([expect.stringContaining("A has its earlier value again and stays PLAIN builds")]);
});
