// Options of a resource and commands on state, on the real engine: what becomes of a sync that is protected, renamed, moved, kept or forgotten.

import { afterAll, beforeAll, expect, test } from "vitest";
import { exportState, valuesAt } from "./evidence.js";
import { openWorld, succeed, type World } from "./harness.js";

let world: World;
let appId: string;

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
});
afterAll(() => world.close());

interface Declared {
  readonly name?: string;
  readonly options?: string;
  readonly more?: string;
}

/** A sync below a component. */
const declare = ({ name = "web", options = "", more = "" }: Declared = {}) =>
  world.program(`
    class Site extends pulumi.ComponentResource {
      constructor(name, opts) { super("test:index:Site", name, {}, opts); }
    }
    const parent = new Site("site");
    const destination = { type: "digital-ocean-app-platform", appId: "${appId}" };
    const web = new SecretSync("${name}", { source: { type: "inline", values: { A: "1" } }, destination }, { parent, ${options} });
    exports.keys = web.managedKeys;
    ${more}
  `);
const urnOf = async () => (await exportState(world)).map(({ urn }) => urn);
const puts = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;

test("parent, protect, additionalSecretOutputs, dependsOn: a protected sync is not destroyed, and a secret output is one", async () => {
  const more = `new SecretSync("other", { source: { type: "inline", values: { B: "2" } }, destination }, { dependsOn: web });`;
  await declare({ options: `protect: true, additionalSecretOutputs: ["managedKeys"]`, more });
  await world.up();
  expect(valuesAt(world, appId)).toEqual({ A: "1", B: "2" });
  expect(succeed(await world.pulumi("stack", "output")).stdout).toMatch(/keys +\[secret\]/);
  const refused = await world.pulumi("destroy", "--yes", "--skip-preview");
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("protected");
  expect(valuesAt(world, appId)).toMatchObject({ A: "1" });
});

test("state unprotect, state rename and stack rename: nothing is written", async () => {
  await declare();
  await world.up();
  const before = puts();
  const [urn = ""] = await urnOf();
  succeed(await world.pulumi("state", "unprotect", "--all", "--yes"));
  succeed(await world.pulumi("state", "rename", urn, "site-secrets", "--yes"));
  succeed(await world.pulumi("stack", "rename", "other"));
  await declare({ name: "site-secrets" });
  await world.up();
  expect(await urnOf()).toEqual([urn.replace("::web", "::site-secrets").replace(":test::", ":other::")]);
  expect([puts(), valuesAt(world, appId)]).toEqual([before, { A: "1" }]);
});

test("--exclude and --target leave a sync as it is; --expect-no-changes and refresh --preview-only agree with an up", async () => {
  await declare({
    name: "site-secrets",
    more: `new SecretSync("new", { source: { type: "inline", values: { C: "3" } }, destination });`,
  });
  await world.up("--exclude", "**::new");
  expect(valuesAt(world, appId)).toEqual({ A: "1" });
  await world.up("--target", "**::new");
  expect(valuesAt(world, appId)).toEqual({ A: "1", C: "3" });
  await world.preview("--expect-no-changes");
  const refreshed = await world.pulumi("refresh", "--preview-only", "--expect-no-changes");
  expect(succeed(refreshed).code).toBe(0);
});

test("retainOnDelete and state delete: the keys stay, and whoever declares them again has to adopt them", async () => {
  await declare({ name: "site-secrets", options: "retainOnDelete: true" });
  await world.up();
  expect(valuesAt(world, appId)).toEqual({ A: "1" });
  await world.program("");
  await world.up();
  expect([valuesAt(world, appId), await urnOf()]).toEqual([{ A: "1" }, []]);
  await declare();
  expect((await world.pulumi("preview")).text).toContain("conflict.exists");
  await world.program(`
    const destination = { type: "digital-ocean-app-platform", appId: "${appId}" };
    new SecretSync("web", { source: { type: "inline", values: { A: "1" } }, destination, syncOptions: { adoptExisting: ["A"] } });
  `);
  await world.up();
  const [urn = ""] = await urnOf();
  succeed(await world.pulumi("state", "delete", urn, "--yes"));
  expect([valuesAt(world, appId), await urnOf()]).toEqual([{ A: "1" }, []]);
});

test("a component that holds a connection and two syncs: each depends on the connection alone, and they share one write", async () => {
  await world.program(`
    class Shop extends pulumi.ComponentResource {
      constructor(name) {
        super("test:index:Shop", name);
        const credentials = { apiToken: process.env.DIGITALOCEAN_TOKEN };
        const connection = new Connection("ocean", { app: "digital-ocean", method: "api-token", credentials }, { parent: this });
        const destination = { type: "digital-ocean-app-platform", appId: "${appId}", connection };
        for (const key of ["LEFT", "RIGHT"])
          new SecretSync(key, { source: { type: "inline", values: { [key]: "1" } }, destination }, { parent: this });
      }
    }
    new Shop("shop");
  `);
  const before = puts();
  await world.up();
  expect([puts() - before, valuesAt(world, appId)]).toEqual([1, { A: "1", LEFT: "1", RIGHT: "1" }]);
  const state = await exportState(world);
  const [ocean] = state.map(({ urn }) => urn).filter((urn) => urn.endsWith("::ocean"));
  const syncs = state.filter(({ type }) => type.endsWith(":SecretSync"));
  expect(syncs.map(({ dependencies }) => dependencies)).toEqual([[ocean], [ocean]]);
});
