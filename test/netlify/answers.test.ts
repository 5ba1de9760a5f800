// Netlify's answers are read as they come: ids as numbers, times and authors that are missing, contexts without a value.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isStillOurs, fingerprintValue } from "../../provider/destinations/netlify/live/masked-values.js";
import { variableAnswer } from "../../provider/destinations/netlify/wire.js";
import { JANE, MACHINE } from "../emulators/netlify/index.js";
import { startWorld, type NetlifyWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);
const one = { contexts: ["production"] };
const writesOf = async (sync: ReturnType<NetlifyWorld["sync"]>, wanted: Record<string, string>) =>
  (await sync.preview(wanted)).writes;

describe.each(["numbers", "long-numbers"] as const)("ids that are %s", (ids) => {
  beforeEach(async () => {
    await world.close();
    world = await startWorld({ variant: { ids } });
  });

  test("are good for every call: create, change, remove a value, remove a variable", async () => {
    const sync = world.sync({ contexts: ["production", "deploy-preview"] });
    await sync.run({ A: "1", B: "1" });
    await sync.run({ A: "2", B: "1" });
    expect(await writesOf(sync, { A: "2", B: "1" })).toEqual([]);
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs");
    await sync.run({ B: "1" });
    expect(values()).toEqual({ A: { dev: "theirs" }, B: { production: "1", "deploy-preview": "1" } });
    await sync.destroy();
    expect(values()).toEqual({ A: { dev: "theirs" } });
  });

  test("tell a changed value by its id, and address site, team and build", async () => {
    world.netlify.variant.valueIds = "renewed";
    const sync = world.sync({ ...one, build: { trigger: true } });
    const outcome = await sync.run({ A: "1" });
    expect(outcome).toMatchObject({ status: "succeeded", deploymentId: world.site.builds[0]?.deployId });
    expect(outcome.snapshot.targetId).toBe(world.site.id);
    world.netlify.edit(world.site, { key: "A", slot: "production" }, "hacked");
    expect((await sync.preview({ A: "1" })).writes).toHaveLength(1);
    const team = world.sync({ level: "team", accountId: world.site.account.id, ...one }, "team");
    expect((await team.run({ T: "1" })).snapshot.targetId).toBe(world.site.account.id);
  });

  test("name the owner of a token as the author of a value", async () => {
    const [first, second] = [world.sync(one, "first"), world.sync({ contexts: ["deploy-preview"] }, "second")];
    await first.run({ A: "1" });
    await second.run({ A: "2" });
    await second.run({ A: "3" });
    expect(await writesOf(first, { A: "1" })).toEqual([]);
    await first.run({ A: "1" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "theirs", by: JANE });
    expect((await first.preview({ A: "1" })).writes).toHaveLength(1);
  });
});

describe("without a time of the last change", () => {
  beforeEach(() => {
    world.netlify.variant.updatedAt = "missing";
  });

  test("nothing is taken for drift, and what can be seen still is", async () => {
    const sync = world.sync({ contexts: ["production", "deploy-preview"] });
    await sync.run({ A: "1" });
    expect(await writesOf(sync, { A: "1" })).toEqual([]);
    world.netlify.edit(world.site, { key: "A", slot: "branch:x" }, { value: "theirs", isSecret: true });
    expect(await writesOf(sync, { A: "1" })).toEqual([]);
    world.netlify.drop(world.site, { key: "A", slot: "deploy-preview" });
    await sync.run({ A: "1" });
    expect(values()["A"]).toEqual({ production: "1", "deploy-preview": "1", "branch:x": "theirs" });
    expect(await writesOf(sync, { A: "1" })).toEqual([]);
  });

  test("an id that changed is drift", async () => {
    world.netlify.variant.valueIds = "renewed";
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, "hacked");
    await sync.run({ A: "1" });
    expect(values()).toEqual({ A: { production: "1" } });
  });

  test("that was there before, or comes back later, nothing is taken for drift", async () => {
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.variant.updatedAt = "shown";
    expect(await writesOf(sync, { A: "1" })).toEqual([]);
    await sync.run({ A: "2" });
    world.netlify.variant.updatedAt = "missing";
    expect(await writesOf(sync, { A: "2" })).toEqual([]);
  });

  test("a message names the author alone", async () => {
    const sync = world.sync(one);
    world.netlify.edit(world.site, { key: "A", slot: "production" }, "theirs");
    expect((await sync.preview({ A: "1" })).lines[0]).toMatch(/last changed by Jane Doe$/);
  });
});

test.each([
  ["dev", "*", true],
  ["dev", "****", true],
  ["dev", "****x", false],
  ["dev", "x****", false],
  ["production", "x****", true],
])("of a secret in %s the value %j is a mask: %s", (context, value, masked) => {
  const answer = { key: "A", is_secret: true, values: [{ id: "1", context, value }] };
  expect(variableAnswer.parse(answer).values).toMatchObject([{ masked }]);
});

test("without ids, a value beside others is not removed: the address of none would be that of its variable", async () => {
  const masked = { context: "production", value: "****" };
  const show = (path: RegExp, body: unknown) => {
    const page = JSON.stringify(body);
    world.netlify.faults.add({ match: { method: "GET", path, times: Infinity }, status: 200, page });
  };
  const showWithoutIds = () => {
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs");
    const variable = { key: "A", is_secret: true, values: [masked, { context: "dev", value: "theirs" }] };
    show(/env$/, [variable]);
    show(/env\/A$/, variable);
  };
  const sync = world.sync(one);
  world.netlify.onAnswer({ method: "POST" }, showWithoutIds);
  await sync.run({ A: "1" });
  await expect(sync.run({})).rejects.toMatchObject({
    code: "http.malformed",
    message: expect.stringContaining("a value of A without an id") as string,
  });
  expect(world.netlify.writes().filter((write) => write.startsWith("DELETE"))).toEqual([]);
  expect(values()["A"]).toEqual({ production: "1", dev: "theirs" });
});

describe("without an author of the last change", () => {
  beforeEach(() => {
    world.netlify.variant.updatedBy = "missing";
  });

  test("two syncs of one variable leave each other alone, run after run", async () => {
    const [first, second] = [world.sync(one, "first"), world.sync({ contexts: ["deploy-preview"] }, "second")];
    await first.run({ A: "1" });
    await second.run({ A: "2" });
    await second.run({ A: "3" });
    expect(await writesOf(first, { A: "1" })).toEqual([]);
    await first.run({ A: "4" });
    expect(await writesOf(second, { A: "3" })).toEqual([]);
  });

  test("a changed value of a variable that is ours alone is drift", async () => {
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "hacked", by: MACHINE });
    await sync.run({ A: "1" });
    expect(values()).toEqual({ A: { production: "1" } });
  });
});

test.each([
  ["missing then and now", "", "", true],
  ["missing then", "", "2026-01-02T00:00:00Z", true],
  ["missing now", "2026-01-01T00:00:00Z", "", true],
  ["another one", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", false],
])("a time that is %s", (...[, then, now, ours]) => {
  const at = (updated_at: string) =>
    variableAnswer.parse({
      key: "A",
      is_secret: true,
      values: [{ id: 5, context: "production", value: "****" }],
      ...(updated_at === "" ? {} : { updated_at }),
    });
  const [written, seen] = [at(then), at(now)].map((variable) => {
    const [value] = variable.values;
    return value === undefined ? "" : fingerprintValue("salt", variable, value);
  });
  const quiet = { writtenNow: false, sharedWithOthers: false, byOurselves: false };
  expect(isStillOurs(written ?? "", seen ?? "", quiet)).toBe(ours);
});

describe("contexts without a value, listed as empty ones", () => {
  test.each([
    ["empty", false],
    ["empty", true],
    ["empty-in-secrets-too", true],
  ] as const)(
    "(%s, secret %s) are none: they can be written, and are no rest of a removed variable",
    async (...given) => {
      const [unsetContexts, isSecret] = given;
      world.netlify.variant.unsetContexts = unsetContexts;
      const sync = world.sync({ ...one, isSecret });
      await sync.run({ A: "1", B: "1" });
      expect(await writesOf(sync, { A: "1", B: "1" })).toEqual([]);
      world.reopen(sync, { contexts: ["production", "deploy-preview"], isSecret });
      await sync.run({ A: "1", B: "1" });
      expect(values()["A"]).toEqual({ production: "1", "deploy-preview": "1" });
      await sync.run({ B: "1" });
      expect(world.site.variables.has("A")).toBe(false);
      await sync.run({ A: "2", B: "1" });
      await sync.destroy();
      expect([...world.site.variables.keys()]).toEqual([]);
    },
  );

  test("of a secret whose masks nobody has seen are kept: what may be a value is not deleted", async () => {
    world.netlify.variant.unsetContexts = "empty-in-secrets-too";
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, { value: "local", isSecret: true });
    expect((await world.sync(one).preview({ A: "1" })).lines[0]).toMatch(/^! production\/A: exists/);
  });
});

describe("scopes", () => {
  test.each(["post_processing", "post-processing", "post processing"] as const)(
    "that are answered with %s are no drift",
    async (scopeSpelling) => {
      world.netlify.variant.scopeSpelling = scopeSpelling;
      const sync = world.sync({ isSecret: false, scopes: ["builds", "post_processing"] });
      await sync.run({ A: "1" });
      expect(await writesOf(sync, { A: "1" })).toEqual([]);
    },
  );

  test("are sent as they are described", async () => {
    await world.sync({ isSecret: false, scopes: ["builds", "post_processing"] }).run({ A: "1" });
    const sent = world.netlify.requests.find(({ method }) => method === "POST");
    expect(sent?.body).toMatchObject([{ key: "A", scopes: ["builds", "post-processing"] }]);
  });
});

test.each([
  [/\/sites\/[^/]+$/, {}, "site (at id)"],
  [/\/env$/, { key: "A" }, "list of variables (at top level)"],
])("one that lacks something is called by what it should be (%s)", async (path, body, name) => {
  world.netlify.faults.add({ match: { method: "GET", path, times: Infinity }, status: 200, body });
  const error = await world.sync(one).preview({ A: "1" }).catch(String);
  expect(error).toContain(`http.malformed: Netlify's answer is not a complete ${name}; it was not used`);
});
