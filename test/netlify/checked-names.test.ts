// Names beside ids, and the one branch of a destination: the arguments that `destinationConfig` of Infisical has.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { netlifyDestination } from "../../schema/index.js";
import { displayNames } from "../../provider/destinations/netlify/display-names.js";
import { placeKey } from "../../provider/destinations/netlify/contexts.js";
import type { Variant } from "../emulators/netlify/index.js";
import { type NetlifyWorld, startWorld } from "./world.js";

describe.each(["with-site", "apart"] satisfies Array<Variant["teamName"]>)(
  "with the team's name told %s",
  (teamName) => {
    let world: NetlifyWorld;
    beforeEach(async () => {
      world = await startWorld({ variant: { teamName } });
    });
    afterEach(() => world.close());
    const look = async (args: Record<string, unknown>) => (await world.sync(args).preview({ A: "x" })).lines.join("\n");
    const names = () => ({ siteName: world.site.name, accountName: world.site.account.name });

    test("the right names pass, and so does the team's slug", async () => {
      expect(await look({ ...names(), context: "production" })).toContain("+ production/A");
      expect(await look({ accountName: world.site.account.slug, context: "production" })).toContain("+ production/A");
      const team = { level: "team", accountId: world.site.account.id, accountName: world.site.account.name };
      expect(await look({ ...team, context: "production" })).toContain("+ production/A");
    });

    test.each([
      [{ siteName: "storefront" }, /site \S+ is called "site-1", not "storefront"; set siteName: "site-1"/],
      [{ accountName: "Others" }, /team \S+ is called "Team 1", not "Others"; set accountName: "Team 1"/],
    ])("%j is refused, and the right one is said", async (wrong, says) => {
      await expect(look({ ...names(), ...wrong })).rejects.toMatchObject({
        code: "destination.wrong_name",
        message: expect.stringMatching(says),
      });
      expect(world.netlify.writes()).toEqual([]);
    });
  },
);

describe("the context branch", () => {
  const parse = (args: object) => netlifyDestination.safeParse({ type: "netlify", siteId: "s", ...args });

  test("takes the branch beside it, and means the same as the object and the list", () => {
    const ways = [
      { context: "branch", branch: "staging" },
      { context: { context: "branch", branch: "staging" } },
      { contexts: [{ context: "branch", branch: "staging" }] },
    ];
    for (const way of ways)
      expect(placeKey(netlifyDestination.parse({ type: "netlify", siteId: "s", ...way }), "A")).toMatchObject([
        { slot: "branch:staging" },
      ]);
  });

  test.each([
    { context: "branch" },
    { branch: "staging" },
    { context: "production", branch: "staging" },
    { context: { context: "branch", branch: "a" }, branch: "b" },
    { contexts: ["production"], branch: "b" },
  ])("is refused as %j", (args) => {
    expect(
      parse(args)
        .error?.issues.map(({ message }) => message)
        .join(),
    ).toMatch(/`branch` is the name of the branch/);
  });
});

test("a site name without the site's id is refused, because it is looked up nowhere", () => {
  const { error } = netlifyDestination.safeParse({ type: "netlify", level: "team", accountId: "a", siteName: "shop" });
  expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining("`siteName` checks the site")]);
});

test("people are told names where the arguments have them", () => {
  const site = { type: "netlify", siteId: "5b8c", siteName: "storefront" } as const;
  expect(displayNames.nameOf(site)).toBe("storefront");
  expect(displayNames.nameOf({ type: "netlify", level: "team", accountId: "9", accountName: "Acme" })).toBe(
    "team Acme",
  );
});
