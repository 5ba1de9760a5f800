// A platform that refuses `init` may quote what it was sent: the credentials of the command are in nothing that it tells.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeProgram } from "../../provider/commands/init/action.js";
import { type FaultyServer, json, type Reaction, startFaultyServer } from "../http/faulty-server.js";

const canary = "canary-credential-7f3a";
let server: FaultyServer;
let directory: string;

beforeEach(async () => {
  server = await startFaultyServer();
  directory = await mkdtemp(path.join(tmpdir(), "init-refused-"));
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await Promise.all([server.close(), rm(directory, { recursive: true })]);
});

const machine = { INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: "ci", INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: canary };
/** What Infisical gives for an identity is as secret as the identity. */
const granted = "canary-granted-91c2";
const loggedIn = json(200, { accessToken: granted, expiresIn: 3600, tokenType: "Bearer" });

interface Row {
  readonly what: string;
  readonly options: object;
  readonly credentials: Readonly<Record<string, string>>;
  /** What is answered before the refusal. */
  readonly before?: Reaction;
}

test.each<Row>([
  { what: "an app", options: { app: "shop" }, credentials: { DIGITALOCEAN_TOKEN: canary } },
  { what: "a site", options: { site: "s-1" }, credentials: { NETLIFY_AUTH_TOKEN: canary } },
  { what: "the syncs of a token", options: { from: ["infisical"] }, credentials: { INFISICAL_TOKEN: canary } },
  { what: "the syncs of an unknown identity", options: { from: ["infisical"] }, credentials: machine },
  { what: "the syncs of an identity", options: { from: ["infisical"] }, credentials: machine, before: loggedIn },
])("init of $what tells what is refused, and not the credentials that it quotes", async (row) => {
  const { options, credentials, before } = row;
  const environment = {
    DIGITALOCEAN_API_URL: server.origin,
    NETLIFY_API_URL: server.origin,
    INFISICAL_API_URL: server.origin,
    INFISICAL_TOKEN: "",
    ...credentials,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const words = `no entry for ${before === undefined ? canary : `${canary} or ${granted}`} here`;
  const refusal = json(403, { message: words, id: "forbidden", error: words, statusCode: 403 });
  server.script(before ?? refusal, refusal);
  const error: unknown = await writeProgram({ directory, ...options }).catch((one: unknown) => one);
  expect(server.seen).not.toEqual([]);
  expect(String(error)).toContain("no entry");
  expect(JSON.stringify([String(error), error])).not.toMatch(/canary/);
});

test("init of the syncs of nobody names the variables to set, and no argument or stack, because there is none", async () => {
  for (const name of ["INFISICAL_TOKEN", ...Object.keys(machine)]) vi.stubEnv(name, "");
  const error: unknown = await writeProgram({ directory, from: ["infisical"] }).catch((one: unknown) => one);
  expect(String(error)).toMatch(
    /connection\.missing: the infisical source has no credentials; set INFISICAL_TOKEN or INFISICAL_UNIVERSAL_AUTH_CLIENT_ID with INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET$/,
  );
});

test.each([
  [{ app: "shop", environment: ["prod"] }, "--environment is for --from infisical; leave it out here"],
  [{ site: "s-1", project: "p-1" }, "--project is for --from infisical; leave it out here"],
  [{ from: ["spec", "app.yaml"], environment: ["prod"] }, "--environment is for --from infisical; leave it out here"],
  [{ from: ["infisical"], component: ["web"] }, "--component is for an app or its spec; leave it out here"],
])("init refuses an option that would limit nothing: %j", async (options, words) => {
  await expect(writeProgram({ directory, ...options })).rejects.toThrow(`argument.invalid: ${words}`);
  expect(server.seen).toEqual([]);
});
