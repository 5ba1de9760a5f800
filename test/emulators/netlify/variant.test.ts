// Every switch of the emulator in each of its positions, on an emulator that runs.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Caller, closeUncomplaining, openSite, plain, secret, type ShownVariable } from "./caller.js";
import { MASK, type NetlifyEmulator, type SiteRecord } from "./index.js";
import { alternatives, describeVariant, randomVariant, singleVariants, usualVariant, type Variant } from "./variant.js";

let netlify: NetlifyEmulator;
let site: SiteRecord;
let call: Caller;
let env = "";
let query = "";

beforeEach(async () => {
  ({ netlify, site, call, env, query } = await openSite());
});
afterEach(() => closeUncomplaining(netlify));

const turn = (positions: Partial<Variant>) => void Object.assign(netlify.variant, positions);
const create = (...variables: unknown[]) => call<ShownVariable[]>("POST", env + query, variables);
const list = async (page?: number) =>
  call<ShownVariable[]>("GET", env + query + (page === undefined ? "" : `&page=${page}`));
const keysOf = async (page?: number) => (await list(page)).body.map(({ key }) => key);
const fill = (...keys: string[]) => {
  for (const key of keys) netlify.edit(site, { key, slot: "production" }, `value of ${key}`);
};

describe("the table", () => {
  test("has another position for every switch, and none that is the usual one", () => {
    expect(Object.keys(alternatives).sort()).toEqual(Object.keys(usualVariant).sort());
    for (const [name, others] of Object.entries(alternatives)) {
      expect(others.length, name).toBeGreaterThan(0);
      expect(others, name).not.toContain(usualVariant[name as keyof Variant]);
    }
  });

  test("gives each position once alone, under a name of its own", () => {
    const names = singleVariants().map(({ name }) => name);
    expect(names).toHaveLength(Object.values(alternatives).flat().length);
    expect(new Set(names).size).toBe(names.length);
    expect(describeVariant(singleVariants()[0]?.variant ?? usualVariant)).toBe("valueIds renewed");
    expect(describeVariant(usualVariant)).toBe("usual");
  });

  test("gives the same variant for the same seed, and every position for some seed", () => {
    expect(randomVariant(7)).toEqual(randomVariant(7));
    const variants = Array.from({ length: 200 }, (_, seed) => randomVariant(seed));
    for (const [name, others] of Object.entries(alternatives)) {
      const seen = new Set(variants.map((one) => one[name as keyof Variant]));
      expect(seen, name).toEqual(new Set([usualVariant[name as keyof Variant], ...others]));
    }
  });
});

describe("a list of variables", () => {
  test("is whole, whatever page is asked for", async () => {
    fill("A", "B", "C");
    expect([await keysOf(), await keysOf(2)]).toEqual([
      ["A", "B", "C"],
      ["A", "B", "C"],
    ]);
  });

  test.each([
    [1, ["A"], ["B"]],
    [2, ["A", "B"], ["C", "D"]],
    [7, ["A", "B", "C", "D", "E"], []],
  ])("has pages of %i", async (pageSize, first, second) => {
    fill("A", "B", "C", "D", "E");
    turn({ pageSize });
    expect([await keysOf(), await keysOf(2)]).toEqual([first, second]);
  });

  test.each([
    ["empty", 200, []],
    ["repeated", 200, ["C"]],
    ["not-found", 404, undefined],
  ] as const)("behind its last page is %s", async (pageBeyond, status, keys) => {
    fill("A", "B", "C");
    turn({ pageSize: 2, pageBeyond });
    const answer = await list(3);
    expect(answer.status).toBe(status);
    if (keys !== undefined) expect(answer.body.map(({ key }) => key)).toEqual(keys);
  });

  test.each([
    ["never", undefined, undefined, undefined],
    ["of-several-pages", 'page=2>; rel="next"', 'rel="prev"', undefined],
    ["always", 'page=2>; rel="next"', 'rel="prev"', 'page=1>; rel="last"'],
  ] as const)("tells its pages in a header: %s", async (...[pageLinks, first, last, only]) => {
    fill("A", "B", "C");
    const linkOf = async (page: number) => (await list(page)).headers.get("link") ?? undefined;
    turn({ pageSize: 2, pageLinks });
    const seen = [await linkOf(1), await linkOf(2)];
    turn({ pageSize: 50 });
    seen.push(await linkOf(1));
    for (const [index, part] of [first, last, only].entries()) {
      if (part === undefined) expect(seen[index]).toBeUndefined();
      else expect(seen[index]).toContain(part);
    }
    expect(`${seen[1]} ${seen[2]}`).not.toContain('rel="next"');
  });

  test.each([
    ["oldest-first", ["B", "A", "C"]],
    ["newest-first", ["C", "A", "B"]],
    ["by-key", ["A", "B", "C"]],
  ] as const)("is ordered %s", async (listOrder, keys) => {
    fill("B", "A", "C");
    turn({ listOrder });
    expect(await keysOf()).toEqual(keys);
  });

  test("of the site's own call is paged as well", async () => {
    fill("A", "B", "C");
    turn({ pageSize: 2 });
    expect((await call<ShownVariable[]>("GET", `/sites/${site.id}/env?page=2`)).body).toMatchObject([{ key: "C" }]);
  });
});

describe("a variable", () => {
  const raw = async () => {
    const response = await fetch(`${netlify.url}/api/v1${env}${query}`, {
      headers: { authorization: `Bearer ${netlify.token}` },
    });
    return response.text();
  };

  test.each([
    ["text", /"id":"[0-9a-f-]{36}"/, /"updated_by":\{"id":"1001"/],
    ["numbers", /"id":\d{6}[,}]/, /"updated_by":\{"id":1001,/],
    ["long-numbers", /"id":\d{19}[,}]/, /"updated_by":\{"id":1001,/],
  ] as const)("has ids that are %s", async (ids, value, author) => {
    turn({ ids });
    await create({ key: "A", values: [{ context: "production", value: '"id":"12"' }] });
    const text = await raw();
    expect(text).toMatch(value);
    expect(text).toMatch(author);
    const written = JSON.parse(text) as ShownVariable[];
    expect(written[0]?.values[0]?.value).toBe('"id":"12"');
    const [, id] = /"id":"?([0-9a-f-]+)"?,"context"/.exec(text) ?? [];
    expect((await call("DELETE", `${env}/A/value/${id}${query}`)).status).toBe(204);
  });

  test.each([
    ["shown", "shown"],
    ["missing", "shown"],
    ["shown", "missing"],
  ] as const)("tells its time (%s) and its author (%s)", async (updatedAt, updatedBy) => {
    fill("A");
    turn({ updatedAt, updatedBy });
    const text = await raw();
    expect([text.includes("updated_at"), text.includes("updated_by")]).toEqual([
      updatedAt === "shown",
      updatedBy === "shown",
    ]);
  });

  test.each([
    ["moves", true],
    ["stays", false],
  ] as const)("has a time that %s with a change of one value", async (patchTime, moved) => {
    turn({ patchTime });
    await create(secret("A", "1"));
    const timeOf = async () => (await list()).body[0]?.updated_at;
    const before = await timeOf();
    await call("PATCH", `${env}/A${query}`, { context: "production", value: "2" });
    const between = await timeOf();
    netlify.edit(site, { key: "A", slot: "production" }, "by hand");
    const after = await timeOf();
    expect([before !== between, between !== after]).toEqual([moved, moved]);
  });

  test.each([
    ["moves", true],
    ["stays", false],
  ] as const)("has a time that %s with the removal of one value", async (removalTime, moved) => {
    turn({ removalTime });
    for (const slot of ["production", "dev", "branch-deploy"]) netlify.edit(site, { key: "A", slot }, "1");
    const look = async () => (await list()).body[0];
    const before = await look();
    await call("DELETE", `${env}/A/value/${before?.values[0]?.id}${query}`);
    const between = await look();
    netlify.drop(site, { key: "A", slot: "dev" });
    const after = await look();
    expect([before?.updated_at !== between?.updated_at, between?.updated_at !== after?.updated_at]).toEqual([
      moved,
      moved,
    ]);
  });

  test.each(["post_processing", "post-processing", "post processing"] as const)(
    "spells its last scope %s",
    async (scopeSpelling) => {
      turn({ scopeSpelling });
      await create({ ...plain("A", "1"), scopes: ["builds", "post-processing"] });
      expect((await list()).body[0]?.scopes).toEqual(["builds", scopeSpelling]);
    },
  );

  test.each([
    ["absent", 1, 1],
    ["empty", 4, 1],
    ["empty-in-secrets-too", 4, 4],
  ] as const)("lists contexts without a value: %s", async (unsetContexts, ofPlain, ofSecret) => {
    turn({ unsetContexts });
    await create(plain("A", "1", "production"), secret("B", "1"), plain("C", "1"));
    const [a, b, c] = (await list()).body;
    expect([a?.values.length, b?.values.length, c?.values.length]).toEqual([ofPlain, ofSecret, 1]);
    expect(b?.values.map(({ value }) => value)).toEqual([MASK, "", "", ""].slice(0, ofSecret));
  });

  test("may keep a value for one context beside the one for all", async () => {
    turn({ mixedContexts: "keep" });
    await create(plain("A", "1"));
    await call("PATCH", `${env}/A${query}`, { context: "production", value: "2" });
    expect(netlify.values(site)).toEqual({ A: { all: "1", production: "2" } });
  });
});

describe("a bulk request that fails half-way", () => {
  const two = { key: "A", values: ["production", "dev"].map((context) => ({ context, value: "1" })) };

  test.each([
    ["none", 201, { A: { production: "1", dev: "1" }, B: { all: "2" }, C: { all: "3" } }],
    ["variables", 500, { A: { production: "1", dev: "1" }, B: { all: "2" } }],
    ["values", 500, { A: { production: "1" } }],
  ] as const)("creates a part: %s", async (postPart, status, values) => {
    turn({ postPart });
    expect((await create(two, plain("B", "2"), plain("C", "3"))).status).toBe(status);
    expect(netlify.values(site)).toEqual(values);
  });

  test.each([500, 422] as const)("answers with %i", async (postPartStatus) => {
    turn({ postPart: "variables", postPartStatus });
    expect((await create(plain("A", "1"), plain("B", "1"))).status).toBe(postPartStatus);
    expect((await create(plain("B", "1"))).status).toBe(201);
  });
});

describe("a plan", () => {
  test.each([
    ["pro", 201],
    ["free", 403],
    ["starter", 403],
    ["personal", 403],
  ] as const)("%s answers scopes of one's own choice with %i", async (plan, status) => {
    turn({ plan });
    expect((await create({ ...plain("A", "1"), scopes: ["builds"] })).status).toBe(status);
    expect((await create({ ...secret("B", "1"), scopes: ["builds"] })).status).toBe(status);
    expect((await create(secret("C", "1"), plain("D", "1"))).status).toBe(201);
  });

  test("of an account stands above that of all", async () => {
    turn({ plan: "free" });
    site.account.plan = "pro";
    expect((await create({ ...plain("A", "1"), scopes: ["builds"] })).status).toBe(201);
  });

  test.each([
    ["name-and-slug", "Free", "free"],
    ["name", "Free", undefined],
    ["nothing", undefined, undefined],
  ] as const)("is told by the account: %s", async (planTold, name, slug) => {
    turn({ plan: "free", planTold });
    const { body } = await call<{ type_name?: string; type_slug?: string }>("GET", `/accounts/${site.account.id}`);
    expect([body.type_name, body.type_slug]).toEqual([name, slug]);
  });
});

describe("a build", () => {
  const build = () => call<Record<string, unknown>>("POST", `/sites/${site.id}/builds`);

  test.each([
    ["build-and-deploy", true, true],
    ["build", true, false],
    ["deploy", false, true],
    ["nothing", false, false],
  ] as const)("is named in the answer: %s", async (buildAnswer, id, deployId) => {
    turn({ buildAnswer });
    const { body } = await build();
    expect(["id" in body, "deploy_id" in body]).toEqual([id, deployId]);
    expect(site.builds).toHaveLength(1);
  });

  test.each([
    [100, "newest-first", [3, 2, 1]],
    [2, "newest-first", [3, 2]],
    [2, "oldest-first", [1, 2]],
  ] as const)("is listed, %i on a page at most, %s", async (buildPageSize, buildOrder, shown) => {
    for (let count = 0; count < 3; count += 1) await build();
    turn({ buildPageSize, buildOrder });
    const { body } = await call<{ id: string }[]>("GET", `/sites/${site.id}/builds?page=1&per_page=100`);
    expect(body.map(({ id }) => site.builds.findIndex((one) => one.id === id) + 1)).toEqual(shown);
  });
});

test("another variant takes the place of the one that runs", async () => {
  fill("A", "B");
  netlify.variant = { ...usualVariant, pageSize: 1 };
  expect(await keysOf()).toEqual(["A"]);
});

test.each([
  ["known", 200],
  ["unknown", 404],
] as const)("the list of a site's variables without its account is %s", async (siteList, status) => {
  fill("A");
  turn({ siteList });
  expect((await call("GET", `/sites/${site.id}/env`)).status).toBe(status);
});
