// What is left of a replaced resource when its run fails elsewhere: a later run finds it pending, and deletes it beside the one that
// replaced it.

import { describe, expect, test } from "vitest";
import { host, type Resource } from "./host.js";
import { type Message, openStack, type Program, type Stack, sync, urnOf, valuesAt } from "./stack.js";

const urn = urnOf("secret-sync", "web");

interface Replaced {
  readonly syncOptions?: object;
  readonly before: object;
  readonly now: object;
  /** Whether the replacement finds out what it replaces. */
  readonly isReadable?: boolean;
}

async function replaced({ syncOptions = {}, before, now, isReadable = true }: Replaced) {
  const stack = await openStack();
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  const declare = (values: object, options: object = {}, rest: object = {}): Program => [
    { ...sync("web", values, { destination: { appId }, syncOptions, ...rest }), options },
  ];
  expect((await stack.up(declare(before))).problems).toBe("");
  if (isReadable) expect((await stack.up(declare(now))).problems).toBe("");
  stack.isReadable = isReadable;
  const old = recorded(stack);
  const failing = { ...sync("other", { "1-BAD": "x" }, { destination: { appId } }), options: { dependsOn: ["web"] } };
  expect((await stack.up([...declare(now, { replace: "targeted" }), failing])).problems).toMatch(/key\.invalid/);
  return { stack, appId, declare, old };
}

function recorded({ state }: Stack): Resource {
  const found = state.get(urn);
  if (found === undefined) throw new Error("nothing is recorded");
  return found;
}

/** The end of a run that found no difference: what is pending is deleted. */
async function removePending({ stack, old }: { stack: Stack; old: Resource }, program: Program | "frozen") {
  const messages: Message[] = [];
  const provider = await stack.open(messages);
  const now = recorded(stack);
  const [declaration] = program === "frozen" ? [] : program;
  const news =
    declaration === undefined
      ? now.inputs
      : host.register(declaration, { isPreview: false, program: program as Program, parallel: undefined }).inputs;
  const { inputs, reasons } = await provider.check(urn, now.inputs, news);
  expect(reasons).toEqual([]);
  await provider.diff({ urn, old: now, news: inputs, options: {} });
  await provider.delete(urn, old);
  return messages.map(({ text }) => text);
}

const both = { A: "1", B: "2" };

test("a key that is kept by disableSecretDeletion stays", async () => {
  const syncOptions = { disableSecretDeletion: true };
  const { stack, appId, declare, old } = await replaced({ syncOptions, before: both, now: { A: "1" } });
  expect(stack.outputs("web")["managedKeys"]).toEqual(["A", "B"]);
  await removePending({ stack, old }, declare({ A: "1" }));
  expect(valuesAt(stack, appId)).toEqual(both);
});

test("a sync that has been frozen since keeps everything", async () => {
  const { stack, appId, old } = await replaced({ before: both, now: both });
  await removePending({ stack, old }, "frozen");
  expect(valuesAt(stack, appId)).toEqual(both);
});

test("a sync that has been disabled since keeps everything", async () => {
  const { stack, appId, declare, old } = await replaced({ before: both, now: both });
  await removePending({ stack, old }, declare(both, {}, { isEnabled: false }));
  expect(valuesAt(stack, appId)).toEqual(both);
});

test("a sync that has its keys goes on without a write", async () => {
  const { stack, appId, declare, old } = await replaced({ before: both, now: both });
  const before = stack.cloud.requests.filter(({ method }) => method === "PUT").length;
  await removePending({ stack, old }, declare(both));
  expect(stack.cloud.requests.filter(({ method }) => method === "PUT")).toHaveLength(before);
  expect(valuesAt(stack, appId)).toEqual(both);
});

test("a sync whose source cannot be read in this run keeps everything", async () => {
  const { stack, appId, old } = await replaced({ before: both, now: both });
  stack.pending.set(urn, old);
  const provider = await stack.open();
  const now = recorded(stack);
  const source = [{ type: "file", path: "missing.env" }];
  const failing = sync("web", {}, { destination: { appId } });
  const program = [{ ...failing, args: { ...failing.args, source } }];
  const [news] = program.map((one) => host.register(one, { isPreview: false, program, parallel: undefined }));
  const { reasons } = await provider.check(urn, now.inputs, news?.inputs ?? {});
  expect(reasons).toEqual([expect.stringMatching(/^source\./)]);
  await provider.delete(urn, old);
  expect(valuesAt(stack, appId)).toEqual(both);
});

/** A sync that has moved to another app in a run that failed elsewhere. */
async function movedAway() {
  const stack = await openStack();
  const [appId, other] = ["shop", "other"].map(
    (name) => stack.cloud.createApp({ name, services: [{ name: "web" }] }).id,
  ) as [string, string];
  const declare = (id: string, rest: object = {}) => [sync("web", both, { destination: { appId: id }, ...rest })];
  expect((await stack.up(declare(appId))).problems).toBe("");
  const old = recorded(stack);
  const failing = { ...sync("other", { "1-BAD": "x" }, { destination: { appId } }), options: { dependsOn: ["web"] } };
  expect((await stack.up([...declare(other), failing])).problems).toMatch(/key\.invalid/);
  return { stack, appId, other, declare, old };
}

test.for(["disabled", "frozen"] as const)(
  "what a sync left at its earlier app stays, and is reported, if the sync has been %s since",
  async (how) => {
    const { stack, appId, other, declare, old } = await movedAway();
    const said = await removePending({ stack, old }, how === "frozen" ? how : declare(other, { isEnabled: false }));
    const why = how === "frozen" ? "ignoreChanges freezes this one" : "this one is disabled";
    expect(said).toContain(`2 keys stay at shop, and no sync owns them, because ${why}: A, B`);
    expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([both, both]);
  },
);

test("a sync that moves back while its removal is pending goes on with what it left there", async () => {
  const { stack, appId, declare, old } = await movedAway();
  stack.pending.set(urn, old);
  const preview = await stack.preview(declare(appId));
  expect([preview.problems, preview.steps.map(({ op }) => op)]).toEqual(["", ["replace"]]);
  expect((await stack.up(declare(appId))).problems).toBe("");
  await removePending({ stack, old }, declare(appId));
  expect(valuesAt(stack, appId)).toEqual(both);
  expect((await stack.destroy()).problems).toBe("");
  expect(stack.cloud.apps().map(({ id }) => valuesAt(stack, id))).toEqual([{}, {}]);
});

describe("what the one that replaced it never took over", () => {
  async function begunAnew(syncOptions: object) {
    const values = { X: "1" };
    const shop = await replaced({ syncOptions, before: both, now: values, isReadable: false });
    expect(shop.stack.outputs("web")["managedKeys"]).toEqual(["X"]);
    return { ...shop, removing: removePending(shop, shop.declare(values)) };
  }

  test("is removed", async () => {
    const { stack, appId, removing } = await begunAnew({ deletionLimit: 2 });
    const said = await removing;
    expect(valuesAt(stack, appId)).toEqual({ X: "1" });
    expect(said.join("\n")).not.toMatch(/stays? at/);
  });

  test("is kept by its disableSecretDeletion", async () => {
    const { stack, appId, removing } = await begunAnew({ disableSecretDeletion: true });
    await removing;
    expect(valuesAt(stack, appId)).toEqual({ ...both, X: "1" });
  });

  test("is not removed against its deletion limit", async () => {
    const { stack, appId, removing } = await begunAnew({});
    await expect(removing).rejects.toThrow(/deletion\.limit: 2 of 2 keys/);
    expect(valuesAt(stack, appId)).toEqual({ ...both, X: "1" });
  });
});

/** The same by a provider that has not checked the sync: another one serves it now. */
async function removeElsewhere({ stack }: { stack: Stack }, old: Resource) {
  const messages: Message[] = [];
  const provider = await stack.open(messages);
  await provider.delete(urn, old);
  return messages.map(({ text }) => text);
}

describe("a provider that no longer serves the sync removes what was replaced", () => {
  test("its keys stay with the one that goes on, and a destroy removes them", async () => {
    const shop = await replaced({ before: both, now: both });
    shop.stack.pending.set(urn, shop.old);
    expect(await removeElsewhere(shop, shop.old)).toEqual([]);
    expect(valuesAt(shop.stack, shop.appId)).toEqual(both);
    shop.stack.pending.clear();
    expect((await shop.stack.destroy()).problems).toBe("");
    expect(valuesAt(shop.stack, shop.appId)).toEqual({});
  });

  test("a destroy that finds it pending removes the keys, whichever is removed first", async () => {
    const shop = await replaced({ before: both, now: both });
    shop.stack.pending.set(urn, shop.old);
    await removeElsewhere(shop, recorded(shop.stack));
    expect(valuesAt(shop.stack, shop.appId)).toEqual({});
  });

  test("a sync that is deleted until its replacement is made keeps nothing: that one writes the keys anew", async () => {
    const shop = await replaced({ before: both, now: both });
    shop.stack.pending.set(urn, shop.old);
    shop.stack.state.set(urn, { ...recorded(shop.stack), isRemoved: true });
    await removeElsewhere(shop, shop.old);
    expect(valuesAt(shop.stack, shop.appId)).toEqual({});
  });

  test("another resource that waits as well, and has no record, is not taken for it", async () => {
    const { stack, appId, old } = await replaced({ before: both, now: both });
    const [now, other] = [recorded(stack), urnOf("secret-sync", "earlier")];
    stack.state.clear();
    stack.state.set(other, now).set(urn, now);
    stack.pending.set(other, { ...old, outputs: {} }).set(urn, old);
    await removeElsewhere({ stack }, old);
    expect(valuesAt(stack, appId)).toEqual(both);
  });

  test("a key that the other one has removed since is not said to stay", async () => {
    const shop = await replaced({ before: both, now: both });
    shop.stack.pending.set(urn, shop.old);
    expect((await shop.stack.up(shop.declare({ A: "1" }))).problems).toBe("");
    expect(await removeElsewhere(shop, shop.old)).toEqual([]);
    expect(valuesAt(shop.stack, shop.appId)).toEqual({ A: "1" });
  });

  test("several that wait for it leave the keys", async () => {
    const shop = await replaced({ before: both, now: both });
    const provider = await shop.stack.open();
    for (const old of [shop.old, shop.old]) {
      shop.stack.pending.set(urn, old);
      await provider.delete(urn, old);
    }
    expect(valuesAt(shop.stack, shop.appId)).toEqual(both);
  });

  test("what the other one never took over stays, and is reported", async () => {
    const shop = await replaced({
      syncOptions: { deletionLimit: 2 },
      before: both,
      now: { X: "1" },
      isReadable: false,
    });
    Object.assign(shop.stack, { isReadable: true });
    shop.stack.pending.set(urn, shop.old);
    const said = "2 keys stay at shop, and no sync owns them, because the one that goes on has begun anew: A, B";
    expect(await removeElsewhere(shop, shop.old)).toEqual([said]);
    expect(valuesAt(shop.stack, shop.appId)).toEqual({ ...both, X: "1" });
  });

  test("a sync that has moved away leaves nothing at its first app", async () => {
    const { stack, appId, other, old } = await movedAway();
    stack.pending.set(urn, old);
    await removeElsewhere({ stack }, old);
    expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([{}, both]);
  });

  test("unless it has been disabled since", async () => {
    const { stack, appId, other, declare, old } = await movedAway();
    stack.pending.set(urn, old);
    expect((await stack.up(declare(other, { isEnabled: false }))).problems).toBe("");
    const said = "2 keys stay at shop, and no sync owns them, because this one is disabled: A, B";
    expect(await removeElsewhere({ stack }, old)).toEqual([said]);
    expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual([both, both]);
  });
});

test("a key that another sync takes over at the app that it came from is not adopted from somebody else", async () => {
  const { stack, appId, other, declare, old } = await movedAway();
  stack.pending.set(urn, old);
  const taker = sync("taker", { A: "3" }, { destination: { appId }, syncOptions: { adoptExisting: ["A"] } });
  expect((await stack.up([...declare(other), taker])).problems).toBe("");
  expect(stack.outputs("taker")["adoptedKeys"]).toEqual([]);
  expect((await stack.destroy()).problems).toBe("");
  expect(valuesAt(stack, appId)).toEqual({ B: "2" });
});
