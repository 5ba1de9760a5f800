// Two syncs have contexts of one masked variable, and one of them writes before the other looks: what somebody did before stays visible.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NetlifyEmulator, type SiteRecord, startNetlify } from "../emulators/netlify/index.js";
import { openStack, type Stack, stackOn, sync } from "../lifecycle/stack.js";

let netlify: NetlifyEmulator;
let site: SiteRecord;
let stack: Stack;
beforeEach(async () => {
  netlify = await startNetlify();
  site = netlify.addSite();
  stack = stackOn((await openStack()).cloud);
  stack.parallel = 1;
  Object.assign(stack.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token });
});
afterEach(() => netlify.close());

const program = (second: string, order = ["second", "first"]) => {
  const of = (name: string, context: string, value: string) =>
    sync(name, { A: value }, { destination: { type: "netlify", siteId: site.id, contexts: [context] } });
  const syncs = { first: of("first", "production", "one"), second: of("second", "deploy-preview", second) };
  return order.map((name) => syncs[name as keyof typeof syncs]);
};
const values = () => netlify.values(site)["A"];
const writesOf = async (act: () => Promise<unknown>) => {
  const before = netlify.writes().length;
  await act();
  return netlify.writes().length - before;
};

/** Each of the two has written, or noted, the variable with both values. */
const openBoth = async () => {
  await stack.up(program("one"));
  await stack.up(program("two"));
  await stack.up(program("two"));
};
const theirs = () => netlify.edit(site, { key: "A", slot: "production" }, "theirs");

describe.each([
  ["writes another value", "three"],
  ["writes its own value again, because the drift may be its own", "two"],
])("where the other sync %s first, in the same run", (_how, second) => {
  test("drift is repaired, once", async () => {
    await openBoth();
    theirs();
    await stack.up(program(second));
    expect(values()).toEqual({ production: "one", "deploy-preview": second });
    expect(await writesOf(() => stack.up(program(second)))).toBe(0);
    expect(await writesOf(() => stack.up(program(second, ["first", "second"])))).toBe(0);
  });

  test("what somebody has taken over is not removed", async () => {
    await openBoth();
    theirs();
    await stack.up(program(second, ["second"]));
    expect(values()).toEqual({ production: "theirs", "deploy-preview": second });
  });
});

test("what was recorded after somebody's change is ours, whoever writes beside it", async () => {
  await stack.up(program("two"));
  theirs();
  await stack.up(program("three", ["first", "second"]));
  expect(values()).toEqual({ production: "one", "deploy-preview": "three" });
  expect(await writesOf(() => stack.up(program("three")))).toBe(0);
  expect(await writesOf(() => stack.up(program("four")))).toBe(1);
});

test("drift is found though another sync has added a value to the variable in an earlier run", async () => {
  await stack.up(program("two", ["first", "second"]));
  await stack.up(program("two"));
  theirs();
  expect(JSON.stringify((await stack.preview(program("two"))).messages)).toContain("~ production/A: value changed");
  await stack.up(program("two"));
  expect(values()).toEqual({ production: "one", "deploy-preview": "two" });
});

test("a value that another sync adds is noted once, without a write", async () => {
  await stack.up(program("two", ["first", "second"]));
  expect(await writesOf(() => stack.up(program("two")))).toBe(0);
  expect((await stack.up(program("two"))).steps.map(({ op }) => op)).toEqual(["same", "same"]);
});
