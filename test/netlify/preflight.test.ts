// What a preview of a Netlify sync refuses, and what it only says.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connection, destination } from "../../schema/index.js";
import { startWorld, type NetlifyWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.netlify.close());

const preview = async (args: Record<string, unknown>, values: Record<string, string>) =>
  (await world.sync(args).preview(values)).lines.filter((line) => !line.startsWith("+"));

describe("keys and values", () => {
  test.each([
    ["1A", "key.invalid"],
    ["A-B", "key.invalid"],
    ["_A", "key.invalid"],
    ["A".repeat(256), "key.invalid"],
    ["url", "key.reserved"],
    ["AWS_SECRET_ACCESS_KEY", "key.reserved"],
    ["NETLIFY", "key.reserved"],
  ])("%s is refused with %s", async (key, code) => {
    expect((await preview({}, { [key]: "x" })).join("\n")).toContain(code);
  });

  test("of 255 characters pass", async () => {
    expect(await preview({ contexts: ["production"] }, { ["A".repeat(255)]: "x" })).toEqual([]);
  });

  test("an empty value is refused, because it looks like a missing one", async () => {
    expect(await preview({}, { A: "" })).toEqual([expect.stringContaining("value.empty: A is empty")]);
  });

  test("an empty value that emptyValues refuses anyway is not refused twice", () => {
    const sync = world.sync();
    const desired = { ...sync.job({ A: "" }).desired, emptyValues: "refuse" as const };
    expect(sync.target.inspect(desired, undefined, [])).toEqual([]);
  });

  test("a mask is refused, wherever it was copied from", async () => {
    expect(await preview({}, { A: "*".repeat(16) })).toEqual([
      expect.stringContaining("value.masked: A is only asterisks"),
    ]);
  });

  test("App Platform's ciphertext is refused, because it is no value here either", async () => {
    const { lines } = await world.sync().preview({ A: "EV[1:cnry:x]" });
    expect(lines.join("\n")).toMatch(/value.encrypted: A begins with "EV\[", which is the ciphertext of DigitalOcean/);
    expect(lines.join("\n")).not.toContain("cnry");
  });

  test("a secret in post-processing is refused", async () => {
    expect((await preview({ scopes: ["builds", "post_processing"] }, { A: "x" })).join()).toContain("scopes.secret");
  });
});

test("a probe of a plan that names no scopes has nothing to say, and asks nothing", async () => {
  const { target } = world.sync({ contexts: ["production"] });
  const snapshot = await target.observe({ fresh: true });
  const { length } = world.netlify.requests;
  expect(await target.probe(snapshot, { edits: [], plan: [] })).toEqual({ problems: [], warnings: [] });
  expect(world.netlify.requests).toHaveLength(length);
});

describe("the 4 KB of functions", () => {
  test("are counted per context over team and site, and the largest keys are named", async () => {
    world.netlify.edit(world.site.account, { key: "SHARED", slot: "all" }, "s".repeat(1500));
    world.netlify.edit(world.site, { key: "LOCAL", slot: "production" }, "l".repeat(1500));
    world.netlify.edit(world.site, { key: "HIDDEN", slot: "production" }, { value: "h", isSecret: true });
    const lines = await preview({ contexts: ["production", "deploy-preview"] }, { BIG: "b".repeat(1400) });
    expect(lines).toEqual([
      expect.stringMatching(
        /^functions.too_large: functions would get 4414 bytes of variables in production, not counting 1 hidden value, .*largest: SHARED 1506, LOCAL 1505, BIG 1403/,
      ),
    ]);
  });

  test("only warn if the site has none", async () => {
    const lines = await preview({ contexts: ["production"], functionsLimit: "warn" }, { BIG: "b".repeat(5000) });
    expect(lines).toEqual([
      expect.stringMatching(
        /^functions would get 5003 bytes of variables in production, and AWS .*\(largest: BIG 5003\)$/,
      ),
    ]);
    expect(await preview({ contexts: ["production"], functionsLimit: "warn" }, { SMALL: "s" })).toEqual([]);
  });

  test("do not concern values of other scopes, and say when they get scarce", async () => {
    expect(await preview({ contexts: ["production"], scopes: ["builds"] }, { BIG: "b".repeat(5000) })).toEqual([]);
    expect(await preview({ contexts: ["production"] }, { BIG: "b".repeat(3700) })).toEqual([
      expect.stringMatching(/^functions would get 3703/),
    ]);
    const variables = { ELSEWHERE: { scopes: ["builds"] } };
    expect(await preview({ contexts: ["production"], variables }, { BIG: "b".repeat(3700), ELSEWHERE: "b" })).toEqual([
      expect.stringMatching(/^functions would get 3703/),
    ]);
  });

  test("count our own new value instead of the old one, and not what leaves", async () => {
    const sync = world.sync({ contexts: ["production"], isSecret: false });
    await sync.run({ A: "a".repeat(2000), B: "b".repeat(2000) });
    const { lines } = await sync.preview({ A: "a".repeat(3000) });
    expect(lines.join()).not.toContain("functions");
  });
});

describe("the team's variables", () => {
  test("are said to be hidden by the site's", async () => {
    world.netlify.edit(world.site.account, { key: "A", slot: "all" }, "shared");
    expect(await preview({ contexts: ["production"] }, { A: "x" })).toEqual([
      "A hides the team's shared variable of the same name on site site-1",
    ]);
  });

  test("are said to be unreadable for a collaborator, and never taken for none", async () => {
    world.netlify.tokens.set(world.netlify.token, {
      user: { id: "u", full_name: "C", email: "c@x" },
      role: "collaborator",
    });
    expect((await preview({ contexts: ["production"] }, { A: "x" })).join()).toContain(
      "cannot be read with this token",
    );
    await expect(preview({ level: "team", accountId: "team-1" }, { A: "x" })).rejects.toMatchObject({
      code: "http.forbidden",
    });
  });

  test("are written with level team alone, by id or slug, and looked up from the site", async () => {
    for (const address of [
      { accountId: world.site.account.slug },
      { accountId: world.site.account.id },
      { siteId: world.site.id },
    ]) {
      const sync = world.sync({ level: "team", contexts: ["production"], ...address });
      const outcome = await sync.run({ TEAM_KEY: "x" });
      expect(outcome.snapshot.targetId).toBe(world.site.account.id);
      expect(world.netlify.values(world.site.account)).toEqual({ TEAM_KEY: { production: "x" } });
      await sync.destroy();
    }
    expect(world.site.variables.size).toBe(0);
    expect(world.netlify.complaints).toEqual([]);
  });

  test("hidden by a site's own are named, if the site is known", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "production" }, "own");
    const lines = await preview({ level: "team", siteId: world.site.id, contexts: ["production"] }, { A: "x" });
    expect(lines).toEqual(["A of the team is hidden on site site-1 by its own variable of the same name"]);
  });
});

describe("the address", () => {
  test("of a site that is not there, or of another team, is refused", async () => {
    await expect(preview({ siteId: "nowhere" }, { A: "x" })).rejects.toMatchObject({ code: "destination.not_found" });
    world.netlify.addAccount({ slug: "others" });
    await expect(preview({ accountId: "others" }, { A: "x" })).rejects.toMatchObject({
      code: "destination.wrong_account",
    });
    await expect(preview({ accountId: "nobody" }, { A: "x" })).rejects.toMatchObject({ code: "destination.not_found" });
  });

  test("of a site that has gone since it was looked up is reported as such, and a refused list as a refusal", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.preview({ A: "x" });
    world.netlify.faults.add({ match: { method: "GET", path: /env$/, times: Infinity }, status: 404 });
    await expect(sync.preview({ A: "x" })).rejects.toMatchObject({ code: "http.not_found" });
    world.netlify.faults.add({ match: { method: "GET", path: /^\/sites\/[^/]+$/, times: Infinity }, status: 404 });
    await expect(sync.preview({ A: "x" })).rejects.toMatchObject({ code: "destination.not_found" });
  });

  test("that is a name, or nearly one, is answered with the id", async () => {
    const siteId = JSON.stringify(world.site.id);
    const named = `there is no site with id "site-1", but one of that name: write siteId: ${siteId}`;
    await expect(preview({ siteId: "site-1" }, { A: "x" })).rejects.toThrow(named);
    const near = `did you mean site-1 (siteId ${siteId})?`;
    await expect(preview({ siteId: "stie-1" }, { A: "x" })).rejects.toThrow(near);
    await expect(preview({ siteId: "nowhere" }, { A: "x" })).rejects.not.toThrow("site-1");
    world.netlify.faults.add({ match: { method: "GET", path: /sites$/, times: Infinity }, status: 500 });
    await expect(preview({ siteId: "site-1" }, { A: "x" })).rejects.toMatchObject({ code: "destination.not_found" });
  });

  test("may be the site's domain, and the id is what is kept", async () => {
    const sync = world.sync({ siteId: "site-1.netlify.app" });
    expect(await sync.target.resolve()).toBe(world.site.id);
    const snapshot = await sync.target.observe({ fresh: true });
    expect(sync.target.addressOf(snapshot.targetId)).toMatchObject({ type: "netlify", siteId: world.site.id });
  });
});

describe("plans", () => {
  test("without scopes take secrets and plain values as they are sent", async () => {
    world.site.account.plan = "free";
    const sync = world.sync({ contexts: ["production"], variables: { B: { isSecret: false } } });
    await sync.run({ A: "x", B: "y" });
    expect((await sync.preview({ A: "x", B: "y" })).writes).toEqual([]);
    expect(world.netlify.complaints).toEqual([]);
  });

  test.each(["message", "msg"] as const)("refuse other scopes in plain words (%s)", async (errors) => {
    world.site.account.plan = "free";
    world.netlify.variant.errors = errors;
    const sync = world.sync({ isSecret: false, scopes: ["builds"] });
    await expect(sync.run({ A: "x" })).rejects.toThrow(
      /scopes.plan: the plan of site-1 has no scopes .*leave scopes out/,
    );
  });
});

test("a secret that is asked for in dev is said to be readable there", async () => {
  expect(await preview({ contexts: ["dev"] }, { A: "x" })).toEqual([
    expect.stringMatching(/^dev\/A: Netlify shows secrets/),
  ]);
});

describe("arguments", () => {
  const refused = (args: Record<string, unknown>) =>
    destination.safeParse({ type: "netlify", siteId: "s", ...args }).error?.issues.map((issue) => issue.message) ?? [];

  test.each([
    [{ contexts: ["all", "production"] }, /"all" excludes other contexts/],
    [{ contexts: [] }, /at least one context/],
    [{ contexts: ["branch"] }, /must be "all"|\{ context: "branch"/],
    [{ contexts: [{ context: "branch" }] }, /name of the branch/],
    [{ contexts: [{ context: "production", branch: "x" }] }, /name of the branch/],
    [{ contexts: ["staging"] }, /must be "all"/],
    [{ contexts: ["dev"], context: "dev" }, /only one of/],
    [{ siteId: undefined }, /siteId` must be given/],
    [{ siteId: undefined, level: "team" }, /accountId`/],
    [{ level: "team", build: { trigger: true } }, /needs level site/],
    [{ scopes: ["post-processing"] }, /./],
  ])("%j is refused", (args, message) => {
    expect(refused(args).join("\n")).toMatch(message);
  });

  test.each([
    [{ contexts: [{ context: "branch", branch: "x" }, "production"] }],
    [{ context: "production" }],
    [{ context: { context: "branch", branch: "x" } }],
    [{ siteId: undefined, accountId: "team", level: "team" }],
  ])("%j is taken", (args) => {
    expect(refused(args)).toEqual([]);
  });

  test("of a connection are an access token, and nothing else", () => {
    const parse = (credentials: unknown, method = "access-token") =>
      connection.safeParse({ app: "netlify", method, credentials }).success;
    expect([parse({ accessToken: "t" }), parse({ apiToken: "t" }), parse({ accessToken: "t" }, "api-token")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
