// What a preview already says of a sync's outputs, which other resources of the program take: the update that follows leaves the same.

import { expect, onTestFinished, test } from "vitest";
import { type Properties, secret, unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { type DigitalOceanEmulator, startDigitalOcean } from "../emulators/digitalocean/index.js";
import { openPlugin, type PluginProcess } from "./process.js";

const urn = "urn:pulumi:test::world::secret-sync:index:SecretSync::web";

interface Recorded {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

async function openShop() {
  const cloud = await startDigitalOcean({ deployment: { phaseMs: 1 } });
  onTestFinished(() => cloud.close());
  const { id: appId } = cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const program = (values: Record<string, string>, rest: Properties = {}) => ({
    source: [
      {
        type: "inline",
        values: Object.fromEntries(
          Object.entries(values).map(([key, value]) => [key, value === unknownValue ? value : secret(value)]),
        ),
      },
    ],
    destination: { type: "digital-ocean-app-platform", appId },
    ...rest,
  });
  const run = (news: Properties, old?: Recorded) => previewAndUpdate(cloud, { preview: news, update: news, old });
  return { cloud, appId, program, run };
}

interface Runs {
  readonly preview: Properties;
  /** Another program if something was not known yet. */
  readonly update: Properties;
  readonly old?: Recorded | undefined;
}

/** A preview and an update, each in a process of its own. What the preview knows has to be what the update leaves. */
async function previewAndUpdate(cloud: DigitalOceanEmulator, { preview, update, old }: Runs) {
  const environment = { DIGITALOCEAN_API_URL: cloud.url, DIGITALOCEAN_TOKEN: cloud.token };
  const foreseen = await step(await openPlugin(environment), { news: preview, old, isPreview: true });
  const left = await step(await openPlugin(environment), { news: update, old, isPreview: false });
  const isKnown = (value: unknown) => !JSON.stringify(value).includes(unknownValue);
  const known = Object.fromEntries(Object.entries(foreseen.outputs).filter(([, value]) => isKnown(value)));
  expect(left.outputs).toMatchObject(known);
  return { ...left, known };
}

interface Step {
  readonly news: Properties;
  readonly old?: Recorded | undefined;
  readonly isPreview: boolean;
}

async function step(client: PluginProcess, { news, old, isPreview }: Step): Promise<Recorded> {
  const { inputs, reasons } = await client.check({ urn, olds: old?.inputs ?? {}, news });
  expect(reasons).toEqual([]);
  if (old === undefined) return { inputs, ...(await client.create({ urn, news: inputs, isPreview })) };
  const change = { urn, id: old.id, olds: old.outputs, oldInputs: old.inputs, news: inputs };
  expect((await client.diff(change)).acts).toBe(true);
  return { id: old.id, inputs, outputs: await client.update({ ...change, isPreview }) };
}

test("a new sync: its keys, and the name and the address of its app", async () => {
  const { program, run, appId } = await openShop();
  const { known } = await run(program({ B: "1", A: "2" }));
  expect(known).toMatchObject({ managedKeys: ["A", "B"], targetId: appId, targetName: "shop" });
  expect(known["targetUrl"]).toMatch(/^https:\/\/shop-/);
});

test("an app that was renamed meanwhile has its new name and address", async () => {
  const { cloud, appId, program, run } = await openShop();
  const first = await run(program({ A: "1" }));
  cloud.editConsole(appId, (spec) => (spec.name = "boutique"));
  const { known } = await run(program({ A: "2" }), first);
  expect(known["targetName"]).toBe("boutique");
  expect(known["targetUrl"]).toMatch(/^https:\/\/boutique-/);
});

test("a key that `disableSecretDeletion` keeps, and one of these that somebody has removed", async () => {
  const { cloud, appId, program, run } = await openShop();
  const syncOptions = { disableSecretDeletion: true };
  const first = await run(program({ A: "1", B: "2", C: "3" }, { syncOptions }));
  const second = await run(program({ A: "2" }, { syncOptions }), first);
  expect(second.known["managedKeys"]).toEqual(["A", "B", "C"]);
  cloud.editConsole(appId, (spec) => (spec.envs = spec.envs?.filter(({ key }) => key !== "B") ?? []));
  const third = await run(program({ A: "3" }, { syncOptions }), second);
  expect(third.known["managedKeys"]).toEqual(["A", "C"]);
  // The recorded inputs still name it, and now it is somebody else's.
  cloud.editConsole(appId, (spec) => spec.envs?.push({ key: "B", value: "theirs", scope: "RUN_TIME" }));
  const fourth = await run(program({ A: "4" }, { syncOptions }), third);
  expect(fourth.known["managedKeys"]).toEqual(["A", "C"]);
});

test("a value that is not known yet may turn out to be empty, and its key be skipped", async () => {
  const { cloud, program } = await openShop();
  const values = (A: string) => program({ A, B: "1" }, { syncOptions: { emptyValues: "skip" } });
  const { known } = await previewAndUpdate(cloud, { preview: values(unknownValue), update: values("") });
  expect(known).not.toHaveProperty("managedKeys");
});

test("a sync that is disabled from the start", async () => {
  const { program, run } = await openShop();
  const { known } = await run(program({ A: "1" }, { isEnabled: false }));
  expect(known).toMatchObject({ syncStatus: "disabled", managedKeys: [] });
});

test("a sync of which is not known yet whether it is enabled", async () => {
  const { cloud, program, run } = await openShop();
  const first = await run(program({ A: "1", B: "2" }));
  const { known } = await previewAndUpdate(cloud, {
    preview: program({ A: "1" }, { isEnabled: unknownValue }),
    update: program({ A: "1" }, { isEnabled: false }),
    old: first,
  });
  expect(known).not.toHaveProperty("managedKeys");
});

test("the same where nothing else differs: the preview shows an update", async () => {
  const { cloud, program, run } = await openShop();
  const first = await run(program({ A: "1" }));
  const left = await previewAndUpdate(cloud, {
    preview: program({ A: "1" }, { isEnabled: unknownValue }),
    update: program({ A: "1" }, { isEnabled: false }),
    old: first,
  });
  expect(left.outputs["syncStatus"]).toBe("disabled");
});
