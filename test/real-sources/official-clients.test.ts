// Official clients of other languages against the emulators: what these accept, the emulators answer rightly.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { startDoppler } from "../emulators/doppler/index.js";
import { startInfisical } from "../emulators/infisical/index.js";

const run = promisify(execFile);
const { doppler, infisicalGo, infisicalPython } = inject("programs");

const callers = [
  ["Go", infisicalGo === null ? null : [infisicalGo]],
  [
    "Python",
    infisicalPython === null
      ? null
      : [path.join(infisicalPython, "python"), path.join(__dirname, "../servers/infisical-python/list.py")],
  ],
] as const;

describe.each(callers)("the official %s SDK of Infisical", (_, caller) => {
  // Skipped where the Python or the Go SDK of Infisical cannot be had.
  test.skipIf(caller === null)("logs in and lists with references and imports", async () => {
    const [program = "", ...args] = caller ?? [];
    const server = await startInfisical();
    server.instance.identities.push({ clientId: "id", clientSecret: "secret" });
    const root = { secrets: { A: "${B}-a", B: "b" }, imports: [{ environment: "dev", path: "/shared" }] };
    server.instance.projects.set("p", { dev: { "/": root, "/shared": { secrets: { C: "c" } } } });
    try {
      const { stdout } = await run(program, [...args, server.origin, "id", "secret", "p", "dev"]);
      expect(JSON.parse(stdout)).toMatchObject({ A: "b-a", B: "b" });
      expect(server.received.map(({ path: address }) => address)).toContain("/api/v3/secrets/raw");
    } finally {
      await server.close();
    }
  });
});

// Skipped where Doppler's CLI cannot be built from its Go module.
test.skipIf(doppler === null)(
  "the official CLI of Doppler downloads a config, and asks for changes the second time",
  async () => {
    const home = mkdtempSync(path.join(tmpdir(), "doppler-"));
    const server = await startDoppler();
    server.tokens.set("dp.st.x", { project: "web", config: "prd", secrets: { A: "one" } });
    const args = [
      "--api-host",
      server.origin,
      "--no-check-version",
      "--attempts",
      "1",
      "secrets",
      "download",
      "--no-file",
      "--format",
      "json",
    ];
    const env = { ...process.env, HOME: home, DOPPLER_TOKEN: "dp.st.x" };
    try {
      const { stdout } = await run(doppler ?? "", [...args, "--fallback-passphrase", "p"], { env });
      expect(JSON.parse(stdout)).toEqual({
        A: "one",
        DOPPLER_PROJECT: "web",
        DOPPLER_ENVIRONMENT: "prd",
        DOPPLER_CONFIG: "prd",
      });
      expect(server.received[0]?.path).toBe("/v3/configs/config/secrets/download");
      const again = await run(doppler ?? "", [...args, "--fallback-passphrase", "p"], { env });
      expect(again.stdout).toBe(stdout);
      expect(server.received.at(-1)?.headers["if-none-match"]).toMatch(/^W\//);
      const refused = run(doppler ?? "", [...args, "--no-fallback"], { env: { ...env, DOPPLER_TOKEN: "dp.st.y" } });
      await expect(refused).rejects.toThrow(/Invalid Auth token/);
    } finally {
      await server.close();
      rmSync(home, { recursive: true, force: true });
    }
  },
);
