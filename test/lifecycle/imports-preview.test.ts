// An import is never made behind a person's back: what a preview does not know yet, and syncs that share a file or an app.

import { describe, expect, test } from "vitest";
import { unknownValue } from "../../provider/lifecycle/engine/wire.js";
import { general, ok, program, shop } from "./import-shop.js";
import { type Program, type Run, said, valuesAt } from "./stack.js";

const unknownToken = { app: "digital-ocean", method: "api-token", credentials: { apiToken: unknownValue } };
const warnings = ({ messages }: Run) =>
  messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);

test("a sync that begins disabled imports when it is enabled, and its preview tells the plan once", async () => {
  const { stack, appId, text } = await shop((world) => [general("A", world.secret("a"))], "B=ours\n");
  const given = program(appId, "import-prioritize-source");
  await ok(stack.up(given.map((one) => ({ ...one, args: { ...one.args, isEnabled: false } }))));
  expect(await text()).toBe("B=ours\n");
  const told = said(await ok(stack.preview(given)));
  expect(told).toMatch(/^1 to add, 1 to adopt: first sync to shop\n {2}\^ A: will be added/);
  expect(told.match(/app\/A/g)).toHaveLength(1);
  await ok(stack.up(given));
  expect(await text()).toMatch(/^B=ours\nA=canary-a-\w+\n$/);
});

describe("an import that a preview cannot name", () => {
  test.each([
    { name: "the app is not known yet", appId: unknownValue, source: {} },
    { name: "a source is not known yet", appId: undefined, source: { path: unknownValue } },
  ])("is announced as such when $name", async ({ appId, source }) => {
    const shown = await shop((world) => [general("KEY", world.secret("theirs"))], "KEY=ours\n");
    const given = program(appId ?? shown.appId, "import-prioritize-destination", { source });
    const preview = await ok(shown.stack.preview(given));
    expect(warnings(preview)).toEqual([
      expect.stringMatching(/^sync web imports values, but .* also over values that are there now; to see the keys/),
    ]);
  });

  test.each<[string, (appId: string) => Program]>([
    ["source", (appId) => program(appId, "import-prioritize-source", { source: { path: unknownValue } })],
    ["token", (appId) => program(appId, "import-prioritize-source", { destination: { connection: unknownToken } })],
  ])("is not announced for a sync that has run before, and whose %s is not known yet", async (_part, later) => {
    const { stack, appId } = await shop(() => [], "KEY=ours\n");
    await ok(stack.up(program(appId, "import-prioritize-source")));
    const preview = await ok(stack.preview(later(appId)));
    expect([preview.steps.map(({ op }) => op), said(preview)]).toEqual([["update"], ""]);
  });

  test.each([
    ["by its id", { appId: unknownValue }, "replace"],
    ["by its name", { appId: undefined, appName: unknownValue }, "update"],
    ["with its components", { appId: unknownValue, components: unknownValue }, "update"],
  ])("is announced once for a sync that may move to an app that is made anew, %s", async (_by, destination, op) => {
    const { stack, appId } = await shop(() => [], "KEY=ours\n");
    await ok(stack.up(program(appId, "import-prioritize-source")));
    const preview = await ok(stack.preview(program(appId, "import-prioritize-source", { destination })));
    expect(preview.steps).toMatchObject([{ op }]);
    expect(warnings(preview)).toEqual([
      expect.stringMatching(/^sync web imports values, but .* into the source; to see the keys/),
    ]);
  });

  test.each(["merge", "overwrite-destination", undefined])(
    "is not announced for a sync that imports nothing (%s)",
    async (initialSyncBehavior) => {
      const { stack } = await shop(() => [], "KEY=ours\n");
      const given = program(unknownValue, "import-prioritize-source", { syncOptions: { initialSyncBehavior } });
      expect(warnings(await ok(stack.preview(given)))).toEqual([]);
    },
  );

  test.each(["preview", "up"] as const)(
    "is not announced by one run (%s) that fails for what is wrong",
    async (kind) => {
      const { stack, appId } = await shop(() => [], "KEY=ours\n");
      for (const source of [{ path: 42 }, { path: unknownValue, format: "none" }]) {
        const run = await stack[kind](program(appId, "import-prioritize-source", { source }));
        expect(run.problems).toMatch(/^argument\.invalid: source/);
        expect(warnings(run)).toEqual([]);
      }
    },
  );
});

test("of two syncs that import from one app into one file, each key goes to one of them", async () => {
  const { stack, appId, text } = await shop(
    (world) => [general("A", world.secret("a")), general("B", world.secret("b"))],
    "# none\n",
  );
  const [first] = program(appId, "import-prioritize-source", { source: { include: ["A"] } });
  const [second] = program(appId, "import-prioritize-source", { source: { include: ["B"] } });
  const given = [first, second].flatMap((one, at) => (one === undefined ? [] : [{ ...one, name: `sync-${at}` }]));
  await ok(stack.up(given));
  expect(
    (await text())
      .split("\n")
      .map((line) => line.split("=")[0])
      .sort(),
  ).toEqual(["", "# none", "A", "B"]);
  expect((await ok(stack.preview(given))).steps.map(({ op }) => op)).toEqual(["same", "same"]);
});

test("of two syncs that import one key from two apps into one file, neither may lose its value", async () => {
  const { stack, appId, text } = await shop((world) => [general("A", world.secret("one"))], "# none\n");
  const envs = [general("A", stack.secret("two"))];
  const other = stack.cloud.createApp({ name: "other", envs, services: [{ name: "web" }] }).id;
  const before = [valuesAt(stack, appId), valuesAt(stack, other)];
  const given = [appId, other].flatMap((id, at) =>
    program(id, "import-prioritize-source", { source: { path: at === 0 ? "secrets.env" : "./secrets.env" } }).map(
      (one) => ({ ...one, name: `sync-${at}` }),
    ),
  );
  const torn = /import\.conflict: two syncs of this program would import different values .* one file source \(A\)/;
  expect((await stack.preview(given)).problems).toMatch(torn);
  // An update without a preview: the first one is done, and the second one is told the same and writes nothing.
  expect((await stack.up(given)).problems).toMatch(torn);
  expect([valuesAt(stack, appId), valuesAt(stack, other)]).toEqual(before);
  expect(await text()).toBe(`# none\nA=${before[0]?.["A"] ?? ""}\n`);
});
