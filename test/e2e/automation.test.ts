// Programs of the Automation API: an inline program runs where its driver was started, so relative paths start there, and a file that is
// missing is told with the folder that was searched.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { valuesAt } from "./evidence.js";
import { openWorld, startProgram, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld();
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  await mkdir(join(world.directory, "driver"));
});
afterAll(() => world.close());

/** A driver in a folder of its own, started in the world's folder. */
async function drive(path: string): Promise<{ code: number; text: string }> {
  await writeFile(
    join(world.directory, "driver", "main.js"),
    `
    const { LocalWorkspace } = require("@pulumi/pulumi/automation");
    const { SecretSync } = require("pulumi-secret-sync");
    const { join } = require("node:path");
    const program = async () => {
      new SecretSync("web", {
        source: { type: "file", path: ${path} },
        destination: { type: "digital-ocean-app-platform", appId: "${appId}" },
      });
    };
    (async () => {
      const stack = await LocalWorkspace.createOrSelectStack({ stackName: "inline", projectName: "inline", program });
      await stack.up({ onOutput: (text) => process.stdout.write(text) });
    })().catch((error) => { console.error(error.message); process.exit(1); });
    `,
  );
  return startProgram(world, ["node", "driver/main.js"]).done;
}

test("a relative path of an inline program starts where the driver was started, and the failure says so", async () => {
  const value = world.secret("beside-the-driver");
  await writeFile(join(world.directory, "driver", "beside.env"), `A=${value}\n`);
  const missing = await drive(`"beside.env"`);
  expect(missing.code).toBe(1);
  expect(missing.text).toContain(`${world.directory}/beside.env does not exist`);
  expect(missing.text).toContain(`(relative paths start at ${world.directory})`);
  const found = await drive(`join(__dirname, "beside.env")`);
  expect(found.text).toContain("1 key live at");
  expect(valuesAt(world, appId)).toEqual({ A: value });
});
