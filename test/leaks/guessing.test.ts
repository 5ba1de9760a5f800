// An attacker who sees everything that is not encrypted, and knows the code and every public name, tries all values of six digits.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { digest, fingerprint, fingerprintShown } from "../../provider/core/fingerprint.js";
import { redact } from "../../provider/redacted.js";
import { openStack, puts, type Run, said, type Stack, sync, urnOf, valuesAt } from "../lifecycle/stack.js";
import { fingerprintBefore, rewriteAsBefore, saltBefore, shownBefore } from "./before.js";

const urn = urnOf("secret-sync", "web");
const pin = "493817";

/** Whatever a guess may be compared with: the words of all that was shown. */
function listWords(evidence: unknown): Set<string> {
  return new Set(JSON.stringify(evidence).match(/[\w-]{6,}/g) ?? []);
}

/** What may have been made of a value by somebody who knows only public things. */
function derive(value: string, appId: string): string[] {
  const salts = [urn, appId, "web", "PIN", "app/PIN", "app", "", saltBefore(urn), saltBefore(appId), saltBefore("web")];
  const labels = ["GENERAL RUN_TIME", "GENERAL RUN_AND_BUILD_TIME"];
  const hashes = ["sha256", "sha1", "md5"].map((name) => createHash(name).update(value));
  const keyed = salts.flatMap((salt) => {
    const shown = fingerprintShown(salt, value);
    const lines = labels.map((label) => digest([["app/PIN", `${label} #${shown}`]]));
    return [fingerprint(salt, redact(value)), shown, shownBefore(salt, value), ...lines];
  });
  const bare = hashes.flatMap((hash) => [hash.copy().digest("hex"), hash.copy().digest("base64url")]);
  return [value, ...bare, ...keyed].flatMap((text) => [text, text.slice(0, 8), text.slice(0, 16)]);
}

/** Whoever tries all of a million numbers tries the right one, so this asks for it alone. */
function findTells(evidence: unknown, value: string, appId: string): string[] {
  const words = listWords(evidence);
  return derive(value, appId).filter((text) => words.has(text));
}

async function openShop(): Promise<{ stack: Stack; appId: string }> {
  const stack = await openStack();
  const envs = [{ key: "PIN", value: pin }];
  return { stack, appId: stack.cloud.createApp({ name: "shop", envs, services: [{ name: "web" }] }).id };
}

const program = (appId: string, value: string, options: object = {}) => [
  sync(
    "web",
    { PIN: value },
    { destination: { appId, variableType: "GENERAL", scope: "RUN_TIME" }, syncOptions: options },
  ),
];

const adopting = { adoptExisting: ["PIN"], onDestroy: "restore" };

function change(stack: Stack, appId: string, value: string): void {
  stack.cloud.editConsole(appId, (spec) => spec.envs?.forEach((env) => Object.assign(env, { value })));
  stack.cloud.settle(appId);
}

function publicPart({ shown, messages, problems, steps, statuses }: Run): unknown {
  return [shown, messages, problems, steps, statuses];
}

describe("a readable value of six digits is not to be guessed", () => {
  test("from a conflict", async () => {
    const { stack, appId } = await openShop();
    const runs = [await stack.preview(program(appId, "1")), await stack.up(program(appId, "1"))];
    expect(runs[0]?.problems).toMatch(/conflict\.exists/);
    expect(findTells(runs.map(publicPart), pin, appId)).toEqual([]);
  });

  test("from an adoption, drift, a refresh and a change", async () => {
    const { stack, appId } = await openShop();
    const runs: Run[] = [];
    const both = async (value: string) => {
      runs.push(await stack.preview(program(appId, value, adopting)), await stack.up(program(appId, value, adopting)));
    };
    await both("628401");
    change(stack, appId, pin);
    runs.push(await stack.refresh());
    await both("628401");
    await both(pin);
    change(stack, appId, "100001");
    await both(pin);
    expect(runs.map(({ problems }) => problems).join("")).toBe("");
    expect(runs.map(said).join("\n")).toMatch(/will be adopted[^]*value changed at (?:App Platform|Netlify)/);
    const evidence = runs.map(publicPart);
    for (const value of [pin, "628401", "100001"]) expect(findTells(evidence, value, appId)).toEqual([]);
  });

  test("from a sync that goes, and leaves what somebody else has changed", async () => {
    const { stack, appId } = await openShop();
    const { PIN: _pin, ...nothing } = { PIN: "" };
    const first = await stack.up(program(appId, "1", adopting));
    change(stack, appId, pin);
    const emptied = [sync("web", nothing, { destination: { appId, variableType: "GENERAL" } })];
    const runs = [first, await stack.preview(emptied), await stack.up(emptied)];
    expect(runs.map(said).join("\n")).toMatch(/somebody else has changed it/);
    expect(findTells(runs.map(publicPart), pin, appId)).toEqual([]);
  });

  test("in a stack that the first version left", async () => {
    const { stack, appId } = await openShop();
    await stack.up(program(appId, "628401", adopting));
    rewriteAsBefore(stack, appId, { PIN: "628401" });
    change(stack, appId, pin);
    const runs = [await stack.preview(program(appId, "628401", adopting)), await stack.refresh()];
    runs.push(await stack.up(program(appId, "628401", adopting)));
    expect(runs.map(said).join("\n")).toMatch(/value changed at (?:App Platform|Netlify)/);
    expect(findTells(runs.map(publicPart), pin, appId)).toEqual([]);
    expect(findTells(runs.map(publicPart), "628401", appId)).toEqual([]);
  });
});

test("the attacker finds what the first version showed", () => {
  const salt = saltBefore(urn);
  for (const shown of [shownBefore(salt, pin), fingerprintBefore(salt, pin)])
    expect(findTells({ message: `SECRET RUN_TIME #${shown}` }, pin, "app")).not.toEqual([]);
  const line = digest([["app/PIN", `GENERAL RUN_TIME #${shownBefore(salt, pin)}`]]).slice(0, 8);
  expect(findTells({ live: `1 of 1 key #${line}` }, pin, "app")).not.toEqual([]);
});

describe("state of the first version", () => {
  async function before() {
    const { stack, appId } = await openShop();
    const values = { PIN: "628401" };
    await stack.up(program(appId, "628401", adopting));
    rewriteAsBefore(stack, appId, values);
    return { stack, appId, values };
  }
  const salts = (stack: Stack) => {
    const { inputs, outputs } = stack.resource("web");
    return [inputs["salt"], (JSON.parse(String(outputs["record"])) as { salt: string }).salt].map(String);
  };

  test("is keyed with a secret by one update that writes nothing, and then nothing differs", async () => {
    const { stack, appId, values } = await before();
    const preview = await stack.preview(program(appId, "628401", adopting));
    expect(preview.steps.map(({ op }) => op)).toEqual(["update"]);
    expect(said(preview)).toBe(
      "state of an earlier version: the fingerprints of this sync get a secret key with this update; nothing is written for that",
    );
    const up = await stack.up(program(appId, "628401", adopting));
    expect(up.problems).toBe("");
    expect(puts(up)).toBe(0);
    for (const salt of salts(stack)) expect(salt).toMatch(/^2\.[\w-]{43}\.[\w-]{43}$/);
    const again = await stack.up(program(appId, "628401", adopting));
    expect([again.steps.map(({ op }) => op), said(again)]).toEqual([["same"], ""]);
    expect(valuesAt(stack, appId)).toEqual(values);
  });

  test("keeps what it owns: a changed value is one key, and destroy gives back what was adopted", async () => {
    const { stack, appId } = await before();
    const up = await stack.up(program(appId, "555555", adopting));
    expect(said(up)).toMatch(/~ app\/PIN: new value \(from the program\)$/m);
    expect(puts(up)).toBe(1);
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ PIN: pin });
  });

  test("is read by a refresh and by destroy as it is", async () => {
    const { stack, appId } = await before();
    expect((await stack.refresh()).problems).toBe("");
    expect(stack.outputs("web")["drift"]).toEqual([]);
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId)).toEqual({ PIN: pin });
  });

  test("stays as it is while the sync is disabled", async () => {
    const { stack, appId } = await before();
    const [declared] = program(appId, "628401", adopting);
    if (declared === undefined) throw new Error("no declaration");
    const disabled = [{ ...declared, args: { ...declared.args, isEnabled: false } }];
    expect((await stack.up(disabled)).problems).toBe("");
    expect(salts(stack)).toEqual([saltBefore(urn), saltBefore(urn)]);
    const enabled = await stack.up(program(appId, "628401", adopting));
    expect([enabled.problems, puts(enabled)]).toEqual(["", 0]);
    for (const salt of salts(stack)) expect(salt).toMatch(/^2\./);
  });
});

test("a salt is drawn once: a preview does not promise it, and another token does not change it", async () => {
  const { stack, appId } = await openShop();
  const preview = await stack.preview(program(appId, "1", adopting));
  const [first] = preview.shown as Array<{ inputs: Record<string, unknown> }>;
  expect(first?.inputs).toMatchObject({ keys: { PIN: 1 }, __state: "[secret]" });
  await stack.up(program(appId, "1", adopting));
  const salt = stack.resource("web").inputs["salt"];
  stack.cloud.tokens.set("dop_v1_two", { scopes: ["app:read", "app:update"] });
  stack.environment = { ...stack.environment, DIGITALOCEAN_TOKEN: "dop_v1_two" };
  const again = await stack.up(program(appId, "1", adopting));
  expect(again.steps.map(({ op }) => op)).toEqual(["same"]);
  expect(stack.resource("web").inputs["salt"]).toBe(salt);
});

test("two stacks with one token have nothing in common", async () => {
  const salts = [];
  for (let at = 0; at < 2; at += 1) {
    const { stack, appId } = await openShop();
    await stack.up(program(appId, "1", adopting));
    salts.push(stack.resource("web").inputs["salt"]);
  }
  expect(salts[0]).toMatch(/^2\./);
  expect(salts[0]).not.toBe(salts[1]);
});
