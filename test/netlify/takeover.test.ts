// A plain variable with one value for all contexts, taken over by a sync that writes some of them: in one run, in one request, with the
// other contexts as they were, whatever Netlify makes of the request.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../../provider/reconciler/batch/job.js";
import { runTogether } from "../contract/sync.js";
import { type NetlifyWorld, startWorld } from "./world.js";

let world: NetlifyWorld;
beforeEach(async () => {
  world = await startWorld();
  world.netlify.edit(world.site, { key: "A", slot: "all" }, "theirs");
});
afterEach(() => world.close());

const values = () => world.netlify.values(world.site);
const variable = () => world.site.variables.get("A");
const sent = () => world.netlify.writes().map((one) => one.split(" ")[0]);
const adopt = { adopt: ["A"], keepPrior: true };
const three = { production: "ours", "deploy-preview": "ours", "branch-deploy": "ours" };
const local = { dev: "theirs", "dev-server": "theirs" };

describe("a value for all contexts", () => {
  test("is taken over as a secret in one request, and local development keeps it", async () => {
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    expect(sent()).toEqual(["PUT"]);
    expect(values()).toEqual({ A: { ...three, ...local } });
    expect(variable()).toMatchObject({ is_secret: true, scopes: ["builds", "functions", "runtime"] });
  });

  test("is taken over for one context, and every other one keeps it", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "ours" }, adopt);
    const kept = { "deploy-preview": "theirs", "branch-deploy": "theirs", ...local };
    expect(values()).toEqual({ A: { production: "ours", ...kept } });
  });

  test("is taken over for a branch alone", async () => {
    const sync = world.sync({ contexts: [{ context: "branch", branch: "next" }], isSecret: false });
    await sync.run({ A: "ours" }, adopt);
    const kept = { production: "theirs", "deploy-preview": "theirs", "branch-deploy": "theirs", ...local };
    expect(values()).toEqual({ A: { "branch:next": "ours", ...kept } });
    expect(variable()).toMatchObject({ is_secret: false });
  });

  test("is split where a sync has single contexts, also where the value is the same everywhere", async () => {
    const contexts = ["production", "deploy-preview", "branch-deploy", "dev"];
    const sync = world.sync({ contexts, isSecret: false });
    await sync.run({ A: "theirs" }, adopt);
    expect(Object.keys(values()["A"] ?? {}).sort()).toEqual([...contexts, "dev-server"].sort());
    expect((await sync.preview({ A: "theirs" })).writes).toEqual([]);
  });

  test("that stands beside values for single contexts leaves them as they are", async () => {
    world.netlify.variant.mixedContexts = "keep";
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, "local");
    world.netlify.edit(world.site, { key: "A", slot: "branch:old" }, "branch");
    await world.sync().run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: { ...three, dev: "local", "dev-server": "theirs", "branch:old": "branch" } });
  });

  test("is shown as a replacement before, with what stays, and nothing is written by showing it", async () => {
    const { lines } = await world.sync().preview({ A: "ours" }, adopt);
    expect(lines).toEqual([
      expect.stringMatching(/^> branch-deploy\/A: will be adopted from all, .* \(PLAIN all scopes.* becomes SECRET/),
      expect.stringMatching(/^> deploy-preview\/A: will be adopted from all, /),
      expect.stringMatching(/^> production\/A: will be adopted from all, /),
      "A will be replaced as a whole: PLAIN all scopes becomes SECRET builds,functions,runtime; dev, dev-server keep the value so far",
    ]);
    expect(sent()).toEqual([]);
  });

  test("is left alone, and how to take it over is said, where nobody allows it", async () => {
    const { lines } = await world.sync().preview({ A: "ours" });
    expect(lines.join("\n")).toMatch(
      /context.all_exists: .*add "A" to syncOptions.adoptExisting to take it over.*with \{ "A": \{ isSecret: false, contexts: \["all"\] \} \} in destination.variables as well, it stays one plain value/,
    );
    await expect(world.sync().run({ A: "ours" })).rejects.toMatchObject({ code: "context.all_exists" });
    expect([sent(), values()]).toEqual([[], { A: { all: "theirs" } }]);
  });

  test("stays one plain value for all contexts where its key says so, beside secrets", async () => {
    const variables = { A: { isSecret: false, contexts: ["all"] } };
    const sync = world.sync({ variables });
    expect((await sync.preview({ A: "ours", B: "secret" }, adopt)).lines.join("\n")).toMatch(
      /> all\/A: will be adopted, /,
    );
    await sync.run({ A: "ours", B: "secret" }, adopt);
    expect(values()["A"]).toEqual({ all: "ours" });
    expect((await sync.preview({ A: "ours", B: "secret" }, adopt)).writes).toEqual([]);
  });

  test("that is a secret cannot be read, and is left alone", async () => {
    const stored = variable();
    if (stored === undefined) throw new Error("the variable is missing");
    Object.assign(stored, { is_secret: true });
    await expect(world.sync().run({ A: "ours" }, adopt)).rejects.toMatchObject({ code: "context.all_exists" });
    expect(sent()).toEqual([]);
  });

  test("that another sync of the program writes is left to it", async () => {
    const other = world.sync({ isSecret: false }, "other");
    await other.run({ A: "others" }, adopt);
    const sync = world.sync();
    const claims = () => [{ owner: "other", places: [{ slot: "all", key: "A" }] }];
    const job = { ...sync.job({ A: "ours" }, adopt), claims };
    await expect(runTogether([[sync, job]], world.clock)).rejects.toMatchObject({ code: "context.all_exists" });
    expect(values()).toEqual({ A: { all: "others" } });
  });

  test("is taken over by two syncs of one batch in one request", async () => {
    const [one, two] = [
      world.sync({ contexts: ["production"] }, "one"),
      world.sync({ contexts: ["deploy-preview"] }, "two"),
    ];
    await runTogether(
      [
        [one, one.job({ A: "first" }, adopt)],
        [two, two.job({ A: "second" }, adopt)],
      ],
      world.clock,
    );
    expect(sent()).toEqual(["PUT"]);
    expect(values()).toEqual({
      A: { production: "first", "deploy-preview": "second", "branch-deploy": "theirs", ...local },
    });
  });
});

describe("after a takeover", () => {
  test("nothing is left to do, and changes touch our contexts only", async () => {
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    expect((await sync.preview({ A: "ours" }, adopt)).writes).toEqual([]);
    await sync.run({ A: "newer" }, adopt);
    expect(values()["A"]).toEqual({
      production: "newer",
      "deploy-preview": "newer",
      "branch-deploy": "newer",
      ...local,
    });
    await sync.run({}, adopt);
    expect(values()).toEqual({ A: local });
  });

  test("a run that ended right after the request is completed by the next one, which adopts what it finds", async () => {
    await world.sync().run({ A: "ours" }, adopt);
    const next = world.sync();
    await next.run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: { ...three, ...local } });
    expect((await next.preview({ A: "ours" }, adopt)).writes).toEqual([]);
  });

  test("a value for all contexts that somebody sets instead is taken over again", async () => {
    const sync = world.sync({ contexts: ["production"], isSecret: false });
    await sync.run({ A: "ours" }, adopt);
    world.site.variables.clear();
    world.netlify.edit(world.site, { key: "A", slot: "all" }, "again");
    expect(values()).toEqual({ A: { all: "again" } });
    await sync.run({ A: "ours" }, adopt);
    expect(values()["A"]).toMatchObject({ production: "ours", dev: "again" });
  });

  test("`restore` gives it back as it was, for all contexts", async () => {
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    await sync.destroy("restore");
    expect(values()).toEqual({ A: { all: "theirs" } });
    expect(variable()).toMatchObject({ is_secret: false });
  });

  test("`restore` leaves what somebody has changed since in a context of their own", async () => {
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    world.netlify.edit(world.site, { key: "A", slot: "dev" }, { value: "newer", isSecret: true });
    await sync.destroy("restore");
    const back = { production: "theirs", "deploy-preview": "theirs", "branch-deploy": "theirs" };
    expect(values()).toEqual({ A: { ...back, dev: "newer", "dev-server": "theirs" } });
  });

  test("`restore` gives the value back where the other contexts hide theirs, and keeps the kind", async () => {
    const sync = world.sync({ contexts: ["production"] });
    await sync.run({ A: "ours" }, adopt);
    await sync.destroy("restore");
    const everywhere = ["production", "deploy-preview", "branch-deploy", "dev", "dev-server"].map((slot) => [
      slot,
      "theirs",
    ]);
    expect(values()).toEqual({ A: Object.fromEntries(everywhere) });
    expect(variable()).toMatchObject({ is_secret: true });
  });
});

describe("a takeover that Netlify does not carry out", () => {
  const fails = (reason: RegExp, run: Promise<Outcome>) => expect(run.then(readProblem)).rejects.toThrow(reason);
  /** A run that failed in part answers with what it knows. */
  function readProblem(outcome: Outcome): never {
    throw new Error(JSON.stringify(outcome));
  }

  test("drops a context that the service does not know", async () => {
    world.netlify.variant.devServer = "unknown";
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt);
    expect(sent()).toEqual(["PUT", "PUT"]);
    expect(values()).toEqual({ A: { ...three, dev: "theirs" } });
    await sync.destroy("restore");
    expect(values()).toEqual({ A: { all: "theirs" } });
  });

  test.each(["emptied", "partial"] as const)("is sent again when a fault leaves the variable %s", async (split) => {
    Object.assign(world.netlify.variant, { split, splitStatus: 500 });
    await world.sync().run({ A: "ours" }, adopt);
    expect(sent()).toEqual(["PUT", "PUT"]);
    expect(values()).toEqual({ A: { ...three, ...local } });
  });

  test.each(["emptied", "partial"] as const)("is undone when a refusal leaves the variable %s", async (split) => {
    Object.assign(world.netlify.variant, { split });
    const sync = world.sync();
    await fails(/A was put back as it was/, sync.run({ A: "ours" }, adopt));
    expect(values()).toEqual({ A: { all: "theirs" } });
    expect(variable()).toMatchObject({ is_secret: false });
    expect(sync.ledger).toEqual({});
    world.netlify.variant.split = "whole";
    await sync.run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: { ...three, ...local } });
  });

  test.each(["emptied", "partial"] as const)("is undone on a plan that has lost its scopes (%s)", async (split) => {
    world.netlify.edit(world.site, { key: "A", slot: "all" }, { value: "theirs", scopes: ["builds"] });
    world.site.account.plan = "free";
    Object.assign(world.netlify.variant, { split });
    const sync = world.sync();
    const stays =
      /A has its earlier value again as PLAIN all scopes, not as PLAIN builds: the team's plan has no scopes/;
    await fails(stays, sync.run({ A: "ours" }, adopt));
    expect([values(), sync.ledger]).toEqual([{ A: { all: "theirs" } }, {}]);
    world.netlify.variant.split = "whole";
    await sync.run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: { ...three, ...local } });
  });

  test("says that nobody can see what stands there when no answer comes any more", async () => {
    Object.assign(world.netlify.variant, { split: "partial", splitStatus: 422 });
    world.netlify.faults.add({ match: { method: "DELETE", times: Infinity }, status: 403, body: "Forbidden" });
    world.netlify.onAnswer({ method: "DELETE" }, () => {
      world.netlify.faults.add({ match: { method: "GET", times: Infinity }, status: 503 });
    });
    const sync = world.sync();
    await fails(
      /write.unconfirmed.*A was taken over in part and could not be put back: what it holds now could not be read; run/,
      sync.run({ A: "ours" }, adopt),
    );
    expect(sync.ledger).toMatchObject({ production: { A: { unconfirmed: expect.anything() } } });
  });

  test("says exactly what stands where when the old value is not taken back either, and the next run goes on", async () => {
    Object.assign(world.netlify.variant, { split: "partial", splitStatus: 422 });
    const added = world.netlify.faults.add({
      match: { method: "DELETE", times: Infinity },
      status: 403,
      body: { code: 403, message: "Forbidden" },
    });
    const sync = world.sync();
    await fails(
      /variable.incomplete.*A was taken over in part and could not be put back: it has values for branch-deploy, and none for production, deploy-preview, dev, dev-server/,
      sync.run({ A: "ours" }, adopt),
    );
    added.remove();
    world.netlify.variant.split = "whole";
    await sync.run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: three });
  });

  test("sends nothing over a variable that somebody changed after it was read", async () => {
    let isChanged = false;
    world.netlify.onRequest({ method: "GET", path: /\/env\/A$/ }, () => {
      isChanged = true;
      world.netlify.edit(world.site, { key: "A", slot: "all" }, "newer");
    });
    const sync = world.sync();
    await fails(/A changed at Netlify between the last read and the write/, sync.run({ A: "ours" }, adopt));
    expect([isChanged, sent(), values()]).toEqual([true, [], { A: { all: "newer" } }]);
    await sync.run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: { ...three, dev: "newer", "dev-server": "newer" } });
  });
});

describe("a takeover with a fault in the way of one request", () => {
  const faults = {
    "a reset before it": { resetBefore: true },
    "a reset after it": { resetAfter: true },
    "an answer that breaks off": { truncatedJson: true },
    "a 500": { status: 500 },
    "a 500 although it was done": { status: 500, afterApply: true },
    "a 422": { status: 422 },
    "a 403": { status: 403 },
  };
  // Site, account, lists, whose token it is, the last look, the PUT, and the look after it: more than there are changes nothing.
  const requests = Array.from({ length: 9 }, (_, index) => index + 1);
  const cases = Object.entries(faults).flatMap(([name, fault]) => requests.map((nth) => [name, nth, fault] as const));

  test.each(cases)("%s, at request %i, never loses a value, and the next run completes it", async (_, nth, fault) => {
    world.netlify.faults.add({ match: { nth }, ...fault });
    const sync = world.sync();
    await sync.run({ A: "ours" }, adopt).catch(() => undefined);
    const stored = values()["A"] ?? {};
    const holds = (slot: string, value: string) => (stored[slot] ?? stored["all"]) === value;
    expect(Object.keys(local).every((slot) => holds(slot, "theirs"))).toBe(true);
    expect(Object.keys(three).every((slot) => holds(slot, "ours") || holds(slot, "theirs"))).toBe(true);
    await sync.run({ A: "ours" }, adopt);
    expect(values()).toEqual({ A: { ...three, ...local } });
    expect((await sync.preview({ A: "ours" }, adopt)).writes).toEqual([]);
  });
});
