// A source behind a connection, with the real CLI: what is asked, what is kept, and that a failure writes nothing.

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type InfisicalEmulator, startInfisical } from "../emulators/infisical/index.js";
import type { Access } from "../emulators/infisical/model.js";
import { openWorld, type World } from "./harness.js";

let world: World;
let store: InfisicalEmulator;
let appId: string;
let access: Access = "read";

beforeAll(async () => {
  world = await openWorld({ program: "inline" });
  store = await startInfisical();
  appId = world.cloud.createApp({ name: "shop", services: [{ name: "web" }] }).id;
  store.instance.identities.push({ clientId: "id", clientSecret: world.secret("client"), access: () => access });
  hold({ A: world.secret("a"), B: world.secret("b") });
});
afterAll(async () => {
  await store.close();
  await world.close();
});
beforeEach(() => {
  access = "read";
  store.received.length = 0;
});

function hold(secrets: Record<string, string>): void {
  store.instance.projects.set("p", { prod: { "/": { secrets } } });
}

const running = () => world.cloud.running(appId)["web"] ?? {};
const asked = (path: string) => store.received.filter((call) => call.path === path).length;
const writes = () => world.cloud.requests.filter(({ method }) => method === "PUT").length;

/** Two syncs that use one source, each for keys of its own. */
async function declare(clientSecret: string): Promise<void> {
  world.environment["CLIENT_SECRET"] = clientSecret;
  await world.program(`
    const connection = new Connection("store", {
      app: "infisical",
      method: "universal-auth",
      credentials: { clientId: "id", clientSecret: process.env.CLIENT_SECRET },
      baseUrl: ${JSON.stringify(store.origin)},
    });
    for (const key of ["A", "B"]) new SecretSync("web-" + key.toLowerCase(), {
      source: { type: "infisical", connection, projectId: "p", environment: "prod", include: [key] },
      destination: { type: "digital-ocean-app-platform", appId: ${JSON.stringify(appId)} },
      syncOptions: { keySchema: "{{environment}}_{{secretKey}}" },
    });
  `);
}

const secretOfIdentity = () => store.instance.identities[0]?.clientSecret ?? "";

test("a source is read once per run for all syncs, and its environment names the keys", async () => {
  await declare(secretOfIdentity());
  await world.up();
  expect(Object.keys(running()).sort()).toEqual(["prod_A", "prod_B"]);
  expect(asked("/api/v4/secrets")).toBe(1);
});

test("no state holds a value or a credential of the source, not even decrypted", async () => {
  // Whatever the CLI prints is searched for every secret of this world.
  const { stdout } = await world.pulumi("stack", "export", "--show-secrets");
  expect(stdout).toContain('"type": "infisical"');
  expect(stdout).not.toContain("clientSecret");
});

test("a second run finds nothing to do", async () => {
  const before = writes();
  const { text } = await world.up("--expect-no-changes");
  expect(text).toContain("unchanged");
  expect(writes()).toBe(before);
});

test.each(["describe", "none"] as const)(
  "without permission (%s) nothing is written and nothing removed",
  async (granted) => {
    const before = { writes: writes(), keys: Object.keys(running()) };
    access = granted;
    for (const command of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { code, text } = await world.pulumi(...command);
      expect(code).not.toBe(0);
      expect(text).toMatch(
        granted === "describe"
          ? /source\.forbidden: infisical source prod:\//
          : /source\.empty: infisical source prod:\//,
      );
    }
    expect({ writes: writes(), keys: Object.keys(running()) }).toEqual(before);
  },
);

test("a refused identity fails at its connection, and the syncs are not tried", async () => {
  await declare(world.secret("wrong"));
  const before = writes();
  const { code, text } = await world.pulumi("up", "--yes", "--skip-preview");
  expect(code).not.toBe(0);
  expect(text).toMatch(/http\.unauthorized: Infisical does not accept the token/);
  expect(asked("/api/v4/secrets")).toBe(0);
  expect(writes()).toBe(before);
});

test("a changed value is one update, and destroy needs no source", async () => {
  await declare(secretOfIdentity());
  hold({ A: world.secret("a2"), B: world.secret("b2") });
  await world.up();
  expect(running()["prod_A"]?.value).toMatch(/canary-a2/);
  store.instance.identities.length = 0;
  await world.pulumi("destroy", "--yes", "--skip-preview");
  expect(running()).toEqual({});
});
