// The page of `map` in a real browser: every text is where it can be read, nothing is asked of a network, and no name comes alive.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { launch, type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { SyncOnRecord } from "../../provider/commands/deployment.js";
import { renderPage } from "../../provider/commands/map/page.js";
import { chartsOf } from "../commands/charts.js";
import { keysOf, manySyncs } from "../commands/many.js";
import { resourceOf, syncsOf } from "../commands/state.js";

const program = inject("programs").chromium;

interface OpenMap {
  readonly page: Page;
  /** Whatever the browser complains about, and everything that it asks for but the page itself. */
  readonly noise: string[];
}

// Skipped where no Chromium is installed.
describe.skipIf(program === null)("the map in a browser", () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "secret-sync-map-"));
    const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
    // A second; on a busy machine it took more than half a minute.
    browser = await launch({ executablePath: program ?? "", args, timeout: 180_000 });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(syncs: readonly SyncOnRecord[], stack = "production"): Promise<OpenMap> {
    const file = path.join(folder, `${Math.random().toString(36).slice(2)}.html`);
    await writeFile(file, renderPage(stack, await chartsOf(syncs)));
    const page = await browser.newPage();
    const noise: string[] = [];
    page.on("console", (message) => noise.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => noise.push(`error: ${String(error)}`));
    page.on("dialog", (dialog) => void noise.push(`dialog: ${dialog.message()}`));
    page.on("request", (request) => {
      if (request.url() !== pathToFileURL(file).href) noise.push(`request: ${request.url()}`);
    });
    await page.setViewport({ width: 1480, height: 1000 });
    await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
    return { page, noise };
  }

  /** Measures every text of every drawing. It runs in the page, as text, because it speaks of the page's world. */
  const measure = (page: Page) =>
    page.evaluate(`(() => {
      const faults = [];
      const drawings = [...document.querySelectorAll("svg")].map((svg) => {
        const canvas = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map((text) => {
          const { left, right, top, bottom } = text.getBoundingClientRect();
          const box = text.parentElement.querySelector("rect").getBoundingClientRect();
          const words = text.lastChild?.textContent ?? "";
          const size = parseFloat(getComputedStyle(text).fontSize) * (canvas.width / svg.viewBox.baseVal.width);
          if (left < canvas.left || right > canvas.right || top < canvas.top || bottom > canvas.bottom) faults.push("off the canvas: " + words);
          if (left < box.left || right > box.right || top < box.top || bottom > box.bottom) faults.push("out of its box: " + words);
          if (size < 9) faults.push("too small: " + words);
          return { left, right, top, bottom, words };
        });
        for (const [at, a] of texts.entries()) for (const b of texts.slice(at + 1)) {
          if (a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom) faults.push("overlap: " + a.words + " / " + b.words);
        }
        return texts.length;
      });
      return { faults, drawings, keys: [...document.querySelectorAll(".key")].map((key) => key.lastChild.textContent) };
    })()`) as Promise<{ faults: string[]; drawings: number[]; keys: string[] }>;

  test("of 20 syncs with 50 keys is legible: no text overlaps, leaves its box or is small, and every key is named in every sync", async () => {
    const { page, noise } = await open(manySyncs());
    const { faults, drawings, keys } = await measure(page);
    expect(faults).toEqual([]);
    expect(drawings).toHaveLength(21);
    const count = Map.groupBy(keys, (key) => key);
    expect(new Set(count.keys())).toEqual(new Set(keysOf(50)));
    expect([...count.values()].every(({ length }) => length === 20)).toBe(true);
    expect(noise).toEqual([]);
  });

  test("of long names in any script is legible", async () => {
    const inputs = {
      source: { type: "file", path: `secrets/${"very-long-folder/".repeat(9)}production.env` },
      destination: {
        type: "netlify",
        siteId: `${"界".repeat(40)}.example.com`,
        contexts: [{ context: "branch", branch: "b".repeat(200) }],
      },
    };
    const managedKeys = ["K".repeat(255), "界".repeat(120), "SHORT", ...keysOf(7)];
    const { page, noise } = await open(
      syncsOf(resourceOf("r".repeat(180), { inputs, outputs: { managedKeys, drift: ["d".repeat(300)] } })),
    );
    const { faults } = await measure(page);
    expect(faults).toEqual([]);
    expect(noise).toEqual([]);
  });

  test.each([
    ["is pointed at", async (page: Page) => page.hover("svg .bundle .key")],
    ["has the focus", async (page: Page) => page.keyboard.press("Tab")],
  ])("lights up the whole way of a key that %s, and nothing else", async (_, act) => {
    const { page } = await open(manySyncs(2, 3));
    const lit = () =>
      page.evaluate(`(() => {
        const is = (element) => getComputedStyle(element).getPropertyValue("--lit").trim() === "1";
        const count = (selector) => [...document.querySelectorAll(selector)].filter(is).length;
        return { sources: count(".box.source"), bundles: count(".box.bundle"), links: count(".link"), slots: count(".box.slot") };
      })()`);
    expect(await lit()).toEqual({ sources: 0, bundles: 0, links: 0, slots: 0 });
    await act(page);
    // One file, one bundle of keys, two components.
    expect(await lit()).toEqual({ sources: 1, bundles: 1, links: 3, slots: 2 });
  });

  test.each(["light", "dark"])(
    "stands below each other on a phone in a %s scheme, legible and without a sideways scroll",
    async (scheme) => {
      const { page, noise } = await open(manySyncs());
      await page.setViewport({ width: 420, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const seen = await page.evaluate(`(() => {
      const visible = (element) => element.getClientRects().length > 0;
      return {
        drawings: [...document.querySelectorAll("svg")].filter(visible).length,
        cards: [...document.querySelectorAll(".cards > li")].filter(visible).length,
        keys: [...document.querySelectorAll(".cards ul li")].filter(visible).length,
        sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      };
    })()`);
      expect(seen).toEqual({ drawings: 0, cards: 20, keys: 20 * 50, sideways: 0 });
      expect(noise).toEqual([]);
    },
  );

  test("lets no hostile name come alive", async () => {
    const hostile = [
      `</script><img src="https://evil.invalid/x" onerror="alert(1)">`,
      `"><svg onload=alert(1)>`,
      `</svg><iframe src="https://evil.invalid">`,
    ];
    const resources = hostile.map((name) => {
      const inputs = {
        source: { type: "file", path: name },
        destination: { type: "digital-ocean-app-platform", appName: name, components: [name] },
      };
      return resourceOf(name, {
        inputs,
        outputs: { managedKeys: hostile, drift: [name], syncStatus: name, targetUrl: name },
      });
    });
    const { page, noise } = await open(syncsOf(...resources), hostile[0]);
    expect(
      await page.evaluate(
        `[document.querySelectorAll("img, iframe, script, [onerror], [onload]").length, document.title]`,
      ),
    ).toEqual([0, `Secrets of ${hostile[0]}`]);
    expect((await measure(page)).faults).toEqual([]);
    expect(noise).toEqual([]);
  });

  test.each(["light", "dark"])("has enough contrast in a %s scheme", async (scheme) => {
    const { page } = await open(manySyncs());
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const poor = await page.evaluate(`(() => {
      const channels = (colour) => (colour.match(/[\\d.]+/g) ?? []).slice(0, 3).map((one) => Number(one) / 255);
      const light = (colour) => {
        const [r, g, b] = channels(colour).map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return [...new Set([...document.querySelectorAll("text")].map((text) => {
        const [ink, paper] = [getComputedStyle(text).fill, getComputedStyle(text.parentElement.querySelector("rect")).fill];
        const [dark, bright] = [light(ink), light(paper)].sort((a, b) => a - b);
        const contrast = (bright + 0.05) / (dark + 0.05);
        return contrast >= 4.5 ? "" : ink + " on " + paper;
      }))].filter(Boolean);
    })()`);
    expect(poor).toEqual([]);
  });

  test("is printed on one page or less for each sync, after the overview", async () => {
    const { page } = await open(manySyncs(8));
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const pages = Number(
      /\/Type\s*\/Pages[^>]*\/Count (\d+)/.exec(pdf)?.[1] ?? (pdf.match(/\/Type\s*\/Page\b/g) ?? []).length,
    );
    // An overview, and one page or less for each sync.
    expect(pages).toBeGreaterThan(1);
    expect(pages).toBeLessThanOrEqual(2 + 8);
  });
});
