// Netlify, or a gateway in front of it, answers a write with success, but not with the variable: whether it was carried out is then
// only told by the look after it.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);
const production = { contexts: ["production"] };
const both = { contexts: ["production", "deploy-preview"] };
const bodies = ["{}", "[]", '{"ok":true}', '{"key":"B","values":[]}', ""];

describe.each(bodies)("a masked value whose PATCH is answered with %j", (page) => {
  const swallow = (match = {}) => world.netlify.faults.add({ match: { method: "PATCH", ...match }, status: 200, page });

  test("and not carried out is not called written, and the next run writes it", async () => {
    const sync = world.sync(production);
    await sync.run({ A: "one" });
    swallow();
    expect(await sync.run({ A: "two" })).toMatchObject({ status: "failed", problem: { code: "write.halted" } });
    expect((await sync.preview({ A: "two" })).writes).toMatchObject([{ key: "A" }]);
    expect(await sync.run({ A: "two" })).toMatchObject({ status: "succeeded" });
    expect(values()).toEqual({ A: { production: "two" } });
  });

  test("and not carried out is not called written because of another value of its variable", async () => {
    const sync = world.sync(both);
    await sync.run({ A: "one" });
    swallow();
    expect((await sync.run({ A: "two" })).status).toBe("failed");
    expect((await sync.run({ A: "two" })).status).toBe("succeeded");
    expect(values()).toEqual({ A: { production: "two", "deploy-preview": "two" } });
  });

  test("and carried out is written, value by value", async () => {
    const sync = world.sync(both);
    await sync.run({ A: "one" });
    world.netlify.faults.add({ match: { method: "PATCH", times: 2 }, status: 200, page, afterApply: true });
    expect((await sync.run({ A: "two" })).status).toBe("succeeded");
    expect((await sync.preview({ A: "two" })).writes).toEqual([]);
  });

  test("and not carried out behind a value that was is not called written", async () => {
    const sync = world.sync(both);
    await sync.run({ A: "one" });
    swallow({ nth: 2 });
    expect((await sync.run({ A: "two" })).status).toBe("failed");
    expect((await sync.preview({ A: "two" })).writes).toHaveLength(1);
    expect((await sync.run({ A: "two" })).status).toBe("succeeded");
    expect(values()).toEqual({ A: { production: "two", "deploy-preview": "two" } });
  });

  test("and carried out is written where no time tells it", async () => {
    world.netlify.variant.updatedAt = "missing";
    const sync = world.sync(production);
    await sync.run({ A: "one" });
    world.netlify.faults.add({ match: { method: "PATCH" }, status: 200, page, afterApply: true });
    expect((await sync.run({ A: "two" })).status).toBe("succeeded");
    expect((await sync.preview({ A: "two" })).writes).toEqual([]);
  });

  test("and carried out is written", async () => {
    const sync = world.sync(production);
    await sync.run({ A: "one" });
    world.netlify.faults.add({ match: { method: "PATCH" }, status: 200, page, afterApply: true });
    expect((await sync.run({ A: "two" })).status).toBe("succeeded");
    expect((await sync.preview({ A: "two" })).writes).toEqual([]);
  });
});

test("a readable value whose PATCH was swallowed is written in the same run", async () => {
  const sync = world.sync({ ...production, isSecret: false });
  await sync.run({ A: "one" });
  world.netlify.faults.add({ match: { method: "PATCH" }, status: 200, page: "{}" });
  expect((await sync.run({ A: "two" })).status).toBe("succeeded");
  expect(values()).toEqual({ A: { production: "two" } });
});

describe.each(["POST", "PUT", "DELETE"])("a %s that was swallowed", (method) => {
  test.each(bodies)("and answered with %j is not called done", async (page) => {
    const sync = world.sync(method === "PUT" ? { ...production, isSecret: false } : production);
    if (method !== "POST") await sync.run({ A: "one" });
    if (method === "PUT") world.reopen(sync, production);
    world.netlify.faults.add({ match: { method, times: Infinity }, status: 200, page });
    const act = () => (method === "DELETE" ? sync.destroy() : sync.run({ A: "two" }));
    const end = await act().catch((error: unknown) => error);
    expect(end).not.toMatchObject({ status: "succeeded" });
    world.netlify.faults.clear();
    expect((await act()).status).toBe("succeeded");
    expect(values()).toEqual(method === "DELETE" ? {} : { A: { production: "two" } });
  });
});
