// What is written to Netlify, call by call, and what is left alone.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startWorld, type NetlifyWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);

describe("new variables", () => {
  test("go out in one bulk request, secret, with the three scopes, in the deployed contexts", async () => {
    const sync = world.sync();
    const outcome = await sync.run({ A: "one", B: "two" });
    expect(outcome.status).toBe("succeeded");
    expect(world.netlify.writes()).toHaveLength(1);
    expect(values()).toEqual({
      A: { production: "one", "deploy-preview": "one", "branch-deploy": "one" },
      B: { production: "two", "deploy-preview": "two", "branch-deploy": "two" },
    });
    expect(world.site.variables.get("A")).toMatchObject({
      is_secret: true,
      scopes: ["builds", "functions", "runtime"],
    });
    expect(Object.keys(sync.ledger).sort()).toEqual(["branch-deploy", "deploy-preview", "production"]);
  });

  test("never reach the team: every request names the site", async () => {
    const sync = world.sync();
    await sync.run({ A: "one" });
    await sync.run({ A: "two", B: "one" });
    await sync.destroy();
    const sent = world.netlify.requests.filter((one) => one.method !== "GET");
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.every((one) => one.query["site_id"] === world.site.id)).toBe(true);
    expect(world.netlify.values(world.site.account)).toEqual({});
  });

  test("that are plain take one value for all contexts and no scopes", async () => {
    const sync = world.sync({ isSecret: false });
    await sync.run({ A: "one" });
    expect(values()).toEqual({ A: { all: "one" } });
    expect(world.netlify.requests.find((one) => one.method === "POST")?.body).toEqual([
      { key: "A", is_secret: false, values: [{ context: "all", value: "one" }] },
    ]);
  });

  test("reach every context that is named, branches by their name", async () => {
    const sync = world.sync({
      contexts: ["production", "dev", "dev-server", { context: "branch", branch: "feature/x" }, "branch-deploy"],
    });
    await sync.run({ A: "one" });
    expect(Object.keys(values()["A"] ?? {}).sort()).toEqual([
      "branch-deploy",
      "branch:feature/x",
      "dev",
      "dev-server",
      "production",
    ]);
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
  });

  test("may differ per key", async () => {
    const sync = world.sync({
      contexts: ["production"],
      variables: { PUBLIC_URL: { isSecret: false, contexts: ["all"] }, BUILD_KEY: { scopes: ["builds"] } },
    });
    await sync.run({ PUBLIC_URL: "https://example.com", BUILD_KEY: "k1", OTHER: "o1" });
    expect(world.site.variables.get("PUBLIC_URL")).toMatchObject({ is_secret: false });
    expect(world.site.variables.get("BUILD_KEY")).toMatchObject({ is_secret: true, scopes: ["builds"] });
    expect(values()["PUBLIC_URL"]).toEqual({ all: "https://example.com" });
    expect((await sync.preview({ PUBLIC_URL: "https://example.com", BUILD_KEY: "k1", OTHER: "o1" })).writes).toEqual(
      [],
    );
  });
});

describe("changed values", () => {
  test("are patched one by one, and no other context is touched", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "branch:staging" }, "theirs");
    const before = world.netlify.writes().length;
    await sync.run({ A: "two" });
    expect(world.netlify.writes().slice(before)).toEqual([`PATCH /accounts/${world.site.account.id}/env/A`]);
    expect(values()).toEqual({ A: { production: "two", "branch:staging": "theirs" } });
  });

  test("of a foreign variable need adoption, and adopt one context only", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "old", isSecret: true });
    world.netlify.edit(world.site, { key: "A", slot: "deploy-preview" }, "theirs");
    const sync = world.sync({ contexts: ["production"] });
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "conflict.exists" });
    await sync.run({ A: "one" }, { adopt: ["A"] });
    expect(values()).toEqual({ A: { production: "one", "deploy-preview": "theirs" } });
  });

  test("that would be adopted are told context by context: which one stays, and which one changes", async () => {
    for (const [slot, value] of Object.entries({ "deploy-preview": "theirs", production: "ours" }))
      world.netlify.edit(world.site, { key: "A", slot }, value);
    world.netlify.edit(world.site, { key: "B", slot: "production" }, { value: "ours", isSecret: true });
    const sync = world.sync({ contexts: ["production", "deploy-preview"], isSecret: false });
    const { lines } = await sync.preview({ A: "ours", B: "ours" }, { adopt: ["A", "B"] });
    const told = lines.join("\n");
    expect(told).toMatch(/^> deploy-preview\/A: will be adopted, VALUE CHANGES /m);
    expect(told).toMatch(/^> production\/A: will be adopted, value stays/m);
    expect(told).toMatch(/^> production\/B: will be adopted, value cannot be compared /m);
  });

  test("a context beside foreign ones is added without a conflict", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "deploy-preview" }, { value: "theirs", isSecret: true });
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    expect(values()).toEqual({ A: { production: "one", "deploy-preview": "theirs" } });
    await sync.run({}, {});
    expect(values()).toEqual({ A: { "deploy-preview": "theirs" } });
  });
});

test("many new variables are created in requests of 50, each once", async () => {
  const wanted = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`KEY_${at}`, `value ${at}`]));
  await world.sync({ contexts: ["production"] }).run(wanted);
  const posts = world.netlify.requests.filter(({ method }) => method === "POST");
  expect(posts.map(({ body }) => (body as unknown[]).length)).toEqual([50, 50, 1]);
  expect(Object.keys(values())).toHaveLength(101);
});

describe("removals", () => {
  test.each(["keep", "drop"] as const)(
    "delete values, and the variable once it is empty (%s)",
    async (emptyVariable) => {
      world.netlify.variant.emptyVariable = emptyVariable;
      const sync = world.sync({ contexts: ["production", "deploy-preview"] });
      await sync.run({ A: "one", B: "two" });
      await sync.run({ A: "one" });
      expect(values()).toEqual({ A: { production: "one", "deploy-preview": "one" } });
      expect(world.site.variables.has("B")).toBe(false);
      await sync.destroy();
      expect(values()).toEqual({});
      expect(sync.ledger).toEqual({});
    },
  );

  test("leave a variable that somebody else has given a value meanwhile", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.netlify.onAnswer({ method: "DELETE" }, () => {
      world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs");
    });
    await sync.run({});
    expect(values()).toEqual({ A: { dev: "theirs" } });
  });

  test("leave a value that somebody else has taken over", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, "theirs");
    const { lines } = await sync.preview({});
    expect(lines.join("\n")).toMatch(
      /somebody else has changed it since .* last changed by Jane Doe, \d+ \w{3} \d\d:\d\d UTC/,
    );
    await sync.run({});
    expect(values()).toEqual({ A: { production: "theirs" } });
    expect(sync.ledger).toEqual({});
  });

  test("of a dropped context delete that context alone", async () => {
    const sync = world.sync({ contexts: ["production", "deploy-preview"] });
    await sync.run({ A: "one" });
    world.reopen(sync, { contexts: ["production"] });
    await sync.run({ A: "one" });
    expect(values()).toEqual({ A: { production: "one" } });
  });
});

describe("onDestroy restore", () => {
  test("gives a plain value back as it was, also its kind", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "old", scopes: ["builds", "functions"] });
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" }, { adopt: ["A"], keepPrior: true });
    expect(world.site.variables.get("A")).toMatchObject({ is_secret: true });
    await sync.destroy("restore");
    expect(world.site.variables.get("A")).toMatchObject({ is_secret: false, scopes: ["builds", "functions"] });
    expect(values()).toEqual({ A: { production: "old" } });
  });

  test.each([false, true])(
    "gives each context its own value back, and no other one's (secret %s)",
    async (isSecret) => {
      const theirs = { "deploy-preview": "old preview", production: "old", dev: "old local" };
      for (const [slot, value] of Object.entries(theirs)) world.netlify.edit(world.site, { key: "A", slot }, value);
      const sync = world.sync({ contexts: ["production", "deploy-preview"], isSecret: false });
      if (isSecret) world.reopen(sync, { contexts: ["production", "deploy-preview", "dev"] });
      await sync.run({ A: "ours" }, { adopt: ["A"], keepPrior: true });
      expect(values()["A"]).toMatchObject({ production: "ours", "deploy-preview": "ours" });
      await sync.destroy("restore");
      expect(values()).toEqual({ A: theirs });
    },
  );

  test("leaves a masked value in place: a mask is never written", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "old", isSecret: true });
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" }, { adopt: ["A"], keepPrior: true });
    const before = world.netlify.writes().length;
    await sync.destroy("restore");
    expect(world.netlify.writes()).toHaveLength(before);
    expect(values()).toEqual({ A: { production: "one" } });
  });
});

describe("one value for all contexts against one for each", () => {
  test("a foreign value for all is never replaced by one for a context", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs");
    const sync = world.sync({ contexts: ["production"], isSecret: false });
    expect((await sync.preview({ A: "one" })).lines.join("\n")).toContain("context.all_exists");
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "context.all_exists" });
    expect(values()).toEqual({ A: { all: "theirs" } });
  });

  test("foreign values for contexts are never replaced by one for all", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs");
    const sync = world.sync({ isSecret: false });
    expect((await sync.preview({ A: "one" })).lines.join("\n")).toMatch(
      /context.others_exist: A has values for dev, which this sync does not set/,
    );
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "context.others_exist" });
    expect(values()).toEqual({ A: { dev: "theirs" } });
  });

  test("our own are exchanged in one request, whole", async () => {
    const sync = world.sync({ isSecret: false });
    await sync.run({ A: "one" });
    world.reopen(sync, { isSecret: false, contexts: ["production", "dev"] });
    const { lines } = await sync.preview({ A: "one" });
    expect(lines.join("\n")).toContain("A will be replaced as a whole");
    // The emulator complains about every value that a PUT loses; here both sides are ours.
    await sync.run({ A: "one" });
    expect(values()).toEqual({ A: { production: "one", dev: "one" } });
    world.netlify.complaints.length = 0;
    world.reopen(sync, { isSecret: false });
    await sync.run({ A: "two" });
    expect(values()).toEqual({ A: { all: "two" } });
    world.netlify.complaints.length = 0;
    expect((await sync.preview({ A: "two" })).writes).toEqual([]);
  });
});

describe("secret, plain and scopes", () => {
  test("plain becomes secret by replacing it, when every value is ours", async () => {
    const sync = world.sync({ contexts: ["production"], isSecret: false });
    await sync.run({ A: "one" });
    world.reopen(sync, { contexts: ["production"] });
    const { lines } = await sync.preview({ A: "one" });
    expect(lines.join("\n")).toMatch(/A will be replaced as a whole: PLAIN all scopes becomes SECRET/);
    await sync.run({ A: "one" });
    expect(world.site.variables.get("A")).toMatchObject({ is_secret: true });
    expect(values()).toEqual({ A: { production: "one" } });
  });

  test("secret becomes plain by deletion and creation", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.reopen(sync, { contexts: ["production"], isSecret: false });
    expect((await sync.preview({ A: "one" })).lines.join("\n")).toContain("A will be deleted and created again");
    await sync.run({ A: "one" });
    expect(world.site.variables.get("A")).toMatchObject({ is_secret: false });
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
  });

  test("neither happens where a foreign value would be lost", async () => {
    const sync = world.sync({ contexts: ["production"], isSecret: false });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs");
    world.reopen(sync, { contexts: ["production"] });
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "variable.shared" });
    world.reopen(sync, { contexts: ["production"], isSecret: false, scopes: ["builds"] });
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code: "variable.shared" });
    expect(values()).toEqual({ A: { production: "one", dev: "theirs" } });
  });

  test("scopes that somebody changed are put back", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "one" });
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "one", scopes: ["builds"] });
    expect((await sync.preview({ A: "one" })).lines[0]).toMatch(
      /from SECRET builds,functions,runtime to SECRET builds\b/,
    );
    await sync.run({ A: "one" });
    expect(world.site.variables.get("A")?.scopes).toEqual(["builds", "functions", "runtime"]);
  });
});
