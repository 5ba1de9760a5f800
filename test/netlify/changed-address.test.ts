// A site that is named by its domain, and a team that is looked up: the same words may lead elsewhere in a later run.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openStack, said, type Stack, stackOn, sync } from "../lifecycle/stack.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
let stack: Stack;
beforeEach(async () => {
  world = await startWorld();
  stack = stackOn((await openStack()).cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: world.netlify.url, NETLIFY_AUTH_TOKEN: world.netlify.token });
});
afterEach(() => world.close());

const program = (destination: Readonly<Record<string, unknown>>) => [
  sync("s", { A: stack.secret("a") }, { destination: { type: "netlify", contexts: ["production"], ...destination } }),
];
const warnings = (run: Awaited<ReturnType<Stack["preview"]>>) =>
  run.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);

describe("a site that got another name", () => {
  test("is told by the one that it has now, where its domain leads nowhere", async () => {
    const given = program({ siteId: `${world.site.name}.netlify.app` });
    await stack.up(given);
    world.site.name = "renamed";
    expect((await stack.preview(given)).problems).toContain(
      `destination.not_found: "site-1.netlify.app" leads nowhere now; the site that this sync wrote to (id ${world.site.id}) is called "renamed"; set siteId: "${world.site.id}"`,
    );
  });

  test("is told before its keys move to a site that has taken its domain", async () => {
    const given = program({ siteId: `${world.site.name}.netlify.app` });
    await stack.up(given);
    world.site.name = "renamed";
    const other = world.netlify.addSite({ name: "site-1" });
    expect(warnings(await stack.preview(given))).toEqual([
      `"site-1.netlify.app" leads to another site now, "site-1" (id ${other.id}); the site that this sync wrote to (id ${world.site.id}) is called "renamed". ` +
        `This run moves the keys: it removes them from the former site and writes them to the other one; set siteId: "${world.site.id}" to leave them where they are`,
    ]);
    const back = await stack.up(program({ siteId: world.site.id }));
    expect([back.problems, Object.keys(world.netlify.values(other))]).toEqual(["", []]);
    expect(Object.keys(world.netlify.values(world.site))).toEqual(["A"]);
  });

  test("is told as gone where it was deleted, and its domain given to another one", async () => {
    const other = world.netlify.addSite({ name: "elsewhere" });
    const given = program({ siteId: "elsewhere.netlify.app" });
    await stack.up(given);
    const gone = other.id;
    other.id = "11111111-2222-4333-8444-555555555555";
    other.variables.clear();
    expect(warnings(await stack.preview(given))).toEqual([
      `"elsewhere.netlify.app" leads to another site now, "elsewhere" (id ${other.id}); the site that this sync wrote to (id ${gone}) is gone`,
    ]);
  });

  test("needs no words where its id leads there", async () => {
    const given = program({ siteId: world.site.id });
    await stack.up(given);
    world.site.name = "renamed";
    const run = await stack.preview(given);
    expect([run.problems, said(run)]).toEqual(["", ""]);
  });
});

test("a program that means the team of a site from now on is not told of its own change", async () => {
  const siteId = `${world.site.name}.netlify.app`;
  await stack.up(program({ siteId }));
  expect(said(await stack.preview(program({ siteId, level: "team" })))).not.toContain("leads to another");
});

test("a site that moved to another team says so before the keys of its team move there", async () => {
  const given = program({ level: "team", siteId: world.site.id });
  await stack.up(given);
  const before = world.site.account.id;
  world.site.account = world.netlify.addAccount({ name: "Others", slug: "others" });
  const [warning, ...more] = warnings(await stack.preview(given));
  expect(warning).toMatch(
    new RegExp(
      `^"${world.site.id}" leads to another team now, "team .*" \\(id ${world.site.account.id}\\); this sync wrote to the one with id ${before}\\. This run moves the keys: .*; set accountId: "${before}" to leave them`,
    ),
  );
  expect(more).toEqual([]);
});
