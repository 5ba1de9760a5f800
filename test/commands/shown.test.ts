// `status`, `map` and `plan` as a whole, in this process: what they print and end with. The test plays the CLI.

import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { drawMap } from "../../provider/commands/map/action.js";
import { addMap } from "../../provider/commands/map/command.js";
import { showPlan } from "../../provider/commands/plan/action.js";
import { addPlan } from "../../provider/commands/plan/command.js";
import { showStatus } from "../../provider/commands/status/action.js";
import { addStatus } from "../../provider/commands/status/command.js";
import { ciphertext, resourceOf, stateOf } from "./state.js";
import { hearEach, playProgram, refused, say, urn } from "./watch/played-runner.js";

const heard = hearEach();
let exitCode: typeof process.exitCode;
beforeEach(() => {
  exitCode = process.exitCode;
  process.exitCode = undefined;
});
afterEach(() => {
  process.exitCode = exitCode;
});

const { signal } = new AbortController();
const secret = resourceOf("web", { inputs: { destination: ciphertext }, outputs: { targetUrl: undefined } });
const withFailed = { export: say(stateOf(resourceOf("web", { outputs: { syncStatus: "failed" } }))) };
const untold = { export: say(stateOf(secret)) };

test.each([
  ["status", addStatus, "RESOURCE"],
  ["map", addMap, "1 sync of prod"],
  ["plan", addPlan, "prod: "],
] as const)("%s on the command line does its work, and leaves no signal handled", async (name, add, says) => {
  const nothing = say({ steps: [], diagnostics: [], changeSummary: { same: 1 } });
  const cwd = playProgram({ export: say(stateOf(resourceOf("web"))), preview: nothing });
  const before = process.listenerCount("SIGTERM");
  const program = new Command();
  add(program);
  const output = name === "map" ? ["--output", path.join(cwd, "map.html")] : [];
  await program.parseAsync([name, "--cwd", cwd, ...output], { from: "user" });
  expect(heard.printed).toContain(says);
  expect(process.listenerCount("SIGTERM")).toBe(before);
});

describe("status", () => {
  test("shows a failed sync, and ends with 3 only where it is to check", async () => {
    const cwd = playProgram(withFailed);
    await showStatus({ cwd }, signal);
    expect(heard.printed).toMatch(/^web\b.*failed/m);
    expect(process.exitCode).toBeUndefined();
    await showStatus({ cwd, check: true }, signal);
    expect(process.exitCode).toBe(3);
  });

  test("counts the keys that drifted, and lists them below the table", async () => {
    const drift = ["app/A is gone", "app/B has another value"];
    const [one, other] = [resourceOf("web", { outputs: { drift } }), resourceOf("api")];
    await showStatus({ cwd: playProgram({ export: say(stateOf(one, other)) }) }, signal);
    expect(heard.printed).toMatch(/^web .* 2 keys$/m);
    expect(heard.printed).toMatch(/^api .* -$/m);
    expect(heard.printed).toContain("web: drift at the last refresh\n  app/A is gone\n  app/B has another value\n");
  });

  test("with a check of syncs that are well ends with 0", async () => {
    await showStatus({ cwd: playProgram({ export: say(stateOf(resourceOf("web"))) }), check: true }, signal);
    expect(process.exitCode).toBeUndefined();
  });

  test("as JSON names the stack and what is known of a secret destination", async () => {
    await showStatus({ cwd: playProgram(untold), json: true, stack: "acme/prod" }, signal);
    const target = { type: null, platform: null, name: null, id: "f5b8c1aa-c3e7-4c5f-bac6-f384d70ecd56", url: null };
    expect(JSON.parse(heard.printed)).toMatchObject({ format: 1, stack: "acme/prod", syncs: [{ target }] });
  });

  test("as JSON has null for what a sync that has never run does not know", async () => {
    const outputs = { targetId: "", targetUrl: undefined, lastSyncedAt: undefined, lastDeploymentId: undefined };
    const never = { export: say(stateOf(resourceOf("web", { inputs: { destination: ciphertext }, outputs }))) };
    await showStatus({ cwd: playProgram(never), json: true }, signal);
    const target = { type: null, platform: null, name: null, id: null, url: null };
    expect(JSON.parse(heard.printed)).toMatchObject({ syncs: [{ target, lastSyncedAt: null, deploymentId: null }] });
  });

  test("paints on a terminal, as wide as that is, and nowhere else", async () => {
    const cwd = playProgram(withFailed);
    await showStatus({ cwd }, signal);
    expect(heard.printed).not.toContain("\u001B[");
    const { isTTY, columns } = process.stdout;
    Object.assign(process.stdout, { isTTY: true, columns: 40, hasColors: () => true });
    heard.printed = "";
    await showStatus({ cwd }, signal);
    Object.assign(process.stdout, { isTTY, columns });
    Reflect.deleteProperty(process.stdout, "hasColors");
    expect(heard.printed).toContain("\u001B[31m");
    expect(heard.printed).not.toContain("\u001B[31m\u001B");
  });
});

describe("map", () => {
  const draw = async (given: object, played: Parameters<typeof playProgram>[0] = untold) => {
    const cwd = playProgram(played);
    const output = path.join(cwd, "map.html");
    await drawMap({ cwd, output, ...given }, signal);
    return { output, page: readFileSync(output, "utf8") };
  };

  test("writes the page, names project and stack, and tells what it has drawn", async () => {
    const { output, page } = await draw({});
    expect(page).toContain("<h1>Secrets of shop/prod</h1>");
    expect(heard.printed).toBe(`${output}: 1 sync of prod\n`);
    const two = { export: say(stateOf(resourceOf("a"), resourceOf("b"))) };
    heard.printed = "";
    const { page: other } = await draw({ stack: "acme/web/prod" }, two);
    expect(other).toContain("<h1>Secrets of acme/web/prod</h1>");
    expect(heard.printed).toContain(": 2 syncs of acme/web/prod\n");
  });

  test("names a stack by itself where no program is", async () => {
    const cwd = playProgram(untold);
    rmSync(path.join(cwd, "Pulumi.yaml"));
    const output = path.join(cwd, "map.html");
    await drawMap({ cwd, output }, signal);
    expect(readFileSync(output, "utf8")).toContain("<h1>Secrets of prod</h1>");
  });

  test("replaces a file only if it is told to", async () => {
    const cwd = playProgram(untold);
    const output = path.join(cwd, "Pulumi.yaml");
    await expect(drawMap({ cwd, output }, signal)).rejects.toThrow(
      `file.exists: ${output} already exists, and nothing was written; give another --output, or --force to replace it`,
    );
    await drawMap({ cwd, output, force: true }, signal);
    expect(readFileSync(output, "utf8")).toContain("<h1>");
  });

  test.each(["", "nowhere/map.html"])("writes no file at %j, and says what to do", async (place) => {
    const cwd = playProgram(untold);
    const output = path.join(cwd, place);
    const remedy = place === "" ? "give --output the name of a file in it" : "correct that, or give another --output";
    await expect(drawMap({ cwd, output }, signal)).rejects.toThrow(new RegExp(`^file\\.unwritable: .*; ${remedy}$`));
    expect(existsSync(path.join(cwd, "nowhere"))).toBe(false);
  });
});

describe("plan", () => {
  const step = { op: "update", urn };
  const told = [{ urn, severity: "info", message: "nothing is written\n" }];
  const preview = say({ steps: [step], diagnostics: told, changeSummary: { update: 1 } });
  const how = { timeout: "1m" };

  test("prints the plan once as text or as JSON, and as a comment beside the text for the log", async () => {
    const cwd = playProgram({ preview });
    await showPlan({ cwd, ...how }, signal);
    expect(heard.printed).toMatch(/^prod: [^]*^web\b/m);
    heard.printed = "";
    await showPlan({ cwd, ...how, json: true }, signal);
    expect(JSON.parse(heard.printed)).toMatchObject({ stack: "prod", result: "planned", syncs: [{ resource: "web" }] });
    expect(heard.complained).toBe("");
    heard.printed = "";
    await showPlan({ cwd, ...how, markdown: true }, signal);
    expect(heard.printed).toContain("**`web`");
    expect(heard.complained).toMatch(/^prod: /);
    expect(process.exitCode).toBeUndefined();
  });

  test("lists syncs by URN, then other resources, and leaves out a sync of which nothing is said", async () => {
    const named = (name: string) => urn.replace(/web$/, name);
    const other = "urn:pulumi:prod::shop::random:index/pet:Pet::pet";
    const steps = ["c", "a"].map((name) => ({ op: "update", urn: named(name) }));
    const quiet = { urn: named("b"), severity: "info", message: "" };
    const diagnostics = [...steps.map((one) => ({ ...told[0], urn: one.urn })), quiet];
    const whole = { steps: [...steps, { op: "create", urn: other }], diagnostics, changeSummary: { update: 3 } };
    await showPlan({ cwd: playProgram({ preview: say(whole) }), ...how }, signal);
    expect(heard.printed.split("\n").slice(1)).toEqual([
      "",
      "a",
      "  nothing is written",
      "",
      "c",
      "  nothing is written",
      "",
      "other resources",
      "  create random:index/pet:Pet pet",
      "",
    ]);
  });

  test("of a preview that is refused ends with 1, and shows why", async () => {
    const cwd = playProgram({ preview: refused("resource 'web' has a problem: source.not_found: no such folder") });
    await showPlan({ cwd, ...how }, signal);
    expect(heard.printed).toContain("source.not_found: ");
    expect(process.exitCode).toBe(1);
  });

  test("that fails before it reaches a resource names none", async () => {
    const absent = `echo "error: no stack named 'prod' found" >&2; exit 255`;
    await showPlan({ cwd: playProgram({ preview: absent }), ...how }, signal);
    expect(heard.printed).toMatch(/^1 problem\n {2}stack\.missing: /m);
  });

  test("is asked for in one way only", async () => {
    await expect(showPlan({ cwd: playProgram(), ...how, json: true, markdown: true }, signal)).rejects.toThrow(
      "argument.invalid: --json and --markdown are two ways to print the plan; give one of them",
    );
  });
});
