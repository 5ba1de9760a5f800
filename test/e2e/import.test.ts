// The real Pulumi CLI and the import of a first run into a file: foretold, done once, readable in the preview.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWorld, type World } from "./harness.js";

describe("a first run that imports", () => {
  let world: World;
  let appId: string;
  let plain: string;
  const file = () => readFile(join(world.directory, "secrets.env"), "utf8");

  beforeAll(async () => {
    world = await openWorld({ program: "inline" });
    plain = world.secret("plain");
    const envs = [
      { key: "PLAIN", value: plain },
      { key: "HIDDEN", value: world.secret("hidden"), type: "SECRET" },
    ];
    appId = world.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] }).id;
    await world.write("secrets.env", "# ours\nOWN=1\n");
    await world.program(`
      new SecretSync("web", {
        source: { type: "file", path: "secrets.env" },
        destination: { type: "digital-ocean-app-platform", appId: "${appId}", variableType: "GENERAL" },
        syncOptions: { initialSyncBehavior: "import-prioritize-source" },
      });`);
  });
  afterAll(() => world.close());

  test("says in the preview what would be imported, adopted and left, and writes nothing", async () => {
    const { text } = await world.preview();
    expect(text).toMatch(/: first sync to shop/);
    expect(text).toMatch(/\^ PLAIN: will be added to the file source "secrets\.env"/);
    expect(text).toMatch(/\. HIDDEN: not imported, stays as it is: its value cannot be read, or is a reference/);
    expect(text).toMatch(/> app\/PLAIN: will be adopted/);
    expect(await file()).toBe("# ours\nOWN=1\n");
  });

  test("writes the file and the app in one up, and never again", async () => {
    const hidden = world.cloud.app(appId).spec.envs?.find(({ key }) => key === "HIDDEN");
    await world.previewAndUp();
    expect(await file()).toBe(`# ours\nOWN=1\nPLAIN=${plain}\n`);
    const after = world.cloud.app(appId).spec.envs ?? [];
    expect(after.find(({ key }) => key === "HIDDEN")).toEqual(hidden);
    expect(after.map(({ key }) => key).sort()).toEqual(["HIDDEN", "OWN", "PLAIN"]);
    world.cloud.editConsole(appId, (spec) => void spec.envs?.push({ key: "LATER", value: "theirs" }));
    world.cloud.settle(appId);
    const { text } = await world.up();
    expect(text).toMatch(/2 unchanged/);
    expect(await file()).not.toMatch(/LATER/);
  });
});
