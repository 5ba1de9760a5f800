// The import of a first run: foretold, done once, and nothing that cannot be read is lost by it.

import { writeFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { startInfisical } from "../emulators/infisical/index.js";
import { createInstance } from "../emulators/infisical/model.js";
import { startNetlify } from "../emulators/netlify/index.js";
import { general, ok, program, sealed, shop } from "./import-shop.js";
import { puts, said, sync, valuesAt } from "./stack.js";

describe("import-prioritize-source", () => {
  test("adds readable values to the file, takes their keys over, and leaves what cannot be read", async () => {
    const { stack, appId, text } = await shop(
      (world) => [
        general("PLAIN", world.secret("plain")),
        // No canary: it is kept in state, encrypted, to be given back.
        general("BOTH", "theirs"),
        sealed("HIDDEN", world.secret("hidden")),
        general("BINDABLE", "${db.DATABASE_URL}"),
      ],
      "# ours\nBOTH=ours # stays\n",
    );
    const before = structuredClone(stack.cloud.app(appId).spec.envs);
    const plain = before?.[0]?.value ?? "";
    const given = program(appId, "import-prioritize-source");
    const preview = await ok(stack.preview(given));
    expect(said(preview).split("\n").slice(0, 4)).toEqual([
      "2 to adopt: first sync to shop",
      '  ^ PLAIN: will be added to the file source "secrets.env"',
      "  . BINDABLE: not imported, stays as it is: its value cannot be read, or is a reference",
      "  . HIDDEN: not imported, stays as it is: its value cannot be read, or is a reference",
    ]);
    expect(said(preview)).toMatch(
      /> app\/BOTH: will be adopted, VALUE CHANGES to the one of secrets.env\n.*> app\/PLAIN: will be adopted, value stays$/,
    );
    expect(await text()).toBe("# ours\nBOTH=ours # stays\n");
    expect(puts(preview)).toBe(0);

    const run = await ok(stack.up(given));
    expect(puts(run)).toBe(1);
    expect(await text()).toBe(`# ours\nBOTH=ours # stays\nPLAIN=${plain}\n`);
    const after = stack.cloud.app(appId).spec.envs ?? [];
    expect(after.find(({ key }) => key === "PLAIN")?.value).toBe(plain);
    expect(after.find(({ key }) => key === "BOTH")?.value).toBe("ours");
    // Byte for byte, ciphertext included.
    for (const key of ["HIDDEN", "BINDABLE"])
      expect(after.find((one) => one.key === key)).toEqual(before?.find((one) => one.key === key));
    expect(stack.outputs("web")).toMatchObject({
      managedKeys: ["BOTH", "PLAIN"],
      lastSyncMessage: "1 imported into the source, 2 adopted",
    });
  });

  test("is never repeated: later foreign values stay where they are, and a key that leaves the file is removed", async () => {
    const { stack, appId, path, text } = await shop((world) => [general("A", world.secret("a"))], "# empty\n");
    const given = program(appId, "import-prioritize-source");
    await ok(stack.up(given));
    const imported = await text();
    stack.cloud.editConsole(appId, (spec) => {
      spec.envs?.push(general("LATER", "new"));
    });
    stack.cloud.settle(appId);
    const again = await ok(stack.up(given));
    expect(again.steps).toMatchObject([{ op: "same" }]);
    expect(said(again)).toBe("");
    expect(await text()).toBe(imported);
    await writeFile(path, "# empty\nB=mine\n");
    await ok(stack.up(given));
    expect(valuesAt(stack, appId)).toEqual({ LATER: "new", B: "mine" });
    await ok(stack.destroy());
    expect(valuesAt(stack, appId)).toEqual({ LATER: "new" });
  });
});

describe("import-prioritize-destination", () => {
  test("changes the file where both have a value", async () => {
    const { stack, appId, text } = await shop(
      (world) => [general("BOTH", world.secret("theirs"))],
      "BOTH=ours # note\nNEW=n\n",
    );
    const theirs = stack.cloud.app(appId).spec.envs?.[0]?.value ?? "";
    const given = program(appId, "import-prioritize-destination");
    expect(said(await ok(stack.preview(given)))).toMatch(/\^ BOTH: will replace the value in the file source/);
    await ok(stack.up(given));
    expect(await text()).toBe(`BOTH=${theirs} # note\nNEW=n\n`);
    expect(valuesAt(stack, appId)).toEqual({ BOTH: theirs, NEW: "n" });
    expect((await ok(stack.preview(given))).steps).toMatchObject([{ op: "same" }]);
  });

  test("refuses a value that should count and cannot be read, until it is adopted by name", async () => {
    const { stack, appId, text } = await shop((world) => [sealed("KEY", world.secret("k"))], "KEY=ours\n");
    const refused = await stack.up(program(appId, "import-prioritize-destination"));
    expect(refused.problems).toMatch(/conflict\.exists: app\/KEY/);
    expect(refused.problems).toMatch(
      /import\.conflict: KEY cannot be imported, because its value cannot be read, or is a reference/,
    );
    expect(puts(refused)).toBe(0);
    const adopting = { syncOptions: { adoptExisting: ["KEY"] } };
    await ok(stack.up(program(appId, "import-prioritize-destination", adopting)));
    expect(valuesAt(stack, appId)).toEqual({ KEY: "ours" });
    expect(await text()).toBe("KEY=ours\n");
  });
});

describe("an import that cannot be made", () => {
  test("is told in the preview when no source can be written", async () => {
    const { stack, appId } = await shop((world) => [general("A", world.secret("a"))], "");
    const values = { B: stack.secret("b") };
    const run = await stack.preview([
      sync("web", values, { destination: { appId }, syncOptions: { initialSyncBehavior: "import-prioritize-source" } }),
    ]);
    expect(run.problems).toMatch(/^import\.no_writable_source: .*no source here can store them \(inline\)/);
  });

  test("is told in the preview when the file cannot say the value, and writes nothing anywhere", async () => {
    const { stack, appId, text } = await shop(() => [general("A", "'\"`canary")], "# none\n");
    stack.canaries.add("'\"`canary");
    const run = await stack.preview(program(appId, "import-prioritize-source"));
    expect(run.problems).toMatch(/^import\.unplaceable: file source "secrets.env": A cannot be written there/);
    const up = await stack.up(program(appId, "import-prioritize-source"));
    expect(up.problems).toMatch(/^import\.unplaceable/);
    expect([puts(up), await text()]).toEqual([0, "# none\n"]);
  });

  test("changes nothing when the app is changed between the decision and the write", async () => {
    const { stack, appId, text } = await shop((world) => [general("A", world.secret("a"))], "# none\n");
    const secondLook = { method: "GET", path: /^\/v2\/apps\/[^/]+$/, nth: 2 };
    stack.cloud.onRequest(secondLook, () => {
      stack.cloud.editConsole(appId, (spec) => void (spec.envs = [general("A", "changed")]));
    });
    const run = await stack.up(program(appId, "import-prioritize-source"));
    expect(run.problems).toMatch(/^import\.changed: what can be imported from shop changed .*retrying may help/);
    expect([puts(run), await text()]).toEqual([0, "# none\n"]);
  });

  test("takes nothing over that was equal to the source and is changed right before the write", async () => {
    const { stack, appId, text } = await shop(() => [general("A", "equal")], "A=equal\n");
    const secondLook = { method: "GET", path: /^\/v2\/apps\/[^/]+$/, nth: 2 };
    stack.cloud.onRequest(secondLook, () => {
      stack.cloud.editConsole(appId, (spec) => void (spec.envs = [general("A", "newer")]));
    });
    const run = await stack.up(program(appId, "import-prioritize-destination"));
    expect(run.problems).toMatch(/^import\.changed: what can be imported from shop changed/);
    expect([puts(run), valuesAt(stack, appId), await text()]).toEqual([0, { A: "newer" }, "A=equal\n"]);
  });

  test("is made whole by the next run when the app could not be written after the file was", async () => {
    const { stack, appId, text } = await shop((world) => [general("A", world.secret("a"))], "B=2\n");
    const value = stack.cloud.app(appId).spec.envs?.[0]?.value ?? "";
    stack.cloud.faults.add({ match: { method: "PUT" }, status: 422, body: { id: "no", message: "no" } });
    expect((await stack.up(program(appId, "import-prioritize-source"))).problems).toMatch(/destination\.rejected/);
    expect(await text()).toBe(`B=2\nA=${value}\n`);
    await ok(stack.up(program(appId, "import-prioritize-source")));
    expect(valuesAt(stack, appId)).toEqual({ A: value, B: "2" });
    expect(await text()).toBe(`B=2\nA=${value}\n`);
  });
});

test("from Netlify, values that are plain and the same in every context are imported, secrets are neither imported nor removed", async () => {
  const { stack, text } = await shop(() => [], "# none\n");
  const netlify = await startNetlify();
  onTestFinished(() => netlify.close());
  const site = netlify.addSite();
  Object.assign(stack.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token });
  const [plain, hidden] = [stack.secret("plain"), stack.secret("hidden")];
  for (const slot of ["production", "deploy-preview"]) {
    netlify.edit(site, { key: "PLAIN", slot }, plain);
    netlify.edit(site, { key: "DIFFERS", slot }, `v-${slot}`);
    netlify.edit(site, { key: "HIDDEN", slot }, { value: hidden, isSecret: true });
  }
  netlify.edit(site, { key: "ONE", slot: "production" }, "only");
  const before = netlify.values(site);
  const given = [
    sync("site", undefined, {
      source: { type: "file", path: "secrets.env" },
      destination: { type: "netlify", siteId: site.id, contexts: ["production", "deploy-preview"], isSecret: false },
      syncOptions: { initialSyncBehavior: "import-prioritize-source" },
    }),
  ];
  const preview = said(await ok(stack.preview(given)));
  expect(preview).toMatch(/\^ PLAIN: will be added to the file source/);
  expect(preview).toMatch(/DIFFERS: not imported, stays as it is: its values differ/);
  expect(preview).toMatch(/HIDDEN: not imported, stays as it is: its value cannot be read, or is a reference/);
  expect(preview).toMatch(/ONE: not imported, stays as it is: it exists in only some of the places/);
  expect(netlify.writes()).toEqual([]);
  await ok(stack.up(given));
  expect(await text()).toBe(`# none\nPLAIN=${plain}\n`);
  expect(netlify.values(site)).toEqual(before);
  expect(stack.outputs("site")).toMatchObject({ managedKeys: ["PLAIN"] });
  expect((await ok(stack.preview(given))).steps).toMatchObject([{ op: "same" }]);
  await ok(stack.destroy());
  // Somebody else made it, and it is as it was.
  expect(netlify.values(site)).toEqual(before);
});

test("a key that another sync has in one of its contexts is not imported from the others", async () => {
  const { stack, text } = await shop(() => [], "# none\n");
  const netlify = await startNetlify();
  onTestFinished(() => netlify.close());
  const site = netlify.addSite();
  Object.assign(stack.environment, { NETLIFY_API_URL: netlify.url, NETLIFY_AUTH_TOKEN: netlify.token });
  const value = stack.secret("both");
  for (const slot of ["production", "deploy-preview"]) netlify.edit(site, { key: "KEY", slot }, value);
  const destination = { type: "netlify", siteId: site.id, isSecret: false };
  const given = [
    sync(
      "first",
      { KEY: value },
      { destination: { ...destination, contexts: ["production"] }, syncOptions: { adoptExisting: ["KEY"] } },
    ),
    sync("second", undefined, {
      source: { type: "file", path: "secrets.env" },
      destination: { ...destination, contexts: ["production", "deploy-preview"] },
      syncOptions: { initialSyncBehavior: "import-prioritize-source" },
    }),
  ];
  expect(said(await ok(stack.preview(given)))).toMatch(
    /KEY: not imported, stays as it is: another sync of this program/,
  );
  await ok(stack.up(given));
  expect(await text()).toBe("# none\n");
  expect(stack.outputs("second")).toMatchObject({ managedKeys: [] });
});

test("into Infisical, new and changed keys are written in one request each, and one read proves them", async () => {
  const { stack, appId } = await shop(
    (world) => [general("NEW", world.secret("new")), general("BOTH", world.secret("both"))],
    "",
  );
  const [fresh = "", both = ""] = (stack.cloud.app(appId).spec.envs ?? []).map(({ value }) => value ?? "");
  const infisical = await startInfisical();
  onTestFinished(() => infisical.close());
  Object.assign(infisical.instance, createInstance());
  infisical.instance.projects.set("p", { prod: { "/": { secrets: { BOTH: "ours", KEPT: "kept" } } } });
  infisical.instance.identities.push({ clientId: "id", clientSecret: "s" });
  Object.assign(stack.environment, {
    INFISICAL_API_URL: infisical.origin,
    INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: "id",
    INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: "s",
  });
  const given = program(appId, "import-prioritize-destination", {
    source: { type: "infisical", path: undefined, projectId: "p", environment: "prod" },
  });
  await ok(stack.preview(given));
  const writes = () =>
    infisical.received
      .filter(({ method, path }) => method !== "GET" && path.includes("secrets"))
      .map(({ method, path }) => `${method} ${path}`);
  expect(writes()).toEqual([]);
  await ok(stack.up(given));
  expect(writes()).toEqual(["POST /api/v4/secrets/batch", "PATCH /api/v4/secrets/batch"]);
  expect(infisical.instance.projects.get("p")?.["prod"]?.["/"]?.secrets).toEqual({
    BOTH: both,
    KEPT: "kept",
    NEW: fresh,
  });
  expect(valuesAt(stack, appId)).toEqual({ BOTH: both, KEPT: "kept", NEW: fresh });
  expect((await ok(stack.preview(given))).steps).toMatchObject([{ op: "same" }]);
});
