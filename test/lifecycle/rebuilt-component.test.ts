// Components that were split, merged or rebuilt: nobody's entry is taken over, and nothing of ours is lost.

import { describe, expect, test } from "vitest";
import { components } from "../emulators/digitalocean/model.js";
import { followed, ok, rename, settled, shop } from "./component-shop.js";
import { puts, said, sync, valuesAt } from "./stack.js";

describe("what is not certain", () => {
  test("a variable that somebody entered anew under the new name stays a conflict until it is adopted", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit((spec) => {
      rename({ web: "site" })(spec);
      for (const { component } of components(spec))
        component.envs?.forEach((env) => env.key === "B" && Object.assign(env, { value: "theirs", type: "SECRET" }));
    });
    const refused = await here.stack.preview(here.program(["site"]));
    expect(refused.problems).toMatch(/conflict\.exists: site\/B /);
    expect(refused.problems).not.toMatch(/site\/[AC]/);
    expect(puts(await here.stack.up(here.program(["site"])))).toBe(0);
    const program = here.program(["site"], { syncOptions: { adoptExisting: ["B"] } });
    const preview = await ok(here.stack.preview(program));
    expect(said(preview)).toMatch(/> site\/B: will be adopted/);
    expect(said(preview)).not.toMatch(/drift|gone/);
    expect(puts(await ok(here.stack.up(program)))).toBe(1);
    await settled(here.stack, program);
  });

  test("a readable variable alone proves no rename, and is taken over once it may be adopted, without a write", async () => {
    const here = await shop();
    const general = { destination: { variableType: "GENERAL" } };
    const values = { URL: "https://shop.example" };
    await ok(here.stack.up(here.program(["web"], general, values)));
    here.edit(rename({ web: "site" }));
    const refused = await here.stack.preview(here.program(["site"], general, values));
    expect(refused.problems).toMatch(/conflict\.exists: site\/URL/);
    const adopting = { ...general, syncOptions: { adoptExisting: ["URL"] } };
    await followed(here, here.program(["site"], adopting, values));
  });

  test("a component that takes over the ciphertexts of another one keeps its own variables", async () => {
    const theirs = { key: "C", value: "theirs", type: "SECRET" } as const;
    const here = await shop({ api: [theirs] });
    await ok(here.stack.up(here.program(["web"])));
    here.edit((spec) => {
      const [web, api = { name: "api" }] = spec.services ?? [];
      api.envs = [...(web?.envs ?? []).filter(({ key }) => key !== "C"), ...(api.envs ?? [])];
      spec.services = [api];
    });
    const refused = await here.stack.up(here.program(["api"]));
    expect(refused.problems).toMatch(/conflict\.exists: api\/C /);
    expect(puts(refused)).toBe(0);
    expect(valuesAt(here.stack, here.appId, "api")["C"]).toBe("theirs");
    await ok(here.stack.destroy());
    expect(valuesAt(here.stack, here.appId, "api")).toEqual({ C: "theirs" });
  });
});

describe("a component that is not what it was", () => {
  test("split into two keeps what each of them has, and gets the rest", async () => {
    const here = await shop({}, ["web"]);
    await ok(here.stack.up(here.program(["web"])));
    here.edit((spec) => {
      const [web] = spec.services ?? [];
      spec.services = [
        { ...structuredClone(web), name: "front" },
        { ...structuredClone(web), name: "back", envs: (web?.envs ?? []).filter(({ key }) => key !== "C") },
      ];
    });
    const program = here.program(["front", "back"]);
    const preview = await ok(here.stack.preview(program));
    expect(said(preview)).toContain("web was renamed to front, and 3 keys");
    expect(said(preview)).toContain("web was renamed to back, and 2 keys");
    expect(puts(await ok(here.stack.up(program)))).toBe(1);
    for (const name of ["front", "back"]) expect(valuesAt(here.stack, here.appId, name)).toEqual(here.values);
    await settled(here.stack, program);
    await ok(here.stack.destroy());
    for (const name of ["front", "back"]) expect(valuesAt(here.stack, here.appId, name)).toEqual({});
  });

  test("split so that each part has other keys is no drift", async () => {
    const here = await shop({}, ["web"]);
    await ok(here.stack.up(here.program(["web"])));
    here.edit((spec) => {
      const [web] = spec.services ?? [];
      const part = (name: string, keys: string[]) => ({
        ...structuredClone(web),
        name,
        envs: (web?.envs ?? []).filter(({ key }) => keys.includes(key)),
      });
      spec.services = [part("front", ["A", "B"]), part("back", ["C"])];
    });
    const variables = { C: { components: ["back"] } };
    expect(await followed(here, here.program(["front"], { destination: { variables } }))).not.toMatch(/drift|gone/);
  });

  test("gone, and no longer wanted, is no drift", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web", "api"])));
    here.edit((spec) => (spec.services = (spec.services ?? []).filter(({ name }) => name !== "api")));
    const program = here.program(["web"]);
    const preview = await ok(here.stack.preview(program));
    expect(said(preview)).toMatch(/\. api\/A: gone from the destination, and the program wants nothing there/);
    expect(said(preview)).not.toMatch(/drift/);
    expect(puts(await ok(here.stack.up(program)))).toBe(0);
    await settled(here.stack, program);
  });

  test("whose variables were moved to the app is followed there", async () => {
    const here = await shop();
    await ok(here.stack.up(here.program(["web"])));
    here.edit((spec) => {
      spec.envs = spec.services?.[0]?.envs ?? [];
      delete spec.services?.[0]?.envs;
    });
    const program = [sync("web", here.values, { destination: { appId: here.appId } })];
    expect(await followed(here, program)).toBe("shop: 3 keys of this sync moved from web to app");
  });

  test("renamed while the program goes elsewhere is an entry in the wrong place, named with what to say", async () => {
    const here = await shop({}, ["web", "api"]);
    await ok(here.stack.up(here.program(["web"])));
    here.edit(rename({ web: "site" }));
    for (const run of [here.stack.preview(here.program(["api"])), here.stack.up(here.program(["api"]))]) {
      const { problems, calls } = await run;
      expect(problems).toMatch(
        /conflict\.moved: web\/A was written by this sync and is now at site\/A, where the program does not want it; if web is now called site/,
      );
      expect(calls["PUT /v2/apps/{id}"]).toBeUndefined();
    }
  });
});
