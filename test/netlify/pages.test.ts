// A list of variables is read to its end, whatever its pages look like, and with no call more than that takes.
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Page, type PageQuery, readList } from "../../provider/destinations/netlify/api/pages.js";
import { startWorld, type NetlifyWorld } from "./world.js";
import { seedOf } from "../seed.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const one = { contexts: ["production"], functionsLimit: "warn" };

const fill = (count: number, seed: { isSecret?: boolean } = {}) => {
  for (let index = 0; index < count; index += 1)
    world.netlify.edit(world.site, { key: `F${index}`, slot: "production" }, { value: "x", ...seed });
};

/** Reads of lists since the last time, as `site` or `team` and their page. */
const reads = (() => {
  let from = 0;
  return () => {
    const lists = world.netlify.requests
      .slice(from)
      .filter(({ method, path }) => method === "GET" && path.endsWith("/env"));
    from = world.netlify.requests.length;
    const ownerOf = ({ path, query }: (typeof lists)[number]) =>
      path.startsWith("/sites/") || query["site_id"] !== undefined ? "site" : "team";
    return lists.map((call) => `${ownerOf(call)} ${String(call.query["page"] ?? 1)}`);
  };
})();

describe("a list that is paged", () => {
  test.each(
    [1, 2, 3, 7, 49, 50, 51].flatMap((pageSize) => ["empty", "repeated", "not-found"].map((end) => [pageSize, end])),
  )("by %i, with a page behind the last one that is %s, shows every foreign key", async (...[pageSize, pageBeyond]) => {
    fill(51);
    Object.assign(world.netlify.variant, { pageSize, pageBeyond });
    const wanted = Object.fromEntries(Array.from({ length: 52 }, (_, index) => [`F${index}`, "mine"]));
    const { lines } = await world.sync(one).preview(wanted);
    expect(lines.filter((line) => line.startsWith("!"))).toHaveLength(51);
    expect(lines.filter((line) => line.startsWith("+"))).toHaveLength(1);
  });

  test.each([
    ["of-several-pages", 3, ["site 1", "site 2", "site 3"]],
    ["always", 3, ["site 1", "site 2", "site 3"]],
    ["always", 7, ["site 1"]],
  ] as const)("and says so (%s) is asked for the pages that it names, and for no other", async (...given) => {
    const [pageLinks, pageSize, pages] = given;
    // Several pages are several moments, so they are read until they agree.
    const calls = pages.length > 1 ? [...pages, ...pages] : pages;
    fill(7);
    Object.assign(world.netlify.variant, { pageSize, pageLinks });
    reads();
    const { lines } = await world.sync(one).preview({ F6: "mine" });
    expect(lines[0]).toMatch(/^! production\/F6/);
    expect(reads().filter((call) => call.startsWith("site"))).toEqual(calls);
  });

  test("is read to its end after a write, when a page holds fewer keys than were written", async () => {
    world.netlify.variant.pageSize = 2;
    const sync = world.sync(one);
    const values = { A: "1", B: "1", C: "1", D: "1", E: "1" };
    await sync.run(values);
    await sync.run({ ...values, C: "2" });
    await sync.run({ A: "1", C: "2", E: "1" });
    expect(world.netlify.values(world.site)).toEqual({
      A: { production: "1" },
      C: { production: "2" },
      E: { production: "1" },
    });
    expect((await sync.preview({ A: "1", C: "2", E: "1" })).writes).toEqual([]);
    await sync.destroy();
    expect(world.netlify.values(world.site)).toEqual({});
  });

  test("and grows beyond its first page by a stranger's key, never lets that key be taken for ours", async () => {
    fill(2);
    world.netlify.variant.pageSize = 3;
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.onRequest({ method: "POST" }, () => {
      world.netlify.edit(world.site, { key: "B", slot: "production" }, "theirs");
    });
    expect(await sync.run({ A: "1", B: "mine" }).catch((error: unknown) => error)).toMatchObject({
      code: "conflict.exists",
    });
    expect(world.netlify.values(world.site)).toMatchObject({ A: { production: "1" }, B: { production: "theirs" } });
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A"]);
  });
});

describe("a list without pages", () => {
  test("is asked for once more by each process, which then knows it", async () => {
    fill(3, { isSecret: true });
    reads();
    const sync = world.sync(one);
    await sync.preview({ A: "1" });
    expect(reads()).toEqual(["site 1", "team 1", "site 2"]);
    await sync.run({ A: "1" });
    expect(reads()).toEqual(["site 1", "site 1", "site 1"]);
    await sync.run({ A: "1" });
    expect(reads()).toEqual(["site 1"]);
    await sync.run({ A: "2", B: "1" });
    expect(reads()).toEqual(["site 1", "site 1", "site 1"]);
    await sync.run({ A: "2" });
    expect(reads()).toEqual(["site 1", "site 1", "site 1"]);
  });

  test("that is empty is not asked for another page", async () => {
    reads();
    await world.sync(one).preview({ A: "1" });
    expect(reads()).toEqual(["site 1", "team 1", "site 1"]);
  });

  test("that lost a key of ours is asked for once more before that is believed", async () => {
    fill(1);
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.drop(world.site, { key: "A", slot: "production" });
    reads();
    expect((await sync.preview({ A: "1" })).lines[0]).toContain("gone from the destination");
    expect(reads()).toEqual(["site 1", "site 2"]);
  });

  test("costs no time for its second page if the owner of the token is looked up anyway", async () => {
    fill(3, { isSecret: true });
    const order: string[] = [];
    const answered = (name: string) => () => void order.push(`answered ${name}`);
    const asked = (name: string) => () => void order.push(`asked ${name}`);
    for (const [name, path] of [
      ["user", /^\/user$/],
      ["site", /\/env$/],
    ] as const) {
      world.netlify.onRequest({ path, times: 9 }, asked(name));
      world.netlify.onAnswer({ path, times: 9 }, answered(name));
    }
    world.netlify.faults.add({ match: { path: /^\/user$/ }, delayMs: 50 });
    await world.sync(one).preview({ A: "1" });
    expect(order.indexOf("asked user")).toBeLessThan(order.lastIndexOf("answered site"));
  });
});

/** A list in pages of one size, as some service would keep it. */
interface Service {
  readonly count: number;
  readonly size: number;
  readonly end: "empty" | "repeated" | "missing" | "ignored";
  readonly links: boolean;
}

const services = fc.record<Service>({
  count: fc.integer({ min: 0, max: 40 }),
  size: fc.integer({ min: 1, max: 45 }),
  end: fc.constantFrom("empty", "repeated", "missing", "ignored"),
  links: fc.boolean(),
});

interface Row {
  readonly key: string;
}

function rowsOf(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ key: `K${index}` }));
}

function serve({ count, size, end, links }: Service, asked: PageQuery[], rows = rowsOf(count)) {
  return (query: PageQuery): Promise<Page<Row> | undefined> => {
    asked.push(query);
    if (end === "ignored") return Promise.resolve({ rows: [...rows], link: undefined });
    const last = Math.max(1, Math.ceil(rows.length / size));
    const number = Number(query["page"] ?? 1);
    if (number > last && end === "missing") return Promise.resolve(undefined);
    const page = end === "repeated" ? Math.min(number, last) : number;
    const next = page < last ? `<https://elsewhere.example/env?page=${page + 1}&token=t>; rel="next", ` : "";
    const link = links ? `${next}<https://elsewhere.example/env?page=${last}>; rel=last` : undefined;
    return Promise.resolve({ rows: rows.slice((page - 1) * size, page * size), link });
  };
}

describe("for every service", () => {
  test("the list is complete", async () => {
    await fc.assert(
      fc.asyncProperty(services, async (service) => {
        const rows = await readList({ read: serve(service, []) });
        expect(rows).toHaveLength(service.count);
      }),
      { seed: 11 },
    );
  });

  test("what is there all the time is in the list, even if others come and go between its pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        services,
        fc.array(fc.tuple(fc.nat(12), fc.nat(39)), { maxLength: 3 }),
        async (service, gone) => {
          const asked: PageQuery[] = [];
          const rows = rowsOf(service.count);
          const read = serve(service, asked, rows);
          const found = await readList({
            read: (query) => {
              for (const [at, index] of gone) {
                if (at !== asked.length) continue;
                rows.splice(index, 1);
                rows.push({ key: `NEW${at}-${index}` });
              }
              return read(query);
            },
          });
          // A list that changes with every look is an error, and no list.
          expect(found !== undefined || gone.length > 1).toBe(true);
          const keys = new Set((found ?? rows).map(({ key }) => key));
          expect(rows.filter(({ key }) => key.startsWith("K") && !keys.has(key))).toEqual([]);
        },
      ),
      { seed: seedOf(14), numRuns: 500 },
    );
  });

  test("at most one page more is requested than the list has, and none if links show its end", async () => {
    await fc.assert(
      fc.asyncProperty(services, async (service) => {
        const asked: PageQuery[] = [];
        await readList({ read: serve(service, asked) });
        const pages = service.end === "ignored" ? 1 : Math.max(1, Math.ceil(service.count / service.size));
        const surplus = (service.links && service.end !== "ignored") || service.count === 0 ? 0 : 1;
        // Several pages are several moments, so they are read until they agree; so is a list that ends with a page that is not found.
        const isOnce = pages <= 1 && (surplus === 0 || service.end !== "missing");
        expect(asked.length).toBe((pages + surplus) * (isOnce ? 1 : 2));
      }),
      { seed: 12 },
    );
  });

  test("a key that the caller needs is looked for on every page", async () => {
    await fc.assert(
      fc.asyncProperty(services, fc.nat(60), async (service, index) => {
        const rows = await readList({ read: serve(service, []), isEnough: (all) => all.has(`K${index}`) });
        const found = rows?.some(({ key }) => key === `K${index}`);
        expect(found).toBe(index < service.count);
      }),
      { seed: 13 },
    );
  });
});

describe("a Link header", () => {
  const read = async (...pages: Array<{ keys: string[]; link?: string }>) => {
    const asked: PageQuery[] = [];
    const rows = await readList<Row>({
      read: (query) => {
        asked.push(query);
        const { keys, link } = pages[(asked.length - 1) % pages.length] ?? { keys: [] };
        return Promise.resolve({ rows: keys.map((key) => ({ key })), link });
      },
    });
    // What is read a second time is read as the first time.
    expect(asked.slice(pages.length)).toEqual(asked.slice(0, pages.length));
    return { keys: rows?.map(({ key }) => key), asked: asked.slice(0, pages.length) };
  };

  test.each(['<https://docs.example>; rel="describedby"', '</env?cursor=a>; relation="next"'])(
    "that has nothing to do with pages proves nothing: %s",
    async (link) => {
      const { keys, asked } = await read({ keys: ["A"], link }, { keys: ["B"] }, { keys: [] });
      expect([keys, asked]).toEqual([
        ["A", "B"],
        [{}, { page: "2" }, { page: "3" }],
      ]);
    },
  );

  test("is followed by its query, whatever the parameter is called", async () => {
    const link = '</env?cursor=a%2Cb>; title=x; rel=next , </env?cursor=0>; rel="prev first"';
    const { keys, asked } = await read({ keys: ["A"], link }, { keys: ["B"], link: '</env>; rel="first"' });
    expect([keys, asked]).toEqual([
      ["A", "B"],
      [{}, { cursor: "a,b" }],
    ]);
  });

  test.each(["</env?page=2>;rel=next", '</env?page=2>;  REL = "next"', '</env?page=2>; title="rel"; rel="up next"'])(
    "is read as %s",
    async (link) => {
      const { asked } = await read({ keys: ["A"], link }, { keys: ["B"], link: '</env>; rel="first"' });
      expect(asked).toEqual([{}, { page: "2" }]);
    },
  );

  test("that names a next page for ever has no end, and is not a list", async () => {
    let count = 0;
    const rows = await readList<Row>({
      read: () => Promise.resolve({ rows: [{ key: `K${(count += 1)}` }], link: `</env?page=${count}>; rel="next"` }),
    });
    expect(rows).toBeUndefined();
  });
});

describe("a second page that is not found", () => {
  const path = /\/env$/;
  const written = async () => {
    world.netlify.variant.pageSize = 1;
    fill(1);
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "2" });
    world.reopen(sync, one);
    return sync;
  };
  /** Counted from the look of the destroy: the site's first page, the team's, and the one in question. */
  const lose = (fault: { times: number; page?: string }) => {
    const { times, ...answer } = fault;
    world.netlify.faults.add({ match: { method: "GET", path, nth: 3, times }, status: 404, ...answer });
  };

  test("for a moment does not end the list: a destroy removes what comes after it", async () => {
    const sync = await written();
    lose({ times: 1 });
    await sync.destroy();
    expect([world.netlify.values(world.site), sync.ledger]).toEqual([{ F0: { production: "x" } }, {}]);
  });

  test("by a gateway does not end it either, however often it says so", async () => {
    const sync = await written();
    lose({ times: Infinity, page: "<html>no such route</html>" });
    await expect(sync.destroy()).rejects.toMatchObject({ code: "http.not_found" });
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A", "B"]);
  });
});
