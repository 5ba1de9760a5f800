// What stands between a remote source and us answers in its place, or rewrites the answer: nothing of that may count as what the source holds.

import { describe, expect, test } from "vitest";
import { startLoopback } from "../emulators/loopback.js";
import { failureOf, reveal } from "./canary.js";
import { createHastyClock, makeCredentials, readSource, sourcesWith } from "./reading.js";

/** A source, its credentials, and the answer that holds a value. */
const remote = {
  doppler: {
    source: { type: "doppler" },
    app: "doppler",
    credentials: { serviceToken: "dp.st.one" },
    path: "/v3/configs/config/secrets/download",
    answer: (value: string) => ({ PASSWORD: value, DOPPLER_PROJECT: "web", DOPPLER_CONFIG: "prd" }),
  },
  vault: {
    source: { type: "vault", path: "web" },
    app: "vault",
    credentials: { token: "t" },
    path: "/v1/secret/data/web",
    answer: (value: string) => ({ data: { data: { PASSWORD: value }, metadata: { version: 1, destroyed: false } } }),
  },
  infisical: {
    source: { type: "infisical", projectId: "p", environment: "prod", includeImports: false },
    app: "infisical",
    credentials: { accessToken: "t" },
    path: "/api/v4/secrets",
    answer: (value: string) => ({ secrets: [{ secretKey: "PASSWORD", secretValue: value }] }),
  },
} as const;

async function read({ source, app, credentials, path }: (typeof remote)[keyof typeof remote], bytes: Uint8Array) {
  const server = await startLoopback(() => ({ status: 404, body: {} }));
  server.fail(path, bytes);
  try {
    const sources = sourcesWith({ clock: createHastyClock() });
    const own = makeCredentials(app, credentials, server.origin);
    return await readSource(source, undefined, { credentials: own, sources });
  } finally {
    await server.close();
  }
}

describe.each(Object.entries(remote))("an answer of %s", (_, one) => {
  const json = JSON.stringify(one.answer("p\u00e4ssw\u00f6rd"));

  test("that is not UTF-8 is refused: it would become a value with other characters", async () => {
    const [problem] = await failureOf(read(one, Buffer.from(json, "latin1")));
    expect(problem).toMatch(/^source\.malformed: .*the answer is not UTF-8 text/);
  });

  test("may begin with a BOM", async () => {
    expect(reveal(await read(one, Buffer.from(`\ufeff${json}`)))).toEqual({ PASSWORD: "p\u00e4ssw\u00f6rd" });
  });
});
