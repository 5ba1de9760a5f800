// Sites and teams that are not found, for a moment or for good, by operations from state alone.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findLocation, type Registry } from "../../provider/destinations/netlify/live/location.js";
import { openStack, said, stackOn, sync } from "../lifecycle/stack.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

async function written(destination: Readonly<Record<string, unknown>> = {}) {
  const stack = stackOn((await openStack()).cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: world.netlify.url, NETLIFY_AUTH_TOKEN: world.netlify.token });
  const aim = { type: "netlify", siteId: world.site.id, contexts: ["production"], ...destination };
  expect((await stack.up([sync("s", { A: stack.secret("a") }, { destination: aim })])).problems).toBe("");
  return stack;
}

/** The site is not found, so many times. */
function lose(times: number): void {
  world.netlify.faults.add({
    match: { method: "GET", path: new RegExp(`^/sites/${world.site.id}$`), times },
    status: 404,
  });
}

describe("the variables of a team that was looked up from a site", () => {
  const ofTeam = { level: "team" };
  const keysOf = (account = world.site.account) => Object.keys(world.netlify.values(account));

  test("are removed by a destroy although the site is deleted", async () => {
    const stack = await written(ofTeam);
    lose(Infinity);
    expect((await stack.destroy()).problems).toBe("");
    expect([keysOf(), stack.state.size]).toEqual([[], 0]);
  });

  test("are removed although the site has moved to another team", async () => {
    const stack = await written(ofTeam);
    const before = world.site.account;
    world.site.account = world.netlify.addAccount({ slug: "others" });
    expect((await stack.destroy()).problems).toBe("");
    expect([keysOf(before), stack.state.size]).toEqual([[], 0]);
  });

  test("stay in state when a refresh does not find the site", async () => {
    const stack = await written(ofTeam);
    lose(Infinity);
    expect((await stack.refresh()).problems).toBe("");
    expect([keysOf(), stack.state.size]).toEqual([["A"], 1]);
  });

  test("are addressed without the site, also by state that still names it", async () => {
    const team = world.sync({ level: "team", siteId: world.site.id });
    const { id } = world.site.account;
    expect(team.target.addressOf(id)).toEqual({ type: "netlify", level: "team", accountId: id });
  });
});

test("a site is addressed with the build that follows a write, because a removal needs one, too", async () => {
  const build = { trigger: true, branch: "main" };
  const { target } = world.sync({ contexts: ["production"], build });
  expect(target.addressOf(world.site.id)).toEqual({ type: "netlify", siteId: world.site.id, build });
});

describe("a site that is not found", () => {
  test("for a moment stays in state", async () => {
    const stack = await written();
    lose(1);
    expect((await stack.refresh()).problems).toBe("");
    expect(stack.state.size).toBe(1);
  });

  test("for a moment still loses its keys to a destroy", async () => {
    const stack = await written();
    lose(1);
    expect((await stack.destroy()).problems).toBe("");
    expect([world.netlify.values(world.site), stack.state.size]).toEqual([{}, 0]);
  });

  test("for good leaves state with a refresh, which says so", async () => {
    const stack = await written();
    lose(Infinity);
    const run = await stack.refresh();
    expect([run.problems, stack.state.size]).toEqual(["", 0]);
    expect(said(run)).toMatch(/there is no site .*; the sync leaves state, and 1 key of it with it/);
  });
});

test.each([{}, { level: "team" }])("what only a gateway calls missing stays in state: %j", async (destination) => {
  const stack = await written(destination);
  for (const page of ["<html>no such route</html>", "", '{"message":"no Route matched with those values"}']) {
    world.netlify.faults.add({ match: { path: /./, times: Infinity }, status: 404, page });
    expect((await stack.refresh()).problems).toMatch(/http\.not_found.*is not Netlify's own/);
    expect((await stack.destroy()).problems).toMatch(/http\.not_found.*is not Netlify's own/);
    expect(stack.state.size).toBe(1);
    world.netlify.faults.clear();
  }
});

describe("a team's id beside a site that names its team only by slug", () => {
  const team = { id: "5f0c", slug: "acme", name: "Acme" };
  const registry = (site: { account_slug: string }): Registry => ({
    getSite: () => Promise.resolve({ id: "site", name: "shop", ...site }),
    getAccount: (name) => Promise.resolve(name === team.id || name === team.slug ? team : undefined),
    listSites: () => Promise.resolve([]),
  });
  const args = { type: "netlify", siteId: "site", accountId: team.id } as const;

  test("is that team, and is kept as it was looked up", async () => {
    const found = findLocation(registry({ account_slug: team.slug }), args);
    await expect(found).resolves.toMatchObject({ account: team, owner: { siteId: "site", accountId: team.id } });
  });

  test("is refused if it is another team", async () => {
    const found = findLocation(registry({ account_slug: "others" }), args);
    await expect(found).rejects.toMatchObject({ code: "destination.wrong_account" });
  });
});
