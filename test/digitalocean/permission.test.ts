// What a token may, asked without changing anything.

import { describe, expect, test } from "vitest";
import type { Target } from "../../provider/destinations/destination.js";
import type { Edit } from "../../provider/core/entry.js";
import { redact } from "../../provider/redacted.js";
import { openShop } from "./open-shop.js";

const { shop, open, look, editAnswer, calls, adapt, credentials } = openShop();
const edits: Edit[] = [
  {
    action: "set",
    slot: "app",
    key: "A",
    value: redact("1"),
    attributes: { type: "SECRET", scope: "RUN_TIME" },
    label: "SECRET RUN_TIME",
  },
];

describe("what a token may", () => {
  const probe = async (target: Target) => target.probe(await target.observe({ fresh: true }), { edits, plan: [] });
  const fail = (fault: object) => shop.ocean.faults.add({ match: { path: /validate$/, times: Infinity }, ...fault });
  const readOnly = {
    code: "connection.read_only",
    message: "the token may read app shop but not update it; give it the scope app:update",
  };

  test("is asked with a rollback to what runs, and to nothing before there is any", async () => {
    expect(await probe(open())).toEqual({ problems: [], warnings: [] });
    const asked = () => shop.ocean.requests.findLast(({ path }) => path.endsWith("validate"))?.body;
    expect(asked()).toEqual({ deployment_id: shop.ocean.deployments(shop.appId)[0]?.id });
    editAnswer((app) => delete app["active_deployment"]);
    expect(await probe(open())).toEqual({ problems: [], warnings: [] });
    expect(asked()).toEqual({ deployment_id: "00000000-0000-0000-0000-000000000000" });
  });

  test("is not enough if it may only read", async () => {
    fail({ status: 403 });
    expect(await probe(open())).toEqual({ problems: [readOnly], warnings: [] });
    expect(await probe(open({}, adapt({ PULUMI_SECRET_SYNC_VALIDATE: "0" })))).toEqual({
      problems: [readOnly],
      warnings: [],
    });
    expect(calls()).not.toContain("POST /v2/apps/propose");
  });

  test.each([{ status: 401 }, { status: 500 }, { status: 429 }, { resetAfter: true }, { malformedJson: true }])(
    "is not judged by %j",
    async (fault) => {
      fail(fault);
      expect((await probe(open())).problems).toEqual([]);
    },
  );

  test("is asked once for an app", async () => {
    const adapter = adapt();
    await Promise.all([probe(open({}, adapter)), probe(open({}, adapter))]);
    expect(calls().filter((call) => call.endsWith("validate"))).toHaveLength(1);
    expect(calls().filter((call) => call.endsWith("propose"))).toHaveLength(1);
  });

  test.each<[string, object, Record<string, string>]>([
    ["the sync", { deployment: { validate: false } }, {}],
    ["the environment", {}, { PULUMI_SECRET_SYNC_VALIDATE: "0" }],
  ])("is all that is asked where %s wants no validation", async (_what, more, environment) => {
    expect(await probe(open(more, adapt(environment)))).toEqual({ problems: [], warnings: [] });
    expect(calls()).not.toContain("POST /v2/apps/propose");
  });

  test("is proved with its owner and the scopes that it lacks", async () => {
    expect(await adapt().prove(credentials())).toEqual({ account: "owner@example.com", missingScopes: [] });
    fail({ status: 403 });
    expect(await adapt().prove(credentials())).toMatchObject({ missingScopes: ["app:update"] });
    shop.ocean.faults.add({ match: { path: /account$/, times: Infinity }, status: 500 });
    expect(await adapt().prove(credentials())).toEqual({ account: undefined, missingScopes: ["app:update"] });
  });

  test("is proved without an app, too", async () => {
    shop.ocean.faults.add({ match: { path: /apps$/ }, status: 200, body: { apps: [] } });
    expect(await adapt().prove(credentials())).toEqual({ account: "owner@example.com", missingScopes: [] });
    expect(calls()).not.toContain("POST /v2/apps/{app_id}/rollback/validate");
  });

  test("is reported with the place of a token that is not valid", async () => {
    shop.ocean.tokens.clear();
    await expect(look()).rejects.toThrow(
      /the token.* is invalid, expired or revoked: create a new one in the control panel/,
    );
    shop.ocean.tokens.set(shop.ocean.token, { scopes: [] });
    await expect(look()).rejects.toThrow(/the token.* lacks a scope: a sync needs app:read and app:update/);
  });
});
