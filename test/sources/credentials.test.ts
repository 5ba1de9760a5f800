// Connections of sources on their way through check: known, not known yet, wrong; used for reading, and kept in no inputs.

import { describe, expect, test } from "vitest";
import { readArguments } from "../../provider/lifecycle/arguments/arguments.js";
import { writeInputs } from "../../provider/lifecycle/state/checked.js";
import { readInputs } from "../../provider/lifecycle/state/inputs.js";
import { readSent } from "../../provider/lifecycle/arguments/sent.js";
import { unknownValue } from "../../provider/lifecycle/engine/wire.js";
import type { SourceReading } from "../../provider/sources/registry.js";
import { createSourceReader } from "../../provider/sources/reader.js";
import { canary } from "./canary.js";
import { makeCredentials } from "./reading.js";

const infisical = { type: "infisical", projectId: "p", environment: "prod" };
const login = { clientId: "id", clientSecret: canary };
const connection = {
  app: "infisical",
  method: "universal-auth",
  credentials: login,
  baseUrl: "https://eu.infisical.com",
};

function sent(source: unknown, more: Record<string, unknown> = {}) {
  return readSent({
    __urn: "urn:pulumi:dev::p::t::web",
    __resourceName: "web",
    __stack: "dev",
    source,
    destination: { type: "digital-ocean-app-platform", appId: "app" },
    __values: { 0: "{}" },
    ...more,
  });
}

describe("the connection of a source", () => {
  test("reaches the source it belongs to", () => {
    const args = readArguments(sent([{ type: "inline" }, infisical], { __authorities: { "1": connection } }));
    expect(args.problems).toEqual([]);
    expect(args.sources?.map(({ credentials }) => credentials?.app)).toEqual([undefined, "infisical"]);
    const credentials = args.sources?.[1]?.credentials;
    expect(credentials?.baseUrl).toBe("https://eu.infisical.com");
    expect(credentials?.fields.get("clientSecret")?.reveal()).toBe(canary);
  });

  test("makes its source unknown while it is not known yet", () => {
    const unknown = { ...connection, credentials: { ...login, clientSecret: unknownValue } };
    for (const value of [unknown, unknownValue]) {
      const args = readArguments(sent([infisical], { __authorities: { "0": value } }));
      expect(args.sources).toBeUndefined();
      expect(args.problems).toEqual([]);
    }
  });

  test("is refused with the name of the field, and without its text", () => {
    const wrong = { ...connection, method: "api-token", credentials: { apiToken: canary } };
    const args = readArguments(sent([{ type: "inline" }, infisical], { __authorities: { "1": wrong } }));
    expect(args.problems).toEqual([
      { code: "argument.invalid", message: expect.stringMatching(/^source\[1\]\.connection\.method: /) },
    ]);
    expect(JSON.stringify(args.problems)).not.toContain(canary);
  });

  test("is kept in no inputs", () => {
    const news = sent([infisical], { __authorities: { "0": connection } });
    const args = readArguments(news);
    const inputs = writeInputs({
      args,
      sent: news,
      olds: readInputs({}),
      run: { salt: "s", isDrawn: false },
      keys: "unknown",
    });
    expect(JSON.stringify(inputs)).not.toContain(canary);
    expect(JSON.stringify(inputs)).not.toContain("eu.infisical.com");
    expect(inputs["source"]).toEqual([infisical]);
  });
});

describe("the environment of a sync", () => {
  test.each([
    ["prod", [infisical], {}],
    ["eu", [infisical, { ...infisical, environment: "eu" }], {}],
    ["own", [infisical], { syncOptions: { environment: "own" } }],
    ["dev", [{ type: "doppler" }], {}],
  ])("is %s: what the options say, the last Infisical slug, or the stack's name", (environment, source, more) => {
    expect(readArguments(sent(source, more)).environment).toBe(environment);
  });
});

describe("reading once per run", () => {
  const reader = () => {
    const readings: SourceReading[] = [];
    const read = (reading: SourceReading) => {
      readings.push(reading);
      return Promise.resolve({ values: new Map(), faults: [] });
    };
    return { readings, readOnce: createSourceReader({ read }, { environment: {}, directory: "/" }).read };
  };
  const source = { type: "doppler", project: "web", config: "prd" } as const;
  const one = makeCredentials("doppler", { serviceToken: "one" });

  test("is shared by syncs with the same source and credentials, whatever they filter", async () => {
    const { readings, readOnce } = reader();
    await Promise.all([
      readOnce(source, new Map(), one),
      readOnce({ ...source, include: ["A*"] }, new Map(), makeCredentials("doppler", { serviceToken: "one" })),
    ]);
    expect(readings).toHaveLength(1);
  });

  test("is not shared by other credentials or another endpoint", async () => {
    const { readings, readOnce } = reader();
    await readOnce(source, new Map(), one);
    await readOnce(source, new Map(), makeCredentials("doppler", { serviceToken: "two" }));
    await readOnce(
      source,
      new Map(),
      makeCredentials("doppler", { serviceToken: "one" }, "https://doppler.example.com"),
    );
    await readOnce(source, new Map());
    expect(readings).toHaveLength(4);
  });
});
