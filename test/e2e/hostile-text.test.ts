// What the real CLI and our own commands print when names are hostile and a backend fails: nothing acts, no credential is shown.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findActing as findActingIn, hostileName as anyName } from "../leaks/hostile-text.js";
import { runCommand } from "./command-line.js";
import { openWorld, type World } from "./harness.js";

/** gRPC carries no half of a pair. */
const hostileName = anyName.toWellFormed();

/** The CLI itself indents with tabs. */
const findActing = (text: string) => findActingIn(text.replaceAll("\t", " "));

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  world.environment["GITHUB_ACTIONS"] = "true";
});
afterAll(() => world.close());

const program = (rest: string) => `
  new SecretSync("web", {
    source: { type: "inline", values: ${rest} },
    destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
  });`;

describe("hostile names", () => {
  test("of keys do not act in a preview, nor in a run of watch", async () => {
    await world.program(program(JSON.stringify({ [hostileName]: "v", "::error file=a.ts::forged": "v" })));
    for (const flags of [[], ["--diff"], ["--json"]]) {
      const { code, text } = await world.pulumi("preview", ...flags);
      expect(code).not.toBe(0);
      expect(text).toContain("key.invalid");
      expect(findActing(text)).toEqual([]);
    }
    const { text } = await runCommand(world, "watch", "--once");
    expect(text).toContain("key.invalid");
    expect(findActing(text)).toEqual([]);
    for (const line of text.trim().split("\n")) expect(line).toMatch(/^(?:20\d\d-\S+Z )?world\/test: /);
  });

  test("of an account do not act where the CLI prints an output", async () => {
    world.cloud.tokens.set("dop_v1_hostile", {
      scopes: ["app:read", "app:update", "account:read"],
      email: hostileName,
    });
    await world.program(`
      const credentials = { apiToken: "dop_v1_hostile" };
      const ocean = new Connection("ocean", { app: "digital-ocean", method: "api-token", credentials, baseUrl: ${JSON.stringify(world.cloud.url)} });
      exports.account = ocean.account;`);
    for (const { text } of [
      await world.up("--diff"),
      await world.pulumi("stack", "output", "account"),
      await world.preview("--diff"),
    ]) {
      expect(findActing(text)).toEqual([]);
    }
    expect((await world.pulumi("stack", "output", "account")).text).toContain("forged");
  });

  test("of a refusal and of a failed deployment do not act in an update, nor in status", async () => {
    await world.program(program('{ A: "value-of-a" }'));
    world.cloud.failNextDeployment(appId, {
      step: "deploy",
      reasonCode: hostileName,
      message: hostileName,
      component: hostileName,
    });
    const { code, text } = await world.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(text).toContain("deployment.failed");
    expect(findActing(text)).toEqual([]);
    for (const args of [["status"], ["status", "--json"], ["map"]]) {
      expect(findActing((await runCommand(world, ...args)).text)).toEqual([]);
    }
  });

  test("on the command line itself do not act when they are refused", async () => {
    for (const args of [
      [hostileName],
      ["status", `--${hostileName}`],
      ["status", "--stack", hostileName],
      ["map", "--output", `/${hostileName}/x`],
    ]) {
      const { code, text } = await runCommand(world, ...args);
      expect(code).not.toBe(0);
      expect(findActing(text)).toEqual([]);
    }
  });
});

describe("the credentials of a backend", () => {
  const secret = "cnry4e1dz";
  const addresses = [
    `postgres://app:${secret}@127.0.0.1:1/state?sslmode=disable&application_name=${secret}`,
    `s3://states?endpoint=http://127.0.0.1:1&awssdk=v2&accessKey=${secret}`,
    `https://user:${secret}@127.0.0.1:1/api?token=${secret}`,
    `postgres://app:${secret}%40%2Fx@127.0.0.1:1/state`,
    `postgres://app:${secret}#x/@127.0.0.1:1/state`,
    `postgres://app:${secret} x@127.0.0.1:1/state`,
    `nonsense://app:${secret}@127.0.0.1:1/state?b=${secret}`,
  ];

  test.each(addresses)("are not shown by status, map and watch when it fails: %s", async (address) => {
    const before = world.environment;
    world.environment = {
      ...before,
      PULUMI_BACKEND_URL: address,
      AWS_REGION: "eu",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
      AWS_MAX_ATTEMPTS: "1",
    };
    try {
      for (const args of [["status"], ["map", "--force"], ["watch", "--once"], ["status", "--stack", "test"]]) {
        const { code, text } = await runCommand(world, ...args);
        expect(code, text).not.toBe(0);
        expect(text).toMatch(/error: stack\.\w+: /);
        expect(text).not.toContain(secret);
        expect(findActing(text)).toEqual([]);
      }
    } finally {
      world.environment = before;
    }
  });
});
