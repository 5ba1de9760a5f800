// `status` on stacks that the real Pulumi CLI has written.

import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "./command-line.js";
import { editConsole } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

describe("status", () => {
  let world: World;
  let appId: string;

  beforeAll(async () => {
    world = await openWorld({ program: "inline" });
    appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  });
  afterAll(() => world.close());

  test("says that a stack has no sync", async () => {
    expect(await runCommand(world, "status")).toMatchObject({
      code: 0,
      stdout: "test has no SecretSync\n",
      stderr: "",
    });
  });

  test("says where to run it, outside of a program", async () => {
    const { code, stderr } = await runCommand(world, "status", "--cwd", tmpdir());
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /cannot be read: pulumi stack ls failed: no Pulumi\.yaml project file found; run this in the folder/,
      ),
    ]);
  });

  test("tells what an update left, in text and as JSON, and asks the platform nothing", async () => {
    const command = ["echo", JSON.stringify({ B: world.secret("b") })];
    await world.program(`
      const source = [
        { type: "inline", values: { A: ${JSON.stringify(world.secret("a"))} } },
        { type: "exec", command: ["sh", "-c", pulumi.secret(${JSON.stringify(command.join(" ").replaceAll('"', '\\"'))})] },
      ];
      const destination = { type: "digital-ocean-app-platform", appName: "shop", components: ["web"] };
      new SecretSync("web", { source, destination });
      new SecretSync("idle", { source, destination, isEnabled: false });
    `);
    await world.up();
    world.cloud.resetCounts();
    const { code, stdout } = await runCommand(world, "status");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^RESOURCE +TARGET +KEYS +LAST SYNC +STATUS +DRIFT$/m);
    expect(stdout).toMatch(
      /^web +shop \(App Platform\) +2 +20\d\d-\d\d-\d\d \d\d:\d\dZ +succeeded +-\n  https:\S+, deployment [\da-f]{8}$/m,
    );
    expect(stdout).toMatch(/^idle +shop \(App Platform\) +0 +never +disabled +-$/m);
    const json = JSON.parse((await runCommand(world, "status", "--json", "--check")).stdout);
    expect(json).toMatchObject({ format: 1, stack: "test" });
    expect(json.syncs.find((sync: { resource: string }) => sync.resource === "web")).toEqual({
      resource: "web",
      carriedBy: null,
      urn: expect.stringMatching(/^urn:pulumi:test::world::.*SecretSync::web$/),
      name: "web",
      target: {
        type: "digital-ocean-app-platform",
        platform: "App Platform",
        name: "shop",
        id: appId,
        url: expect.stringMatching(/^https:/),
      },
      keys: ["A", "B"],
      destroy: { removes: ["A", "B"], givesBack: [], keeps: [], untold: [] },
      status: "succeeded",
      message: "2 added",
      lastSyncedAt: expect.stringMatching(/Z$/),
      deploymentId: expect.any(String),
      version: 1,
      drift: [],
      unread: [],
    });
    expect(world.cloud.counts()).toEqual({});
  });

  test("knows drift once a refresh has recorded it, and --check ends with 3 then", async () => {
    editConsole(world, appId, (shop) => delete shop.services?.[0]?.envs);
    expect(await runCommand(world, "status", "--check")).toMatchObject({ code: 0 });
    succeed(await world.pulumi("refresh", "--yes"));
    const { code, stdout } = await runCommand(world, "status", "--check");
    expect(code).toBe(3);
    expect(stdout).toContain("web: drift at the last refresh\n  web/A is gone\n  web/B is gone\n");
  });

  test("takes the folder and the stack by name, and tells a stack that is not there", async () => {
    const named = ["--cwd", world.directory, "--stack"];
    expect((await runCommand(world, "status", ...named, "test")).stdout).toContain("succeeded");
    const missing = await runCommand(world, "status", ...named, "nowhere");
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toMatch(
      /^error: stack\.missing: the state of nowhere cannot be read: pulumi stack export failed: no stack named 'nowhere' found; pulumi stack ls/,
    );
  });
});
