// The arguments of both destinations, and what is said of combinations that contradict themselves.

import { describe, expect, test } from "vitest";
import { destination } from "../../schema/index.js";
import { complaints, withoutEach } from "./shapes.js";

const app = { type: "digital-ocean-app-platform", appId: "1" };
const site = { type: "netlify", siteId: "1" };
const team = { type: "netlify", level: "team", accountId: "1" };

const wholeApp = {
  appId: "1",
  appName: "shop",
  components: ["web"],
  scope: "RUN_TIME",
  variableType: "SECRET",
  variables: { A: { variableType: "GENERAL", scope: "BUILD_TIME", components: ["api"] } },
  deployment: { wait: true, timeoutSeconds: 86_400, onFailure: "restore", validate: false },
  allowBindables: true,
};
const wholeSite = {
  siteId: "1",
  siteName: "shop",
  accountId: "2",
  accountName: "team",
  level: "site",
  contexts: ["production", "dev", { context: "branch", branch: "next" }],
  isSecret: true,
  scopes: ["builds", "functions", "runtime", "post_processing"],
  variables: { A: { isSecret: false, scopes: ["builds"], contexts: ["all"] } },
  build: { trigger: true, wait: true, clearCache: true, branch: "main", timeoutSeconds: 1 },
  functionsLimit: "warn",
};

describe.each([
  ["an app", app, wholeApp],
  ["a site", site, wholeSite],
])("%s as destination", (_, bare, whole) => {
  test("takes every member that it has, and needs only to be found", () => {
    const { type } = bare;
    expect(complaints(destination, bare)).toEqual([]);
    expect(complaints(destination, { type, ...whole })).toEqual([]);
    const needed = withoutEach(whole).filter(([, rest]) => complaints(destination, { type, ...rest }).length > 0);
    expect(needed.map(([name]) => name)).toEqual(type === "netlify" ? ["siteId"] : []);
  });

  test("takes no member of another kind, and none that it does not have", () => {
    for (const name of Object.keys(whole))
      expect([name, complaints(destination, { ...bare, [name]: Symbol("none") }).length > 0]).toEqual([name, true]);
    expect(complaints(destination, { ...bare, appld: "x" })).toEqual(['Unrecognized key: "appld"']);
  });

  test("takes no unknown member of its parts", () => {
    const parts = { variables: { A: { no: 1 } }, deployment: { no: 1 }, build: { no: 1 } };
    for (const name of Object.keys(parts).filter((part) => part in whole))
      expect(complaints(destination, { ...bare, [name]: parts[name as keyof typeof parts] })).toEqual([
        expect.stringMatching(/Unrecognized key: "no"$/),
      ]);
  });

  test("needs no member of its parts", () => {
    const parts = { variables: { A: {} }, deployment: {}, build: {} };
    for (const name of Object.keys(parts).filter((part) => part in whole))
      expect(complaints(destination, { ...bare, [name]: parts[name as keyof typeof parts] })).toEqual([]);
  });
});

const noComponent = "must name at least one component; leave it out for app level";
const noContext = "must name at least one context; leave it out for all";
const noScope = "must name at least one scope";
const alone = '"all" excludes other contexts: Netlify keeps either one value for all contexts or one for each';
const ownBranch = '`branch` is the name of the branch, given with the context "branch" and with no other';
const bothBranch = '`branch` is the name of the branch, given with context: "branch" and with no other';
const anyContext =
  'must be "all", "production", "deploy-preview", "branch-deploy", "dev", "dev-server" or { context: "branch", branch: "…" }';

describe("a destination", () => {
  test.each<[Record<string, unknown>, string]>([
    [{ type: app.type }, "`appId` or `appName` must be given; with both, the name is checked"],
    [{ ...app, appId: "" }, "appId: must not be empty"],
    [{ ...app, components: [] }, `components: ${noComponent}`],
    [{ ...app, components: [""] }, "components.0: must not be empty"],
    [{ ...app, variables: { A: { components: [] } } }, `variables.A.components: ${noComponent}`],
    [{ type: site.type }, '`siteId` must be given; team-level variables are written only with level: "team"'],
    [
      { type: site.type, accountId: "1" },
      '`siteId` must be given; team-level variables are written only with level: "team"',
    ],
    [{ type: site.type, level: "team" }, "`accountId`, or a `siteId` to look it up from, must be given"],
    [
      { ...team, build: { trigger: true } },
      "`build.trigger` needs level site: team variables reach every site with its own next build",
    ],
    [{ ...site, contexts: ["all"], context: "all" }, "only one of `contexts` and `context` may be given"],
    [{ ...site, context: "branch" }, bothBranch],
    [{ ...site, context: "dev", branch: "next" }, bothBranch],
    [{ ...site, branch: "next" }, bothBranch],
    [{ ...site, contexts: ["all"], context: "branch" }, "only one of `contexts` and `context` may be given"],
    [{ type: site.type, siteName: "shop" }, "`siteName` checks the site that `siteId` names; give `siteId`, too"],
    [
      { type: site.type, level: "team", siteName: "shop" },
      "`siteName` checks the site that `siteId` names; give `siteId`, too",
    ],
    [{ ...team, siteName: "shop" }, "`siteName` checks the site that `siteId` names; give `siteId`, too"],
    [{ ...site, contexts: [] }, `contexts: ${noContext}`],
    [{ ...site, contexts: ["all", "dev"] }, `contexts: ${alone}`],
    [{ ...site, contexts: ["dev", { context: "all" }] }, `contexts: ${alone}`],
    [{ ...site, contexts: ["live"] }, `contexts.0: ${anyContext}`],
    [{ ...site, scopes: [] }, `scopes: ${noScope}`],
    [{ ...site, variables: { A: { scopes: [] } } }, `variables.A.scopes: ${noScope}`],
    [{ ...site, variables: { A: { contexts: [] } } }, `variables.A.contexts: ${noContext}`],
    [
      { ...site, context: "live" },
      'context: must be "all", "production", "deploy-preview", "branch-deploy", "dev", "dev-server", or "branch" with `branch` beside it',
    ],
  ])("of %j is refused: %s", (value, message) => {
    expect(complaints(destination, value)).toEqual([message]);
  });

  test.each<[Record<string, unknown>]>([
    [{ type: app.type, appName: "shop" }],
    [{ ...app, deployment: { timeoutSeconds: 0.5 } }],
    [team],
    [{ type: site.type, level: "team", siteId: "1" }],
    [{ ...team, build: { wait: true } }],
    [{ ...team, build: { trigger: false } }],
    [{ ...site, build: { trigger: true } }],
    [{ ...site, contexts: ["all"] }],
    [{ ...site, context: "branch", branch: "next" }],
    [{ ...site, context: "dev" }],
    [{ ...site, context: { context: "branch", branch: "next" } }],
    [{ ...site, siteId: "x".repeat(255) }],
  ])("may be %j", (value) => {
    expect(complaints(destination, value)).toEqual([]);
  });

  test.each<[Record<string, unknown>]>([
    [{ ...app, scope: "RUNTIME" }],
    [{ ...app, variableType: "PLAIN" }],
    [{ ...app, deployment: { timeoutSeconds: 0 } }],
    [{ ...app, deployment: { timeoutSeconds: 86_401 } }],
    [{ ...app, deployment: { onFailure: "ignore" } }],
    [{ ...site, level: "account" }],
    [{ ...site, scopes: ["build"] }],
    [{ ...site, functionsLimit: "ignore" }],
    [{ ...site, build: { timeoutSeconds: 0 } }],
    [{ ...site, build: { timeoutSeconds: 86_401 } }],
    [{ ...site, build: { branch: "" } }],
    [{ ...site, build: { branch: "x".repeat(256) } }],
    [{ ...site, siteId: "x".repeat(256) }],
    [{ ...site, siteName: "x".repeat(256) }],
    [{ ...team, accountId: "x".repeat(256) }],
    [{ ...team, accountName: "x".repeat(256) }],
    [{ ...site, context: "branch", branch: "x".repeat(256) }],
    [{ type: "vercel" }],
  ])("may not be %j", (value) => {
    expect(complaints(destination, value)).toHaveLength(1);
  });

  test.each([
    ["scope", ["RUN_TIME", "BUILD_TIME", "RUN_AND_BUILD_TIME"], app],
    ["variableType", ["SECRET", "GENERAL"], app],
    ["context", ["all", "production", "deploy-preview", "branch-deploy", "dev", "dev-server"], site],
    ["functionsLimit", ["refuse", "warn"], site],
  ] as const)("has %s of %j", (name, choices, rest) => {
    for (const choice of choices) expect(complaints(destination, { ...rest, [name]: choice })).toEqual([]);
  });
});

describe("a context of a site", () => {
  test("is a name, or a branch with its name", () => {
    for (const context of ["production", "deploy-preview", "branch-deploy", "dev", "dev-server", { context: "dev" }])
      expect(complaints(destination, { ...site, contexts: [context] })).toEqual([]);
    expect(complaints(destination, { ...site, contexts: [{ context: "branch", branch: "next" }] })).toEqual([]);
  });

  test.each([
    ["branch"],
    [{ context: "branch" }],
    [{ context: "dev", branch: "next" }],
    [{ context: "branch", branch: "" }],
    [{ context: "branch", branch: "x".repeat(256) }],
    [{ context: "dev", more: true }],
  ])("is not %j", (context) => {
    expect(complaints(destination, { ...site, contexts: [context] })).toHaveLength(1);
  });

  test("that lacks its branch, or has one too many, is refused as such", () => {
    const shape = destination.safeParse({ ...site, contexts: [{ context: "branch" }] });
    expect(JSON.stringify(shape.error?.issues)).toContain(ownBranch.replaceAll('"', String.raw`\"`));
    expect(complaints(destination, { ...site, contexts: ["branch"] })).toEqual([
      expect.stringContaining('needs the name of the branch: write { context: "branch", branch: "…" }'),
    ]);
  });
});
