// A sync that is disabled for a while: what becomes of its keys when it goes on at another app.

import { describe, expect, test } from "vitest";
import { openStack, type Program, said, type Stack, sync, urnOf, valuesAt } from "./stack.js";

interface Shops {
  readonly stack: Stack;
  readonly from: string;
  readonly to: string;
  readonly at: (appId: string, isEnabled?: boolean) => Program;
}

const values = { A: "1", B: "2" };

/** The token is in the environment, or only in the program and in state. */
async function openShops({ isExplicit }: { isExplicit: boolean }): Promise<Shops> {
  const stack = await openStack();
  const { token: apiToken, url: baseUrl } = stack.cloud;
  if (isExplicit) stack.environment = {};
  const connection = { app: "digital-ocean", method: "api-token", credentials: { apiToken }, baseUrl };
  const shop = (name: string) =>
    stack.cloud.createApp({ name, envs: [{ key: "FOREIGN", value: "f" }], services: [{ name: "web" }] }).id;
  const at = (appId: string, isEnabled = true) => [
    sync("web", values, { destination: { appId, ...(isExplicit ? { connection } : {}) }, isEnabled }),
  ];
  const [from, to] = [shop("shop"), shop("new-shop")];
  expect((await stack.up(at(from))).problems).toBe("");
  return { stack, from, to, at };
}

test.for([false, true])(
  "one that moves meanwhile leaves nothing at its first app once it is enabled (its own token: %s)",
  async (isExplicit) => {
    const { stack, from, to, at } = await openShops({ isExplicit });
    for (const program of [at(from, false), at(to, false)]) await stack.up(program);
    expect(valuesAt(stack, from)).toEqual({ FOREIGN: "f", ...values });
    const run = await stack.up(at(to));
    expect([run.problems, said(run)]).toEqual(["", expect.stringMatching(/- app\/A: removed/)]);
    expect([valuesAt(stack, from), valuesAt(stack, to)]).toEqual([{ FOREIGN: "f" }, { FOREIGN: "f", ...values }]);
  },
);

describe("one that moves meanwhile, destroyed after", () => {
  const urn = urnOf("secret-sync", "web");

  async function movedWhileDisabled(isExplicit = false) {
    const shops = await openShops({ isExplicit });
    for (const program of [shops.at(shops.from, false), shops.at(shops.to, false)]) await shops.stack.up(program);
    return shops;
  }

  test("an enabling run that was refused, names the keys that stay at its first app", async () => {
    const { stack, from, to, at } = await movedWhileDisabled();
    stack.cloud.editConsole(to, (spec) => void spec.envs?.push({ key: "A", value: "theirs" }));
    expect((await stack.up(at(to))).problems).toMatch(/conflict\.exists/);
    const run = await stack.destroy();
    expect(run.problems).toBe("");
    expect(said(run)).toBe("2 keys stay at shop, and no sync owns them, because this one is disabled: A, B");
    expect(valuesAt(stack, from)).toEqual({ FOREIGN: "f", ...values });
  });

  test.each([
    [false, "old"],
    [true, "old"],
    [true, "current"],
  ] as const)(
    "an enabling run whose deployment failed, leaves nothing at its first app (its own token: %s, the %s one first)",
    async (isExplicit, first) => {
      const { stack, from, to, at } = await movedWhileDisabled(isExplicit);
      const old = stack.state.get(urn);
      if (old === undefined) throw new Error("nothing is recorded");
      stack.cloud.failNextDeployment(to, { step: "deploy", reasonCode: "DeployContainerHealthChecksFailed" });
      expect((await stack.up(at(to))).problems).toMatch(/deployment\.failed/);
      stack.pending.set(urn, old);
      const current = stack.state.get(urn) ?? old;
      const provider = await stack.open();
      for (const one of first === "old" ? [old, current] : [current, old]) {
        await provider.delete(urn, one);
        if (one === current) stack.state.clear();
      }
      expect([valuesAt(stack, from), valuesAt(stack, to)]).toEqual([{ FOREIGN: "f" }, { FOREIGN: "f" }]);
    },
  );
});

test.each([
  ["disabled", {}, {}],
  ["renamed, too,", { alias: "web" }, {}],
  ["renamed and replaced, too,", { alias: "web" }, { replace: "targeted" }],
] as const)(
  "one whose move ended half-way names the keys that stay at its first app if it is %s since then",
  async (_what, names, once) => {
    const { stack, from, to, at } = await openShops({ isExplicit: false });
    stack.replaced = new Set();
    const refused = sync("refused", { FOREIGN: "ours" }, { destination: { appId: to } });
    expect((await stack.up([...at(to), refused])).problems).toMatch(/conflict\.exists/);
    const name = "alias" in names ? "renamed" : "web";
    const off = sync(name, values, { destination: { appId: to }, isEnabled: false });
    expect((await stack.up([{ ...off, options: { ...names, ...once } }, refused])).problems).toMatch(
      /conflict\.exists/,
    );
    const run = await stack.up([{ ...off, options: names }]);
    expect([run.problems, said(run).split("\n")]).toEqual([
      "",
      expect.arrayContaining(["2 keys stay at shop, and no sync owns them, because this one is disabled: A, B"]),
    ]);
    expect(valuesAt(stack, from)).toEqual({ FOREIGN: "f", ...values });
  },
);

const ways = (["triggered", "targeted"] as const).flatMap((replace) =>
  [false, true].map((deleteBeforeReplace) => ({ replace, deleteBeforeReplace })),
);

describe.each(ways)("one that moves meanwhile, replaced: %j", (options) => {
  test.each([false, true])(
    "still owns what it left, and removes it once it is enabled (disabled before: %s)",
    async (isOff) => {
      const { stack, from, to, at } = await openShops({ isExplicit: false });
      if (isOff) for (const program of [at(from, false), at(to, false)]) await stack.up(program);
      const run = await stack.up(at(to, false).map((one) => ({ ...one, options })));
      expect([run.problems, valuesAt(stack, from)]).toEqual(["", { FOREIGN: "f", ...values }]);
      expect(stack.outputs("web")["managedKeys"]).toEqual(["A", "B"]);
      expect((await stack.up(at(to))).problems).toBe("");
      expect([valuesAt(stack, from), valuesAt(stack, to)]).toEqual([{ FOREIGN: "f" }, { FOREIGN: "f", ...values }]);
      expect((await stack.destroy()).problems).toBe("");
      expect(valuesAt(stack, to)).toEqual({ FOREIGN: "f" });
    },
  );
});

describe("one whose key another sync has taken over meanwhile", () => {
  async function takenOver() {
    const stack = await openStack();
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const own = (given: object, isEnabled = true) => sync("web", given, { destination: { appId }, isEnabled });
    const taker = sync("taker", { A: "3" }, { destination: { appId }, syncOptions: { adoptExisting: ["A"] } });
    for (const program of [[own(values)], [own({ B: "2" }, false)], [own({ B: "2" }, false), taker]])
      expect((await stack.up(program)).problems).toBe("");
    return { stack, appId, taker };
  }
  const stays = "1 key stays at shop, and no sync owns them, because this one is disabled: B";

  test("does not call it no sync's when it leaves the program", async () => {
    const { stack, appId, taker } = await takenOver();
    const run = await stack.up([taker]);
    expect([run.problems, said(run)]).toEqual(["", stays]);
    expect(valuesAt(stack, appId)).toEqual({ A: "3", B: "2" });
  });

  test.each(["taker first", "taker last"])(
    "does not say that it stays when everything is destroyed, %s",
    async (order) => {
      const { stack, appId } = await takenOver();
      const kept = [...stack.state];
      stack.state.clear();
      for (const [urn, one] of order === "taker first" ? kept.toReversed() : kept) stack.state.set(urn, one);
      stack.parallel = 1;
      const run = await stack.destroy();
      expect(said(run).split("\n")).toContain(stays);
      expect(valuesAt(stack, appId)).toEqual({ B: "2" });
    },
  );
});
