// The examples of sources that need nothing outside, or an emulator, run as their READMEs say.

import { expect, test } from "vitest";
import { startDoppler } from "../emulators/doppler/index.js";
import { startInfisical } from "../emulators/infisical/index.js";
import { runExample } from "./example.js";

test("examples/inline", async () => {
  let key = "";
  const values = await runExample("inline", (world) => {
    key = world.secret("session");
    return { secrets: { sessionKey: key } };
  });
  expect(values).toEqual({ SESSION_KEY: key, PUBLIC_URL: "https://shop.example.com" });
});

test("examples/file", async () => {
  expect(await runExample("file", () => ({}))).toEqual({
    session_key: "not-a-real-session-key",
    smtp_password: "not-a-real-smtp-password",
  });
});

test("examples/environment", async () => {
  let key = "";
  const values = await runExample("environment", (world) => {
    key = world.secret("session");
    return { environment: { WEB_SESSION_KEY: key } };
  });
  expect(values).toEqual({ SESSION_KEY: key });
});

test("examples/infisical", async () => {
  const server = await startInfisical();
  let url = "";
  try {
    const values = await runExample("infisical", (world) => {
      const clientSecret = world.secret("client");
      url = world.secret("url");
      server.instance.identities.push({ clientId: "id-1", clientSecret });
      const web = { secrets: { URL: url }, imports: [{ environment: "prod", path: "/shared" }] };
      server.instance.projects.set("p", { prod: { "/web": web, "/shared": { secrets: { LEVEL: "debug" } } } });
      return { config: { projectId: "p", infisicalUrl: server.origin }, secrets: { clientId: "id-1", clientSecret } };
    });
    expect(values).toEqual({ URL: url, LEVEL: "debug" });
  } finally {
    await server.close();
  }
});

test("examples/doppler", async () => {
  const server = await startDoppler();
  let url = "";
  try {
    const values = await runExample("doppler", (world) => {
      const serviceToken = world.secret("token");
      url = world.secret("url");
      server.tokens.set(serviceToken, { project: "web", config: "prd", secrets: { URL: url } });
      return { config: { dopplerUrl: server.origin }, secrets: { serviceToken } };
    });
    expect(values).toEqual({ URL: url });
  } finally {
    await server.close();
  }
});
