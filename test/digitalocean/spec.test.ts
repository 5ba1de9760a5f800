// How a spec is read and edited: defaults that answers leave out, lists that are none, and places by the names that people know.

import { describe, expect, test } from "vitest";
import type { Edit } from "../../provider/core/entry.js";
import {
  aimEdits,
  editSpec,
  indexEnvs,
  labelEnv,
  listEnvs,
  listNamed,
  listSlots,
  mapEnvs,
  namePath,
  nameSlot,
  readComponent,
  readEntries,
  readName,
  sameEnv,
} from "../../provider/destinations/digitalocean/spec.js";
import type { RawEnv, Spec } from "../../provider/destinations/digitalocean/wire.js";
import { redact } from "../../provider/redacted.js";

const a: RawEnv = { key: "A", value: "1" };
const b: RawEnv = { key: "B", value: "2" };

describe("a variable", () => {
  test.each([
    [{}, "GENERAL RUN_AND_BUILD_TIME"],
    [{ type: "", scope: "" }, "GENERAL RUN_AND_BUILD_TIME"],
    [{ type: "GENERAL", scope: "UNSET" }, "GENERAL RUN_AND_BUILD_TIME"],
    [{ type: "SECRET", scope: "RUN_TIME" }, "SECRET RUN_TIME"],
    [{ type: "SECRET", scope: "RUN_AND_BUILD_TIME" }, "SECRET RUN_AND_BUILD_TIME"],
    [{ scope: "BUILD_TIME" }, "GENERAL BUILD_TIME"],
  ])("%j is %s", (env, label) => {
    expect(labelEnv(env)).toBe(label);
  });

  test.each<[RawEnv, RawEnv, boolean]>([
    [a, { ...a, type: "GENERAL", scope: "RUN_AND_BUILD_TIME" }, true],
    [{ key: "A" }, { key: "A", value: "" }, true],
    [{ key: "A", value: "" }, { key: "A" }, true],
    [{ key: "A" }, a, false],
    [a, { key: "A" }, false],
    [a, { ...a, value: "2" }, false],
    [a, { ...a, scope: "RUN_TIME" }, false],
    [a, { ...a, type: "SECRET" }, false],
  ])("%j and %j: the same is %s", (one, other, isSame) => {
    expect(sameEnv(one, other)).toBe(isSame);
  });

  test("that shows ciphertext says so, and one without a value counts as empty", () => {
    const spec = { envs: [{ key: "S", value: "EV[1:x:y]", type: "SECRET" }, { key: "N" }, { key: "E", value: "" }] };
    const [sealed, none, empty] = readEntries(spec, "salt");
    expect([sealed?.sealed, none?.sealed, empty?.sealed]).toEqual([true, undefined, undefined]);
    expect(none?.fingerprint).toBe(empty?.fingerprint);
    expect(none?.fingerprint).not.toBe(sealed?.fingerprint);
  });
});

describe("the slots of a spec", () => {
  const body = (name: string) => ({ name, envs: [{ key: name.toUpperCase(), value: "1" }] });
  const spec: Spec = {
    name: "shop",
    envs: [a],
    services: [body("web")],
    workers: [body("mailer")],
    jobs: [body("migrate")],
    static_sites: [body("site")],
    functions: [body("api")],
    databases: [body("db")],
  };

  test("are the app level and every component that holds variables", () => {
    const components = ["web", "mailer", "migrate", "site", "api"];
    expect(listSlots(spec)).toEqual(["app", ...components]);
    expect(listEnvs(spec).map(({ slot, key }) => `${slot}/${key}`)).toEqual([
      "app/A",
      ...components.map((name) => `${name}/${name.toUpperCase()}`),
    ]);
  });

  test("tell a component called app from the app level, and give its name back", () => {
    expect(listSlots({ services: [{ name: "app" }, { name: "web" }] })).toEqual(["app", "component:app", "web"]);
    for (const name of ["app", "web"]) expect(readComponent(nameSlot(name))).toBe(name);
  });

  test("have a name of their own where a component has none", () => {
    expect(listSlots({ services: [{}, { name: 7 }], jobs: [{}] })).toEqual([
      "app",
      "services.0",
      "services.1",
      "jobs.0",
    ]);
  });

  test.each([null, undefined, "web", {}])("are the app level only where components are %j", (services) => {
    expect(listSlots({ services })).toEqual(["app"]);
  });

  test("hold of a key that stands twice the first one", () => {
    expect(indexEnvs({ envs: [a, { ...a, value: "2" }] }).get("app/A")).toEqual(a);
  });
});

describe("an edited spec", () => {
  const set = (key: string, value: string, more: { slot?: string; type?: string } = {}): Edit => ({
    action: "set",
    slot: more.slot ?? "app",
    key,
    value: redact(value),
    attributes: { type: more.type ?? "GENERAL", scope: "RUN_AND_BUILD_TIME" },
    label: `${more.type ?? "GENERAL"} RUN_AND_BUILD_TIME`,
  });
  const remove = (key: string, slot = "app"): Edit => ({ action: "remove", slot, key });
  const written = { scope: "RUN_AND_BUILD_TIME", type: "GENERAL" };

  // [what, before, edits, after]
  test.each<[string, Spec, Edit[], Spec]>([
    [
      "keeps the position of what is set",
      { envs: [a, b] },
      [set("A", "9")],
      { envs: [{ ...a, value: "9", ...written }, b] },
    ],
    ["has new keys at the end", { envs: [b] }, [set("A", "1")], { envs: [b, { ...a, ...written }] }],
    ["has its first list where there was none", {}, [set("A", "1")], { envs: [{ ...a, ...written }] }],
    ["has its first list in place of null", { envs: null }, [set("A", "1")], { envs: [{ ...a, ...written }] }],
    [
      "keeps fields that nobody knows",
      { envs: [{ ...a, x_future: 1 }] },
      [set("A", "9")],
      { envs: [{ ...a, x_future: 1, value: "9", ...written }] },
    ],
    ["says no default that was not said", { envs: [a, b] }, [set("A", "1")], { envs: [a, b] }],
    ["has no empty list", { name: "shop", envs: [a] }, [remove("A")], { name: "shop" }],
    ["loses every entry of a removed key", { envs: [a, b, a] }, [remove("A")], { envs: [b] }],
    ["keeps what is not removed", { envs: [a] }, [remove("B")], { envs: [a] }],
    [
      "holds what is put back as it was",
      { envs: [b] },
      [{ action: "restore", slot: "app", key: "A", prior: a }],
      { envs: [b, a] },
    ],
    [
      "takes edits in their order",
      { envs: [a] },
      [remove("A"), set("A", "3")],
      { envs: [{ key: "A", value: "3", ...written }] },
    ],
    [
      "is edited in the component that is meant",
      {
        envs: [a],
        services: [
          { name: "web", envs: [a] },
          { name: "api", envs: [a] },
        ],
      },
      [set("A", "9", { slot: "api", type: "SECRET" })],
      {
        envs: [a],
        services: [
          { name: "web", envs: [a] },
          { name: "api", envs: [{ key: "A", value: "9", scope: "RUN_AND_BUILD_TIME", type: "SECRET" }] },
        ],
      },
    ],
    [
      "is edited in several places at once",
      { envs: [a], jobs: [{ name: "web", envs: [a, b] }] },
      [remove("A"), remove("B", "web")],
      { jobs: [{ name: "web", envs: [a] }] },
    ],
  ])("%s", (_what, ...[before, edits, after]) => {
    const kept = structuredClone(before);
    expect(editSpec(before, edits)).toEqual(after);
    expect(before).toEqual(kept);
  });

  test("that means one of two of a key leaves the other one, in any order of a later look", () => {
    const theirs = { ...a, value: "9", scope: "BUILD_TIME" };
    const looked = { envs: [b, theirs, a], services: [{ name: "web", envs: [a] }] };
    const aim = (edit: Edit) => aimEdits(looked, [edit]);
    const removed = aim({ action: "remove", slot: "app", key: "A", nth: 1 });
    const restored = aim({ action: "restore", slot: "app", key: "A", nth: 0, prior: b });
    const added = aim({ action: "restore", slot: "app", key: "A", nth: 2, prior: b });
    for (const envs of [
      [theirs, a],
      [a, theirs],
    ]) {
      expect(editSpec({ envs }, removed)).toEqual({ envs: [theirs] });
      expect(editSpec({ envs }, restored)).toEqual({ envs: envs.with(envs.indexOf(theirs), b) });
      expect(editSpec({ envs }, added)).toEqual({ envs: [...envs, b] });
      expect(indexEnvs({ envs }, removed).get("app/A")).toEqual(a);
    }
    expect(indexEnvs({ envs: [theirs] }, removed).has("app/A")).toBe(false);
  });

  test("without an edit is the very one that came, `envs: null` and all", () => {
    const spec = {
      envs: null,
      services: [
        { name: "web", envs: null },
        { name: "api", envs: [] },
      ],
    };
    expect(editSpec(spec, [])).toBe(spec);
    expect(editSpec(spec, [set("A", "1", { slot: "api" })])["envs"]).toBeNull();
    expect(mapEnvs(spec, (envs) => envs)).toEqual(spec);
  });
});

describe("an index path of the vendor", () => {
  const spec: Spec = {
    envs: [a, b],
    services: [
      { name: "web", envs: [{ key: "WEB" }] },
      { name: "api", envs: [{ key: "X" }, { key: "API" }] },
    ],
    workers: [{ name: "mailer", envs: [{ key: "MAIL" }] }],
    jobs: [{ name: "app", envs: [{ key: "JOB" }] }],
    static_sites: [{ name: "site", envs: [{ key: "SITE" }] }],
    functions: [{ name: "fn", envs: [{ key: "FN" }] }],
  };

  test.each([
    ["envs.1.value", "app/B.value"],
    ["envs[0]", "app/A"],
    ["services.1.envs.1.value: too long", "api/API.value: too long"],
    ["services[0].envs[0]", "web/WEB"],
    ["workers.0.envs.0", "mailer/MAIL"],
    ["jobs.0.envs.0", "component:app/JOB"],
    ["static_sites.0.envs.0", "site/SITE"],
    ["functions.0.envs.0", "fn/FN"],
    ['fields "envs.0" and "services.0.envs.0"', 'fields "app/A" and "web/WEB"'],
    ["envs.7.value", "envs.7.value"],
    ["services.7.envs.0", "services.7.envs.0"],
    ["services.0.envs.10", "services.0.envs.10"],
    ["my_envs.0", "my_envs.0"],
    ["no path", "no path"],
  ])("%s reads %s", (path, reads) => {
    expect(namePath(path, spec)).toBe(reads);
  });

  test("is listed once by name, and not where it leads nowhere", () => {
    expect(listNamed("envs.0, services.1.envs.1, envs.0.value and envs.9", spec)).toEqual(["app/A", "api/API"]);
    expect(listNamed("no path", spec)).toEqual([]);
  });
});

test("an app is called by its id where its spec has no name", () => {
  expect([readName({ name: "shop" }, "id"), readName({}, "id"), readName({ name: 1 }, "id")]).toEqual([
    "shop",
    "id",
    "id",
  ]);
});
