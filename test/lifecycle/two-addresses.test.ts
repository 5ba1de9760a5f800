// Syncs that address one app, or give one token, in different words still share one write, however slow the platform is.

import { expect, test } from "vitest";
import { beside } from "../running.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { host } from "./host.js";
import { openStack, type Program, puts, type Stack, sync } from "./stack.js";

/** The plugin's answers take real time, and who writes with whom is the same code. */
const tries = host.name === "plugin" ? 10 : 30;

/** Also on a busy machine. */
const sideBySide = { ...beside, timeout: 240_000 };

/** The same numbers in every run of the tests. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A platform whose answers take up to 60 ms of the provider's time, which is slow enough here for a busy machine. */
async function openSlow(random: () => number): Promise<Stack> {
  const stack = await openStack();
  stack.speed = host.name === "plugin" ? 1 : 10;
  stack.cloud.onRequest(
    { times: Infinity },
    () =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, random() * 6);
      }),
  );
  return stack;
}

/** Writes of a first run, of one that changes every value, and of the destroy. */
async function writesOf(stack: Stack, program: (round: string) => Program): Promise<number[]> {
  const runs = [await stack.up(program("one")), await stack.up(program("two")), await stack.destroy()];
  expect(runs.map(({ problems }) => problems)).toEqual(["", "", ""]);
  await stack.cloud.close();
  return runs.map(puts);
}

test("two syncs of one app, one by its id and one by its name, make one PUT", sideBySide, async () => {
  const random = createRandom(4);
  for (let index = 0; index < tries; index += 1) {
    const stack = await openSlow(random);
    const { id: appId } = stack.cloud.createApp({ name: "shop", services: [{ name: "web" }] });
    const program = (round: string) => {
      const both = [
        sync("by-id", { A: stack.secret(round) }, { destination: { appId } }),
        sync("by-name", { B: stack.secret(round) }, { destination: { appName: "shop", components: ["web"] } }),
      ];
      return index % 2 === 0 ? both : both.toReversed();
    };
    expect(await writesOf(stack, program), `try ${index}`).toEqual([1, 1, 1]);
  }
});

test("one token for one endpoint is one writer, however the endpoint is written", sideBySide, async () => {
  const random = createRandom(5);
  for (let index = 0; index < tries; index += 1) {
    const stack = await openSlow(random);
    const { id: appId } = stack.cloud.createApp({ name: "shop" });
    const { token, url } = stack.cloud;
    const connection = (baseUrl?: string): Properties => ({
      app: "digital-ocean",
      method: "api-token",
      credentials: { apiToken: token },
      ...(baseUrl === undefined ? {} : { baseUrl }),
    });
    const upper = url.replace("http", "HTTP");
    const spelt = [url, `${url}/`, `${url}/v2`, `${url}/v2/`, upper, undefined].map(connection);
    const program = (round: string) =>
      [undefined, ...spelt].map((given, at) =>
        sync(`s${at}`, { [`K${at}`]: stack.secret(round) }, { destination: { appId, connection: given } }),
      );
    expect(await writesOf(stack, program), `try ${index}`).toEqual([1, 1, 1]);
  }
});

test.each(["pair by pair", "ids first"])("seven apps and four runs make 28 PUTs (%s)", sideBySide, async (order) => {
  const random = createRandom(6);
  const stack = await openSlow(random);
  const apps = Array.from({ length: 7 }, (_, at) => stack.cloud.createApp({ name: `shop-${at}` }).id);
  const program = (round: number) => {
    const value = () => stack.secret(String(round));
    const pairs = apps.map((appId, at) => [
      sync(`id-${at}`, { A: value() }, { destination: { appId } }),
      sync(`name-${at}`, { B: value() }, { destination: { appName: `shop-${at}` } }),
    ]);
    return order === "pair by pair"
      ? pairs.flat()
      : [0, 1].flatMap((which) => pairs.flatMap((pair) => pair[which] ?? []));
  };
  const writes: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const run = await stack.up(program(round));
    expect(run.problems).toBe("");
    writes.push(puts(run));
  }
  expect(writes).toEqual([7, 7, 7, 7]);
});

test("a sync whose connection has to be proven first shares the write of one that needs none", sideBySide, async () => {
  const random = createRandom(7);
  for (let index = 0; index < tries; index += 1) {
    const stack = await openSlow(random);
    const { id: appId } = stack.cloud.createApp({ name: "shop" });
    const connection: Properties = {
      app: "digital-ocean",
      method: "api-token",
      credentials: { apiToken: stack.cloud.token },
      baseUrl: stack.cloud.url,
    };
    const program = (round: string): Program => [
      sync("first", { A: stack.secret(round) }, { destination: { appId } }),
      { kind: "connection", name: "ocean", args: connection },
      sync("second", { B: stack.secret(round) }, { destination: { appName: "shop", connection } }),
    ];
    expect(await writesOf(stack, program), `try ${index}`).toEqual([1, 1, 1]);
  }
});
