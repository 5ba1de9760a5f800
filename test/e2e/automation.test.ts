// Programs of the Automation API, which talk to the engine without a language host: transforms of the whole stack and hooks work in them
// with every version. An inline program runs where its driver was started.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { valuesAt } from "./evidence.js";
import { openWorld, type Run, startProgram, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ provider: "inline", secrets: "passphrase", stack: false });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  await mkdir(join(world.directory, "driver"));
});
afterAll(() => world.close());

/** Runs one operation of a driver that lies in a folder of its own and is started in the world's. */
async function drive(operation: string, program: string): Promise<Run> {
  await writeFile(
    join(world.directory, "driver", "main.js"),
    `
    const pulumi = require("@pulumi/pulumi");
    const { LocalWorkspace } = require("@pulumi/pulumi/automation");
    const { SecretSync } = require("pulumi-secret-sync");
    const { join } = require("node:path");
    const destination = { type: "digital-ocean-app-platform", appId: "${appId}" };
    const onOutput = (text) => process.stdout.write(text);
    (async () => {
      const program = async () => { ${program} };
      const stack = await LocalWorkspace.createOrSelectStack({ stackName: "inline", projectName: "inline", program });
      await stack.${operation};
    })().catch((error) => { console.error(error.message); process.exit(1); });
    `,
  );
  return startProgram(world, ["node", "driver/main.js"]).done;
}

const up = "up({ onOutput })";

test("a relative path of an inline program starts where the driver was started, and the failure says so", async () => {
  const value = world.secret("beside-the-driver");
  await writeFile(join(world.directory, "driver", "beside.env"), `A=${value}\n`);
  const declare = (path: string) => `new SecretSync("web", { source: { type: "file", path: ${path} }, destination });`;
  const missing = await drive(up, declare(`"beside.env"`));
  expect(missing.code).toBe(1);
  expect(missing.text).toContain(`${world.directory}/beside.env does not exist`);
  expect(missing.text).toContain(`(relative paths start at ${world.directory})`);
  const found = await drive(up, declare(`join(__dirname, "beside.env")`));
  expect(found.text).toContain("1 key live at");
  expect(valuesAt(world, appId)).toEqual({ A: value });
});

test("ignoreChanges of a transform is refused by name, or freezes the sync, as if the program had said it", async () => {
  const before = valuesAt(world, appId);
  const declare = (path: string) => `
    pulumi.runtime.registerResourceTransform(({ props, opts }) => ({
      props, opts: pulumi.mergeOptions(opts, { ignoreChanges: [${JSON.stringify(path)}] }),
    }));
    new SecretSync("web", { source: { type: "inline", values: { A: "other", B: "new" } }, destination });
  `;
  const refused = await drive(up, declare("keys.A"));
  expect(refused.text).toContain(`ignored.computed: ignoreChanges names "keys"`);
  const frozen = await drive(up, declare("*"));
  expect(frozen.text).toContain("sync web is frozen by ignoreChanges");
  expect(valuesAt(world, appId)).toEqual(before);
});

test("hooks run around the write and the removal, and are handed no value", async () => {
  const values = { A: world.secret("a"), B: world.secret("b") };
  const program = `
    const names = ["beforeUpdate", "afterUpdate", "beforeDelete", "afterDelete"];
    const tell = (name) => new pulumi.ResourceHook(name, (args) => console.log("hook", name, JSON.stringify(args)));
    const hooks = Object.fromEntries(names.map((name) => [name, [tell(name)]]));
    new SecretSync("web", { source: { type: "inline", values: ${JSON.stringify(values)} }, destination }, { hooks });
  `;
  const written = await drive(up, program);
  expect(written.text).toMatch(/hook beforeUpdate [^]*2 keys live at [^]*hook afterUpdate/);
  expect(valuesAt(world, appId)).toEqual(values);
  const removed = await drive("destroy({ onOutput, runProgram: true })", program);
  expect(removed.text).toMatch(/hook beforeDelete [^]*2 removed: shop[^]*hook afterDelete/);
  expect(valuesAt(world, appId)).toEqual({});
});
