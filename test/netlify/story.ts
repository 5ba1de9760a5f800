// The life of two syncs of one site, from first preview to destroy, against one variant of Netlify.

import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { DigitalOceanEmulator } from "../emulators/digitalocean/index.js";
import {
  type Complaint,
  type NetlifyEmulator,
  type SiteRecord,
  startNetlify,
  type Variant,
} from "../emulators/netlify/index.js";
import { type Program, type Run, said, type Stack, stackOn, sync } from "../lifecycle/stack.js";

type Values = Record<string, string>;

/** Values by key, then context. */
type Stored = Record<string, Values>;

interface Story {
  readonly variant: Variant;
  readonly netlify: NetlifyEmulator;
  readonly site: SiteRecord;
  readonly stack: Stack;
  /** What others keep, which nobody may touch. */
  readonly foreign: Stored;
  readonly team: Stored;
  readonly values: Values;
  /** What the other sync keeps in a context of its own. */
  beside: string;
  /** How the variables of the site are declared, beyond their values. */
  variables: Record<string, unknown>;
}

/**
 * Plays every operation, and checks after each that values are right, others are left alone and an unchanged run does nothing.
 *
 * @returns what the emulator objected to.
 */
export async function playStory(cloud: DigitalOceanEmulator, variant: Variant): Promise<readonly Complaint[]> {
  const netlify = await startNetlify({ variant, buildsPerMinute: 1_000, perMinute: 100_000 });
  try {
    const story = openStory(cloud, netlify, variant);
    await create(story);
    await update(story);
    await removeKey(story);
    await repairDrift(story);
    await destroy(story);
    return netlify.complaints;
  } finally {
    await netlify.close();
  }
}

function openStory(cloud: DigitalOceanEmulator, netlify: NetlifyEmulator, variant: Variant): Story {
  const site = netlify.addSite();
  const stack = stackOn(cloud);
  Object.assign(stack.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token });
  netlify.edit(site, { key: "THEIRS", slot: "production" }, { value: stack.secret("theirs"), isSecret: true });
  netlify.edit(site, { key: "THEIR_TEXT", slot: "production" }, stack.secret("their-text"));
  netlify.edit(site, { key: "THEIR_TEXT", slot: "dev" }, stack.secret("their-local-text"));
  netlify.edit(site, { key: "THEIR_ALL", slot: "all" }, stack.secret("their-all"));
  netlify.edit(site, { key: "SHARED", slot: "deploy-preview" }, { value: stack.secret("shared"), isSecret: true });
  if (variant.split === "whole") netlify.edit(site, { key: "TAKEN", slot: "all" }, stack.secret("taken"));
  netlify.edit(site.account, { key: "OF_TEAM", slot: "all" }, stack.secret("of-team"));
  const keys = ["A", "B", "C", "SHARED", "TEXT", "LOCAL_TEXT", "KIND"];
  // Only a plan with scopes has an answer to how they are spelt.
  if (variant.plan === "pro") keys.push("SCOPED");
  // What a takeover leaves that is refused half-way is told in takeover.test.ts.
  if (variant.split === "whole") keys.push("TAKEN");
  return {
    variant,
    netlify,
    site,
    stack,
    foreign: netlify.values(site),
    team: netlify.values(site.account),
    values: Object.fromEntries(keys.map((key) => [key, stack.secret(key)])),
    beside: stack.secret("beside"),
    variables: {
      SHARED: { contexts: ["production"] },
      TEXT: { isSecret: false, contexts: ["all"] },
      LOCAL_TEXT: { isSecret: false, contexts: ["production", "dev"] },
      KIND: { isSecret: false, contexts: ["production", { context: "branch", branch: "next" }] },
      SCOPED: { isSecret: false, contexts: ["production"], scopes: ["builds", "post_processing"] },
    },
  };
}

/** One sync of many keys, and one that keeps another context of a variable which both share with a stranger. */
function programOf({ site, values, beside, variables }: Story): Program {
  const own = Object.fromEntries(Object.entries(variables).filter(([key]) => key in values));
  const target = { type: "netlify", siteId: site.id };
  return [
    sync("site", values, {
      destination: { ...target, contexts: ["production", "deploy-preview"], variables: own },
      syncOptions: { deletionLimit: 20, adoptExisting: ["TAKEN"], onDestroy: "delete" },
    }),
    sync(
      "beside",
      { SHARED: beside },
      {
        destination: { ...target, contexts: ["branch-deploy"], build: { trigger: true } },
      },
    ),
  ];
}

const slotsOf: Readonly<Record<string, readonly string[]>> = {
  SHARED: ["production"],
  TEXT: ["all"],
  LOCAL_TEXT: ["production", "dev"],
  KIND: ["production", "branch:next"],
  SCOPED: ["production"],
};

/** What has to stand at Netlify. */
function expectedOf({ foreign, values, beside }: Story): Stored {
  const own = Object.entries(values).map(([key, value]) => {
    const slots = slotsOf[key] ?? ["production", "deploy-preview"];
    return [key, { ...foreign[key], ...Object.fromEntries(slots.map((slot) => [slot, value])) }];
  });
  const stored = { ...foreign, ...(Object.fromEntries(own) as Stored) };
  return { ...stored, SHARED: { ...stored["SHARED"], "branch-deploy": beside } };
}

function expectStored({ netlify, site, team }: Story, expected: Stored): void {
  const stored = netlify.values(site);
  const wrong = [...new Set([...Object.keys(stored), ...Object.keys(expected)])].filter(
    (key) => !isDeepStrictEqual(stored[key], expected[key]),
  );
  expect(wrong.map((key) => `${key}: ${JSON.stringify(stored[key])} is not ${JSON.stringify(expected[key])}`)).toEqual(
    [],
  );
  expect(netlify.values(site.account)).toEqual(team);
}

function expectDone(run: Run): Run {
  expect(run.problems).toBe("");
  return run;
}

/** Values are right, writes name the site, and the same program does nothing more. */
async function expectSettled(story: Story): Promise<void> {
  const { netlify, site, stack, variant } = story;
  expectStored(story, expectedOf(story));
  const sent = netlify.requests.filter(({ method, path }) => method !== "GET" && path.includes("/env"));
  expect(sent.filter(({ query }) => query["site_id"] !== site.id)).toEqual([]);
  const before = netlify.writes().length;
  // What one sync has written beside the other shows there as a new id, which is noted once.
  if (variant.valueIds === "renewed") expectDone(await stack.up(programOf(story)));
  const again = expectDone(await stack.up(programOf(story)));
  expect(again.steps.map(({ op }) => op)).toEqual(["same", "same"]);
  expect(netlify.writes().slice(before)).toEqual([]);
}

/** A preview writes nothing, and tells what the update after it will do. @returns everything that was said. */
async function preview(story: Story): Promise<string> {
  const { netlify, stack } = story;
  const before = netlify.writes().length;
  const run = expectDone(await stack.preview(programOf(story)));
  expect(netlify.writes().slice(before)).toEqual([]);
  return said(run);
}

async function up(story: Story): Promise<void> {
  expectDone(await story.stack.up(programOf(story)));
}

async function create(story: Story): Promise<void> {
  expect(await preview(story)).toContain("production/A");
  await up(story);
  keepTaken(story);
  await expectSettled(story);
  expect(story.netlify.running(story.site)["A"]).toBe(story.values["A"]);
}

/** From its takeover on, the value for all contexts stands in those that the sync does not write. */
function keepTaken({ foreign, variant }: Story): void {
  const value = foreign["TAKEN"]?.["all"];
  if (value === undefined) return;
  const kept = ["branch-deploy", "dev", ...(variant.devServer === "known" ? ["dev-server"] : [])];
  foreign["TAKEN"] = Object.fromEntries(kept.map((slot) => [slot, value]));
}

async function update(story: Story): Promise<void> {
  for (const key of ["A", "TEXT", "LOCAL_TEXT"]) story.values[key] = story.stack.secret(`new-${key}`);
  // A write of one sync moves what can be seen of the other one's value.
  story.beside = story.stack.secret("new-beside");
  // Plain becomes secret, which replaces the variable.
  beOfKind(story, { isSecret: true });
  await up(story);
  await expectSettled(story);
}

async function removeKey(story: Story): Promise<void> {
  story.values["SHARED"] = story.stack.secret("new-SHARED");
  delete story.values["B"];
  delete story.values["LOCAL_TEXT"];
  // And plain again, for which it is deleted and created.
  beOfKind(story, { isSecret: false });
  await up(story);
  await expectSettled(story);
  expect([story.site.variables.has("B"), story.site.variables.has("LOCAL_TEXT")]).toEqual([false, false]);
}

function beOfKind(story: Story, kind: { isSecret: boolean }): void {
  story.variables = { ...story.variables, KIND: { ...(story.variables["KIND"] as object), ...kind } };
}

/** A masked value that was changed is seen by its id or by the time of its variable; where neither moves, nobody can see it. */
function isSeen({ valueIds, updatedAt, patchTime }: Variant): boolean {
  return valueIds === "renewed" || (updatedAt === "shown" && patchTime === "moves");
}

async function repairDrift(story: Story): Promise<void> {
  const { netlify, site, stack, variant } = story;
  netlify.edit(site, { key: "TEXT", slot: "all" }, stack.secret("drifted-text"));
  netlify.drop(site, { key: "C", slot: "deploy-preview" });
  if (isSeen(variant)) netlify.edit(site, { key: "A", slot: "production" }, stack.secret("drifted"));
  // What others do beside it stays as they have it.
  netlify.edit(site, { key: "THEIR_TEXT", slot: "dev" }, stack.secret("newer"));
  Object.assign(story.foreign, { THEIR_TEXT: netlify.values(site)["THEIR_TEXT"] });
  const refreshed = expectDone(await stack.refresh());
  expect(refreshed.steps.map(({ op }) => op)).toEqual(["update", "same"]);
  const told = await preview(story);
  for (const name of ["all/TEXT", "deploy-preview/C", ...(isSeen(variant) ? ["production/A"] : [])])
    expect(told).toContain(name);
  await up(story);
  expectDone(await stack.refresh());
  await expectSettled(story);
}

async function destroy(story: Story): Promise<void> {
  const { stack, foreign, netlify } = story;
  const before = netlify.requests.length;
  expectDone(await stack.destroy());
  expectStored(story, foreign);
  expect(stack.state.size).toBe(0);
  // A value travels in the body of a write and nowhere else.
  const addresses = JSON.stringify(netlify.requests.slice(0, before).map(({ path, query }) => [path, query]));
  expect([...stack.canaries].filter((canary) => addresses.includes(canary))).toEqual([]);
}
