// Somebody changes a value between our write and the look after it: what that look shows is not our write.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MACHINE } from "../emulators/netlify/index.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const place = { key: "A", slot: "production" };
const secret = { contexts: ["production"] };
const plain = { ...secret, isSecret: false };
const values = () => world.netlify.values(world.site);
const methods = ["POST", "PATCH", "PUT"] as const;

/** A sync whose next run makes a request with this method. */
async function poised(method: (typeof methods)[number], args: Record<string, unknown>) {
  const sync = world.sync(method === "PUT" ? { ...args, isSecret: false, scopes: ["builds"] } : args);
  if (method !== "POST") await sync.run({ A: "one" });
  if (method === "PUT") world.reopen(sync, args);
  return sync;
}

describe.each([
  ["readable", plain],
  ["masked", secret],
])("a %s value that is changed right after our", (_kind, args) => {
  test.each(methods)("%s is written again, and no foreign value is called ours", async (method) => {
    const sync = await poised(method, args);
    world.netlify.onAnswer({ method }, () => void world.netlify.edit(world.site, place, "theirs"));
    expect(await sync.run({ A: "two" })).toMatchObject({ status: "succeeded" });
    expect(values()).toEqual({ A: { production: "two" } });
    expect((await sync.preview({ A: "two" })).writes).toEqual([]);
  });
});

test("a masked value that its author of before changes right after our PATCH is written again", async () => {
  world.netlify.edit(world.site, place, { value: "theirs", isSecret: true });
  const sync = world.sync(secret);
  world.netlify.onAnswer({ method: "PATCH" }, () => void world.netlify.edit(world.site, place, "theirs again"));
  await sync.run({ A: "ours" }, { adopt: ["A"] });
  expect(values()).toEqual({ A: { production: "ours" } });
});

test("an earlier author proves nothing if a change of one value does not renew it", async () => {
  world.netlify.variant.patchTime = "stays";
  world.netlify.edit(world.site, place, { value: "theirs", isSecret: true });
  await world.sync(secret).run({ A: "ours" }, { adopt: ["A"] });
  expect(world.netlify.writes()).toHaveLength(1);
});

test("a value that is stored in another form than it was sent is written once more, and then counts", async () => {
  const sync = world.sync(plain);
  world.netlify.onAnswer({ method: "POST" }, trim);
  world.netlify.onAnswer({ method: "PATCH", times: Infinity }, trim);
  expect(await sync.run({ A: "one\n" })).toMatchObject({ status: "succeeded" });
  expect(world.netlify.writes()).toHaveLength(2);
  expect((await sync.preview({ A: "one\n" })).writes).toEqual([]);
  await sync.destroy();
  expect(values()).toEqual({});
});

function trim(): void {
  world.netlify.edit(world.site, place, { value: "one", by: MACHINE });
}
