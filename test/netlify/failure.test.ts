// What is recorded when a write does not go through: exactly what was written, and nothing twice.
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { redact } from "../../provider/redacted.js";
import { MACHINE } from "../emulators/netlify/index.js";
import { startWorld, type NetlifyWorld } from "./world.js";
import { runTogether } from "../contract/sync.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.netlify.close());

const values = () => world.netlify.values(world.site);
const one = { contexts: ["production"] };

describe("a bulk request without a certain answer", () => {
  test("that arrived is not sent again", async () => {
    world.netlify.faults.add({ match: { method: "POST" }, resetAfter: true });
    const sync = world.sync(one);
    const outcome = await sync.run({ A: "one", B: "two" });
    expect(outcome.status).toBe("succeeded");
    expect(world.netlify.writes()).toHaveLength(1);
    expect((await sync.preview({ A: "one", B: "two" })).writes).toEqual([]);
  });

  test("that did not arrive is sent once more", async () => {
    world.netlify.faults.add({ match: { method: "POST" }, status: 502 });
    const sync = world.sync(one);
    await sync.run({ A: "one", B: "two" });
    expect(world.netlify.writes()).toHaveLength(2);
    expect(values()).toEqual({ A: { production: "one" }, B: { production: "two" } });
  });

  test("that arrived in part is completed", async () => {
    world.netlify.faults.add({ match: { method: "POST" }, status: 504 });
    world.netlify.onAnswer({ method: "POST" }, () => {
      const ours = { value: "one", isSecret: true, by: MACHINE };
      world.netlify.edit(world.site, { key: "A", slot: "production" }, ours);
    });
    const sync = world.sync(one);
    await sync.run({ A: "one", B: "two" });
    expect(world.netlify.requests.filter((call) => call.method === "POST").at(-1)?.body).toMatchObject([{ key: "B" }]);
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A", "B"]);
  });

  test("and without a look afterwards leaves every place ours, and the next run settles it", async () => {
    world.netlify.faults.add({ match: { method: "POST" }, resetAfter: true });
    world.netlify.onAnswer({ method: "POST" }, () => {
      world.netlify.faults.add({ match: { method: "GET", times: 1_000 }, status: 503 });
    });
    const sync = world.sync(one);
    const outcome = await sync.run({ A: "one" });
    expect(outcome).toMatchObject({ status: "failed", problem: { code: "write.unconfirmed" } });
    expect(sync.ledger).toMatchObject({ production: { A: { unconfirmed: {} } } });
    world.netlify.faults.clear();
    expect((await sync.run({ A: "one" })).status).toBe("succeeded");
    expect((await sync.preview({ A: "one" })).writes).toEqual([]);
  });
});

describe("a bulk request that is declined", () => {
  test.each([
    [401, "connection.forbidden"],
    [429, "http.rate_limited"],
  ])("at the door with %i is told at once: there is nothing to look for", async (status, code) => {
    const sync = world.sync(one);
    world.netlify.faults.add({ match: { method: "POST", times: 1_000 }, status });
    await expect(sync.run({ A: "one" })).rejects.toMatchObject({ code });
    expect(world.netlify.requests.at(-1)?.method).toBe("POST");
    expect(sync.ledger).toEqual({});
  });

  test.each([
    { status: 403, message: "scopes are for Pro teams", code: "scopes.plan", told: '"scopes are for Pro teams"' },
    { status: 403, message: "", code: "connection.forbidden", told: '"no reason given"' },
    { status: 400, message: "no such value", code: "destination.rejected", told: ": no such value" },
    { status: 409, message: "try again", code: "destination.rejected", told: ": try again" },
    { status: 422, message: "scopes is invalid", code: "destination.rejected", told: ": scopes is invalid" },
  ])("with $status and the words $message is $code", async ({ status, message, code, told }) => {
    world.netlify.faults.add({ match: { method: "POST", times: 1_000 }, status, body: message });
    const refused = { code, message: expect.stringContaining(told) };
    await expect(world.sync(one).run({ A: "one" })).rejects.toMatchObject(refused);
  });
});

test("a key that appears between look and write is refused by name, and the others are written", async () => {
  world.netlify.onRequest({ method: "POST" }, () => {
    world.netlify.edit(world.site, { key: "A", slot: "production" }, "theirs");
  });
  const sync = world.sync(one);
  const outcome = await sync.run({ A: "one", B: "two" });
  expect(outcome).toMatchObject({ status: "failed", problem: { code: "conflict.exists" } });
  expect(values()).toEqual({ A: { production: "theirs" }, B: { production: "two" } });
  expect(sync.ledger).toMatchObject({ production: { B: { revision: expect.stringContaining("SECRET") } } });
  expect(sync.ledger["production"]).not.toHaveProperty("A");
});

describe("a run that dies half-way", () => {
  test("records what was written and nothing else, and the next one writes the rest", async () => {
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "1", C: "1", D: "1", E: "1", F: "1" });
    const before = sync.ledger["production"] ?? {};
    world.netlify.faults.add({ match: { method: "PATCH", nth: 3, times: 1_000 }, status: 403 });
    const outcome = await sync.run({ A: "2", B: "2", C: "2", D: "2", E: "2", F: "2" });
    expect(outcome).toMatchObject({ status: "failed", problem: { code: "connection.forbidden" } });
    const now = sync.ledger["production"] ?? {};
    for (const [key, slots] of Object.entries(values())) {
      expect([key, now[key]?.fingerprint === before[key]?.fingerprint]).toEqual([key, slots["production"] === "1"]);
      expect(now[key]?.revision).not.toBe("");
    }
    world.netlify.faults.clear();
    const written = Object.values(values()).filter((slots) => slots["production"] === "2").length;
    expect(written).toBe(2);
    const rest = await sync.preview({ A: "2", B: "2", C: "2", D: "2", E: "2", F: "2" });
    expect(rest.writes).toHaveLength(4);
    expect(rest.lines.join()).not.toContain("drift");
    await sync.run({ A: "2", B: "2", C: "2", D: "2", E: "2", F: "2" });
    expect(Object.values(values()).every((slots) => slots["production"] === "2")).toBe(true);
  });

  test("keeps a value as ours whose write went unanswered, for a masked one cannot be looked at", async () => {
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.faults.add({ match: { method: "PATCH", times: 1_000 }, status: 503, afterApply: true });
    const outcome = await sync.run({ A: "2" });
    expect(outcome).toMatchObject({ status: "failed", problem: { code: "http.unavailable" } });
    expect(sync.ledger).toMatchObject({ production: { A: { unconfirmed: {} } } });
    world.netlify.faults.clear();
    expect((await sync.preview({ A: "2" })).lines.join()).toContain("unconfirmed earlier write");
    await sync.run({ A: "2" });
    expect((await sync.preview({ A: "2" })).writes).toEqual([]);
  });

  test.each([
    ["that has a new id", "renewed", ["production"]],
    ["in a context that had none", "stable", ["production", "deploy-preview"]],
  ] as const)(
    "counts a masked value as sent %s, though the write went unanswered",
    async (_when, valueIds, contexts) => {
      world.netlify.variant.valueIds = valueIds;
      const sync = world.sync(one);
      await sync.run({ A: "1" });
      world.reopen(sync, { contexts });
      world.netlify.faults.add({ match: { method: "PATCH", times: 1_000 }, status: 503, afterApply: true });
      expect((await sync.run({ A: contexts.length === 1 ? "2" : "1" })).status).toBe("succeeded");
      world.netlify.faults.clear();
      for (const slot of contexts) expect(sync.ledger[slot]?.["A"]).not.toHaveProperty("unconfirmed");
      expect((await sync.preview({ A: contexts.length === 1 ? "2" : "1" })).writes).toEqual([]);
    },
  );

  test("a plain value whose write went unanswered is looked at, and is known", async () => {
    const sync = world.sync({ isSecret: false });
    await sync.run({ A: "1" });
    world.netlify.faults.add({ match: { method: "PATCH", times: 1_000 }, status: 503, afterApply: true });
    const outcome = await sync.run({ A: "2" });
    expect(outcome.status).toBe("succeeded");
    expect(sync.ledger["all"]?.["A"]?.revision).not.toBe("");
  });

  test("a removal that was refused leaves the key ours", async () => {
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "1" });
    world.netlify.faults.add({ match: { method: "DELETE", times: 1_000 }, status: 403 });
    await expect(sync.run({ A: "1" })).rejects.toMatchObject({ code: "connection.forbidden" });
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A", "B"]);
  });

  test.each([
    ["that arrived leaves nothing of it ours", true, { status: "succeeded" }, ["A"]],
    ["that did not arrive leaves the key ours", false, { code: "http.unavailable" }, ["A", "B"]],
  ] as const)("a removal without an answer %s", async (...[, afterApply, end, owned]) => {
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "1" });
    world.netlify.faults.add({ match: { method: "DELETE", times: 1_000 }, status: 503, afterApply });
    expect(await sync.run({ A: "1" }).catch((error: unknown) => error)).toMatchObject(end);
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(owned);
    world.netlify.faults.clear();
    await sync.run({ A: "1" });
    expect(values()).toEqual({ A: { production: "1" } });
    expect(world.site.variables.has("B")).toBe(false);
  });

  test.each(
    [["production"], ["production", "deploy-preview"]].flatMap((contexts) =>
      (["keep", "drop"] as const).flatMap((emptyVariable) =>
        [1, 2, 3].map((nth) => [contexts, emptyVariable, nth] as const),
      ),
    ),
  )("a removal of %j (an empty variable: %s) that dies with call %s leaves no empty variable", async (...row) => {
    const [contexts, emptyVariable, nth] = row;
    world.netlify.variant.emptyVariable = emptyVariable;
    const sync = world.sync({ contexts });
    await sync.run({ A: "1", B: "1" });
    // As when the process is killed, or the network is lost: whatever comes after that call comes to nothing.
    let calls = 0;
    for (const method of ["GET", "DELETE"])
      world.netlify.onAnswer({ method, path: /env\/B/, times: 1_000 }, () => {
        calls += 1;
        if (calls === nth) world.netlify.faults.add({ match: { times: 1_000 }, status: 503 });
      });
    await sync.run({ A: "1" }).catch(() => undefined);
    calls = Infinity;
    world.netlify.faults.clear();
    await sync.run({ A: "1" });
    expect(Object.keys(values())).toEqual(["A"]);
    expect(world.site.variables.has("B")).toBe(false);
    expect(Object.keys(sync.ledger["production"] ?? {})).toEqual(["A"]);
  });

  test("of two syncs in one batch, the one that was written whole is not blamed", async () => {
    const first = world.sync({ contexts: ["production"] }, "first");
    const second = world.sync({ contexts: ["production"] }, "second");
    await first.run({ A: "1" });
    await second.run({ Z: "1" });
    world.netlify.faults.add({ match: { method: "PATCH", path: /env\/Z$/, times: 1_000 }, status: 403 });
    await expect(
      runTogether(
        [
          [first, first.job({ A: "2" })],
          [second, second.job({ Z: "2" })],
        ],
        world.clock,
      ),
    ).rejects.toMatchObject({ code: "connection.forbidden" });
    expect((await first.preview({ A: "2" })).writes).toEqual([]);
    expect((await second.preview({ Z: "2" })).writes).toHaveLength(1);
  });
});

test("a replacement that dies between deletion and creation is made good by the next run", async () => {
  const sync = world.sync(one);
  await sync.run({ A: "1" });
  world.reopen(sync, { ...one, isSecret: false });
  world.netlify.faults.add({ match: { method: "POST", times: 1_000 }, status: 403 });
  const outcome = await sync.run({ A: "1" }).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ status: "failed" });
  world.netlify.faults.clear();
  await sync.run({ A: "1" });
  expect(values()).toEqual({ A: { production: "1" } });
  expect((await sync.preview({ A: "1" })).writes).toEqual([]);
});

describe("a value that Netlify repeats", () => {
  const value = "s3cret-value-of-mine";

  test("in a refusal is hidden", async () => {
    world.masked.push(redact(value));
    world.netlify.faults.add({ match: { method: "POST" }, status: 422, body: `cannot take ${value} for A` });
    const error: unknown = await world
      .sync(one)
      .run({ A: value })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "destination.rejected", message: expect.stringContaining("[secret]") });
    expect(inspect(error, { depth: 9 })).not.toContain(value);
  });

  test("in the message of a failed build is hidden", async () => {
    world.masked.push(redact(value));
    world.site.nextFailures.push(`echo ${value} failed`);
    const outcome = await world.sync({ ...one, build: { trigger: true } }).run({ A: value });
    expect(outcome.problem?.message).toContain("echo [secret] failed");
    expect(inspect({ ...outcome, snapshot: undefined }, { depth: 9 })).not.toContain(value);
  });
});

describe("limits", () => {
  test("of requests are waited for until the reset that the server names", async () => {
    await world.netlify.close();
    world = await startWorld({ perMinute: 12 });
    const sync = world.sync(one);
    await sync.run({ A: "1", B: "1", C: "1", D: "1", E: "1" });
    await sync.run({ A: "2", B: "2", C: "2", D: "2", E: "2" });
    expect(Object.values(values()).every((slots) => slots["production"] === "2")).toBe(true);
    expect(world.clock.slept.some((ms) => ms > 10_000 && ms <= 62_000)).toBe(true);
    expect(world.netlify.requests.filter((call) => call.status === 429)).toEqual([]);
  });

  test("a 429 is repeated, also for the bulk request, which it leaves without effect", async () => {
    world.netlify.faults.add({ match: { method: "POST" }, status: 429 });
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    expect(world.netlify.writes()).toHaveLength(2);
  });
});

describe("a list that cannot be believed", () => {
  test.each([401, 403, 500])("refused with %s is an error", async (status) => {
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.faults.add({ match: { path: /\/env$/, times: 1_000 }, status });
    await expect(sync.preview({ A: "1" })).rejects.toMatchObject({ code: expect.stringMatching(/^http\./) });
  });

  test("that is empty is confirmed by the other call, and believed only then", async () => {
    const sync = world.sync(one);
    await sync.run({ A: "1" });
    world.netlify.onRequest({ path: /accounts\/.*\/env$/ }, () => undefined);
    const stored = new Map(world.site.variables);
    world.netlify.onRequest({ method: "GET", path: /accounts\/.*\/env$/, times: 1_000 }, (request) => {
      if (request.query["site_id"] !== undefined) world.site.variables.clear();
    });
    world.netlify.onRequest({ method: "GET", path: /^\/sites\/.*\/env$/, times: 1_000 }, () => {
      for (const [key, variable] of stored) world.site.variables.set(key, variable);
    });
    await expect(sync.preview({ A: "1" })).rejects.toMatchObject({ code: "destination.unreadable" });
  });

  test("that is paged all the same is read to its end", async () => {
    for (let index = 0; index < 120; index += 1)
      world.netlify.edit(world.site, { key: `F${index}`, slot: "production" }, "x");
    world.netlify.variant.pageSize = 50;
    const sync = world.sync({ ...one, functionsLimit: "warn" });
    await expect(sync.run({ F110: "mine" })).rejects.toMatchObject({ code: "conflict.exists" });
  });

  test("of fifty variables without paging is asked for once more, and complete", async () => {
    for (let index = 0; index < 50; index += 1)
      world.netlify.edit(world.site, { key: `F${index}`, slot: "production" }, "x");
    const sync = world.sync(one);
    await sync.run({ NEW: "mine" });
    expect(world.site.variables.size).toBe(51);
    expect(world.netlify.complaints).toEqual([]);
  });
});
