// Which site and team the arguments mean.

import { describe, expect, test } from "vitest";
import { findLocation, type Registry } from "../../provider/destinations/netlify/location.js";

describe("a team's id beside a site that tells its team by slug alone", () => {
  const team = { id: "5f0c", slug: "acme", name: "Acme" };
  const registry = (site: { account_slug: string }): Registry => ({
    getSite: () => Promise.resolve({ id: "site", name: "shop", ...site }),
    getAccount: (name) => Promise.resolve(name === team.id || name === team.slug ? team : undefined),
    listSites: () => Promise.resolve([]),
  });
  const args = { type: "netlify", siteId: "site", accountId: team.id } as const;

  test("is that team, and is told as it was looked up", async () => {
    const found = findLocation(registry({ account_slug: team.slug }), args);
    await expect(found).resolves.toMatchObject({ account: team, owner: { siteId: "site", accountId: team.id } });
  });

  test("is refused where it is another team", async () => {
    const found = findLocation(registry({ account_slug: "others" }), args);
    await expect(found).rejects.toMatchObject({ code: "destination.wrong_account" });
  });
});
