// When an earlier look at a site may answer, and when Netlify is asked again.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAdapter } from "../../provider/destinations/netlify/index.js";
import { redact } from "../../provider/redacted.js";
import { netlifyDestination } from "../../schema/index.js";
import { type NetlifyEmulator, type SiteRecord, startNetlify } from "../emulators/netlify/index.js";
import { createJumpingClock, type JumpingClock } from "../http/simulated-clock.js";

let netlify: NetlifyEmulator;
let clock: JumpingClock;
let site: SiteRecord;
let adapter: ReturnType<typeof createAdapter>;
let seen: number;

beforeEach(async () => {
  clock = createJumpingClock();
  netlify = await startNetlify({ clock: () => clock.now() });
  site = netlify.addSite();
  netlify.edit(site, { key: "A", slot: "production" }, "plain");
  adapter = createAdapter({ clock, random: () => 0.5, mask: () => [] });
  seen = 0;
});

afterEach(() => netlify.close());

function open(args: Record<string, unknown> = { siteId: site.id }) {
  const destination = netlifyDestination.parse({ type: "netlify", ...args });
  const fields = new Map([["accessToken", redact(netlify.token)]]);
  return adapter.open(destination, { app: "netlify", fields, baseUrl: netlify.url });
}

/** Which things were asked for since the last call of this function: the site, its variables, those of the team. */
function asked(): string[] {
  const since = netlify.requests.slice(seen);
  seen = netlify.requests.length;
  const names = since.map(({ path, query }) =>
    path.endsWith("/env") ? (query["site_id"] === undefined ? "team" : "variables") : path.split("/").at(-2),
  );
  return [...new Set(names.map(String))].sort();
}

/** A first look, as every process begins with. */
async function opened() {
  const sync = open();
  await sync.observe({ fresh: false });
  asked();
  return sync;
}

describe("an earlier look", () => {
  test("answers a preview for 30 seconds, also that of another sync of the site", async () => {
    const sync = await opened();
    await clock.sleep(30_000);
    await sync.observe({ fresh: false });
    await open().observe({ fresh: false });
    expect(asked()).toEqual([]);
    await clock.sleep(1);
    await sync.observe({ fresh: false });
    expect(asked()).toEqual(["team", "variables"]);
  });

  test("never answers before a write, and what stands around it needs no new look", async () => {
    const sync = await opened();
    await sync.observe({ fresh: true });
    expect(asked()).toEqual(["variables"]);
  });

  test("does not answer when another resource has changed the site since", async () => {
    const sync = await opened();
    await clock.sleep(1_000);
    await sync.observe({ fresh: false, notBefore: clock.now() });
    expect(asked()).toEqual(["variables"]);
  });

  test("of the site says nothing of another one, nor of the team", async () => {
    await opened();
    const other = netlify.addSite();
    await open({ siteId: other.id }).observe({ fresh: false });
    expect(asked()).toContain("variables");
    netlify.edit(site.account, { key: "SHARED", slot: "all" }, "of the team");
    await clock.sleep(31_000);
    const team = open({ level: "team", accountId: site.account.id });
    const snapshot = await team.observe({ fresh: false });
    expect(team.read(snapshot, "salt").map(({ key }) => key)).toEqual(["SHARED"]);
  });

  test("that failed answers nothing: the next question is asked", async () => {
    netlify.faults.add({ match: { method: "GET", path: /accounts\/.*\/env$/ }, status: 403 });
    netlify.faults.add({ match: { method: "GET", path: /accounts\/.*\/env$/, nth: 2 }, status: 403 });
    const sync = open();
    await expect(sync.observe({ fresh: false })).rejects.toThrow("http.");
    await expect(sync.observe({ fresh: false })).resolves.toMatchObject({ targetId: site.id });
  });

  test("for the site itself that failed answers nothing either", async () => {
    netlify.faults.add({ match: { method: "GET", path: /^\/sites\/[^/]+$/ }, status: 403 });
    const sync = open();
    await expect(sync.observe({ fresh: false })).rejects.toThrow("403");
    await expect(sync.observe({ fresh: false })).resolves.toMatchObject({ targetId: site.id });
  });
});
