// The Doppler emulator, asked as the official CLI and a plain caller ask.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type DopplerEmulator, startDoppler } from "./index.js";

let server: DopplerEmulator;
const config = { project: "web", config: "dev_ci", secrets: { A: "one" } };
beforeAll(async () => {
  server = await startDoppler();
  server.configs.push(config);
  server.tokens.set("dp.st.x", config).set("dp.sa.x", "all");
});
afterAll(() => server.close());

const ask = (path: string, token = "dp.st.x", headers: Record<string, string> = {}) =>
  fetch(`${server.origin}/v3/${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
const download = "configs/config/secrets/download?format=json";

test("a service token gets its config, also with empty parameters, and 304 when nothing changed", async () => {
  const answer = await ask(`${download}&project=&config=`);
  const secrets = { A: "one", DOPPLER_PROJECT: "web", DOPPLER_ENVIRONMENT: "dev", DOPPLER_CONFIG: "dev_ci" };
  expect(await answer.json()).toEqual(secrets);
  const again = await ask(download, "dp.st.x", { "if-none-match": answer.headers.get("etag") ?? "" });
  expect(again.status).toBe(304);
});

test.each([
  [download, "dp.st.gone", { status: 401, message: "Invalid Auth token" }],
  [download, "dp.sa.x", { status: 400, message: "You must specify a project" }],
  [
    `${download}&project=web&config=gone`,
    "dp.sa.x",
    { status: 404, message: "Could not find requested config 'gone'" },
  ],
  ["nothing", "dp.st.x", { status: 404, message: "Could not find the requested route" }],
])("%s with %s is refused", async (path, token, { status, message }) => {
  const answer = await ask(path, token);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ success: false, messages: [message] });
});
