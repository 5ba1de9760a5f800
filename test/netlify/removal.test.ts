// A removal that Netlify answers with 404: the look after it decides whether it is done.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);
const one = { contexts: ["production"] };

describe("a removal that is answered with 404", () => {
  const two = { contexts: ["production", "deploy-preview"] };

  test("of a value that still stands is not done, and the next run makes it", async () => {
    const sync = world.sync(two);
    await sync.run({ A: "1" });
    world.reopen(sync, one);
    world.netlify.faults.add({ match: { method: "DELETE", path: /\/env\/A\// }, status: 404 });
    expect(await sync.run({ A: "1" })).toMatchObject({ status: "failed", problem: { code: "write.halted" } });
    expect(Object.keys(sync.ledger)).toEqual(["deploy-preview", "production"]);
    await sync.run({ A: "1" });
    expect([values(), Object.keys(sync.ledger)]).toEqual([{ A: { production: "1" } }, ["production"]]);
  });

  test.each(["A", "B"])("of a variable that still stands is not done either (%s)", async (key) => {
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "1" });
    world.netlify.faults.add({ match: { method: "DELETE", path: new RegExp(`/env/${key}$`) }, status: 404 });
    const { problem } = await sync.destroy();
    expect(problem?.message).toContain(`still shows what it was asked to remove: production/${key};`);
    expect([values(), Object.keys(sync.ledger["production"] ?? {})]).toEqual([{ [key]: { production: "1" } }, [key]]);
    await sync.destroy();
    expect([values(), sync.ledger]).toEqual([{}, {}]);
  });

  test("is done where somebody else was faster", async () => {
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "1" });
    world.netlify.onRequest({ method: "DELETE", path: /\/env\/B$/ }, () => void world.site.variables.delete("B"));
    expect((await sync.run({ A: "1" })).status).toBe("succeeded");
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A"]);
  });
});

describe("a variable that only a gateway calls missing", () => {
  const hide = (times: number) => ({
    match: { path: /\/env\/A(?:\/|$)/, times },
    status: 404,
    page: "<html>not found</html>",
  });

  test.each([1, 2, Infinity])("is not called removed (%s times)", async (times) => {
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "1" });
    world.netlify.faults.add(hide(times));
    const { status, problem } = await sync.destroy();
    expect([status, problem?.code]).toEqual(["failed", "http.not_found"]);
    expect([values(), Object.keys(sync.ledger["production"] ?? {})]).toEqual([{ A: { production: "1" } }, ["A"]]);
    world.netlify.faults.clear();
    await sync.destroy();
    expect([values(), sync.ledger]).toEqual([{}, {}]);
  });

  test("keeps a value that left its context", async () => {
    const sync = world.sync({ contexts: ["production", "deploy-preview"] });
    await sync.run({ A: "1" });
    world.reopen(sync, one);
    world.netlify.faults.add(hide(Infinity));
    await expect(sync.run({ A: "1" })).rejects.toThrow(/the 404 for .* is not Netlify's own/);
    expect(Object.keys(sync.ledger)).toEqual(["deploy-preview", "production"]);
  });
});
