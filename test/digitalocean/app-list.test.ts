// The list of apps: when it is whole. "There is no such app" takes a sync out of state, so half a list must not say it.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AppPlatformApi } from "../../provider/destinations/digitalocean/api.js";
import type { DigitalOceanEmulator } from "../emulators/digitalocean/index.js";
import { openApi } from "./open-api.js";

let ocean: DigitalOceanEmulator;
let api: AppPlatformApi;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ ocean, api, close } = await openApi());
});

afterEach(() => close());

describe("the list of apps", () => {
  test.each([200, 20, 2] as const)("is whole where a page holds %d", async (pageSize) => {
    ocean.variant.pageSize = pageSize;
    for (let count = 0; count < 7; count += 1) ocean.createApp({ name: `shop-${count}` });
    expect((await api.listApps()).apps.map((app) => app.spec["name"])).toEqual(
      ocean.apps().map(({ spec: { name } }) => name),
    );
    expect(ocean.requests.map(({ query }) => query["per_page"])).toEqual(Array(pageSize === 2 ? 4 : 1).fill("200"));
  });

  const app = (name: string) => ({ id: name, spec: { name } });
  const answer = (...bodies: object[]) =>
    bodies.forEach((body, at) =>
      ocean.faults.add({
        match: { path: /\/v2\/apps$/, nth: at + 1, times: at + 1 === bodies.length ? Infinity : 1 },
        status: 200,
        body,
      }),
    );
  const next = { pages: { next: "https://api.digitalocean.com/v2/apps?page=2" } };

  // [what, pages, the apps]
  test.each<[string, object[], string[]]>([
    ["is empty where it says so", [{ apps: [], meta: { total: 0 } }], []],
    ["is empty where null stands for it and the total is none", [{ apps: null, meta: { total: 0 } }], []],
    ["is empty where it is left out and the total is none", [{ meta: { total: 0 } }], []],
    ["is empty where no total is told", [{ apps: [] }], []],
    ["ends with a short page without a next one", [{ apps: [app("a")] }], ["a"]],
    ["ends where null stands for what would tell of more", [{ apps: [app("a")], links: null, meta: null }], ["a"]],
    ["ends where there are no pages", [{ apps: [app("a")], links: {} }], ["a"]],
    ["ends with the total, whatever comes next", [{ apps: [app("a")], links: next, meta: { total: 1 } }], ["a"]],
    [
      "goes on with a next page",
      [
        { apps: [app("a")], links: next },
        { apps: [app("b")], links: {} },
      ],
      ["a", "b"],
    ],
    [
      "ends with an empty page",
      [
        { apps: [app("a")], links: next },
        { apps: [], links: next },
      ],
      ["a"],
    ],
    [
      "goes on after a full page",
      [{ apps: Array.from({ length: 200 }, (_, at) => app(`${at}`)) }, { apps: [] }],
      Array.from({ length: 200 }, (_, at) => `${at}`),
    ],
  ])("%s", async (_what, pages, ids) => {
    answer(...pages);
    expect((await api.listApps()).apps.map((one) => one.id)).toEqual(ids);
    expect(ocean.requests.map(({ query }) => query["page"])).toEqual(pages.map((_, at) => `${at + 1}`));
  });

  // What is not there must not say that an app is gone.
  test.each<[string, object[], string]>([
    ["is not there", [{}], "apps"],
    ["is null", [{ apps: null }], "apps"],
    ["is empty where there should be one", [{ apps: [], meta: { total: 1 } }], "apps"],
    ["is left out where there should be one", [{ meta: { total: 1 } }], "apps"],
    [
      "is cut off",
      [
        { apps: [app("a")], links: next, meta: { total: 2 } },
        { apps: [], meta: { total: 2 } },
      ],
      "apps",
    ],
    ["has no end", [{ apps: [app("a")], links: next }], "more pages than expected"],
  ])("that %s is not decided on", async (_what, pages, where) => {
    answer(...pages);
    await expect(api.listApps()).rejects.toThrow(`DigitalOcean's answer is not a complete list of apps (at ${where})`);
    expect(ocean.requests).toHaveLength(where.startsWith("more") ? 50 : pages.length);
  });

  test("that holds an app which cannot be read has the others, and says that one is missing", async () => {
    answer({ apps: [app("a"), { id: "b" }, app("c")] });
    const { apps, unread } = await api.listApps();
    expect(apps.map((one) => one.id)).toEqual(["a", "c"]);
    expect(unread?.message).toContain("DigitalOcean's answer is not a complete list of apps (at apps.1)");
  });
});
