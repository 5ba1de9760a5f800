// An option that is given without a value, as of a variable that is not set, is refused before anything is read or written.

import { describe, expect, test } from "vitest";
import { writeProgram } from "../../provider/commands/init/action.js";
import { drawMap } from "../../provider/commands/map/action.js";
import { showPlan } from "../../provider/commands/plan/action.js";
import { showStatus } from "../../provider/commands/status/action.js";

const ending = new AbortController().signal;
const refusal = (flag: string) => `argument.invalid: ${flag} is empty: give it a value, or leave it out`;

describe.each([
  ["status", showStatus],
  ["plan", showPlan],
  ["map", drawMap],
] as const)("%s", (_name, run) => {
  const usual = { cwd: ".", timeout: "10m", output: "map.html" };

  test.each([
    ["--stack", { stack: "" }],
    ["--cwd", { cwd: "" }],
  ])("refuses an empty %s, and does not take the usual one", async (flag, given) => {
    await expect(run({ ...usual, ...given }, ending)).rejects.toThrow(refusal(flag));
  });
});

test("a page without a name, and a plan without a limit, are refused as well", async () => {
  await expect(drawMap({ cwd: ".", output: "" }, ending)).rejects.toThrow(refusal("--output"));
  await expect(showPlan({ cwd: ".", timeout: "" }, ending)).rejects.toThrow(refusal("--timeout"));
});

describe("init", () => {
  test.each([
    ["--app", { app: "" }],
    ["--site", { site: "" }],
    ["--project", { from: ["infisical"], project: "" }],
    ["--directory", { app: "shop", directory: "" }],
    ["--component", { app: "shop", component: ["web", ""] }],
    ["--environment", { from: ["infisical"], environment: [""] }],
    ["--from", { from: [""] }],
    ["--from", { from: ["spec", ""] }],
  ])("refuses an empty %s (%j)", async (flag, options) => {
    await expect(writeProgram({ directory: ".", ...options })).rejects.toThrow(refusal(flag));
  });
});
