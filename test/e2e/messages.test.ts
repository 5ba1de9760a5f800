// What the CLI's own lines say of a sync: nothing stale in the row of one that is finished, no input of ours in what differs, and nothing
// about a source where there is none.

import { afterAll, beforeAll, expect, test } from "vitest";
import { editConsole } from "./evidence.js";
import { openWorld, type Run, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ program: "inline", deployment: { phaseMs: 250 } });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
});
afterAll(() => world.close());

/** A sync of values that stay the same for the same names. */
function declare(name: string, keys: readonly string[], { syncOptions = "{}", options = "{}" } = {}): Promise<void> {
  const values = Object.fromEntries(keys.map((key) => [key, `value of ${key}`]));
  return world.program(`
    new SecretSync(${JSON.stringify(name)}, {
      source: { type: "inline", values: ${JSON.stringify(values)} },
      destination: { type: "digital-ocean-app-platform", appId: "${appId}" },
      syncOptions: ${syncOptions},
    }, ${options});
  `);
}

/** What the rows of finished steps say of a resource. */
function finished({ text }: Run, name: string): string {
  const row = new RegExp(`SecretSync ${name} (?:created|updated|deleted) .*`);
  return row.exec(text)?.[0] ?? `${name} has no finished row in:\n${text}`;
}

test("a finished row tells the end of the deployment, also where no key is left", async () => {
  await declare("web", ["A", "B"]);
  expect(finished(await world.up(), "web")).toMatch(/created .* 2 keys live at https:/);
  await declare("web", [], { syncOptions: `{ deletionLimit: 2 }` });
  const run = await world.up();
  expect(run.text).toMatch(/deployment \S+ (?:PENDING_)?(?:BUILD|DEPLOY)/);
  expect(finished(run, "web")).toMatch(/updated .* no key of this sync is left at https:/);
});

test("another key schema and another name show no input of ours in the plan, and the program's own hidden ones stay hidden", async () => {
  await declare("web", ["A", "B"]);
  await world.up();
  const options = `{ aliases: [{ name: "web" }], hideDiffs: ["syncOptions"] }`;
  await declare("shop", ["A", "B"], { syncOptions: `{ keySchema: "X_{{secretKey}}", deletionLimit: 2 }`, options });
  const { text } = await world.preview();
  expect(text).toMatch(/shop update \[diff: ~keys,name\]/);
  expect((await world.preview("--diff")).stdout).not.toMatch(/urn:pulumi:.* => |=> "urn:pulumi/);
  await world.up();
});

test("a destroy says of a key that somebody else has changed only that", async () => {
  editConsole(world, appId, (spec) => {
    const [first] = spec.envs ?? [];
    if (first !== undefined) first.value = "theirs";
  });
  const { text } = await world.pulumi("destroy", "--yes", "--skip-preview");
  expect(text).toMatch(/warning: app\/X_A: somebody else has changed it since \(\S+ RUN_TIME\); left in place/);
  expect(text).toContain("- app/X_B: removed");
  expect(text).not.toContain("has left the source");
});
