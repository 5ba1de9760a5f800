// The page of `map` as a document: what it holds, and what a hostile name cannot do.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escape } from "../../provider/commands/map/drawing.js";
import { renderPage } from "../../provider/commands/map/page.js";
import { printableLines } from "../../provider/printable.js";
import { chartsOf } from "./charts.js";
import { manySyncs } from "./many.js";
import { resourceOf, syncsOf } from "./state.js";

/** Elements that the page itself is made of. */
const elements =
  "html head meta title style body header h1 h2 p span code main nav ol ul li a section svg desc g rect path text".split(
    " ",
  );
const tagsOf = (html: string) => [...new Set([...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag))];

describe("the page", () => {
  test("is self-contained: no script, nothing from elsewhere, and a policy that says so", async () => {
    const page = renderPage("production", await chartsOf(manySyncs(3, 4)));
    expect(page).toMatch(
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">/,
    );
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|src=|href="(?!#)/i);
  });

  test("holds in the style of a drawing nothing but its rules, one for each path of keys", async () => {
    const page = renderPage("production", await chartsOf(manySyncs(3, 4)));
    expect(page).toMatch(/^<style>(?:svg:has\([^{}<>]+\{[^{}<>]+\}){2,}<\/style>$/m);
  });

  test("shows title, last sync, every status and drift in words", async () => {
    const page = renderPage("production", await chartsOf(manySyncs()));
    for (const words of ["Secrets of production", "last sync 2026-03-01 12:19Z", "20 syncs, 1000 keys"])
      expect(page).toContain(words);
    for (const words of ["✓ 11 succeeded", "! 3 written, not live", "✗ 3 failed", "△ drift of 6 keys on record"])
      expect(page).toContain(words);
  });

  test("explains only what there is on it", async () => {
    const plain = renderPage("shop/production", await chartsOf(syncsOf(resourceOf("web"))));
    expect(plain).toContain("<h1>Secrets of shop/production</h1>");
    expect(plain).not.toMatch(/Dashed links|pulumi refresh/);
    const all = renderPage("shop/production", await chartsOf(manySyncs()));
    expect(all).toMatch(/Dashed links.*pulumi refresh/);
    const disabled = resourceOf("web", { outputs: { syncStatus: "disabled", managedKeys: [] } });
    expect(renderPage("x", await chartsOf(syncsOf(disabled)))).not.toContain("Point at a key");
  });

  test("says type and scope of each key, and calls a target what people call it", async () => {
    const destination = {
      type: "digital-ocean-app-platform",
      appId: "f5b8c1aa-c3e7-4c5f-bac6-f384d70ecd56",
      variables: { B: { variableType: "GENERAL" } },
    };
    const page = renderPage("x", await chartsOf(syncsOf(resourceOf("web", { inputs: { destination } }))));
    expect(page).toMatch(/SECRET RUN_TIME<[^]*>A</);
    expect(page).toMatch(/GENERAL RUN_AND_BUILD_TIME<[^]*>B</);
    expect(page).toContain(">shop-f5b8c.ondigitalocean.app<");
    expect(page).not.toContain("f5b8c1aa");
    const told = resourceOf("web", { inputs: { destination }, outputs: { targetName: "storefront" } });
    expect(renderPage("x", await chartsOf(syncsOf(told)))).toContain(">storefront<");
  });

  test("gives a box inside another one tighter corners than the one around it", async () => {
    const page = renderPage("x", await chartsOf(manySyncs(1, 4)));
    const corners = new Map(
      [...page.matchAll(/<g class="box (\w+)[^>]*><rect [^>]*rx="([\d.]+)"/g)].map(([, kind, rx]) => [
        kind,
        Number(rx),
      ]),
    );
    expect([...corners.keys()].sort()).toEqual(["bundle", "slot", "source", "sync", "target"]);
    expect(corners.get("bundle")).toBeLessThan(corners.get("sync") ?? 0);
    expect(corners.get("slot")).toBeLessThan(corners.get("target") ?? 0);
  });

  test("draws each box from its outline to its last line, with nothing between", async () => {
    const page = renderPage("x", await chartsOf(manySyncs(1, 4)));
    const boxes = [...page.matchAll(/<g class="box (\w+)[^>]*>(.*?)<\/g>/gs)];
    expect(boxes.length).toBeGreaterThan(5);
    for (const [, kind, inside = ""] of boxes)
      expect(inside).toMatch(
        kind === "sync" ? /^<rect [^>]*\/><rect class="accent" [^>]*\/><text/ : /^<rect [^>]*\/>(?:<text|$)/,
      );
  });

  test("of a stack without syncs says so", () => {
    expect(renderPage("empty", [])).toContain("The stack has no SecretSync.");
  });

  test("draws a single sync whole, however many keys it has", async () => {
    const managedKeys = Array.from({ length: 2000 }, (_, at) => `KEY_${at}`);
    const page = renderPage("x", await chartsOf(syncsOf(resourceOf("web", { outputs: { managedKeys } }))));
    expect(page.match(/<svg/g)).toHaveLength(1);
    expect(page).not.toContain("<nav");
    expect(page).toContain(">KEY_1999<");
  });

  test("names on a card all sources that may give a key, and dashes the links only then", async () => {
    const sources = ["a.env", "b.env"].map((path) => ({ type: "file", path }));
    const pageOf = async (outputs: object) =>
      renderPage(
        "x",
        await chartsOf(syncsOf(resourceOf("web", { inputs: { source: sources }, outputs: { ...outputs } }))),
      );
    const open = await pageOf({});
    expect(open).toContain(">file a.env or file b.env ↓<");
    expect(open).toMatch(/Dashed links: [^]* stroke-dasharray/);
    const told = await pageOf({ origins: [["A"], ["B"]] });
    expect(told).not.toMatch(/Dashed links| stroke-dasharray/);
    expect(told).toContain(">file a.env ↓<");
  });

  test("lets the tab key reach each key once, also one whose name takes several lines", async () => {
    const long = "A_".repeat(120);
    const page = renderPage("x", await chartsOf(syncsOf(resourceOf("web", { outputs: { managedKeys: ["B", long] } }))));
    const reached = [...page.matchAll(/<text class="[^"]*"[^>]* tabindex="0">(?:<title>([^<]*)<\/title>)?([^<]*)</g)];
    expect(reached.map(([, whole, shown]) => whole ?? shown).sort()).toEqual([long, "B"]);
    expect(page.match(new RegExp(`<title>${long}</title>`, "g"))?.length).toBeGreaterThan(1);
  });

  test("colours what belongs to a sync as its links, and nothing else", async () => {
    const page = renderPage("x", await chartsOf(syncsOf(resourceOf("web"))));
    const hues = (kind: string) =>
      [...page.matchAll(new RegExp(`<g class="box ${kind}[^"]*"([^>]*)>`, "g"))].map(([, rest]) => rest);
    for (const kind of ["sync", "bundle"]) expect(hues(kind)).toEqual([' style="--hue:190"']);
    for (const kind of ["source", "target"]) expect(hues(kind)).toEqual([""]);
  });

  test("links from its overview to the drawing of each sync, and says what is in it", async () => {
    const page = renderPage("production", await chartsOf(manySyncs()));
    const links = [...page.matchAll(/<li><a href="#(sync-\d+)">([^<]+)<\/a><\/li>/g)];
    expect(links).toHaveLength(20);
    for (const [, id, name] of links) expect(page).toContain(`<section id="${id}"><h2>${name}</h2>`);
    expect(page).toMatch(/<nav aria-label="Syncs"><ul>(?:<li>.*?<\/li>){20}<\/ul><\/nav>/);
    expect(page).toContain(`<p class="legend">Names only, as recorded in the stack's state. `);
  });

  test("is the same for the same state", async () => {
    const page = async () => renderPage("production", await chartsOf(manySyncs(5, 9)));
    expect(await page()).toBe(await page());
  });

  test("is drawn as one map while it is small, and as an overview with a drawing for each sync beyond that", async () => {
    const count = async (...size: Parameters<typeof manySyncs>) =>
      (renderPage("x", await chartsOf(manySyncs(...size))).match(/<svg /g) ?? []).length;
    expect([await count(1), await count(2, 3), await count(20)]).toEqual([1, 1, 21]);
  });

  test("says in words what the overview shows, to those who do not see it", async () => {
    const page = renderPage("x", await chartsOf(manySyncs(20)));
    expect(/<desc id="map-description">(.*?)<\/desc>/.exec(page)?.[1]).toMatch(
      /20 syncs, 1000 keys.*\. From left to right: sources, syncs, destinations\.$/,
    );
  });
});

describe("a hostile name", () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      "</script><img src=x onerror=alert(1)>",
      '"><svg onload=alert(1)>',
      "'--></style><script>alert(1)</script>",
      "</title></svg><iframe>",
      "]]>&lt;b&gt;\u0000\u001b[31m\u202E",
    ),
    fc.string({ unit: "binary", maxLength: 40 }),
  );

  test("adds no element and no attribute to the page", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 9, maxLength: 9 }), async (names) => {
        const [
          resource = "",
          path = "",
          key = "",
          app = "",
          component = "",
          url = "",
          drift = "",
          status = "",
          stack = "",
        ] = names;
        const inputs = {
          source: { type: "file", path: `p${path}` },
          destination: { type: "digital-ocean-app-platform", appName: `n${app}`, components: [`c${component}`] },
        };
        const outputs = {
          managedKeys: [key],
          targetUrl: url,
          drift: [drift],
          syncStatus: status,
          lastSyncedAt: drift,
          lastSyncMessage: url,
        };
        const page = renderPage(stack, await chartsOf(syncsOf(resourceOf(resource, { inputs, outputs }))));
        expect(tagsOf(page).filter((tag) => !elements.includes(tag ?? ""))).toEqual([]);
        expect(page).not.toMatch(/<[^>]*\son\w+=/i);
        expect((page.match(/<svg /g) ?? []).length).toBe(1);
        expect(page.split("").filter((sign) => /\p{Cc}/u.test(sign) && sign !== "\n")).toEqual([]);
      }),
    );
  });

  test("reads back as it was written, but for characters that no page may hold", () => {
    const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const back = escape(text).replaceAll(/&([a-z#0-9]+);/g, (_, entity: string) => entities[entity] ?? "?");
        expect(back).toBe(printableLines(text));
      }),
    );
  });
});
