// `init --from infisical` against emulators of Infisical and App Platform: what it reads, compares, writes, prints and refuses.

import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeProgram } from "../../provider/commands/init/action.js";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";

describe("init --from infisical", () => {
  let infisical: InfisicalEmulator;
  let cloud: DigitalOceanEmulator;
  let directory: string;
  let printed: string;
  beforeEach(async () => {
    [infisical, cloud] = await Promise.all([startInfisical(), startDigitalOcean()]);
    directory = await mkdtemp(path.join(tmpdir(), "init-infisical-"));
    infisical.instance.identities.push({ clientId: "ci", clientSecret: "canary-client" });
    infisical.instance.projects.set("p-1", { prod: { "/app": { secrets: { TOKEN: "canary-token", LEVEL: "info" } } } });
    infisical.instance.connections.push({
      id: "c-1",
      app: "digital-ocean",
      method: "api-token",
      name: "ocean",
      description: "ours",
      credentials: {},
      projectId: null,
      version: 1,
    });
    for (const [name, value] of Object.entries({
      INFISICAL_API_URL: infisical.origin,
      INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: "ci",
      INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: "canary-client",
      INFISICAL_TOKEN: "",
      INFISICAL_PROJECT_ID: "",
      DIGITALOCEAN_API_URL: cloud.url,
      DIGITALOCEAN_TOKEN: cloud.token,
    }))
      vi.stubEnv(name, value);
    printed = "";
    vi.spyOn(process.stdout, "write").mockImplementation((said) => ((printed += String(said)), true));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await Promise.all([infisical.close(), cloud.close(), rm(directory, { recursive: true })]);
  });

  const addSync = (more: object = {}) =>
    infisical.instance.syncs.push({
      id: "s-1",
      destination: "digital-ocean-app-platform",
      name: "shop",
      description: null,
      projectId: "p-1",
      connectionId: "c-1",
      environment: "prod",
      secretPath: "/app",
      isAutoSyncEnabled: true,
      syncOptions: { initialSyncBehavior: "overwrite-destination" },
      destinationConfig: { appId: "", appName: "" },
      version: 1,
      syncStatus: "succeeded",
      lastSyncMessage: null,
      ...more,
    });
  const run = (options: object = {}) => writeProgram({ from: ["infisical"], directory, ...options });
  const text = (file: string) => readFileSync(path.join(directory, file), "utf8");

  test.each(["served", "documented"] as const)(
    "reads syncs in the words that are %s, keeps the live settings, and drops an outdated name",
    async (syncWords) => {
      infisical.instance.syncWords = syncWords;
      const envs = [
        { key: "TOKEN", value: "canary-token", type: "SECRET", scope: "RUN_TIME" } as const,
        { key: "LEVEL", value: "debug", scope: "RUN_TIME" } as const,
      ];
      const { id } = cloud.createApp({ name: "store", envs });
      addSync({ destinationConfig: { appId: id, appName: "shop" } });
      await run();
      expect(text("index.ts")).toContain('description: "ours"');
      expect(text("index.ts")).toContain('scope: "RUN_TIME"');
      expect(text("index.ts")).not.toContain("appName");
      expect(text("index.ts")).toContain('adoptExisting: ["TOKEN"]');
      expect(text("MIGRATION.md")).toMatch(/outdated and left out here: app \S+ is called "store", not "shop"/);
      expect(text("MIGRATION.md")).toMatch(/the value at the destination is another one\*\*[^\n]*: `LEVEL`/);
      expect(text("index.ts") + text("MIGRATION.md")).not.toContain("canary");
    },
  );

  test("prints which files it has written, and what of them is to be read", async () => {
    addSync({ destinationConfig: { appId: cloud.createApp({ name: "shop", envs: [] }).id, appName: "shop" } });
    await run({ environment: ["prod"] });
    const [first = "", ...others] = printed.trimEnd().split("\n");
    expect(first).toBe(`${directory}: index.ts, Pulumi.yaml, package.json, tsconfig.json, .gitignore, MIGRATION.md`);
    expect(others.join("\n")).toContain("MIGRATION.md");
    expect(text("Pulumi.yaml")).toContain("Secret syncs of p-1");
  });

  test("compares each sync with the current app, although another sync has looked at it before", async () => {
    const envs = [{ key: "TOKEN", value: "canary-token", type: "SECRET", scope: "RUN_TIME" } as const];
    const { id } = cloud.createApp({ name: "shop", envs: [...envs, { key: "LEVEL", value: "info" }] });
    cloud.onRequest({ method: "GET", path: new RegExp(`/apps/${id}$`), nth: 2 }, () => {
      cloud.editConsole(id, ({ envs: now = [] }) => Object.assign(now[1] ?? {}, { value: "debug" }));
    });
    for (const name of ["first", "second"])
      addSync({ id: name, name, destinationConfig: { appId: id, appName: "shop" } });
    await run();
    const [, ...parts] = text("MIGRATION.md").split(/^#+ .*(?=first|second)/m);
    expect(parts.map((part) => /value at the destination is another/.test(part))).toEqual([false, true]);
  });

  test("goes on without the destination, whose token may be elsewhere", async () => {
    vi.stubEnv("DIGITALOCEAN_TOKEN", "");
    vi.stubEnv("DIGITALOCEAN_ACCESS_TOKEN", "");
    addSync({ destinationConfig: { appId: "a-1", appName: "shop" } });
    await run();
    expect(text("index.ts")).toContain('appName: "shop"');
    expect(text("MIGRATION.md")).toContain(
      "no credentials found for digital-ocean-app-platform; set DIGITALOCEAN_TOKEN or DIGITALOCEAN_ACCESS_TOKEN",
    );
  });

  test.each([
    ["a project without syncs", {}, /^source\.no_syncs: the project p-1 has no secret sync/],
    ["environments without syncs", { environment: ["dev", "qa"] }, /^source\.no_syncs: .* in dev, qa that/],
    ["a file beside it", { from: ["infisical", "x.yaml"] }, /^argument\.invalid: --from infisical takes no x/],
    ["a system that is not known", { from: ["chamber"] }, /^argument\.invalid: --from cannot read "chamber"/],
  ])("refuses %s", async (_, options, says) => {
    if (_.startsWith("environments")) addSync({ destinationConfig: { appId: "a-1", appName: "shop" } });
    await expect(run(options)).rejects.toThrow(says);
  });

  test("names the projects if the identity sees several and neither an option nor the environment says which", async () => {
    infisical.instance.projects.set("p-2", {});
    await expect(run()).rejects.toThrow(/give --project with its id: the machine identity sees p-1, p-2$/);
    vi.stubEnv("INFISICAL_PROJECT_ID", "p-2");
    await expect(run()).rejects.toThrow(/^source\.no_syncs: the project p-2 has/);
    await expect(run({ project: "p-1" })).rejects.toThrow(/^source\.no_syncs: the project p-1 has/);
  });

  test("says which role is missing", async () => {
    infisical.instance.identities.splice(0, 1, { clientId: "ci", clientSecret: "canary-client", sees: [] });
    await expect(run()).rejects.toThrow(/^source\.forbidden: .*may not read secret syncs; give it a role/);
  });
});
