// A component that was renamed together with its variables: what this sync wrote is recognised where it stands now.

import { describe, expect, test } from "vitest";
import { components } from "../emulators/digitalocean/model.js";
import { followed, ok, rename, settled, shop } from "./component-shop.js";
import { puts, said, sync, valuesAt } from "./stack.js";

describe("a component renamed with its variables, and the program with it", () => {
  test("is one line of the preview, no write, and no drift", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit(rename({ web: "site" }));
    expect(await followed(here, here.program(["site"]))).toBe(
      "shop: web was renamed to site, and 3 keys of this sync went with it",
    );
    expect(valuesAt(here.stack, here.appId, "site")).toEqual(here.values);
    expect(puts(await ok(here.stack.destroy()))).toBe(1);
    expect(valuesAt(here.stack, here.appId, "site")).toEqual({});
  });

  test("is followed by two at once, and by one of several", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web", "api"])));
    here.edit(rename({ web: "site", api: "core" }));
    expect(await followed(here, here.program(["site", "core"]))).toBe(
      [
        "shop: api was renamed to core, and 3 keys of this sync went with it",
        "shop: web was renamed to site, and 3 keys of this sync went with it",
      ].join("\n"),
    );
    here.edit(rename({ core: "back" }));
    await followed(here, here.program(["site", "back"]));
  });

  test.each([
    { what: "swap their names", names: { web: "api", api: "web" }, after: ["web", "api"] },
    { what: "hand their names on", names: { web: "api", api: "core" }, after: ["api", "core"] },
  ])("is followed where components $what", async ({ names, after }) => {
    const here = await shop();
    const mixed = { destination: { variables: { C: { variableType: "GENERAL" } } } };
    await ok(here.stack.up(here.program(["web", "api"], mixed)));
    here.edit(rename(names));
    await followed(here, here.program(after, mixed));
    for (const name of after) expect(valuesAt(here.stack, here.appId, name)).toEqual(here.values);
  });

  test.each([
    { what: "both", kept: undefined },
    { what: "one of them", kept: ["api"] },
  ])("is removed from components that swap their names as the program leaves $what", async ({ kept }) => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web", "api"])));
    here.edit(rename({ web: "api", api: "web" }));
    const program =
      kept === undefined
        ? [sync("web", { D: "d" }, { destination: { appId: here.appId }, syncOptions: { deletionLimit: 3 } })]
        : here.program(kept);
    const told = said(await ok(here.stack.preview(program)));
    expect(told).not.toContain("left in place");
    await ok(here.stack.up(program));
    expect(valuesAt(here.stack, here.appId, "web")).toEqual({});
    expect(valuesAt(here.stack, here.appId, "api")).toEqual(kept === undefined ? {} : here.values);
    await settled(here.stack, program);
  });

  test("takes readable variables along, and forgets none of them in destroy", async () => {
    const here = await shop();
    const mixed = { destination: { variables: { C: { variableType: "GENERAL" } } } };
    await ok(here.stack.up(here.program(["web"], mixed)));
    here.edit(rename({ web: "site" }));
    await followed(here, here.program(["site"], mixed));
    await ok(here.stack.destroy());
    expect(valuesAt(here.stack, here.appId, "site")).toEqual({});
  });

  test("writes only the value that the program changes in the same run", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit(rename({ web: "site" }));
    const next = { ...here.values, B: here.stack.secret("next") };
    const program = here.program(["site"], {}, next);
    expect(said(await ok(here.stack.preview(program)))).toMatch(
      /renamed to site.*\n1 to change, 2 unchanged: plan for shop\n {2}~ site\/B: new value \(from the program\)$/,
    );
    const before = here.stack.cloud.app(here.appId).spec.services?.[0]?.envs;
    expect(puts(await ok(here.stack.up(program)))).toBe(1);
    const after = here.stack.cloud.app(here.appId).spec.services?.[0]?.envs;
    expect(after?.filter(({ key }) => key !== "B")).toEqual(before?.filter(({ key }) => key !== "B"));
    expect(valuesAt(here.stack, here.appId, "site")).toEqual(next);
    await settled(here.stack, program);
  });

  test("repairs what was lost on the way, and tells it as drift", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit((spec) => {
      rename({ web: "site" })(spec);
      for (const { component } of components(spec))
        component.envs = (component.envs ?? []).filter(({ key }) => key !== "B");
    });
    const program = here.program(["site"]);
    expect(said(await ok(here.stack.preview(program)))).toMatch(/drift: 1 key of shop .*\n {2}\+ site\/B .*gone from/);
    expect(puts(await ok(here.stack.up(program)))).toBe(1);
    expect(valuesAt(here.stack, here.appId, "site")).toEqual(here.values);
    await settled(here.stack, program);
  });

  test("removes the key that leaves the source in the same run", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit(rename({ web: "site" }));
    const { C: _left, ...kept } = here.values;
    const program = here.program(["site"], {}, kept);
    expect(puts(await ok(here.stack.up(program)))).toBe(1);
    expect(valuesAt(here.stack, here.appId, "site")).toEqual(kept);
    await settled(here.stack, program);
  });

  test("keeps what disableSecretDeletion keeps, until destroy", async () => {
    const here = await shop();
    const { C: _left, ...kept } = here.values;
    const retaining = { syncOptions: { disableSecretDeletion: true } };
    await ok(here.stack.up(here.program(["web"], retaining)));
    await ok(here.stack.up(here.program(["web"], retaining, kept)));
    here.edit(rename({ web: "site" }));
    await ok(here.stack.up(here.program(["site"], retaining, kept)));
    expect(valuesAt(here.stack, here.appId, "site")).toEqual(here.values);
    await ok(here.stack.destroy());
    expect(valuesAt(here.stack, here.appId, "site")).toEqual({});
  });

  test("gives adopted keys back where they stand now", async () => {
    const here = await shop({ web: [{ key: "A", value: "theirs", type: "SECRET" }] });
    const options = { syncOptions: { adoptExisting: ["A"], onDestroy: "restore" } };
    await ok(here.stack.up(here.program(["web"], options)));
    here.edit(rename({ web: "site" }));
    await followed(here, here.program(["site"], options));
    await ok(here.stack.destroy());
    expect(valuesAt(here.stack, here.appId, "site")).toEqual({ A: "theirs" });
  });
});

describe("a component renamed at the platform only", () => {
  test("is named by the failure of the program that still has the old name", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit(rename({ web: "site" }));
    for (const run of [here.stack.preview(here.program(["web"])), here.stack.up(here.program(["web"]))]) {
      const { problems } = await run;
      expect(problems).toMatch(
        /destination\.unknown_component: the app has no component "web"; it has site, api; .*"site"/,
      );
      expect(problems).toMatch(/3 keys/);
    }
  });

  test("is a guess only where this sync has written there", async () => {
    const here = await shop({ api: [{ key: "A", value: "theirs" }] });
    const { problems } = await here.stack.preview(here.program(["wep"]));
    expect(problems).toMatch(
      /destination\.unknown_component: the app has no component "wep"; it has web, api; did you mean "web"\?\n?$/,
    );
  });

  test("is seen by a refresh, and its keys are removed by destroy", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit(rename({ web: "site" }));
    await ok(here.stack.refresh());
    const moved = ["A", "B", "C"].map((key) => `web/${key} is now at site/${key}`);
    expect(here.stack.outputs("web")["drift"]).toEqual(moved);
    expect(puts(await ok(here.stack.destroy()))).toBe(1);
    expect(valuesAt(here.stack, here.appId, "site")).toEqual({});
  });

  test("is a key in the wrong place where the component of that name is still there", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit((spec) => {
      spec.services?.unshift({ name: "edge", envs: spec.services[0]?.envs ?? [] });
      delete spec.services?.[1]?.envs;
    });
    const { problems } = await here.stack.preview(here.program(["web"]));
    expect(problems).toMatch(/conflict\.moved: web\/A was written by this sync and is now at edge\/A/);
  });
});

test("two syncs of a renamed component follow it together", async () => {
  const here = await shop();
  const program = (name: string) => [
    sync("web", { A: here.values["A"] }, { destination: { appId: here.appId, components: [name] } }),
    sync("other", { B: here.values["B"] }, { destination: { appId: here.appId, components: [name] } }),
  ];
  await ok(here.stack.up(program("web")));
  here.edit(rename({ web: "site" }));
  expect((await followed(here, program("site"))).match(/web was renamed to site, and 1 key /g)).toHaveLength(2);
});
