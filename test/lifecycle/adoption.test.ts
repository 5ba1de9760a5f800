// What a person reads before a key is taken over: whether its value stays, changes, or cannot be compared, and which value replaces it.

import { describe, expect, test } from "vitest";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import type { EnvEntry } from "../emulators/digitalocean/index.js";
import { openStack, type Program, puts, said, type Stack, sync, valuesAt } from "./stack.js";

const byHand: EnvEntry[] = [
  { key: "PORT", value: "8080", scope: "RUN_TIME" },
  { key: "LOG_LEVEL", value: "canary-of-theirs", scope: "RUN_TIME" },
  { key: "LINK", value: "${web.PUBLIC_URL}", scope: "RUN_TIME" },
  { key: "API_KEY", value: "canary-sealed", type: "SECRET", scope: "RUN_TIME" },
];

async function shop(): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  stack.canaries.add("canary-of-theirs").add("canary-sealed");
  return { stack, appId: stack.cloud.createApp({ name: "shop", services: [{ name: "web" }], envs: byHand }).id };
}

const values = { PORT: "8080", LOG_LEVEL: "debug", LINK: "https://example.com", API_KEY: "mine" };

function program(appId: string, syncOptions: Properties, own: Record<string, string> = values): Program {
  const variables = { API_KEY: { variableType: "SECRET" } };
  const destination = { appId, scope: "RUN_TIME", variableType: "GENERAL", variables };
  return [sync("web", own, { destination, syncOptions })];
}

describe("the preview of an adoption", () => {
  test("says of each key what becomes of its value, and whose value comes", async () => {
    const { stack, appId } = await shop();
    const preview = await stack.preview(program(appId, { adoptExisting: Object.keys(values) }));
    expect(preview.problems).toBe("");
    expect(said(preview).split("\n")).toEqual([
      "4 to adopt: first sync to shop",
      "  > app/API_KEY: will be adopted, value cannot be compared and will be replaced by the one of the program",
      "  > app/LINK: will be adopted, VALUE CHANGES to the one of the program",
      "  > app/LOG_LEVEL: will be adopted, VALUE CHANGES to the one of the program",
      "  > app/PORT: will be adopted, value stays",
    ]);
  });

  test("an update without a preview says of each what became of it", async () => {
    const { stack, appId } = await shop();
    // It is kept for a destroy, encrypted.
    stack.canaries.delete("canary-of-theirs");
    const up = await stack.up(program(appId, { adoptExisting: Object.keys(values) }));
    expect(said(up)).toContain(
      [
        "4 adopted: first sync to shop",
        "  > app/API_KEY: adopted, value could not be compared and was replaced by the one of the program",
        "  > app/LINK: adopted, VALUE CHANGED to the one of the program",
        "  > app/LOG_LEVEL: adopted, VALUE CHANGED to the one of the program",
        "  > app/PORT: adopted, value stayed",
      ].join("\n"),
    );
    expect(said(up)).not.toMatch(/will be|becomes|VALUE CHANGES/);
  });

  test("shows settings only if they differ", async () => {
    const { stack, appId } = await shop();
    const destination = { appId, scope: "BUILD_TIME", variableType: "GENERAL" };
    const syncOptions = { adoptExisting: ["PORT"] };
    const preview = await stack.preview([sync("web", { PORT: "8080" }, { destination, syncOptions })]);
    expect(said(preview)).toMatch(
      /PORT: will be adopted, value stays \(GENERAL RUN_TIME becomes GENERAL BUILD_TIME\)$/,
    );
  });
});

describe("adoptExisting: true", () => {
  test("refuses values that would change, in one problem that lists them, in preview and update", async () => {
    const { stack, appId } = await shop();
    const refused = program(appId, { adoptExisting: true });
    const preview = await stack.preview(refused);
    expect(preview.problems.match(/conflict\.value/g)).toHaveLength(1);
    for (const run of [preview, await stack.up(refused)]) {
      expect(run.problems).toMatch(/the values of 2 keys; .*\["API_KEY","LINK","LOG_LEVEL","PORT"\]/);
      expect(run.problems).toMatch(/app\/LINK\n *app\/LOG_LEVEL(?:\n|$)/);
      expect(run.problems).not.toMatch(/app\/(?:PORT|API_KEY)/);
      expect(puts(run)).toBe(0);
    }
  });

  test("takes over what stays as it is, and what cannot be compared", async () => {
    const { stack, appId } = await shop();
    const own = { PORT: "8080", API_KEY: "mine" };
    const run = await stack.up(program(appId, { adoptExisting: true }, own));
    expect(run.problems).toBe("");
    expect(valuesAt(stack, appId)).toMatchObject(own);
  });

  test("leaves a value to overwrite-destination, which says as much", async () => {
    const { stack, appId } = await shop();
    // Kept in state, encrypted, to be given back.
    stack.canaries.delete("canary-of-theirs");
    const syncOptions = { adoptExisting: true, initialSyncBehavior: "overwrite-destination" };
    const run = await stack.up(program(appId, syncOptions));
    expect(run.problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual(values);
  });
});

describe("an adoption of what is as it is wanted", () => {
  test("is no write and no deployment, is owned from then on, and is found to have drifted later", async () => {
    const { stack, appId } = await shop();
    const by = (value: string) => program(appId, { adoptExisting: ["PORT"] }, { PORT: value });
    const preview = await stack.preview(by("8080"));
    expect(said(preview)).toContain("1 to adopt: first sync to shop\n  > app/PORT: will be adopted, value stays");
    const up = await stack.up(by("8080"));
    expect([up.problems, puts(up)]).toEqual(["", 0]);
    expect(stack.outputs("web")).toMatchObject({ managedKeys: ["PORT"], syncStatus: "succeeded", version: 0 });
    expect(said(await stack.preview(by("8080")))).not.toContain("PORT");
    stack.cloud.editConsole(appId, (spec) => spec.envs?.forEach((env) => env.key === "PORT" && (env.value = "1")));
    stack.cloud.settle(appId);
    expect(said(await stack.preview(by("8080")))).toMatch(/PORT.*changed|changed.*PORT/s);
    expect(puts(await stack.up(by("9090")))).toBe(1);
    expect(valuesAt(stack, appId)).toMatchObject({ PORT: "9090" });
  });

  test("of an existing sync takes note of the key without a write, beside keys that are written", async () => {
    const { stack, appId } = await shop();
    const own = { NEW: stack.secret("new") };
    await stack.up(program(appId, {}, own));
    const both = program(appId, { adoptExisting: ["PORT"] }, { ...own, PORT: "8080" });
    expect(puts(await stack.up(both))).toBe(0);
    expect(stack.outputs("web")["managedKeys"]).toEqual(["NEW", "PORT"]);
    const third = program(appId, { adoptExisting: ["PORT"] }, { ...own, PORT: "8080", THIRD: stack.secret("third") });
    expect(puts(await stack.up(third))).toBe(1);
    expect(said(await stack.preview(third))).not.toMatch(/PORT|NEW|THIRD/);
  });
});

describe("a destroy", () => {
  test.each(["retain", "delete"])(
    "leaves what was adopted under %s in place if it is to restore later, also where another sync has taken it over",
    async (onDestroy) => {
      const { stack, appId } = await shop();
      const own = (name: string, given: Record<string, string>, options: Properties) =>
        sync(name, given, { destination: { appId }, syncOptions: { adoptExisting: ["API_KEY", "LINK"], ...options } });
      const { API_KEY, LINK } = values;
      expect((await stack.up([own("one", { API_KEY, LINK, NEW: "n" }, { onDestroy })])).problems).toBe("");
      expect((await stack.up([own("two", { LINK }, {}), own("one", { API_KEY, NEW: "n" }, {})])).problems).toBe("");
      expect(["one", "two"].map((name) => stack.outputs(name)["adoptedKeys"])).toEqual([["API_KEY"], ["LINK"]]);
      expect(stack.outputs("two")["leftKeys"]).toEqual(["LINK"]);
      const run = await stack.destroy();
      expect(run.problems).toBe("");
      expect(said(run)).toMatch(/\. app\/LINK: left in place by onDestroy/);
      expect(valuesAt(stack, appId)).toEqual({ PORT: "8080", LOG_LEVEL: "canary-of-theirs", API_KEY, LINK });
    },
  );

  test("leaves a readable key in place that had the wanted value, of which state keeps nothing", async () => {
    const { stack, appId } = await shop();
    const shared = stack.secret("shared");
    stack.cloud.editConsole(appId, (spec) => spec.envs?.push({ key: "SHARED", value: shared, scope: "RUN_TIME" }));
    stack.cloud.settle(appId);
    const own = { SHARED: shared, NEW: stack.secret("new"), API_KEY: stack.secret("mine") };
    const syncOptions = { adoptExisting: ["SHARED", "API_KEY"] };
    const up = await stack.up(program(appId, syncOptions, own));
    expect(said(up)).toMatch(
      /destroy will give back as found: app\/API_KEY; leave in place: app\/SHARED; remove 1 key$/,
    );
    const next = { ...own, SHARED: stack.secret("next") };
    await stack.up(program(appId, syncOptions, next));
    const run = await stack.destroy();
    expect(said(run)).toMatch(/- app\/NEW: removed\n {2}\. app\/SHARED: left in place by onDestroy$/);
    expect(valuesAt(stack, appId)).toMatchObject({ SHARED: next.SHARED, API_KEY: "canary-sealed" });
    expect(valuesAt(stack, appId)).not.toHaveProperty("NEW");
  });
});
