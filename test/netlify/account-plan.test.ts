// What the plan of a team refuses is told in the preview, in the words of the write, where the plan can be read; else nothing is said.
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { judgePlan } from "../../provider/destinations/netlify/rules/account-plan.js";
import { closeUncomplaining } from "../emulators/netlify/caller.js";
import { type NetlifyEmulator, type SiteRecord, startNetlify, type Variant } from "../emulators/netlify/index.js";
import { openStack, type Program, type Run, type Stack, sync } from "../lifecycle/stack.js";

let stack: Stack;
let netlify: NetlifyEmulator;
let site: SiteRecord;
let value = "";

beforeEach(async () => {
  stack = await openStack();
  netlify = await startNetlify({ variant: { plan: "free" } });
  site = netlify.addSite();
  value = stack.secret("value");
  Object.assign(stack.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token });
  onTestFinished(() => closeUncomplaining(netlify));
});

type Args = Record<string, unknown>;

const program = (args: Args, ...more: Args[]): Program =>
  [args, ...more].map((one, index) =>
    sync(
      `site${index}`,
      { [`K${index}`]: value, [`PLAIN${index}`]: value },
      {
        destination: {
          type: "netlify",
          siteId: site.id,
          contexts: ["production"],
          variables: { [`PLAIN${index}`]: { isSecret: false } },
          ...one,
        },
      },
    ),
  );
const plainOnly = { isSecret: false, variables: {} };
const accountCalls = () => netlify.requests.filter(({ template }) => template === "/accounts/{account_id}").length;
/** The sentence without what it is based on. */
const sentenceOf = (run: Run) =>
  (run.problems.split("\n")[0] ?? "").replace(/ \(request [\w-]+\)$/, "").replace(/\(.*\)/, "(...)");
const noWrites = () => expect(netlify.writes()).toEqual([]);

describe("on a plan without scopes", () => {
  test.each(["free", "starter", "personal"] as const)(
    "%s, a preview refuses what the update would be refused",
    async (plan) => {
      netlify.variant.plan = plan;
      const wanted = program({ ...plainOnly, scopes: ["builds"] });
      const preview = await stack.preview(wanted);
      noWrites();
      expect(preview.problems).toMatch(
        new RegExp(
          `^scopes\\.plan: the plan of site-1 has no scopes \\(it is "${plan}", and K0, PLAIN0 name some\\); leave`,
          "i",
        ),
      );
      const update = await stack.up(wanted);
      expect(sentenceOf(update)).toBe(sentenceOf(preview));
    },
  );

  test("a secret with scopes of its own is refused, and named", async () => {
    const { problems } = await stack.preview(
      program({ scopes: ["functions"], variables: { PLAIN0: { scopes: ["builds", "functions", "runtime"] } } }),
    );
    expect(problems).toContain("and K0 name some");
    noWrites();
  });

  test("a plain variable with the three scopes of secrets is refused", async () => {
    const { problems } = await stack.preview(program({ ...plainOnly, scopes: ["builds", "functions", "runtime"] }));
    expect(problems).toContain("scopes.plan");
  });

  test("secrets and plain variables without scopes of their own pass, without a question", async () => {
    const wanted = program({});
    expect((await stack.preview(wanted)).problems).toBe("");
    expect((await stack.up(wanted)).problems).toBe("");
    expect(accountCalls()).toBe(0);
  });

  test("a change that names no scopes passes: the value of a variable that has them from before", async () => {
    site.account.plan = "pro";
    expect((await stack.up(program({ scopes: ["functions"] }))).problems).toBe("");
    delete site.account.plan;
    value = stack.secret("other");
    const wanted = program({ scopes: ["functions"] });
    expect((await stack.preview(wanted)).problems).toBe("");
    expect((await stack.up(wanted)).problems).toBe("");
    expect(accountCalls()).toBe(0);
  });

  test("drift that would be repaired with scopes is refused in the preview of an existing sync", async () => {
    site.account.plan = "pro";
    const wanted = program({ scopes: ["functions"] });
    expect((await stack.up(wanted)).problems).toBe("");
    delete site.account.plan;
    site.variables.clear();
    expect((await stack.preview(wanted)).problems).toContain("scopes.plan");
    expect(accountCalls()).toBe(1);
  });

  test("shared variables of the team are judged as well, with the account that is looked up anyway", async () => {
    const team = { level: "team", siteId: undefined, accountId: site.account.slug, ...plainOnly, scopes: ["builds"] };
    expect((await stack.preview(program(team))).problems).toMatch(
      /scopes\.plan: the plan of team Team 1 has no scopes/,
    );
    expect(accountCalls()).toBe(1);
  });
});

describe("the question", () => {
  test("is asked once for each account and run, whatever the number of syncs", async () => {
    netlify.variant.plan = "pro";
    const wanted = program({ scopes: ["functions"] }, { scopes: ["builds"] }, { scopes: ["runtime"] });
    expect((await stack.preview(wanted)).problems).toBe("");
    expect(accountCalls()).toBe(1);
  });

  test("is not asked when nothing would be written, nor by an update", async () => {
    netlify.variant.plan = "pro";
    const wanted = program({ scopes: ["functions"] });
    await stack.up(wanted);
    expect((await stack.preview(wanted)).steps).toMatchObject([{ op: "same" }]);
    expect(accountCalls()).toBe(0);
  });

  test.each([
    [{ planTold: "name" }, "scopes.plan"],
    [{ planTold: "nothing" }, ""],
    [{ plan: "pro" }, ""],
  ] satisfies Array<[Partial<Variant>, string]>)("answered with %j leads to %j", async (variant, code) => {
    Object.assign(netlify.variant, variant);
    const { problems } = await stack.preview(program({ ...plainOnly, scopes: ["builds"] }));
    expect(problems.split(":")[0]).toBe(code);
  });

  test("answered without the name of a plan is silence", () => {
    expect(judgePlan({ id: "a", type_name: null, type_slug: null }, "site", ["A"])).toEqual([]);
  });

  test.each([401, 403, 404, 500])("refused with %i is silence", async (status) => {
    netlify.faults.add({ match: { path: /^\/accounts\/[^/]+$/, times: 1_000 }, status });
    const run = await stack.preview(program({ ...plainOnly, scopes: ["builds"] }));
    expect([run.problems, run.steps.map(({ op }) => op)]).toEqual(["", ["create"]]);
  });

  test("answered with nonsense is silence", async () => {
    netlify.faults.add({
      match: { path: /^\/accounts\/[^/]+$/ },
      status: 200,
      body: "not an account",
    });
    expect((await stack.preview(program({ ...plainOnly, scopes: ["builds"] }))).problems).toBe("");
  });
});
