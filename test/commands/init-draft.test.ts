// What `init` makes of a target: a sync for each place that holds variables, and what stays as it is, with the reason.

import { describe, expect, test } from "vitest";
import { systemClock } from "../../provider/clock.js";
import { draftSync } from "../../provider/commands/init/draft.js";
import type { Snapshot } from "../../provider/destinations/destination.js";
import type { ListedSlot } from "../../provider/destinations/variable-lister.js";
import { createDestinations, loadVariableLister } from "../../provider/destinations/registry.js";
import { redact } from "../../provider/redacted.js";
import type { Destination, DestinationType } from "../../schema/index.js";
import { reveal } from "../sources/canary.js";

/** Drafts every slot of a target that looks like this. */
async function draftAll(type: DestinationType, name: string, snapshot: Partial<Snapshot>) {
  const credentials = {
    app: type === "netlify" ? "netlify" : "digital-ocean",
    baseUrl: undefined,
    fields: new Map([
      ["apiToken", redact("x")],
      ["accessToken", redact("x")],
    ]),
  } as const;
  const destinations = createDestinations({ clock: systemClock, random: () => 0, mask: () => [] });
  const lister = await loadVariableLister(type);
  const address = lister.address(name);
  const look = { targetId: name, targetName: name, ...snapshot } as Snapshot;
  const labels = (await destinations.open(address, credentials)).read(look, "salt");
  return Promise.all(
    lister.listVariables(address, look).map((slot) =>
      draftSync({
        slot,
        title: slot.slot,
        resource: `shop-${slot.name ?? ""}`,
        labels: new Map(labels.filter((one) => one.slot === slot.slot).map(({ key, label }) => [key, label])),
        open: (destination: Destination) => destinations.open(destination, credentials),
      }),
    ),
  );
}

describe("a draft of an app", () => {
  const draft = (envs: object[]) =>
    draftAll("digital-ocean-app-platform", "shop", { document: { id: "1", spec: { name: "shop", envs } } });

  test("gives the usual settings once, and others where they are", async () => {
    const [{ sync: drafted, left } = { sync: undefined, left: undefined }] = await draft([
      { key: "A", value: "EV[1:x:y]", type: "SECRET", scope: "RUN_TIME" },
      { key: "B", value: "EV[1:x:y]", type: "SECRET", scope: "RUN_TIME" },
      { key: "C", value: "plain" },
    ]);
    expect(left).toEqual([]);
    expect(drafted?.missing).toEqual(["A", "B"]);
    expect(reveal(drafted?.values as never)).toEqual({ C: "plain" });
    expect(drafted?.destination).toEqual({
      type: "digital-ocean-app-platform",
      appName: "shop",
      variableType: "SECRET",
      scope: "RUN_TIME",
      variables: { C: { variableType: "GENERAL", scope: "RUN_AND_BUILD_TIME" } },
    });
  });

  test.each([
    ["a bindable variable", [{ key: "A", value: "${db.URL}" }], /replaces as a bindable variable/],
    ["ciphertext that is declared plain", [{ key: "A", value: "EV[1:x:y]" }], /ciphertext/],
    ["a mask", [{ key: "A", value: "*****" }], /is a mask/],
    [
      "a key that stands there twice",
      [
        { key: "A", value: "1" },
        { key: "A", value: "2" },
      ],
      /more than once/,
    ],
    ["a key that the platform takes no more", [{ key: "a-b", value: "1" }], /not a valid key/],
    ["a key that Pulumi cannot keep", [{ key: "__proto__", value: "1" }], /not a valid key/],
    ["a type that is not known", [{ key: "A", value: "1", type: "SEALED" }], /does not know/],
    ["a scope that is not known", [{ key: "A", value: "1", scope: "NIGHT_TIME" }], /does not know/],
  ])("leaves %s as it is, with the reason", async (_, envs, reason) => {
    const [drafted] = await draft(envs);
    expect(drafted?.sync).toBeUndefined();
    expect(drafted?.left.map(({ key }) => key)).toEqual(envs.map(({ key }) => key));
    expect(drafted?.left[0]?.reason).toMatch(reason);
  });

  test("addresses an app by id where it looks like one, else by name", async () => {
    const lister = await loadVariableLister("digital-ocean-app-platform");
    const id = "f5b8c1aa-c3e7-4c5f-bac6-f384d70ecd56";
    expect([lister.address(id), lister.address("shop")]).toEqual([
      { type: "digital-ocean-app-platform", appId: id },
      { type: "digital-ocean-app-platform", appName: "shop" },
    ]);
  });
});

test("an app spec file lists each variable at its own place, and a component by its name", async () => {
  const lister = await loadVariableLister("digital-ocean-app-platform");
  const read = lister.readFile?.({
    name: "shop",
    envs: [{ key: "A", value: "1" }],
    services: [
      { name: "app", envs: [{ key: "B", type: "SECRET", value: "s" }] },
      { name: "web", envs: [{ key: "C" }] },
    ],
  });
  const entriesOf = (slot: ListedSlot) => slot.entries.map(({ key, value }) => `${key}=${value?.reveal()}`);
  expect(read?.slots.map((slot) => [slot.name, entriesOf(slot)])).toEqual([
    [undefined, ["A=1"]],
    ["app", ["B=s"]],
    ["web", ["C="]],
  ]);
  const address = { type: "digital-ocean-app-platform", appName: "shop" };
  expect(read?.slots.map(({ destination }) => destination)).toEqual([
    address,
    { ...address, components: ["app"] },
    { ...address, components: ["web"] },
  ]);
  const slots = ["app", "component:app", "web"];
  expect(read?.snapshot).toMatchObject({ targetId: "shop", targetName: "shop", slots, obstacles: [] });
});

describe("a draft of a site", () => {
  const draft = (variables: object[]) =>
    draftAll("netlify", "site-1", { document: { level: "site", variables, written: new Set(), ourselves: undefined } });
  const variable = (key: string, slots: string[], given: object = {}) => ({
    key,
    isSecret: false,
    scopes: ["builds", "functions", "runtime", "post_processing"],
    values: slots.map((slot) => ({ id: "1", slot, value: "plain", masked: false })),
    updatedAt: "",
    updatedBy: {},
    ...given,
  });

  test("has one sync for each context, branches by name", async () => {
    const drafts = await draft([variable("A", ["all"]), variable("B", ["production", "branch:next"])]);
    expect(drafts.map(({ sync: one }) => [one?.resource, one?.destination])).toEqual([
      ["shop-", expect.objectContaining({ contexts: ["all"] })],
      ["shop-next", expect.objectContaining({ contexts: [{ context: "branch", branch: "next" }] })],
      ["shop-production", expect.objectContaining({ contexts: ["production"] })],
    ]);
  });

  test("gives each context the values that stand there, and those alone", async () => {
    const values = [
      { id: "1", slot: "production", value: "live", masked: false },
      { id: "2", slot: "dev", value: "local", masked: false },
    ];
    const drafts = await draft([variable("A", [], { values }), variable("B", ["production"])]);
    const shown = drafts.map(({ sync: one }) => [
      one?.title,
      Object.fromEntries([...(one?.values ?? [])].map(([key, value]) => [key, value.reveal()])),
    ]);
    expect(shown).toEqual([
      ["dev", { A: "local" }],
      ["production", { A: "live", B: "plain" }],
    ]);
  });

  test.each([
    ["a name that Netlify keeps", variable("URL", ["production"]), /reserves the name/],
    ["a context that is not known", variable("A", ["moonlight"]), /does not know/],
    ["a scope that is not known", variable("A", ["production"], { scopes: ["builds", "moon"] }), /does not know/],
    ["a secret for all contexts", variable("A", ["all"], { isSecret: true, scopes: ["builds"] }), /keep it as it is/],
  ])("leaves %s as it is, with the reason", async (_, given, reason) => {
    const [drafted] = await draft([given]);
    expect(drafted?.sync).toBeUndefined();
    expect(drafted?.left[0]?.reason).toMatch(reason);
  });
});
