// A sync that is replaced in the run in which the other host begins to serve it: the former host would delete what it has served.

import { describe, expect, test } from "vitest";
import { systemClock } from "../../provider/clock.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { Recorded } from "../../provider/reconciler/past.js";
import { readTypeOfUrn } from "../../provider/type-tokens.js";
import { dynamicHost } from "./dynamic-host.js";
import { plain } from "./envelopes.js";
import { type Declaration, host as former, type Machine, type Provider, type Resource } from "./host.js";
import { pluginHost } from "./plugin-host.js";
import { openStack, type Stack, sync, urnOf, valuesAt } from "./stack.js";

const latter = former.name === "plugin" ? dynamicHost : pluginHost;
const [was, urn] = [urnOf("secret-sync", "web"), latter.urnOf("secret-sync", "web")];
const values = { A: "1", B: "2" };

async function created() {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const declare = (args: Properties = {}, at = appId): Declaration =>
    sync("web", values, { destination: { appId: at }, ...args });
  expect((await stack.up([declare()])).problems).toBe("");
  const old = stack.state.get(was);
  if (old === undefined) throw new Error("nothing is recorded");
  return { stack, appId, declare, old: readable(old) };
}

/** As the dynamic provider gets it: without envelopes. */
function readable(resource: Resource): Resource {
  if (latter.name === "plugin") return resource;
  return { ...resource, inputs: plain(resource.inputs), outputs: plain(resource.outputs) };
}

/** A process of the host that serves the program now. */
function open(stack: Stack): Promise<Provider> {
  return latter.open(machine(stack));
}

function machine(stack: Stack): Machine {
  return {
    clock: systemClock,
    reporter: { say: async () => undefined, show: async () => undefined },
    listRecorded: async () => new Map([...stack.state].map(([one, found]) => [one, readPlain(found)])),
    isEngineThere: async () => true,
    config: {},
    environment: stack.environment,
    directory: stack.directory,
    timeoutMs: undefined,
    show: () => undefined,
  };
}

function readPlain({ inputs, outputs }: Resource) {
  return { inputs: plain(inputs), outputs: plain(outputs) };
}

/** What the new host sends, a TypeScript program with the name under which the former one has the sync. */
function register(declaration: Declaration): Properties {
  const { inputs } = latter.register(declaration, { isPreview: false, program: [declaration], parallel: undefined });
  const { __program: text } = inputs;
  if (typeof text !== "string") return inputs;
  return { ...inputs, __program: JSON.stringify({ ...(JSON.parse(text) as Properties), __aliases: [was] }) };
}

const refusal =
  /^state\.other_host: this run replaces the sync, and the (?:plugin|dynamic provider) serves it now: .* in the next$/;

describe.each([true, false])("enabled: %s", (isEnabled) => {
  test("a replacement that comes with the change is refused before anything is deleted", async () => {
    const { stack, appId, declare, old } = await created();
    const provider = await open(stack);
    const news = register(declare({ isEnabled }));
    expect((await provider.check(urn, old.inputs, news)).reasons).toEqual([]);
    expect((await provider.check(urn, {}, news)).reasons).toEqual([expect.stringMatching(refusal)]);
    expect(valuesAt(stack, appId)).toEqual(values);
    await provider.close();
  });
});

test("the same if only a comparison has shown that it is replaced", async () => {
  const { stack, declare, old } = await created();
  const provider = await open(stack);
  const news = register(declare());
  const { inputs } = await provider.check(urn, old.inputs, news);
  await provider.diff({ urn, old, news: inputs, options: {} });
  expect((await provider.check(urn, {}, news)).reasons).toEqual([expect.stringMatching(refusal)]);
  await provider.close();
});

test("a move to another app goes on: the former host removes the keys at the first one", async () => {
  const { stack, appId, declare, old } = await created();
  const { id: other } = stack.cloud.createApp({ name: "other", services: [{ name: "web" }] });
  const provider = await open(stack);
  const news = register(declare({}, other));
  const { inputs } = await provider.check(urn, old.inputs, news);
  expect(await provider.diff({ urn, old, news: inputs, options: {} })).toMatchObject({ replaces: true });
  const anew = await provider.check(urn, {}, news);
  expect(anew.reasons).toEqual([]);
  await provider.create(urn, anew.inputs);
  await provider.close();
  const before = await stack.open();
  const found = stack.state.get(was);
  if (found !== undefined) await before.delete(was, found);
  expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{}, values]);
});

describe("with --replace, of which the provider is told nothing", () => {
  test.each([true, false])("only a look into state shows it (enabled: %s)", async (isEnabled) => {
    const { stack, appId, declare } = await created();
    const provider = await open(stack);
    const { inputs, reasons } = await provider.check(urn, {}, register(declare({ isEnabled })));
    const refused = isEnabled ? await provider.create(urn, inputs).catch((error: Error) => error.message) : reasons[0];
    expect(refused).toMatch(/state\.other_host/);
    expect(valuesAt(stack, appId)).toEqual(values);
    await provider.close();
  });
});

test("what the former host has replaced, and removes only after the change, leaves its keys", async () => {
  const { stack, appId, declare, old } = await created();
  const failing = { ...sync("other", { "1-BAD": "x" }, { destination: { appId } }), options: { dependsOn: ["web"] } };
  const run = await stack.up([{ ...declare(), options: { replace: "triggered" } }, failing]);
  expect(run.problems).toMatch(/key\.invalid/);
  const now = readable(stack.resource("web"));
  const provider = await open(stack);
  const { inputs } = await provider.check(urn, now.inputs, register(declare()));
  await provider.diff({ urn, old: now, news: inputs, options: {} });
  const { outputs } = await provider.update(urn, inputs, now);
  await provider.close();
  // With the alias of the program, state has both under the new URN.
  const listed = new Map<string, Recorded>([
    [urn, { ...readPlain({ ...now, inputs, outputs }), pending: [readPlain(old)] }],
  ]);
  const before = await former.open({ ...machine(stack), listRecorded: async () => listed });
  await before.delete(was, old);
  await before.close();
  expect(valuesAt(stack, appId)).toEqual(values);
});

test("a replacement by the host that has served it before goes on", async () => {
  const { stack, appId, declare } = await created();
  expect(readTypeOfUrn(was)?.host).toBe(former.name);
  expect((await stack.up([{ ...declare(), options: { replace: "triggered" } }])).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual(values);
});
