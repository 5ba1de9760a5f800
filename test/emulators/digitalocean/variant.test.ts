// The switches as a table: what suites iterate over, chance that can be repeated, and a change while the emulator runs.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { callerOf, webSpec } from "./caller.js";
import {
  ALTERNATIVES,
  describeVariant,
  randomVariant,
  readVariant,
  startDigitalOcean,
  SWITCHES,
  switchNames,
} from "./index.js";
import type { Variant } from "./index.js";

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);

test("every switch has a default and at least one alternative, and no position twice", () => {
  for (const name of switchNames()) {
    const positions: readonly unknown[] = SWITCHES[name];
    expect(positions.length, name).toBeGreaterThan(1);
    expect(new Set(positions).size, name).toBe(positions.length);
  }
});

test("each alternative moves one switch and says so in its title", () => {
  const count = switchNames().reduce((sum, name) => sum + SWITCHES[name].length - 1, 0);
  expect(ALTERNATIVES).toHaveLength(count);
  expect(new Set(ALTERNATIVES.map(({ title }) => title)).size).toBe(count);
  for (const { name, position, variant, title } of ALTERNATIVES) {
    expect(variant).toEqual({ [name]: position });
    expect(title).toBe(`${name}=${position}`);
  }
});

test("a seed always gives the same variant, and another seed another one", () => {
  for (const seed of seeds) expect(randomVariant(seed)).toEqual(randomVariant(seed));
  expect(new Set(seeds.map((seed) => describeVariant(randomVariant(seed)))).size).toBe(seeds.length);
});

test("a description names its variant, and one that no variant has is refused", () => {
  for (const { title, variant } of ALTERNATIVES) expect(readVariant(title)).toEqual(variant);
  for (const variant of seeds.map(randomVariant))
    expect(describeVariant(readVariant(describeVariant(variant)))).toBe(describeVariant(variant));
  expect(readVariant("defaults")).toEqual({});
  expect(() => readVariant("envOrdre=kept")).toThrow(/no switch "envOrdre"/);
  expect(() => readVariant("envOrder=sorted")).toThrow(/envOrder is one of/);
});

test("200 random variants hold every position, and each leaves most switches where they are", () => {
  const variants = seeds.map(randomVariant);
  for (const name of switchNames()) {
    const positions: readonly unknown[] = SWITCHES[name];
    expect(new Set<unknown>(variants.map((variant) => variant[name])), name).toEqual(new Set(positions));
  }
  const moved = variants.flatMap((variant) => switchNames().filter((name) => variant[name] !== SWITCHES[name][0]));
  const share = moved.length / variants.length / switchNames().length;
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.4);
});

test("a variant is described by what differs from the defaults", () => {
  expect(describeVariant({})).toBe("defaults");
  expect(describeVariant({ replacedPhase: "CANCELED", envOrder: "shuffled", pageSize: 2 })).toBe(
    "envOrder=shuffled pageSize=2",
  );
});

test("an emulator starts with the defaults but for what it is told, and keeps a variant of its own", async () => {
  const given: Partial<Variant> = { envOrder: "reversed" };
  const [one, other] = await Promise.all([startDigitalOcean({ variant: given }), startDigitalOcean()]);
  expect(describeVariant(one.variant)).toBe("envOrder=reversed");
  expect(describeVariant(other.variant)).toBe("defaults");
  one.variant.times = "seconds";
  expect([given, describeVariant(other.variant)]).toEqual([{ envOrder: "reversed" }, "defaults"]);
  await Promise.all([one.close(), other.close()]);
});

test("a switch may be moved while the emulator runs, and is in force for the next request", async () => {
  const ocean = await startDigitalOcean();
  const { id } = ocean.createApp(webSpec([{ key: "A", value: "1" }]));
  const api = callerOf(ocean);
  const typeOf = async () => (await api.get(id)).spec.services?.[0]?.envs?.[0]?.type;
  expect(await typeOf()).toBeUndefined();
  ocean.variant.generalType = "shown";
  expect(await typeOf()).toBe("GENERAL");
  ocean.variant.generalType = "left-out";
  expect(await typeOf()).toBeUndefined();
  await ocean.close();
});

test("another process reads and moves switches over HTTP, and is told of a wrong name or position", async () => {
  const ocean = await startDigitalOcean({ control: true });
  const patch = async (body: unknown) => {
    const response = await fetch(`${ocean.url}/_emulator/variant`, { method: "PATCH", body: JSON.stringify(body) });
    return [response.status, await response.text()] as const;
  };
  expect((await patch({ notFoundAfterCreate: 1, rollbackAfterFailure: true }))[0]).toBe(200);
  expect(await (await fetch(`${ocean.url}/_emulator/variant`)).json()).toEqual(ocean.variant);
  expect(describeVariant(ocean.variant)).toBe("rollbackAfterFailure=true notFoundAfterCreate=1");
  expect(await patch({ envOrdre: "kept" })).toEqual([400, expect.stringContaining("envOrdre")]);
  expect(await patch({ envOrder: "sorted" })).toEqual([400, expect.stringContaining("reversed")]);
  expect(describeVariant(ocean.variant)).toBe("rollbackAfterFailure=true notFoundAfterCreate=1");
  await ocean.close();
});

test("the README says of every switch and every position what it is", () => {
  const readme = readFileSync(path.join(__dirname, "README.md"), "utf8");
  for (const name of switchNames()) {
    const [row = ""] = readme.split("\n").filter((line) => line.startsWith(`| \`${name}\``));
    const [, positions = "", question = "", reason = ""] = row
      .split("|")
      .slice(1)
      .map((cell) => cell.trim());
    expect(positions.split(" · "), name).toEqual(SWITCHES[name].map((position) => `\`${position}\``));
    expect(
      [question, reason].every((cell) => cell.length > 10),
      name,
    ).toBe(true);
  }
});
