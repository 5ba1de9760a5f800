// State as the CLI exported it from the version before the second form: inputs with a name for each fact, and a record of format 1.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { fingerprintShown } from "../../provider/core/fingerprint.js";
import type { Properties } from "../../provider/lifecycle/engine/wire.js";
import { seal, unseal } from "../../provider/plugin/sealing.js";
import { plain } from "./envelopes.js";
import { host } from "./host.js";
import { openStack, puts, said, type Stack, sync, urnOf, valuesAt } from "./stack.js";

interface Golden {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

const urn = urnOf("secret-sync", "web");
const values = { API_KEY: "one", SIGNING_KEY: "two", LOG_LEVEL: "debug" };

let stack: Stack;
let appId: string;

const program = (given: Properties = values) => {
  const connection = {
    app: "digital-ocean",
    method: "api-token",
    credentials: { apiToken: stack.cloud.token },
  };
  const destination = { connection, appName: "shop", components: ["web"] };
  const declared = sync("web", {}, { destination, description: "from the program" });
  const source = [{ type: "inline", values: given }];
  return [{ ...declared, args: { ...declared.args, source, syncOptions: { adoptExisting: ["LOG_LEVEL"] } } }];
};

/** The exported state, for the app of this test and for what stands there now. */
function readGolden(): Golden {
  const text = readFileSync(join(__dirname, `golden/first-format.${host.name}.json`), "utf8");
  const { outputs: before } = JSON.parse(text) as Golden;
  const ofApp = (given: string) =>
    given
      .replaceAll(String(before["targetId"]), appId)
      .replaceAll(String(before["targetUrl"]), String(stack.outputs("web")["targetUrl"]));
  const { id, inputs, outputs } = JSON.parse(ofApp(text)) as Golden;
  const sealed = String(outputs["record"]);
  const salt = String(inputs["salt"]);
  const record = host.name === "plugin" ? (unseal(sealed, salt, "record") ?? "") : sealed;
  const now = aim(JSON.parse(ofApp(record)) as GoldenRecord);
  return {
    id,
    inputs,
    outputs: {
      ...outputs,
      record: host.name === "plugin" ? plain({ record: seal(now, salt, "record") })["record"] : now,
    },
  };
}

interface GoldenRecord extends Properties {
  readonly salt: string;
  readonly ledger: { readonly web: Readonly<Record<string, { readonly token: string }>> };
}

/** No two writes of the platform share a ciphertext. */
function aim(record: GoldenRecord): string {
  const envs = stack.cloud.app(appId).spec.services?.[0]?.envs ?? [];
  const web = Object.entries(record.ledger.web).map(([key, entry]) => {
    const { value = "" } = envs.find((env) => env.key === key) ?? {};
    return [key, { ...entry, token: `SECRET RUN_TIME #${fingerprintShown(record.salt, value)}` }] as const;
  });
  return JSON.stringify({ ...record, ledger: { web: Object.fromEntries(web) } });
}

const kept = () => stack.state.get(urn);

beforeEach(async () => {
  stack = await openStack();
  const envs = [{ key: "LOG_LEVEL", value: "info", scope: "RUN_TIME" as const }];
  appId = stack.cloud.createApp({ name: "shop", services: [{ name: "web", envs }] }).id;
  await stack.up(program());
  const golden = readGolden();
  const now = kept();
  const provider = now?.inputs["__provider"] === undefined ? {} : { __provider: now.inputs["__provider"] };
  stack.state.set(urn, {
    id: golden.id,
    initErrors: [],
    inputs: { ...golden.inputs, ...provider },
    outputs: { ...golden.outputs, ...provider },
  });
});

describe("state of format 1", () => {
  test("is unchanged: nothing is written, at the target or to its outputs", async () => {
    const { outputs } = kept() ?? {};
    for (const kind of ["preview", "up", "preview", "up"] as const) {
      const run = await stack[kind](program());
      expect([run.problems, run.steps.map(({ op }) => op), said(run), puts(run)]).toEqual(["", ["same"], "", 0]);
    }
    expect(kept()?.outputs).toEqual(outputs);
  });

  test("stays as it is in a refresh that finds nothing, and one that finds drift tells it", async () => {
    const { outputs = {} } = kept() ?? {};
    expect((await stack.refresh()).problems).toBe("");
    expect(plain(kept()?.outputs ?? {})).toEqual(outputs);
    stack.cloud.editConsole(appId, (spec) => spec.services?.[0]?.envs?.splice(0, 1));
    stack.cloud.settle(appId);
    await stack.refresh();
    expect(stack.outputs("web")["drift"]).toHaveLength(1);
    expect((await stack.up(program())).problems).toBe("");
    expect(valuesAt(stack, appId, "web")).toEqual(values);
  });

  test("names the one key that changes, and is written in the new form with it", async () => {
    const preview = await stack.preview(program({ ...values, API_KEY: "three" }));
    expect(said(preview)).toMatch(/1 to change.*\n.*~ web\/API_KEY: new value/);
    const run = await stack.up(program({ ...values, API_KEY: "three" }));
    expect([run.problems, puts(run)]).toEqual(["", 1]);
    const { inputs, outputs } = kept() ?? {};
    expect(plain(inputs ?? {})["keys"]).toEqual({ API_KEY: 2, LOG_LEVEL: 1, SIGNING_KEY: 1 });
    expect(JSON.stringify([inputs, outputs])).not.toMatch(/__resource|"salt":\{|\\"format\\":1/);
    expect((await stack.preview(program({ ...values, API_KEY: "three" }))).steps).toMatchObject([{ op: "same" }]);
  });

  test("names one key in the detailed diff", async () => {
    if (host.name !== "plugin") return;
    const { steps } = await stack.preview(program({ ...values, API_KEY: "three" }));
    expect(steps[0]?.shown).toEqual(["keys.API_KEY"]);
  });

  test.each([
    ["a key that has left", { API_KEY: "one", LOG_LEVEL: "debug" }, /- web\/SIGNING_KEY/],
    ["a key that came", { ...values, NEW: "new" }, /\+ web\/NEW/],
  ])("%s is told and done", async (_what, given, told) => {
    expect(said(await stack.preview(program(given)))).toMatch(told);
    const run = await stack.up(program(given));
    expect([run.problems, puts(run)]).toEqual(["", 1]);
    expect(valuesAt(stack, appId, "web")).toEqual(given);
  });

  test("takes another token", async () => {
    stack.cloud.tokens.set("dop_v1_other", { scopes: ["app:read", "app:update"] });
    const [declared] = program();
    const text = JSON.stringify(declared).replaceAll(stack.cloud.token, "dop_v1_other");
    const run = await stack.up([JSON.parse(text) as ReturnType<typeof program>[0]]);
    expect([run.problems, run.steps.map(({ op }) => op), puts(run)]).toEqual(["", ["update"], 0]);
    expect(plain(kept()?.inputs ?? {})["connection"]).toBe(2);
  });

  test.each(["at once", "after an up"])("gives back what was adopted when it is destroyed %s", async (when) => {
    if (when === "after an up") await stack.up(program());
    expect((await stack.destroy()).problems).toBe("");
    expect(valuesAt(stack, appId, "web")).toEqual({ LOG_LEVEL: "info" });
  });

  test("is repaired where somebody has changed a value", async () => {
    stack.cloud.editConsole(appId, (spec) => {
      const [env] = spec.services?.[0]?.envs ?? [];
      if (env) env.value = "changed by hand";
    });
    stack.cloud.settle(appId);
    expect(said(await stack.preview(program()))).toMatch(/value changed at App Platform/);
    expect(puts(await stack.up(program()))).toBe(1);
    expect(valuesAt(stack, appId, "web")).toEqual(values);
  });
});
