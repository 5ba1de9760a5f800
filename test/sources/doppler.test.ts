// The Doppler source against the emulator of its API.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { DopplerSource } from "../../schema/index.js";
import { type DopplerEmulator, startDoppler } from "../emulators/doppler/index.js";
import { canary, failureOf, reveal } from "./canary.js";
import { makeCredentials, createHastyClock, readSource, sourcesWith } from "./reading.js";

let server: DopplerEmulator;
beforeAll(async () => {
  server = await startDoppler();
  const production = { project: "web", config: "prd", secrets: { A: "one", PORT: "8080" } };
  server.configs.push(production, { project: "web", config: "dev", secrets: { A: canary } });
  server.tokens.set("dp.st.one", production).set("dp.sa.all", "all");
});
afterAll(() => server.close());
beforeEach(() => {
  server.received.length = 0;
});

function read(given: Omit<Partial<DopplerSource>, "type"> = {}, token = "dp.st.one") {
  const credentials = makeCredentials("doppler", { serviceToken: token }, server.origin);
  return readSource({ type: "doppler", ...given }, undefined, {
    credentials,
    sources: sourcesWith({ clock: createHastyClock() }),
  });
}
const added = { DOPPLER_PROJECT: "web", DOPPLER_ENVIRONMENT: "prd", DOPPLER_CONFIG: "prd" };
const own = "doppler source (the service token's config)";

describe("a doppler source", () => {
  test("downloads the config of a service token, without what Doppler adds", async () => {
    expect(reveal(await read())).toEqual({ A: "one", PORT: "8080" });
    const [call] = server.received;
    expect(Object.fromEntries(call?.query ?? [])).toEqual({ format: "json", include_dynamic_secrets: "false" });
    expect(call?.headers.authorization).toBe("Bearer dp.st.one");
  });

  test("gives what Doppler adds on request", async () => {
    expect(Object.keys(reveal(await read({ includeInjectedKeys: true }))).sort()).toEqual([
      "A",
      "DOPPLER_CONFIG",
      "DOPPLER_ENVIRONMENT",
      "DOPPLER_PROJECT",
      "PORT",
    ]);
  });

  test("reads a named config with a token for several", async () => {
    expect(reveal(await read({ project: "web", config: "prd" }, "dp.sa.all"))).toEqual({ A: "one", PORT: "8080" });
  });

  test("finds its token and address in the environment", async () => {
    const environment = { DOPPLER_TOKEN: "dp.st.one", DOPPLER_API_HOST: server.origin };
    expect(reveal(await readSource({ type: "doppler" }, undefined, { sources: sourcesWith({ environment }) }))).toEqual(
      {
        A: "one",
        PORT: "8080",
      },
    );
  });

  test("asks a second time only for changes", async () => {
    const sources = sourcesWith();
    const credentials = makeCredentials("doppler", { serviceToken: "dp.st.one" }, server.origin);
    await readSource({ type: "doppler" }, undefined, { credentials, sources });
    await readSource({ type: "doppler" }, undefined, { credentials, sources });
    expect(server.received.at(-1)?.headers["if-none-match"]).toMatch(/^W\//);
  });

  test.each([
    [{}, "dp.st.gone", `source.unauthorized: ${own}: .*Invalid Auth token.*create a service token`],
    [
      { project: "web", config: "dev" },
      "dp.st.one",
      "source.forbidden: doppler source web/dev: .*belongs to one config",
    ],
    [
      { project: "web", config: "stg" },
      "dp.sa.all",
      "source.not_found: doppler source web/stg: .*check `project` and `config`",
    ],
    [{}, "dp.sa.all", `source.rejected: ${own}: .*You must specify a project`],
  ])("gives nothing at all for %j with %s", async (given, token, failure) => {
    const expected = failure.replace(/[()']/g, (mark) => `\\${mark}`);
    expect(await failureOf(read(given, token))).toEqual([expect.stringMatching(`^${expected}`)]);
    expect(JSON.stringify(await failureOf(read(given, token)))).not.toContain(token);
  });

  describe("of a config with a restricted secret", () => {
    const config = { project: "web", config: "stg", secrets: { A: "one", B: canary }, restricted: ["B"] };
    const source = { project: "web", config: "stg" };
    let shop: DopplerEmulator;
    beforeAll(async () => {
      shop = await startDoppler();
      shop.configs.push(config, { ...config, config: "plain", restricted: [] });
      for (const token of ["dp.sa.all", "dp.pt.me"]) shop.tokens.set(token, "all");
    });
    afterAll(() => shop.close());
    const readAs = (serviceToken: string, given: Omit<Partial<DopplerSource>, "type"> = source) => {
      const credentials = makeCredentials("doppler", { serviceToken }, shop.origin);
      return readSource({ type: "doppler", ...given }, undefined, { credentials });
    };

    test.each(["nothing", "null"] as const)("does not lose it where a person gets %s instead", async (hidden) => {
      shop.hidden = hidden;
      expect(await failureOf(readAs("dp.pt.me"))).toEqual([
        "source.hidden_value: doppler source web/stg: Doppler does not give this token the value of B; a value whose visibility is Restricted needs a service token or the token of a service account: use one, or exclude the key",
      ]);
      expect(reveal(await readAs("dp.pt.me", { ...source, exclude: ["B"] }))).toEqual({ A: "one" });
      expect(reveal(await readAs("dp.sa.all"))).toEqual({ A: "one", B: canary });
      expect(reveal(await readAs("dp.pt.me", { ...source, config: "plain" }))).toEqual({ A: "one", B: canary });
    });

    test("says what a person lacks if the whole config is refused", async () => {
      shop.hidden = "refusal";
      expect(await failureOf(readAs("dp.pt.me"))).toEqual([
        expect.stringMatching(
          /^source\.forbidden: doppler source web\/stg: .*token of a person does not read Restricted/,
        ),
      ]);
    });

    test("takes no other answer for the names", async () => {
      shop.hidden = "nothing";
      shop.fail("/v3/configs/config/secrets/names", { status: 200, body: { message: canary } });
      expect(await failureOf(readAs("dp.pt.me"))).toEqual([
        expect.stringMatching(/^source\.malformed: doppler source web\/stg: .*the names of this config/),
      ]);
    });
  });

  test("takes no other config than the one that it names", async () => {
    const broken = await startDoppler();
    broken.tokens.set("dp.sa.all", "all");
    broken.fail("/v3/configs/config/secrets/download", { status: 200, body: { ...added, A: canary } });
    const credentials = makeCredentials("doppler", { serviceToken: "dp.sa.all" }, broken.origin);
    const readConfig = (project: string, config: string) =>
      readSource({ type: "doppler", project, config }, undefined, { credentials });
    expect(reveal(await readConfig("web", "prd"))).toEqual({ A: canary });
    for (const [project, config] of [
      ["web", "dev"],
      ["shop", "prd"],
    ] as const)
      expect(await failureOf(readConfig(project, config))).toEqual([
        `source.malformed: doppler source ${project}/${config}: the answer does not hold this config with the keys that Doppler adds to it; check that the base url is that of the service itself, then run again`,
      ]);
    await broken.close();
  });

  test.each([
    [{ status: 200, body: { ...added, A: canary, B: null } }, "source.hidden_value"],
    [{ status: 200, body: { ...added, A: [canary] } }, "source.not_flat"],
    [{ status: 200, body: { message: canary } }, "source.malformed"],
    [{ status: 200, body: { DOPPLER_PROJECT: "web", A: canary } }, "source.malformed"],
    [{ status: 200, body: { ...added, DOPPLER_CONFIG: null, A: canary } }, "source.malformed"],
    [{ status: 200, body: [canary] }, "source.not_flat"],
    [{ status: 200, body: {} }, "source.malformed"],
    [{ status: 200, body: null }, "source.not_flat"],
    ["garbage", "source.malformed"],
    ["cut", "source.malformed"],
  ] as const)("gives nothing at all when the server answers with %j", async (fault, code) => {
    const broken = await startDoppler();
    broken.tokens.set("dp.st.one", "all");
    broken.fail("/v3/configs/config/secrets/download", fault);
    const credentials = makeCredentials("doppler", { serviceToken: "dp.st.one" }, broken.origin);
    const sources = sourcesWith({ clock: createHastyClock() });
    const failure = await failureOf(readSource({ type: "doppler" }, undefined, { credentials, sources }));
    await broken.close();
    expect(failure).toEqual([expect.stringMatching(`^${code}: doppler source`)]);
  });
});
