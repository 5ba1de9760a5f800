// The schemas themselves: the vendor's own examples pass, and a wrong answer does not.
import { describe, expect, test } from "vitest";
import { validateAnswer, validateRequest } from "./index.js";
import { webSpec } from "./caller.js";
import examples from "./vendor-examples.json";

describe("an answer", () => {
  test.each(Object.entries(examples))("%s passes as the documentation prints it", (route, example) => {
    expect(validateAnswer(route, 200, example)).toEqual([]);
  });

  const deployments = examples["GET /v2/apps/{app_id}/deployments"];
  const [deployment] = deployments.deployments;
  test.each([
    ["a phase that does not exist", { deployment: { ...deployment, phase: "FAILED" } }, "/deployment/phase"],
    ["a deployment without phase", { deployment: { ...deployment, phase: undefined } }, "'phase'"],
    [
      "a time that is no RFC 3339",
      { deployment: { ...deployment, created_at: "yesterday" } },
      "/deployment/created_at",
    ],
    [
      "a secret in plaintext",
      { deployment: { ...deployment, spec: webSpec([{ key: "A", value: "x", type: "SECRET" }]) } },
      "envs/0/value",
    ],
    [
      "a bad key at app level",
      { deployment: { ...deployment, spec: webSpec([], [{ key: "1A" }]) } },
      "/spec/envs/0/key",
    ],
    ["an invented field", { deployment: { ...deployment, status: "ok" } }, "additional properties"],
  ])("fails for %s", (_, body, problem) => {
    expect(validateAnswer("/v2/apps/1/deployments/2", 200, body).join("\n")).toContain(problem);
  });

  test("of an error needs id and message and nothing else", () => {
    expect(validateAnswer("/v2/apps", 401, { id: "unauthorized", message: "Unable to authenticate you." })).toEqual([]);
    expect(validateAnswer("/v2/apps", 401, { error: "no" })).not.toEqual([]);
  });

  test("of an undocumented route is never right", () => {
    expect(validateAnswer("PATCH /v2/apps/1", 200, {})).toEqual(["no documented answer for PATCH /v2/apps/1"]);
  });
});

describe("a request", () => {
  test.each([
    ["PUT /v2/apps/1", { spec: webSpec() }, true],
    ["PUT /v2/apps/1", { spec: webSpec(), project_ids: [] }, false],
    ["PUT /v2/apps/1", { update_all_source_versions: true }, false],
    ["PUT /v2/apps/1", { spec: webSpec([{ key: "A", value: "x", scope: "NEVER" }]) }, false],
    ["GET /v2/apps", undefined, true],
    ["GET /v2/apps", {}, false],
  ])("%s with %j is documented: %s", (route, body, documented) => {
    expect(validateRequest(route, body).length === 0).toBe(documented);
  });
});
