// Netlify quotes what it was sent and what stood there, and its teams, sites and people have the names that they like.

import { expect, onTestFinished, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { type NetlifyEmulator, type SiteRecord, startNetlify } from "../emulators/netlify/index.js";
import { openStack, type Run, type Stack, sync } from "../lifecycle/stack.js";
import { findActing, hostileName, listTexts } from "./hostile-text.js";

const foreign = "canary-foreign-readable-5e21";
const preview = "canary-other-context-77b0";
const prior = "canary-prior-readable-41ac";
const quotes = [foreign, preview, prior].flatMap((value) => [
  value,
  value.slice(0, 20),
  JSON.stringify(JSON.stringify({ value })),
  Buffer.from(value).toString("base64url"),
  encodeURIComponent(encodeURIComponent(`<${value}>`)),
]);

interface Scene {
  readonly netlify: NetlifyEmulator;
  readonly site: SiteRecord;
  readonly stack: Stack;
  readonly program: (values?: Record<string, string>, destination?: Properties) => ReturnType<typeof sync>[];
}

async function openScene(names: { team?: string; site?: string } = {}): Promise<Scene> {
  const netlify = await startNetlify();
  onTestFinished(() => netlify.close());
  const account = netlify.addAccount(names.team === undefined ? {} : { name: names.team });
  const site = netlify.addSite({ account, ...(names.site === undefined ? {} : { name: names.site }) });
  netlify.edit(site, { key: "THEIRS", slot: "all" }, foreign);
  netlify.edit(site, { key: "OURS", slot: "deploy-preview" }, preview);
  netlify.edit(site, { key: "OURS", slot: "production" }, prior);
  const stack = await openStack();
  stack.environment = { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url };
  const program = (values: Record<string, string> = { OURS: "value-of-the-source" }, destination: Properties = {}) => [
    sync("web", values, {
      destination: { type: "netlify", siteId: site.id, contexts: ["production"], isSecret: false, ...destination },
      syncOptions: { adoptExisting: ["OURS"], onDestroy: "restore" },
    }),
  ];
  return { netlify, site, stack, program };
}

function expectHidden(runs: readonly Run[]): void {
  const text = JSON.stringify(runs.map(({ messages, statuses, problems }) => [messages, statuses, problems]));
  for (const quote of quotes) expect(text).not.toContain(quote.slice(0, 24));
}

test("a refused write shows no readable value of another context, of others, or from before", async () => {
  const { netlify, stack, program } = await openScene();
  const message = quotes.join(" ");
  for (const method of ["PUT", "PATCH", "POST"])
    netlify.faults.add({ match: { method, times: Infinity }, status: 422, body: message });
  const runs = [await stack.preview(program()), await stack.up(program())];
  expect(runs[1]?.problems).toMatch(/destination\.rejected: .*\[secret\]/);
  expectHidden(runs);
});

test("a look that is refused after a write shows no value from before an adoption", async () => {
  const { netlify, stack, program } = await openScene();
  expect((await stack.up(program())).problems).toBe("");
  const refuseLooks = () =>
    netlify.faults.add({ match: { method: "GET", times: Infinity }, status: 400, body: quotes.join(" ") });
  for (const method of ["PUT", "PATCH"]) netlify.onAnswer({ method }, () => void refuseLooks());
  const runs = [await stack.up(program({ OURS: "another-value" }))];
  expect(runs[0]?.problems).toMatch(/write\.unconfirmed: .*\[secret\]/);
  expectHidden(runs);
});

test("a build that fails shows no value of others", async () => {
  const { site, stack, program } = await openScene();
  site.nextFailures.push(quotes.join(" "));
  const runs = [await stack.up(program({ OURS: "value-of-the-source" }, { build: { trigger: true } }))];
  expect(runs[0]?.problems).toMatch(/deployment\.failed: .*\[secret\]/);
  expectHidden(runs);
});

test("names of teams, sites, people and branches do not act", async () => {
  const { netlify, site, stack, program } = await openScene({ team: hostileName, site: hostileName });
  netlify.edit(
    site,
    { key: "OURS", slot: "production" },
    { value: prior, by: { id: "9", full_name: hostileName, email: "" } },
  );
  const conflict = sync(
    "other",
    { THEIRS: "x" },
    { destination: { type: "netlify", siteId: site.id, contexts: ["production"] } },
  );
  const branch = { contexts: ["branch"], branch: hostileName };
  const scoped = { isSecret: true, scopes: ["functions"] };
  site.nextFailures.push(hostileName);
  const runs = [
    await stack.preview([...program(), conflict]),
    await stack.preview(program({ OURS: "x" }, branch)),
    await stack.preview(program({ OURS: "x" }, { siteId: hostileName })),
    await stack.preview(program({ OURS: "x" }, { siteId: undefined, accountId: hostileName, level: "team" })),
    await stack.preview(program({ OURS: "x" }, scoped)),
    await stack.up(program({ OURS: "value-of-the-source" }, { build: { trigger: true } })),
    await stack.refresh(),
    await stack.destroy(),
  ];
  const said = listTexts(
    runs.map(({ messages, statuses, problems, failures }) => [
      messages.map(({ text }) => text),
      statuses,
      problems,
      failures,
    ]),
  );
  expect(said.join("\n")).toContain("forged");
  for (const text of said) expect(findActing(text), text).toEqual([]);
});
