// An empty list, on Netlify's wire: nothing there yet, everything removed by hand, or a right that was lost.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.netlify.close());

describe("a team that shows no shared variables", () => {
  test("still has what was written there: nothing is written again blindly", async () => {
    const sync = world.sync({ level: "team", accountId: "team-1", contexts: ["production"] });
    await sync.run({ A: "x" });
    world.site.account.variables.clear();
    expect((await sync.preview({ A: "x" })).lines.join()).toContain("destination.empty");
    // Nor are keys forgotten that the program no longer has: they may still be there.
    expect((await sync.preview({})).lines.join()).toMatch(/destination\.empty: .* this sync wrote 1 of them/);
  });

  test.each(["delete", "restore"] as const)("still has something for a destroy to do (%s)", async (how) => {
    world.netlify.edit(world.site.account, { key: "A", slot: "production" }, "theirs");
    const sync = world.sync({ level: "team", accountId: "team-1", contexts: ["production"], isSecret: false });
    await sync.run({ A: "x", B: "x" }, { adopt: ["A"], keepPrior: true });
    const path = /^\/accounts\/[^/]+\/env$/;
    world.netlify.faults.add({ match: { method: "GET", path, times: Infinity }, status: 200, page: "[]" });
    await expect(sync.destroy(how)).rejects.toMatchObject({
      code: "destination.empty",
      message: expect.stringContaining("though this sync wrote 2 of them") as string,
    });
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A", "B"]);
    world.netlify.faults.clear();
    await sync.destroy(how);
    const left = how === "delete" ? {} : { A: { production: "theirs" } };
    expect(world.netlify.values(world.site.account)).toEqual(left);
  });

  test("takes a first write again that did not arrive", async () => {
    const sync = world.sync({ level: "team", accountId: "team-1", contexts: ["production"] });
    const path = /^\/accounts\/[^/]+\/env/;
    const stop = world.netlify.onRequest({ method: "POST", path }, () => {
      world.netlify.faults.add({ match: { method: "GET", path, times: Infinity }, status: 503 });
    });
    world.netlify.faults.add({ match: { method: "POST", path, times: Infinity }, resetBefore: true });
    const lost: unknown = await sync.run({ A: "x" }).catch((error: unknown) => error);
    expect(lost).toMatchObject({ status: "failed" });
    stop();
    world.netlify.faults.clear();
    expect((await sync.run({ A: "x" })).status).toBe("succeeded");
    expect(world.netlify.values(world.site.account)).toEqual({ A: { production: "x" } });
  });

  test("stops no sync that has written none, and neither does a site", async () => {
    const sync = world.sync({ level: "team", accountId: "team-1", contexts: ["production"] });
    expect((await sync.preview({ A: "x" })).lines.join()).not.toContain("destination.empty");
    const ofSite = world.sync({ contexts: ["production"] });
    await ofSite.run({ A: "x" });
    world.site.variables.clear();
    await ofSite.run({ A: "x" });
    expect(world.netlify.values(world.site)).toEqual({ A: { production: "x" } });
  });
});

describe("a site whose variables only one call lists", () => {
  beforeEach(() => Object.assign(world.netlify.variant, { siteList: "unknown" }));

  test("is written to and emptied like any other, from its first variable to its last", async () => {
    const sync = world.sync({ contexts: ["production"] });
    expect((await sync.preview({ A: "x" })).lines.join()).not.toContain("destination.empty");
    await sync.run({ A: "x" });
    expect(world.netlify.values(world.site)).toEqual({ A: { production: "x" } });
    await sync.destroy();
    expect(world.site.variables.size).toBe(0);
    await sync.run({ A: "y" });
    expect(world.netlify.values(world.site)).toEqual({ A: { production: "y" } });
  });

  test("shows no wipe if it shows nothing, until any variable is there", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "x" });
    world.site.variables.clear();
    for (const program of [{ A: "x" }, {}]) {
      const { lines } = await sync.preview(program);
      expect(lines.join()).toMatch(/destination\.empty: .* no variables at all for .* this sync wrote 1 of them/);
    }
    await expect(sync.destroy()).rejects.toMatchObject({ code: "destination.empty" });
    world.netlify.edit(world.site, { key: "OTHER", slot: "production" }, "theirs");
    await sync.run({ A: "x" });
    expect(world.netlify.values(world.site)).toMatchObject({ A: { production: "x" } });
  });
});
