// A bulk request that was carried out in part, or whose effect is unknown: a look comes first, and what is ours stays ours.
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createReader } from "../../provider/destinations/netlify/live/view.js";
import { createNetlifyApi, type NetlifyApi } from "../../provider/destinations/netlify/api/api.js";
import { createHttpClient } from "../../provider/http/client.js";
import { toCalls } from "../../provider/destinations/netlify/variables.js";
import { writeEdits } from "../../provider/destinations/netlify/write/write.js";
import { netlifyDestination } from "../../schema/index.js";
import type { Edit } from "../../provider/core/entry.js";
import { redact } from "../../provider/redacted.js";
import { JANE, MACHINE } from "../emulators/netlify/index.js";
import { startWorld, type NetlifyWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);
const two = { contexts: ["production", "deploy-preview"] };
const wanted = { A: "1", B: "2", C: "3", D: "4", E: "5" };
const expected = Object.fromEntries(
  Object.entries(wanted).map(([key, value]) => [key, { production: value, "deploy-preview": value }]),
);
const ownedBy = (sync: ReturnType<NetlifyWorld["sync"]>) =>
  Object.entries(sync.ledger).flatMap(([slot, keys]) => Object.keys(keys).map((key) => `${slot}/${key}`));

describe.each([
  ["variables", 500],
  ["variables", 422],
  ["values", 500],
  ["values", 422],
] as const)("a service that creates a part (%s) and fails with %i", (postPart, postPartStatus) => {
  beforeEach(() => {
    Object.assign(world.netlify.variant, { postPart, postPartStatus });
  });

  test.each([true, false])(
    "is brought to the end in one run, and nothing is sent twice (secret %s)",
    async (isSecret) => {
      const sync = world.sync({ ...two, isSecret });
      expect((await sync.run(wanted)).status).toBe("succeeded");
      expect(values()).toEqual(expected);
      expect(ownedBy(sync)).toHaveLength(10);
      const created = world.netlify.requests
        .filter(({ method }) => method === "POST")
        .flatMap(({ body }) => (body as Array<{ key: string }>).map(({ key }) => key));
      const first = created.slice(0, 5);
      expect([...first].sort()).toEqual(Object.keys(wanted));
      expect((await sync.preview(wanted)).writes).toEqual([]);
      await sync.destroy();
      expect(values()).toEqual({});
    },
  );

  test("is looked at before anything is sent again", async () => {
    await world.sync(two).run(wanted);
    const calls = world.netlify.requests.filter(({ path }) => path.endsWith("/env")).map(({ method }) => method);
    expect(calls.join(" ")).not.toContain("POST POST");
  });

  test("and refuses the rest for good leaves what was created ours, and the next run ends it", async () => {
    world.netlify.faults.add({ match: { method: "POST", nth: 2, times: 1_000 }, status: 403 });
    world.netlify.faults.add({ match: { method: "PATCH", times: 1_000 }, status: 403 });
    const sync = world.sync(two);
    expect((await sync.run(wanted)).status).toBe("failed");
    const places = Object.entries(values()).flatMap(([key, slots]) =>
      Object.keys(slots).map((slot) => `${slot}/${key}`),
    );
    expect(places.length).toBeGreaterThan(0);
    expect(ownedBy(sync)).toEqual(expect.arrayContaining(places));
    world.netlify.faults.clear();
    expect((await sync.run(wanted)).status).toBe("succeeded");
    expect(values()).toEqual(expected);
  });

  test.each([1, 2])("keeps what may be there as ours if it cannot be checked after request %i", async (nth) => {
    const sync = world.sync(two);
    world.netlify.onAnswer({ method: "POST", nth }, () => {
      world.netlify.faults.add({ match: { method: "GET", path: /\/env$/, times: 3 }, status: 403 });
    });
    await sync.run(wanted).catch((error: unknown) => error);
    world.netlify.faults.clear();
    expect((await sync.run(wanted)).status).toBe("succeeded");
    expect(values()).toEqual(expected);
    await sync.destroy();
    expect(values()).toEqual({});
  });

  test("leaves alone what somebody else created meanwhile", async () => {
    world.netlify.onRequest({ method: "POST" }, () => {
      world.netlify.edit(world.site, { key: "E", slot: "production" }, { value: "theirs", isSecret: true, by: JANE });
    });
    const sync = world.sync({ contexts: ["production"] });
    expect(await sync.run(wanted)).toMatchObject({ status: "failed", problem: { code: "conflict.exists" } });
    expect(values()["E"]).toEqual({ production: "theirs" });
    expect(ownedBy(sync)).not.toContain("production/E");
    expect(Object.keys(values()).sort()).toEqual(Object.keys(wanted));
    expect(ownedBy(sync)).toHaveLength(4);
  });
});

describe("of keys that are there after a refused request", () => {
  const race = async (
    theirs: { value: string; isSecret: boolean; by?: typeof JANE },
    args: Record<string, unknown>,
    slot = "production",
  ) => {
    world.netlify.variant.postConflict = "create-others";
    world.netlify.onRequest({ method: "POST" }, () => {
      world.netlify.edit(world.site, { key: "A", slot }, theirs);
    });
    const sync = world.sync({ contexts: ["production"], ...args });
    await sync.run({ A: "mine", B: "mine" }).catch(() => undefined);
    return ownedBy(sync);
  };

  test("those that the request created are ours, and another's is not", async () => {
    expect(await race({ value: "x", isSecret: true, by: JANE }, {})).toEqual(["production/B"]);
    expect(values()["A"]).toEqual({ production: "x" });
  });

  test("a readable value that differs is another's, whoever is named as its author", async () => {
    expect(await race({ value: "x", isSecret: false, by: MACHINE }, { isSecret: false })).toEqual(["production/B"]);
  });

  test("one of another kind is another's, without any author", async () => {
    world.netlify.variant.updatedBy = "missing";
    expect(await race({ value: "mine", isSecret: false }, {})).toEqual(["production/B"]);
  });

  test("one with a value in a context that was not sent is another's, without any author", async () => {
    world.netlify.variant.updatedBy = "missing";
    const theirs = { value: "mine", isSecret: true };
    expect(await race(theirs, {}, "deploy-preview")).toEqual(["production/B"]);
    expect(values()["A"]).toEqual({ "deploy-preview": "mine" });
  });
});

test("a value that is added to a variable, and whose answer never came, stays ours though it is not there yet", async () => {
  world.netlify.edit(world.site, { key: "A", slot: "dev" }, { value: "theirs", isSecret: true });
  const sync = world.sync({ contexts: ["production"] });
  world.netlify.faults.add({ match: { method: "PATCH", times: 1_000 }, status: 503 });
  expect((await sync.run({ A: "1" })).status).toBe("failed");
  world.netlify.faults.clear();
  // The request was only slow.
  world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "1", by: MACHINE });
  expect(await sync.run({ A: "1" })).toMatchObject({ status: "succeeded" });
  expect(values()).toEqual({ A: { dev: "theirs", production: "1" } });
});

describe("an error of any kind after the request has gone out", () => {
  /** The adapter's own calls, and one that breaks after its answer has come, like a body that cannot be parsed. */
  const breaking = async (name: keyof NetlifyApi, error: unknown) => {
    const http = createHttpClient({
      vendor: "Netlify",
      origin: world.netlify.url,
      headers: () => ({ authorization: `Bearer ${world.netlify.token}` }),
      clock: world.clock,
      random: () => 0.5,
      mask: () => [],
    });
    const api = createNetlifyApi(http);
    let broken = false;
    const call = api[name] as (...args: unknown[]) => Promise<unknown>;
    const breaks = async (...args: unknown[]) => {
      const answer = await call(...args);
      if (broken) return answer;
      broken = true;
      throw error;
    };
    const reader = createReader(api, world.clock);
    const destination = netlifyDestination.parse({ type: "netlify", siteId: world.site.id });
    const writer = { api: { ...api, [name]: breaks }, reader, clock: world.clock };
    return { writer, look: () => reader.look(destination, { fresh: true }) };
  };
  const shape = { isSecret: true, scopes: ["builds", "functions", "runtime"] };
  const set = (key: string, slot = "production", isSecret = true): Edit => ({
    action: "set",
    key,
    slot,
    value: redact("v"),
    attributes: { ...shape, isSecret },
    label: "",
  });

  test.each([new RangeError("Maximum call stack size exceeded"), new TypeError("odd"), "thrown text"])(
    "%s: what was created is found, and not sent again",
    async (error) => {
      const { writer, look } = await breaking("createVariables", error);
      const written = await writeEdits(writer, await look(), [set("A"), set("B")]);
      expect(written).toMatchObject({ changed: true, halt: undefined });
      expect(world.netlify.writes()).toHaveLength(1);
      expect(Object.keys(values())).toEqual(["A", "B"]);
    },
  );

  test.each(["setValue", "replaceVariable", "deleteValue", "deleteVariable"] as const)(
    "%s: every place stays ours",
    async (name) => {
      world.netlify.edit(
        world.site,
        { key: "A", slot: "production" },
        { value: "old", isSecret: name !== "replaceVariable" },
      );
      // Beside a value of somebody else the variable stays.
      if (name === "deleteValue") world.netlify.edit(world.site, { key: "A", slot: "dev" }, "theirs");
      const { writer, look } = await breaking(name, new RangeError("odd"));
      const edit: Edit = name.startsWith("delete") ? { action: "remove", key: "A", slot: "production" } : set("A");
      const { halt } = await writeEdits(writer, await look(), [edit]);
      const settled = [...(halt?.done ?? []), ...(halt?.unknown ?? [])];
      expect(settled).toEqual([{ slot: "production", key: "A" }]);
      expect(inspect(halt, { depth: 9 })).not.toContain('"v"');
    },
  );

  test("between the deletion and the creation of one variable, it is created again", async () => {
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "old", isSecret: true });
    const { writer, look } = await breaking("createVariables", new RangeError("odd"));
    const written = await writeEdits(writer, await look(), [set("A", "production", false)]);
    expect(written.halt).toBeUndefined();
    expect(values()).toEqual({ A: { production: "v" } });
    expect(world.netlify.writes()).toHaveLength(2);
  });
});

describe("a bulk request whose effect is unknown", () => {
  test.each([
    ["cannot be looked at: no list comes", { status: 503 }],
    ["cannot be looked at: what comes is no list", { status: 200, body: "no list" }],
  ])("and that %s, stays ours", async (_, fault) => {
    world.netlify.faults.add({ match: { method: "POST" }, resetAfter: true });
    world.netlify.onAnswer({ method: "POST" }, () => {
      world.netlify.faults.add({ match: { path: /\/env(\/|$)/, times: 1_000 }, ...fault });
    });
    const sync = world.sync({ contexts: ["production"] });
    expect(await sync.run({ A: "1", B: "1" })).toMatchObject({ status: "failed", problem: { retryable: true } });
    expect(ownedBy(sync)).toEqual(["production/A", "production/B"]);
    world.netlify.faults.clear();
    expect((await sync.run({ A: "1", B: "1" })).status).toBe("succeeded");
    expect(values()).toEqual({ A: { production: "1" }, B: { production: "1" } });
  });

  test("and whose second sending is refused, stays ours: the first may still be on its way", async () => {
    world.netlify.faults.add({ match: { method: "POST" }, status: 504 });
    world.netlify.faults.add({ match: { method: "POST", nth: 2, times: 1_000 }, status: 403 });
    const sync = world.sync({ contexts: ["production"] });
    expect((await sync.run({ A: "1" })).status).toBe("failed");
    expect(ownedBy(sync)).toEqual(["production/A"]);
    world.netlify.faults.clear();
    world.netlify.edit(world.site, { key: "A", slot: "production" }, { value: "1", isSecret: true, by: MACHINE });
    expect((await sync.run({ A: "1" })).status).toBe("succeeded");
    expect(values()).toEqual({ A: { production: "1" } });
  });
});

describe("one value for all contexts beside values for single ones", () => {
  test("if the service keeps both, ours is changed and removed, and theirs stays", async () => {
    world.netlify.variant.mixedContexts = "keep";
    const sync = world.sync({ contexts: ["production"], isSecret: false });
    await sync.run({ A: "1" });
    world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs");
    await sync.run({ A: "2" });
    expect(values()).toEqual({ A: { production: "2", all: "theirs" } });
    expect((await sync.preview({ A: "2" })).writes).toEqual([]);
    await sync.destroy();
    expect(values()).toEqual({ A: { all: "theirs" } });
  });

  test.each(["replace", "refuse", "keep"] as const)(
    "one beside a foreign value for all is refused (%s)",
    async (mixedContexts) => {
      world.netlify.variant.mixedContexts = mixedContexts;
      world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs");
      const sync = world.sync({ contexts: ["production"], isSecret: false });
      await expect(sync.run({ A: "1" })).rejects.toMatchObject({ code: "context.all_exists" });
      expect([values(), world.netlify.writes()]).toEqual([{ A: { all: "theirs" } }, []]);
    },
  );

  test("wanted by two syncs of one key at once is reported before anything is sent", () => {
    const shape = { isSecret: false, scopes: ["builds", "functions", "runtime", "post_processing"] };
    const plain = (slot: string): Edit => ({
      action: "set",
      key: "A",
      slot,
      value: redact("v"),
      attributes: shape,
      label: "",
    });
    const { problems, creates } = toCalls([], [plain("all"), plain("production")]);
    expect([problems.map(({ code }) => code), creates]).toEqual([["context.others_exist"], []]);
  });
});
