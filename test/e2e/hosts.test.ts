// A TypeScript program changes its host, and goes back: nothing is written at the destination, and destroy works from either side.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCommand } from "./command-line.js";
import { openWorld, succeed, type World } from "./harness.js";
import { placePlugin } from "./plugin-world.js";
import { startWatch } from "./watching.js";

let world: World;
let appId: string;

beforeEach(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  await placePlugin(world);
});
afterEach(() => world.close());

const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;
const written = () => world.cloud.running(appId)["web"]?.["A"]?.value;

interface Written {
  readonly before?: string;
  readonly options?: string;
  readonly after?: string;
}

async function program(value: string, { before = "", options = "{}", after = "" }: Written = {}): Promise<void> {
  await world.program(`${before}
const ocean = new Connection("ocean", { app: "digital-ocean", method: "api-token", credentials: { apiToken: ${JSON.stringify(world.cloud.token)} } });
const web = new SecretSync("web", {
  source: { type: "inline", values: { A: pulumi.secret(${JSON.stringify(value)}) } },
  destination: { type: "digital-ocean-app-platform", connection: ocean, appName: "shop", components: ["web"] },
}, ${options});
${after}`);
}

const serveBy = (host: "plugin" | "dynamic") => {
  world.environment["PULUMI_SECRET_SYNC_HOST"] = host;
};
const types = async () => {
  const { stdout } = succeed(await world.pulumi("stack", "export"));
  const { resources } = (JSON.parse(stdout) as { deployment: { resources: { type: string }[] } }).deployment;
  return resources.map(({ type }) => type).filter((type) => /:(?:SecretSync|Connection)$/.test(type));
};

describe("a stack of the dynamic provider", () => {
  test("goes to the plugin and back without a write, and is destroyed", async () => {
    const value = world.secret("a");
    await program(value);
    await world.up();
    const before = puts();
    for (const host of ["plugin", "dynamic"] as const) {
      serveBy(host);
      const { text } = await world.preview("--diff");
      expect(text).not.toMatch(/to (?:create|delete|replace)/);
      const [now, was] = host === "plugin" ? ["plugin", "dynamic provider"] : ["dynamic provider", "plugin"];
      const why = `the ${now} serves this resource now, and the ${was} did before: its state is written anew, and nothing else`;
      // Once for each of the two resources.
      expect(text.split(why)).toHaveLength(3);
      await world.previewAndUp();
      expect(await types()).toEqual(
        ["Connection", "SecretSync"].map((name) =>
          host === "plugin" ? `secret-sync:index:${name}` : `pulumi-nodejs:dynamic/secret-sync:${name}`,
        ),
      );
      const { text: state } = await world.pulumi("stack", "export");
      expect(state.includes("exports.handler")).toBe(host === "dynamic");
      const again = (await world.up()).text;
      expect(again).toMatch(/Resources:\n +3 unchanged/);
      expect(again).not.toContain("serves this resource now");
      expect(puts()).toBe(before);
    }
    await program(world.secret("b"));
    await world.up();
    expect(puts()).toBe(before + 1);
    succeed(await world.pulumi("destroy", "--yes"));
    expect(written()).toBeUndefined();
  });

  test.each(["plugin", "dynamic"] as const)("is destroyed right after it went to the %s", async (host) => {
    await program(world.secret("a"));
    serveBy(host === "plugin" ? "dynamic" : "plugin");
    await world.up();
    serveBy(host);
    await world.up();
    succeed(await world.pulumi("destroy", "--yes"));
    expect(written()).toBeUndefined();
  });

  test.each(["plugin", "dynamic"] as const)("is not replaced in the run that changes it to the %s", async (host) => {
    const value = world.secret("a");
    serveBy(host === "plugin" ? "dynamic" : "plugin");
    await program(value, { options: '{ replacementTrigger: "one" }' });
    await world.up();
    serveBy(host);
    await program(value, { options: '{ replacementTrigger: "two" }' });
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, text } = await world.pulumi(...command);
      expect(code).not.toBe(0);
      expect(text).toContain("state.other_host");
    }
    expect(written()).toBe(value);
    await program(value, { options: '{ replacementTrigger: "one" }' });
    await world.up();
    await program(value, { options: '{ replacementTrigger: "two" }' });
    expect((await world.up()).text).toMatch(/1 replaced/);
    expect(written()).toBe(value);
  });

  test.each(["plugin", "dynamic"] as const)("keeps what awaits its removal when it goes to the %s", async (host) => {
    const value = world.secret("a");
    serveBy(host === "plugin" ? "dynamic" : "plugin");
    await program(value, { options: '{ replacementTrigger: "one" }' });
    await world.up();
    const failing = `new SecretSync("other", {
  source: { type: "inline", values: { "1-BAD": "x" } },
  destination: { type: "digital-ocean-app-platform", appName: "shop" },
}, { dependsOn: [web] });`;
    await program(value, { options: '{ replacementTrigger: "two" }', after: failing });
    expect((await world.pulumi("up", "--yes", "--skip-preview")).text).toContain("key.invalid");
    serveBy(host);
    await program(value, { options: '{ replacementTrigger: "two" }' });
    const before = puts();
    expect((await world.up()).text).toMatch(/web deleted original/);
    expect([puts(), written()]).toEqual([before, value]);
    succeed(await world.pulumi("destroy", "--yes", "--skip-preview"));
    expect(written()).toBeUndefined();
  });

  test("keeps what it owned: drift is found and repaired after the change", async () => {
    const value = world.secret("a");
    await program(value);
    await world.up();
    world.cloud.editConsole(appId, ({ services: [web] = [] }) => {
      if (web !== undefined) web.envs = [];
    });
    serveBy("plugin");
    const { text } = await world.preview();
    expect(text).toContain("web/A");
    // The drift is why: the sync says that, and its connection, which has nothing else to do, the change of the host.
    const summed = text.slice(text.indexOf("Diagnostics:"));
    expect(summed.split("serves this resource now"), text).toHaveLength(2);
    await world.up();
    expect(written()).toBe(value);
  });
});

test("`status` and `watch` know the syncs that the plugin serves", async () => {
  serveBy("plugin");
  await world.write("secrets.env", `A=${world.secret("a")}\n`);
  await world.program(`new SecretSync("web", {
  source: { type: "file", path: "secrets.env" },
  destination: { type: "digital-ocean-app-platform", appName: "shop", components: ["web"] },
});`);
  await world.up();
  const { stdout } = await runCommand(world, "status", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    syncs: [{ resource: "web", urn: "urn:pulumi:test::world::secret-sync:index:SecretSync::web", status: "succeeded" }],
  });
  const next = world.secret("b");
  await world.write("secrets.env", `A=${next}\n`);
  const runner = startWatch(world, ["--once"]);
  expect(await runner.next()).toMatchObject({ result: "synced", changes: [{ sync: "web", did: "1 changed" }] });
  expect(await runner.ended).toBe(0);
  expect(written()).toBe(next);
});

test("`registerAs` in the program does the same, and a host that there is not is refused", async () => {
  await program(world.secret("a"), { before: 'require("pulumi-secret-sync").registerAs("plugin");' });
  await world.up();
  expect(await types()).toEqual(["secret-sync:index:Connection", "secret-sync:index:SecretSync"]);
  world.environment["PULUMI_SECRET_SYNC_HOST"] = "plugins";
  await program(world.secret("a"));
  const { code, text } = await world.pulumi("preview");
  expect(code).not.toBe(0);
  expect(text).toContain('argument.invalid: PULUMI_SECRET_SYNC_HOST is "plugins"; it has to be "dynamic" or "plugin"');
});
