// A sync that is refused never writes: whoever was written before it waits for its own deployment, and nothing is left that nobody tells.

import { describe, expect, test } from "vitest";
import { startNetlify } from "../emulators/netlify/index.js";
import { onEnd } from "../running.js";
import { isCounted, stepsOf } from "./crowd.js";
import { openStack, type Program, puts, said, type Stack, sync, valuesAt } from "./stack.js";

const left = /a later sync of this run waits/;

async function openShop(parallel?: number) {
  const stack = await openStack();
  if (parallel !== undefined) stack.parallel = parallel;
  const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
  return { stack, appId, destination: { appId } };
}

async function openSite(stack: Stack) {
  const netlify = await startNetlify({ phaseMs: 30, buildsPerMinute: 1_000 });
  onEnd(() => netlify.close());
  Object.assign(stack.environment, { NETLIFY_AUTH_TOKEN: netlify.token, NETLIFY_API_URL: netlify.url });
  const site = netlify.addSite();
  return {
    site,
    destination: { type: "netlify", siteId: site.id, contexts: ["production"], build: { trigger: true } },
  };
}

describe.each(stepsOf([[undefined], [4], [1]]))("with %s steps at once", (parallel) => {
  test.each([
    { reason: "a source that cannot be read", values: { "1-BAD": "2" }, more: {}, code: /key\.invalid/ },
    {
      reason: "an argument beside its source",
      values: { B: "2" },
      more: { description: 7 },
      code: /argument\.invalid/,
    },
  ])("a new sync whose check is refused for $reason is not one that comes", async ({ values, more, code }) => {
    const { stack, appId, destination } = await openShop(parallel);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    const run = await stack.up([
      sync("one", { A: "1" }, { destination }),
      sync("two", values, { destination, ...more }),
    ]);
    expect(run.problems).toMatch(code);
    expect(run.problems).toMatch(/deployment\.failed/);
    if (parallel !== 1) expect(said(run)).not.toMatch(left);
  });

  test("a sync whose plan is refused is none either", async () => {
    const { stack, appId, destination } = await openShop(parallel);
    const program = (value: string, more: object): Program => [
      sync("one", { A: value }, { destination }),
      sync("two", { B: "2", ...more }, { destination }),
    ];
    await stack.up(program("1", {}));
    stack.cloud.editConsole(appId, (spec) => void spec.envs?.push({ key: "THEIRS", value: "t", scope: "RUN_TIME" }));
    stack.cloud.settle(appId);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    const run = await stack.up(program("new", { THEIRS: "ours" }));
    expect(run.problems).toMatch(/conflict\.exists/);
    expect(puts(run)).toBe(1);
    expect(valuesAt(stack, appId)).toMatchObject({ A: "new", THEIRS: "t" });
    expect(run.problems).toMatch(/deployment\.failed/);
  });

  test("the build of a Netlify site is started", async () => {
    const { stack } = await openShop(parallel);
    const { site, destination } = await openSite(stack);
    const run = await stack.up([
      sync("one", { A: "1" }, { destination }),
      sync("two", { "1-BAD": "2" }, { destination }),
    ]);
    expect(run.problems).toMatch(/key\.invalid/);
    expect(site.builds).toHaveLength(1);
  });
});

// Skipped with the plugin: in a serial run a step leaves nothing to others there.
test.skipIf(!isCounted)(
  "a step that fails is the last one: it waits for what earlier ones have left to those that do not come now",
  async () => {
    const { stack, appId, destination } = await openShop(1);
    stack.cloud.failNextDeployment(appId, { step: "deploy" });
    stack.cloud.faults.add({ match: { method: "PUT", nth: 2 }, status: 400, body: { id: "bad", message: "no" } });
    const run = await stack.up(["one", "two", "three"].map((name) => sync(name, { [name]: "1" }, { destination })));
    expect(said(run)).toMatch(left);
    expect(run.problems).toMatch(/destination\.rejected/);
    expect(run.problems).toMatch(/deployment\.failed/);
  },
);
