// What a program reports of the syncs that it declares for one target: their number, so that the provider knows whether more will come.

import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DestinationArgs, SecretSyncArgs } from "../../provider/resources/secret-sync-args.js";
import { SecretSync } from "../../provider/resources/secret-sync.js";

const told = new Map<string, Record<string, unknown> | undefined>();

beforeEach(async () => {
  told.clear();
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      const { __program: text } = inputs as { readonly __program: string };
      told.set(name, (JSON.parse(text) as Record<string, Record<string, unknown> | undefined>)["__declared"]);
      return { id: name, state: inputs as object };
    },
    call: () => ({}),
  });
});

afterEach(() => {
  vi.useRealTimers();
});

let serial = 0;

/** Declares syncs in one tick. @returns what each of them reported, once all are registered */
async function declare(...all: Array<Partial<SecretSyncArgs> & { readonly opts?: pulumi.CustomResourceOptions }>) {
  const syncs = all.map(({ opts, ...args }) => {
    serial += 1;
    const destination = app("id");
    const source = { type: "inline", values: { A: "value" } } as const;
    return new SecretSync(`s${serial}`, { source, destination, ...args }, opts);
  });
  const urns = await Promise.all(syncs.map(({ urn }) => new Promise<string>((resolve) => urn.apply(resolve))));
  return urns.map((urn) => told.get(urn.slice(urn.lastIndexOf("::") + 2)));
}

function app(appId: pulumi.Input<string>, deployment?: { wait?: pulumi.Input<boolean> }): DestinationArgs {
  return { type: "digital-ocean-app-platform", appId, ...(deployment === undefined ? {} : { deployment }) };
}

function site(siteId: string, build?: { trigger?: boolean; wait?: boolean }): DestinationArgs {
  return { type: "netlify", siteId, contexts: ["production"], ...(build === undefined ? {} : { build }) };
}

describe("the syncs that a program declares for one target", () => {
  test("report their number when the tick ends, the first one included", async () => {
    const destination = app("three");
    const [first, second, third] = await declare({ destination }, { destination }, { destination });
    expect([first?.["count"], second?.["count"], third?.["count"]]).toEqual([3, 3, 3]);
    expect(new Set([first?.["group"], second?.["group"], third?.["group"]]).size).toBe(1);
  });

  test("are distinguished by their target, even if two outputs stand for one", async () => {
    const [id, other] = [pulumi.output("app-x"), pulumi.output("app-x")];
    const counts = await declare(
      { destination: app("one") },
      { destination: app("two") },
      { destination: app("two") },
      { destination: app(id) },
      { destination: app(id) },
      { destination: app(other) },
    );
    expect(counts.map((one) => one?.["count"])).toEqual([1, 2, 2, 2, 2, 1]);
  });

  test("are distinguished by their account if a name is all that is known", async () => {
    const connect = (apiToken: string) =>
      ({ app: "digital-ocean", method: "api-token", credentials: { apiToken } }) as const;
    const [one, other] = [connect("one"), connect("other")];
    const type = "digital-ocean-app-platform" as const;
    const named = { type, appName: "shop" };
    const counts = await declare(
      { destination: named },
      { destination: { ...named, connection: one } },
      { destination: { ...named, connection: one } },
      { destination: { ...named, connection: other } },
      { destination: { type, appId: "same", connection: one } },
      { destination: { type, appId: "same", connection: other } },
    );
    expect(counts.map((count) => count?.["count"])).toEqual([1, 2, 2, 1, 2, 2]);
  });

  test.each([false, true])(
    "are registered side by side, even if a test has stopped the timers (%s)",
    async (isStopped) => {
      if (isStopped) vi.useFakeTimers();
      const targets = ["x", "y", "z"].map((id) => app(`turn-${isStopped}-${id}`));
      const syncs = [...targets, ...targets, ...targets].map((destination) => ({ destination }));
      const groups = (await declare(...syncs)).map((one) => one?.["group"]);
      expect([...told.values()].map((one) => one?.["group"])).toEqual(
        [...groups].sort((one, other) => Number(one) - Number(other)),
      );
      expect(new Set(groups).size).toBe(3);
    },
  );

  test("are more in a later tick", async () => {
    const destination = app("later");
    const [first] = await declare({ destination });
    const [second] = await declare({ destination });
    expect([first?.["count"], second?.["count"]]).toEqual([1, 2]);
  });

  test("report nothing, and do not count, when they wait for nothing or this is unknown", async () => {
    const counts = await declare(
      { destination: app("few") },
      { destination: app("few", { wait: false }) },
      { destination: app("few", { wait: pulumi.output(true) }) },
      { destination: app("few"), isEnabled: false },
      { destination: app("few"), opts: { ignoreChanges: ["*"] } },
      { destination: site("few") },
      { destination: site("few", { trigger: true, wait: false }) },
    );
    expect(counts.map((one) => one?.["count"])).toEqual([1, undefined, undefined, undefined, undefined, undefined, 1]);
  });
});
