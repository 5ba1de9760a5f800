// `init` reads a live app or site, and the program that it writes takes everything over under the real Pulumi CLI.

import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MACHINE, type NetlifyEmulator, type SiteRecord, startNetlify } from "../emulators/netlify/index.js";
import { runCommand } from "./command-line.js";
import { messagesOf, previewJson } from "./evidence.js";
import { compileProgram } from "./generated.js";
import { enterFolder, openWorld, succeed, type World } from "./harness.js";

const readText = (world: World, file: string) => readFile(path.join(world.directory, file), "utf8");

/** Gives the missing values, as a person would. */
async function supply(world: World, file: string, values: Readonly<Record<string, string>>): Promise<void> {
  let text = await readText(world, file);
  for (const [key, value] of Object.entries(values)) {
    expect(text).toContain(`# ${key}=\n`);
    text = text.replace(`# ${key}=\n`, `${key}='${value}'\n`);
  }
  await writeFile(path.join(world.directory, file), text);
}

describe("init for an app", () => {
  let world: World;
  let program: World;
  let appId: string;
  const values: Record<string, string> = {};
  const running = () =>
    Object.fromEntries(
      Object.entries(world.cloud.running(appId)).map(([component, variables]) => [
        component,
        Object.fromEntries(Object.entries(variables).map(([key, { value }]) => [key, value])),
      ]),
    );

  beforeAll(async () => {
    world = await openWorld({ provider: "inline", secrets: "passphrase", stack: false });
    for (const name of ["url", "level", "token", "motto", "quoted", "broken"]) values[name] = world.secret(name);
    const motto = `${values["motto"]} # it's "so"\nand \${not} so`.replace("${not}", "$not");
    values["motto"] = motto;
    appId = world.cloud.createApp({
      name: "shop",
      envs: [
        { key: "DATABASE_URL", value: values["url"] ?? "", type: "SECRET" },
        { key: "LOG_LEVEL", value: values["level"] ?? "", scope: "RUN_TIME" },
        { key: "MOTTO", value: motto },
        { key: "EMPTY", value: "" },
        { key: "PUBLIC_URL", value: "${APP_URL}/shop" },
        { key: "QUOTES", value: `'"\\\`${values["quoted"]}\r` },
        { key: "SEALED", value: `encrypted:${values["broken"]}` },
      ],
      services: [
        { name: "web", envs: [{ key: "TOKEN", value: values["token"] ?? "", type: "SECRET", scope: "RUN_TIME" }] },
      ],
      workers: [{ name: "idle" }],
    }).id;
    program = await enterFolder(world, "program");
  });
  afterAll(() => world.close());

  test("writes a program, names what is missing and what is left, and prints no value", async () => {
    const before = JSON.stringify(world.cloud.app(appId).spec);
    const run = succeed(await runCommand(program, "init", "--app", "shop"));
    expect(run.stdout).toContain("keys: 4 with their values, 2 whose values you supply, 2 left as they are");
    expect((await readdir(program.directory)).sort()).toEqual(
      [
        ".gitignore",
        "MISSING.md",
        "Pulumi.yaml",
        "index.ts",
        "node_modules",
        "package.json",
        "shop-web.env",
        "shop.env",
        "tsconfig.json",
      ].sort(),
    );
    const missing = await readText(program, "MISSING.md");
    expect(missing).toMatch(/## `shop\.env`: all components\n\n- \[ \] `DATABASE_URL`\n/);
    expect(missing).toMatch(/## `shop-web\.env`: component web\n\n- \[ \] `TOKEN`\n/);
    expect(missing).toMatch(/- `PUBLIC_URL` \(all components\): PUBLIC_URL contains "\$\{"/);
    expect(missing).toMatch(/- `SEALED` \(all components\): a dotenv file cannot hold its value/);
    for (const file of ["index.ts", "MISSING.md", "Pulumi.yaml", "package.json"])
      for (const canary of world.canaries) expect(await readText(program, file)).not.toContain(canary);
    expect(await readText(program, "index.ts")).toContain('path: "shop.env", dialect: "compose"');
    expect(await readText(program, ".gitignore")).toContain("*.env\n");
    for (const file of ["shop.env", "shop-web.env"])
      expect((await stat(path.join(program.directory, file))).mode & 0o777).toBe(0o600);
    expect(await readText(program, "shop.env")).toMatch(/^# DATABASE_URL=$/m);
    expect(JSON.stringify(world.cloud.app(appId).spec)).toBe(before);
  });

  test("writes nothing over, and names every file that is there", async () => {
    const before = await readText(program, "index.ts");
    const { code, stderr } = await runCommand(program, "init", "--app", appId);
    expect(code).toBe(1);
    for (const file of ["index.ts", "Pulumi.yaml", "shop.env", "MISSING.md"])
      expect(stderr).toContain(`file.exists: ${file} already exists`);
    expect(await readText(program, "index.ts")).toBe(before);
    const other = await enterFolder(world, "other");
    await writeFile(path.join(other.directory, "package.json"), "{}");
    expect((await runCommand(other, "init", "--app", "shop")).code).toBe(1);
    expect((await readdir(other.directory)).sort()).toEqual(["node_modules", "package.json"]);
  });

  test("is a program that compiles against the package", () => {
    expect(compileProgram(program.directory)).toEqual([]);
  });

  test("previews the adoption of what is known, and up with the missing values keeps every value, type and scope", async () => {
    succeed(await program.pulumi("stack", "init", "test"));
    const first = await previewJson(program);
    expect(first.steps.map(({ op }) => op)).toEqual(["create", "create"]);
    expect(messagesOf(first, "shop")).toMatch(/adopt[\s\S]*LOG_LEVEL/);
    await supply(program, "shop.env", { DATABASE_URL: values["url"] ?? "" });
    await supply(program, "shop-web.env", { TOKEN: values["token"] ?? "" });
    const shape = () =>
      JSON.stringify(world.cloud.app(appId).spec, (name, value: unknown) => (name === "value" ? undefined : value));
    const [before, shapeBefore] = [running(), shape()];
    await program.previewAndUp();
    world.cloud.settle(appId);
    expect(running()).toEqual(before);
    expect(shape()).toBe(shapeBefore);
    const { syncs } = JSON.parse((await runCommand(program, "status", "--json")).stdout) as {
      syncs: Array<{ resource: string; keys: string[] }>;
    };
    expect(Object.fromEntries(syncs.map(({ resource, keys }) => [resource, keys]))).toEqual({
      shop: ["DATABASE_URL", "EMPTY", "LOG_LEVEL", "MOTTO", "QUOTES"],
      "shop-web": ["TOKEN"],
    });
    expect((await previewJson(program)).steps).toEqual([]);
  });

  test("leaves every variable in place when the program is destroyed", async () => {
    const before = running();
    succeed(await program.pulumi("destroy", "--yes"));
    expect(running()).toEqual(before);
    expect(world.cloud.complaints).toEqual([]);
  });

  test("takes single components, and tells one that is not there", async () => {
    const one = await enterFolder(world, "one");
    succeed(await runCommand(one, "init", "--app", appId, "--component", "web", "--directory", "below/here"));
    expect((await readdir(path.join(one.directory, "below/here"))).filter((file) => file.endsWith(".env"))).toEqual([
      "shop-web.env",
    ]);
    const { code, stderr } = await runCommand(one, "init", "--app", "shop", "--component", "nowhere");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('destination.unknown_component: the app has no component "nowhere"; it has web, idle'),
    ]);
    expect((await runCommand(one, "init", "--app", "shop", "--component", "idle")).stderr).toContain(
      "destination.no_variables: shop",
    );
    expect((await runCommand(one, "init")).stderr).toContain("argument.invalid: the app or site is missing");
    expect((await runCommand(one, "init", "--app", "nowhere")).stderr).toContain("destination.not_found");
    delete one.environment["DIGITALOCEAN_TOKEN"];
    expect((await runCommand(one, "init", "--app", "shop")).stderr).toContain("connection.missing");
  });
});

test("init for a site writes a sync for each context, and up keeps every value of every context", async () => {
  const world = await openWorld({ provider: "inline", secrets: "passphrase", stack: false });
  const token = world.secret("token");
  const netlify: NetlifyEmulator = await startNetlify({ tokens: { [token]: { user: MACHINE } } });
  const site: SiteRecord = netlify.addSite();
  Object.assign(world.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: token });
  try {
    const [plain, first, second, local] = ["plain", "first", "second", "local"].map((name) => world.secret(name));
    netlify.edit(site, { key: "PLAIN", slot: "all" }, plain ?? "");
    netlify.edit(site, { key: "LIMITED", slot: "production" }, { value: plain ?? "", scopes: ["builds"] });
    netlify.edit(site, { key: "KEY", slot: "production" }, { value: first ?? "", isSecret: true });
    netlify.edit(site, { key: "KEY", slot: "branch:release/next" }, { value: second ?? "", isSecret: true });
    netlify.edit(site, { key: "KEY", slot: "dev" }, { value: local ?? "", isSecret: true });
    const program = await enterFolder(world, "program");
    succeed(await runCommand(program, "init", "--site", site.id));
    expect(compileProgram(program.directory)).toEqual([]);
    const files = (await readdir(program.directory)).filter((file) => file.endsWith(".env"));
    const name = files.find((file) => file.endsWith("-production.env"))?.replace("-production.env", "") ?? "";
    expect(files.sort()).toEqual(
      [`${name}-dev.env`, `${name}-production.env`, `${name}-release-next.env`, `${name}.env`].sort(),
    );
    await supply(program, `${name}-production.env`, { KEY: first ?? "" });
    await supply(program, `${name}-release-next.env`, { KEY: second ?? "" });
    const [values, shapes] = [
      netlify.values(site),
      () => [...site.variables.values()].map((one) => [one.key, one.is_secret, one.scopes]),
    ];
    const before = shapes();
    succeed(await program.pulumi("stack", "init", "test"));
    await program.previewAndUp();
    expect(netlify.values(site)).toEqual(values);
    expect(shapes()).toEqual(before);
    expect((await previewJson(program)).steps).toEqual([]);
    expect(netlify.complaints).toEqual([]);
  } finally {
    await netlify.close();
    await world.close();
  }
});
