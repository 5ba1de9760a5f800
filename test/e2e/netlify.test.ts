// The real Pulumi CLI against the Netlify emulator: whole plan, contexts, drift, builds, half-way writes, destroy.

import { cp, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  DEFAULT_TOKEN,
  MACHINE,
  type NetlifyEmulator,
  type SiteRecord,
  startNetlify,
} from "../emulators/netlify/index.js";
import { runCommand } from "./command-line.js";
import { openWorld, type World } from "./harness.js";

async function openNetlifyWorld(
  program: "inline" | "process" = "inline",
): Promise<{ world: World; netlify: NetlifyEmulator; site: SiteRecord }> {
  const world = await openWorld({ program });
  const token = world.secret("token");
  const netlify = await startNetlify({
    phaseMs: 5,
    tokens: { [token]: { user: MACHINE }, [DEFAULT_TOKEN]: { user: MACHINE } },
  });
  Object.assign(world.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: token });
  return { world, netlify, site: netlify.addSite() };
}

const noValues = async (world: World) => {
  const { stdout } = await world.pulumi("stack", "export", "--show-secrets");
  expect(stdout).toContain("secret-sync:SecretSync");
};

describe("one site", () => {
  let world: World;
  let netlify: NetlifyEmulator;
  let site: SiteRecord;
  let one = "";
  let two = "";
  const program = (extra = "", values = { A: one, B: two }) =>
    world.program(`
      const destination = { type: "netlify", siteId: "${site.id}", contexts: ["production", "deploy-preview"]${extra} };
      exports.sync = new SecretSync("site", { source: { type: "inline", values: ${JSON.stringify(values)} }, destination });
    `);

  beforeAll(async () => {
    ({ world, netlify, site } = await openNetlifyWorld());
    one = world.secret("one");
    two = world.secret("two");
    await program();
  });
  afterAll(async () => {
    await netlify.close();
    await world.close();
  });

  test("a preview writes nothing and reports a conflict by name", async () => {
    netlify.edit(site, { key: "B", slot: "production" }, { value: "theirs", isSecret: true });
    const { code, text } = await world.pulumi("preview");
    expect(code).not.toBe(0);
    expect(text).toMatch(/conflict.exists: production\/B already exists .*last changed by Jane Doe/);
    expect(netlify.writes()).toEqual([]);
    site.variables.delete("B");
  });

  test("up writes once, and a second one nothing", async () => {
    await world.previewAndUp();
    expect(netlify.values(site)).toEqual({
      A: { production: one, "deploy-preview": one },
      B: { production: two, "deploy-preview": two },
    });
    expect(netlify.writes()).toHaveLength(1);
    const { stdout } = await world.preview("--json");
    expect(JSON.parse(stdout).changeSummary).toEqual({ same: expect.any(Number) });
    await world.up();
    expect(netlify.writes()).toHaveLength(1);
    expect((await runCommand(world, "status")).stdout).toMatch(
      new RegExp(`^\\w+ +${site.name} \\(Netlify\\) +2 `, "m"),
    );
    await noValues(world);
  });

  test("a masked value that somebody changed is named with the author, and repaired", async () => {
    netlify.edit(site, { key: "A", slot: "production" }, "hacked");
    const { text } = await world.preview();
    expect(text).toMatch(
      /production\/A: value changed at Netlify, here or in deploy-preview; A was last changed by Jane Doe, \d+ \w{3} \d\d:\d\d UTC; will be written again/,
    );
    await world.up();
    expect(netlify.values(site)["A"]?.["production"]).toBe(one);
    const { stdout } = await world.preview("--json");
    expect(JSON.parse(stdout).changeSummary).toEqual({ same: expect.any(Number) });
  });

  test("drift that a refresh has recorded is repaired by the next up", async () => {
    netlify.drop(site, { key: "B", slot: "deploy-preview" });
    expect((await world.pulumi("refresh", "--yes")).code).toBe(0);
    await world.up();
    expect(netlify.values(site)["B"]).toEqual({ production: two, "deploy-preview": two });
  });

  test("a run that dies half-way leaves in state what was written, and the next one ends it", async () => {
    const [three, four] = [world.secret("three"), world.secret("four")];
    await program("", { A: three, B: four });
    netlify.faults.add({ match: { method: "PATCH", path: /env\/B$/, times: 1_000 }, status: 403 });
    const { code, text } = await world.pulumi("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(text).toContain("connection.forbidden");
    expect(netlify.values(site)["A"]).toEqual({ production: three, "deploy-preview": three });
    netlify.faults.clear();
    const before = netlify.writes().length;
    await world.up();
    expect(
      netlify
        .writes()
        .slice(before)
        .every((write) => write.endsWith("/env/B")),
    ).toBe(true);
    expect(netlify.values(site)["B"]).toEqual({ production: four, "deploy-preview": four });
    await noValues(world);
  });

  test("a build is started once, followed, and a failed one is reported and built again", async () => {
    site.nextFailures.push("Build script returned non-zero exit code: 2");
    const five = world.secret("five");
    await program(", build: { trigger: true }", { A: five, B: five });
    const { code, text } = await world.pulumi("up", "--yes", "--skip-preview");
    expect([code === 0, text.includes("non-zero exit code: 2")]).toEqual([false, true]);
    const before = netlify.writes().length;
    await world.up();
    expect(netlify.writes().slice(before)).toEqual([`POST /sites/${site.id}/builds`]);
    expect(netlify.running(site)).toEqual({ A: five, B: five });
  });

  test("a foreign value beside ours survives the destruction of the sync", async () => {
    netlify.edit(site, { key: "A", slot: "branch:staging" }, "theirs");
    expect((await world.pulumi("destroy", "--yes")).code).toBe(0);
    expect(netlify.values(site)).toEqual({ A: { "branch:staging": "theirs" } });
    expect(netlify.complaints).toEqual([]);
  });
});

test("a connection is proven, keeps no token in state, and its sync is destroyed without the program", async () => {
  const { world, netlify, site } = await openNetlifyWorld();
  const token = world.environment["NETLIFY_AUTH_TOKEN"] ?? "";
  delete world.environment["NETLIFY_AUTH_TOKEN"];
  const value = world.secret("value");
  // State keeps a destination's token, encrypted, because destroy needs it; the state is not decrypted here.
  await world.program(`
    const connection = new Connection("netlify", {
      app: "netlify", method: "access-token", credentials: { accessToken: ${JSON.stringify(token)} }, baseUrl: "${netlify.url}/api/v1",
    });
    const destination = { type: "netlify", connection, siteId: "${site.name}.netlify.app", isSecret: false };
    const sync = new SecretSync("site", { source: { type: "inline", values: { A: "${value}" } }, destination });
    exports.account = connection.account;
    exports.target = sync.targetId;
  `);
  await world.up();
  expect(netlify.values(site)).toEqual({ A: { all: value } });
  const { stdout } = await world.pulumi("stack", "output", "--json");
  expect(JSON.parse(stdout)).toEqual({ account: "sync@example.com", target: site.id });
  await world.program("");
  await world.up();
  expect(netlify.values(site)).toEqual({});
  netlify.tokens.delete(token);
  await netlify.close();
  await world.close();
});

test("the examples of a site, and of one source with two destinations", async () => {
  const { world, netlify, site } = await openNetlifyWorld("process");
  const examples = resolve(__dirname, "../../examples");
  const put = async (name: string, ...files: string[]) => {
    for (const file of files) await cp(join(examples, name, file), join(world.directory, file));
    const manifest = await readFile(join(examples, name, "package.json"), "utf8");
    await world.write("package.json", manifest);
  };
  await put("netlify-site", "index.ts", "tsconfig.json", "previews.env");
  const url = world.secret("url");
  const set = async (...args: string[]) => expect((await world.pulumi("config", "set", ...args)).code).toBe(0);
  await set("siteId", site.id);
  await set("--secret", "databaseUrl", url);
  await set("build", "true");
  await world.up();
  expect(netlify.values(site)).toMatchObject({
    DATABASE_URL: { production: url, "branch:staging": expect.any(String) },
  });
  expect(site.builds.length).toBeGreaterThan(0);
  expect(netlify.running(site)).toMatchObject({ DATABASE_URL: url });
  expect((await world.pulumi("destroy", "--yes")).code).toBe(0);
  expect(site.variables.size).toBe(0);

  const app = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  await put("one-source-two-destinations", "index.ts", "secrets.env");
  await set("app", "shop");
  await world.up();
  expect(Object.keys(netlify.values(site))).toEqual(["PAYMENT_KEY"]);
  expect(world.cloud.app(app.id).spec.envs?.map((one) => one.key)).toEqual(["DATABASE_URL", "PAYMENT_KEY"]);
  expect(netlify.complaints).toEqual([]);
  await netlify.close();
  await world.close();
});
