// The emulator's variables behave as Netlify's do, traps included.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Caller, callerOf, openSite, plain, secret, type ShownVariable } from "./caller.js";
import { MASK, type NetlifyEmulator, type SiteRecord } from "./index.js";

let netlify: NetlifyEmulator;
let site: SiteRecord;
let call: Caller;
let env = "";
let query = "";

beforeEach(async () => {
  ({ netlify, site, call, env, query } = await openSite());
});
afterEach(() => netlify.close());

const create = (...variables: unknown[]) => call<ShownVariable[]>("POST", env + query, variables);
const list = () => call<ShownVariable[]>("GET", env + query);

test("a bulk request creates, and the list shows secrets masked everywhere but in local development", async () => {
  const { status, body } = await create(
    {
      ...secret("A", "one"),
      values: [
        { context: "production", value: "one" },
        { context: "dev", value: "local" },
      ],
    },
    plain("B", "two"),
  );
  expect([status, body.length]).toEqual([201, 2]);
  const [a, b] = (await list()).body;
  expect(a?.values.map((one) => one.value)).toEqual([MASK, "local"]);
  expect(b?.values[0]?.value).toBe("two");
  expect(b?.scopes).toContain("post_processing");
  expect(netlify.complaints).toEqual([]);
});

test("the account is named by id or slug", async () => {
  await create(plain("A", "1"));
  expect((await call<ShownVariable[]>("GET", `/accounts/${site.account.id}/env${query}`)).body).toHaveLength(1);
});

test("without site_id the whole team is meant, silently", async () => {
  await call("POST", env, [plain("SHARED", "x")]);
  expect(netlify.values(site.account)).toEqual({ SHARED: { all: "x" } });
  expect((await list()).body).toEqual([]);
});

test("a list refused to collaborators is an error and not an empty list", async () => {
  netlify.tokens.set("c", { user: { id: "c", full_name: "C", email: "c@example.com" }, role: "collaborator" });
  expect((await callerOf(netlify, "c")("GET", env)).status).toBe(403);
  expect((await callerOf(netlify, "c")("GET", env + query)).status).toBe(200);
});

describe("PUT", () => {
  test("replaces the variable and every value that it does not name", async () => {
    await create({
      key: "A",
      values: [
        { context: "production", value: "1" },
        { context: "dev", value: "2" },
      ],
    });
    await call("PUT", `${env}/A${query}`, { key: "A", values: [{ context: "production", value: "3" }] });
    expect(netlify.values(site)).toEqual({ A: { production: "3" } });
    expect(netlify.complaints).toEqual([{ kind: "lost-value", detail: "A lost its value for dev" }]);
  });

  test("stores a mask as the value that it is", async () => {
    await create(secret("A", "real"));
    const shown = (await call("GET", `${env}/A${query}`)).body;
    await call("PUT", `${env}/A${query}`, {
      key: "A",
      is_secret: true,
      scopes: shown.scopes,
      values: shown.values.map(({ context, value }) => ({ context, value })),
    });
    expect(netlify.values(site)).toEqual({ A: { production: MASK } });
    expect(netlify.complaints.map((one) => one.kind)).toEqual(["mask-stored"]);
  });

  test("takes the secret flag on, but not off", async () => {
    await create({ key: "A", values: [{ context: "production", value: "1" }] });
    expect((await call("PUT", `${env}/A${query}`, secret("A", "1"))).status).toBe(200);
    expect((await call("PUT", `${env}/A${query}`, plain("A", "1"))).status).toBe(422);
  });
});

describe("PATCH", () => {
  test("sets one value, moves the one time of the variable, and names the author", async () => {
    await create(secret("A", "1"));
    const before = (await list()).body[0];
    const { status } = await call("PATCH", `${env}/A${query}`, {
      context: "branch",
      context_parameter: "x",
      value: "2",
    });
    const after = (await list()).body[0];
    expect([status, netlify.values(site)["A"]]).toEqual([201, { production: "1", "branch:x": "2" }]);
    expect(after?.values[0]?.id).toBe(before?.values[0]?.id);
    expect(after?.updated_at).not.toBe(before?.updated_at);
    expect(after?.updated_by.full_name).toBe("Sync Machine");
  });

  test.each([
    ["stable", true],
    ["renewed", false],
  ] as const)("keeps the id of a value as it is told: %s", async (valueIds, same) => {
    netlify.variant.valueIds = valueIds;
    await create(secret("A", "1"));
    const id = (await list()).body[0]?.values[0]?.id;
    await call("PATCH", `${env}/A${query}`, { context: "production", value: "2" });
    expect((await list()).body[0]?.values[0]?.id === id).toBe(same);
  });

  test.each([
    ["replace", 201, { production: "2" }],
    ["refuse", 422, { all: "1" }],
  ] as const)("of one context against a value for all: %s", async (mixedContexts, status, values) => {
    netlify.variant.mixedContexts = mixedContexts;
    await create(plain("A", "1"));
    expect((await call("PATCH", `${env}/A${query}`, { context: "production", value: "2" })).status).toBe(status);
    expect(netlify.values(site)).toEqual({ A: values });
  });

  test("cannot reach a variable that is not there, or a branch without a name", async () => {
    expect((await call("PATCH", `${env}/A${query}`, { context: "dev", value: "2" })).status).toBe(404);
    await create(plain("A", "1", "dev"));
    expect((await call("PATCH", `${env}/A${query}`, { context: "branch", value: "2" })).status).toBe(422);
  });
});

describe("DELETE", () => {
  test.each([
    ["keep", 1],
    ["drop", 0],
  ] as const)("of the last value: %s", async (emptyVariable, left) => {
    netlify.variant.emptyVariable = emptyVariable;
    await create(plain("A", "1"));
    const id = (await list()).body[0]?.values[0]?.id;
    expect((await call("DELETE", `${env}/A/value/${id}${query}`)).status).toBe(204);
    expect((await list()).body).toHaveLength(left);
  });

  test("of a variable takes every context", async () => {
    await create({
      key: "A",
      values: [
        { context: "production", value: "1" },
        { context: "dev", value: "2" },
      ],
    });
    expect((await call("DELETE", `${env}/A${query}`)).status).toBe(204);
    expect((await call("DELETE", `${env}/A${query}`)).status).toBe(404);
  });
});

describe("what is refused", () => {
  test.each([
    ["a key with a hyphen", plain("A-B", "1"), 422],
    ["a reserved key", plain("URL", "1"), 422],
    ["a key of 256 characters", plain("A".repeat(256), "1"), 422],
    ["a secret for all", { ...secret("A", "1", "all") }, 422],
    ["a secret in post-processing", { ...secret("A", "1"), scopes: ["post-processing"] }, 422],
    [
      "all beside another",
      {
        key: "A",
        values: [
          { context: "all", value: "1" },
          { context: "dev", value: "2" },
        ],
      },
      422,
    ],
  ])("%s", async (_, variable, status) => {
    expect((await create(variable)).status).toBe(status);
  });

  test("one existing key refuses the whole bulk request, or only itself", async () => {
    await create(plain("A", "1"));
    expect((await create(plain("A", "2"), plain("B", "1"))).status).toBe(422);
    expect(Object.keys(netlify.values(site))).toEqual(["A"]);
    netlify.variant.postConflict = "create-others";
    expect((await create(plain("A", "2"), plain("B", "1"))).status).toBe(422);
    expect(netlify.values(site)).toEqual({ A: { all: "1" }, B: { all: "1" } });
  });

  test("scopes on the free plan, even all four, except the three that secrets must have", async () => {
    site.account.plan = "free";
    const four = ["builds", "functions", "runtime", "post_processing"];
    const refused = await create({ ...plain("A", "1"), scopes: four });
    expect([refused.status, refused.body]).toEqual([
      403,
      { code: 403, message: "Upgrade your Netlify account to set specific scopes" },
    ]);
    expect((await create(plain("A", "1"))).status).toBe(201);
    expect((await create({ ...secret("B", "1"), scopes: undefined })).status).toBe(422);
    expect((await create(secret("B", "1"))).status).toBe(201);
  });
});

test("unset contexts may be listed as empty values", async () => {
  netlify.variant.unsetContexts = "empty";
  await create(plain("A", "1", "production"));
  const values = (await list()).body[0]?.values ?? [];
  expect(values.filter((one) => one.value === "").map((one) => one.context)).toEqual([
    "dev",
    "branch-deploy",
    "deploy-preview",
  ]);
});

test("code sees the site's value before the team's, and the branch's before that of branch deploys", async () => {
  netlify.edit(site.account, { key: "A", slot: "all" }, "team");
  netlify.edit(site, { key: "A", slot: "branch-deploy" }, "branches");
  netlify.edit(site, { key: "A", slot: "branch:x" }, "x");
  const see = (slot: string) => netlify.environment(site, slot)["A"];
  expect([see("production"), see("branch-deploy"), see("branch:x"), see("branch:y")]).toEqual([
    "team",
    "branches",
    "x",
    "branches",
  ]);
});
